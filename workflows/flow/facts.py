"""Facts: calculated when a form that they read is taken, or noted on the way, and kept as a result.

An event keeps the number and the versions of the tables, so that replaying a case reads no form and
a rate that changes later changes no decision.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from workflows.calculating import Given, Versions, calculate
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards, news
from workflows.case.events import Body, Event
from workflows.case.fact import Fact
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.errors import Refusal

MOST = 10**17  # hundredths of a number that a fact can keep


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


class ResultNoted(Body, frozen=True, kw_only=True, omit_defaults=True):
    """A result was noted that no form is read for: an option, by the way that the case took.

    `task` is the task whose decision took that way. What is empty is not stored.
    """

    stored = "ResultNoted"

    fact: str
    option: str = ""
    number: int = 0
    period: str = ""
    task: str = ""
    of: int = 0

    def apply(self, case: Case, event: Event) -> Case:
        """Add the fact; earlier ones with its name are kept as its history."""
        return case.with_fact(
            Fact(
                name=self.fact,
                number=self.number,
                option=self.option,
                period=self.period,
                task=self.task,
                of=self.of,
                seq=event.seq,
                at=event.at,
            )
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards about the case, which show its facts."""
        yield from case_cards()


class FactVoided(Body, frozen=True, kw_only=True):
    """Facts do not count any more.

    A field was emptied, the decision behind it was taken back, or a point was waived with a reason.

    `facts` are the numbers of the events that noted them.
    """

    stored = "FactVoided"

    facts: tuple[int, ...]
    why: Literal["emptied", "waived", "taken_back"]
    content: ContentRef | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Void the facts; they are kept as history."""
        return case.without_facts(self.facts, by=event.seq)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards about the case, and notify whose points were waived."""
        yield from case_cards()
        if self.why == "waived":
            waived = [fact for fact in case.facts if fact.seq in self.facts]
            for task in dict.fromkeys(fact.task for fact in waived):
                yield Refresh(task=task)
            for person in dict.fromkeys(fact.subject for fact in waived):
                yield from news((person,), kind="waived", seq=event.seq, task=waived[0].task)


def begin(draft: Draft) -> None:
    """Note the options with which a case begins."""
    rules = draft.world.definition.facts.items()
    note_options(draft, {key: rule.first for key, rule in rules if rule.first is not None})


def note_options(
    draft: Draft, options: Mapping[str, str], *, period: str = "", task: str = ""
) -> None:
    """Note these options by the names of their facts; those that hold already are not noted again.

    `task` is the task whose decision they follow from, with which they are taken back.
    """
    for fact, option in options.items():
        before = draft.case.fact(fact)
        if before is None or before.option != option:
            draft.cause(ResultNoted(fact=fact, option=option, period=period, task=task))


def note(draft: Draft, taken: Mapping[str, object]) -> None:
    """Calculate the facts that read a form which was just taken; `taken` are its values.

    A fact whose other forms were not taken yet, or were erased, stays as it is. One that reads a
    field which was left empty now is voided. Raises Refusal `fact_too_large`.
    """
    definition = draft.world.definition
    for formula in draft.world.formulas.values():
        if formula.behind.isdisjoint(taken):
            continue
        before = draft.case.fact(formula.fact)
        found = calculate(formula, definition, _given(draft))
        if found is not None:
            number, versions = found
            if abs(number) > MOST:
                raise Refusal("fact_too_large", fact=definition.facts[formula.fact].name)
            if before is None or (before.number, before.tables) != (number, versions):
                draft.cause(FactNoted(fact=formula.fact, number=number, tables=versions))
        elif before is not None and any(
            name in taken and taken[name] is None for name in formula.behind
        ):
            draft.cause(FactVoided(facts=(before.seq,), why="emptied"))


def undo(draft: Draft, task: Task) -> None:
    """Void the facts that came from a decision that was taken back: from its form, or its way.

    The facts before them count again. Points stay, because they are about the time.
    """
    node = draft.world.definition.work_node(task.node)
    form = draft.world.definition.forms[node.form] if node.form is not None else None
    edited = draft.world.definition.with_expiries(node.editable)
    names = {*edited, *(name for one in (form.fields if form else ()) for name in one.names)}
    noted = (
        draft.case.fact(formula.fact)
        for formula in draft.world.formulas.values()
        if not formula.behind.isdisjoint(names)
    )
    seqs = tuple(
        fact.seq
        for fact in (*noted, *_options_noted(draft.case, task))
        if fact is not None and fact.at == task.decided_at
    )
    if seqs:
        draft.cause(FactVoided(facts=seqs, why="taken_back"))


def _options_noted(case: Case, task: Task) -> Iterator[Fact]:
    """Yield the options that may have been noted on the way which a decision took."""
    for fact in case.facts:
        if fact.option and not fact.voided and fact.task in ("", task.id):
            yield fact


def _given(draft: Draft) -> Given:
    world, known = draft.world, ((fact.name, fact) for fact in draft.case.facts)
    return Given(
        values=draft.values,
        facts={name: one.number for name, one in known if not (one.subject or one.voided)},
        day=world.calendar.day_of(world.now),
        tables=world.tables,
    )
