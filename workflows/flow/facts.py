"""Facts: calculated when a form that they read is taken, and kept as a result.

An event keeps the number and the versions of the tables, so that replaying a case reads no form and
a rate that changes later changes no decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Literal

from workflows.case.draft import Draft
from workflows.case.effects import Effect, case_cards
from workflows.case.events import Body, Event
from workflows.case.state import Case, ContentRef, Fact
from workflows.conditions import exact
from workflows.errors import Refusal
from workflows.fact_rules import Formula
from workflows.tables import value_on

MOST = 10**17  # hundredths of a number that a fact can keep

Versions = tuple[tuple[str, int], ...]


class FactNoted(Body, frozen=True, kw_only=True):
    """A fact was calculated; `number` counts hundredths, rounded half to even.

    `tables` has each table that was used, with the version of its value.
    """

    stored = "FactNoted"

    fact: str
    number: int
    subject: str = ""
    tables: Versions = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Add the fact; earlier ones with its name are kept as its history."""
        return case.with_fact(
            Fact(
                name=self.fact,
                number=self.number,
                seq=event.seq,
                at=event.at,
                subject=self.subject,
                tables=self.tables,
            )
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards about the case, which show its facts."""
        yield from case_cards()


class FactVoided(Body, frozen=True, kw_only=True):
    """Facts do not count any more: a field was emptied, or a point was waived with a reason.

    `facts` are the numbers of the events that noted them.
    """

    stored = "FactVoided"

    facts: tuple[int, ...]
    why: Literal["emptied"]
    content: ContentRef | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Void the facts; they are kept as history."""
        return case.without_facts(self.facts, by=event.seq)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards about the case."""
        yield from case_cards()


def note(draft: Draft, taken: Mapping[str, object]) -> None:
    """Calculate the facts that read a form which was just taken; `taken` are its values.

    A fact whose other forms were not taken yet, or were erased, stays as it is. One that reads a
    field which was left empty now is voided. Raises Refusal `fact_too_large`.
    """
    for formula in draft.world.formulas.values():
        if formula.behind.isdisjoint(taken):
            continue
        before = draft.case.fact(formula.fact)
        found = _calculated(draft, formula)
        if found is not None:
            number, versions = found
            if before is None or (before.number, before.tables) != (number, versions):
                draft.cause(FactNoted(fact=formula.fact, number=number, tables=versions))
        elif before is not None and any(
            name in taken and taken[name] is None for name in formula.behind
        ):
            draft.cause(FactVoided(facts=(before.seq,), why="emptied"))


def _calculated(draft: Draft, formula: Formula) -> tuple[int, Versions] | None:
    """Return the number in hundredths and the tables that were used; None if a field is empty."""
    definition = draft.world.definition
    numbers: dict[str, Fraction] = {}
    versions: list[tuple[str, int]] = []
    for name in sorted(formula.calculation.names):
        if name in definition.tables:
            found = _of_table(draft, name)
            if found is None:
                return None
            numbers[name], version = found
            versions.append((name, version))
        elif name in definition.facts:
            fact = draft.case.fact(name)
            if fact is None:
                return None
            numbers[name] = Fraction(fact.number, 100)
        else:
            value = draft.values.get(name)
            if value is None:
                return None
            numbers[name] = exact(value)
    try:
        number = hundredths(formula.calculation.work_out(numbers))
    except ZeroDivisionError:  # by a number that was set while nothing divided by the table
        return None
    if abs(number) > MOST:
        raise Refusal("fact_too_large", fact=definition.facts[formula.fact].name)
    return number, tuple(versions)


def _of_table(draft: Draft, name: str) -> tuple[Fraction, int] | None:
    table = draft.world.definition.tables[name]
    option = draft.values.get(table.of)
    day = draft.world.calendar.day_of(draft.world.now)
    found = value_on(table, draft.world.tables.get(name, ()), option=str(option), day=day)
    return None if found is None else (Fraction(found[0]), found[1])


def hundredths(number: Fraction) -> int:
    """Return a number in hundredths, rounded half to even."""
    return round(number * 100)
