"""Facts: calculated when a form that they read is taken, or noted on the way, and kept as a result.

A result that is void leaves counts and averages at once: those that were made of it are void with
it, and are made again of what remains.

An event keeps the number and the versions of the tables, so that replaying a case reads no form and
a rate that changes later changes no decision.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import Literal

from workflows.calculating import Given, Versions, calculate, hundredths
from workflows.case.draft import Draft, readable
from workflows.case.effects import Effect, Refresh, case_cards, news
from workflows.case.events import Body, Event
from workflows.case.fact import Fact
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.case.world import World
from workflows.conditions import Condition
from workflows.errors import Refusal
from workflows.field_rules import expired_required, today
from workflows.model.facts import FactRule
from workflows.model.fields import EXPIRED_REQUIRED

Void = Literal["emptied", "waived", "taken_back", "again"]

MOST = 10**17  # hundredths of a number that a fact can keep
KEPT = 20  # results of a fact in the state of a case that rests for years


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
    """A result was noted that is no calculation from a form.

    It is an option, by the way that the case took after the decision of `task`; a score or a grade,
    of which there is one in each `scope`; or a count or an average `of` so many results.
    """

    stored = "ResultNoted"

    fact: str
    option: str = ""
    number: int = 0
    period: str = ""
    task: str = ""
    scope: str = ""
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
                scope=self.scope,
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

    A field was emptied, the decision behind it was taken back, it was worked out again, or a point
    was waived with a reason.

    `facts` are the numbers of the events that noted them.
    """

    stored = "FactVoided"

    facts: tuple[int, ...]
    why: Void
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
    if options:
        recount(draft)


def note(draft: Draft, taken: Mapping[str, object]) -> None:
    """Calculate the facts that read a form which was just taken; `taken` are its values.

    A fact whose other forms were not taken yet, or were erased, stays as it is. One that reads a
    field which was left empty now is voided. Raises Refusal `fact_too_large`.
    """
    definition = draft.world.definition
    for formula in draft.world.formulas.values():
        if formula.calculation is None or formula.behind.isdisjoint(taken):
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
            void(draft, (before.seq,), why="emptied")
    recount(draft)


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
        if formula.calculation is not None and not formula.behind.isdisjoint(names)
    )
    seqs = [
        fact.seq
        for fact in (*noted, *_options_noted(draft.case, task))
        if fact is not None and fact.at == task.decided_at
    ]
    void(draft, (*seqs, *_rested_on(draft, task, names)), why="taken_back")
    recount(draft)


def void(draft: Draft, seqs: Iterable[int], *, why: Void) -> None:
    """Void these facts, and the counts and averages that were made of them."""
    found = set(seqs)
    if not found:
        return
    since = {one.name: one.seq for one in reversed(draft.case.facts) if one.seq in found}
    for name, rule in _of_history(draft):
        read = _read(draft, rule)
        if read in since:
            made = [one.seq for one in _valid(draft.case, (name,)) if one.seq > since[read]]
            found.update(made)
            since |= dict.fromkeys([name][: len(made)], min(made, default=0))
    draft.cause(FactVoided(facts=tuple(sorted(found)), why=why))


def recount(draft: Draft) -> None:
    """Make the counts and averages again, and note those that are not what they were."""
    for name, rule in _of_history(draft):
        results = history(draft.case, _read(draft, rule))
        if not results:
            continue  # it is void with what it was made of
        found, before = made_of(rule, results, draft.world.conditions), draft.case.fact(name)
        if before is None or (before.number, before.of) != found:
            number, of = found
            period = results[-1].period
            draft.cause(ResultNoted(fact=name, number=number, of=of, period=period))


def made_of(
    rule: FactRule, results: tuple[Fact, ...], conditions: Mapping[str, Condition]
) -> tuple[int, int]:
    """Return a count or an average of at least one result in hundredths, and of how many."""
    if rule.count is None:
        last = results[-rule.of_last :] if rule.of_last is not None else results
        return hundredths(Fraction(sum(one.number for one in last), 100 * len(last))), len(last)
    condition = conditions[rule.count]
    (name,) = condition.fields
    holds = cache(lambda value: condition.evaluate({name: value}))
    values = (one.value for one in reversed(results))
    found = itertools.takewhile(holds, values) if rule.in_a_row else filter(holds, values)
    return 100 * sum(1 for _ in found), 0


def outdated(draft: Draft) -> tuple[int, ...]:
    """Return the facts of the case that need not be in its state, by the numbers of their events.

    Of each the last `KEPT` results stay, so that there are some for a rule that a newer version
    adds, and what counts and averages read beyond. Facts about somebody, such as points, all stay.
    """
    facts = [one for one in draft.case.facts if not one.subject]
    since = {}
    for name in dict.fromkeys(one.name for one in facts):
        found = history(draft.case, name)
        rules = (rule for _, rule in _of_history(draft) if _read(draft, rule) == name)
        most = max((KEPT, *(_reaching(rule, found, draft.world.conditions) for rule in rules)))
        since[name] = found[-most].seq if len(found) > most else 0
    return tuple(one.seq for one in facts if one.seq < since[one.name])


def _reaching(
    rule: FactRule, results: tuple[Fact, ...], conditions: Mapping[str, Condition]
) -> int:
    """Return how many of these results a count or an average reads."""
    if rule.in_a_row and results:
        return made_of(rule, results, conditions)[0] // 100 + 1
    return rule.of_last or len(results)


def history(case: Case, name: str) -> tuple[Fact, ...]:
    """Return the results of a fact of the case that are not void, the earliest first."""
    return tuple(_valid(case, (name,)))


def _rested_on(draft: Draft, task: Task, names: Collection[str]) -> Iterator[int]:
    """Return the scores that were worked out from a form of a decision that does not count."""
    around = {spot.scope for spot in draft.case.around(task.spot)}
    since = task.decided_at or 0
    cards = draft.world.definition.scorecards.items()
    keys = [key for key, card in cards if any(item.field in names for item in card.items)]
    scored = _valid(draft.case, [f"{key}.{part}" for key in keys for part in ("score", "grade")])
    return (one.seq for one in scored if one.scope in around and one.at >= since)


def _valid(case: Case, names: Collection[str]) -> Iterator[Fact]:
    return (one for one in case.facts if one.name in names and not (one.subject or one.voided))


def _of_history(draft: Draft) -> Iterator[tuple[str, FactRule]]:
    """Yield the counts and averages, each after what it reads."""
    rules = draft.world.definition.facts
    return ((name, rules[name]) for name in draft.world.formulas if _counts(rules.get(name)))


def _counts(rule: FactRule | None) -> bool:
    return rule is not None and rule.of_history


def _read(draft: Draft, rule: FactRule) -> str:
    """Return the name of the fact whose history a count or an average reads."""
    if rule.count is None:
        return str(rule.average)
    (name,) = draft.world.conditions[rule.count].fields
    return name


def _options_noted(case: Case, task: Task) -> Iterator[Fact]:
    """Yield the options that may have been noted on the way which a decision took."""
    for fact in case.facts:
        graded = "." in fact.name
        if fact.option and not (fact.voided or graded) and fact.task in ("", task.id):
            yield fact


def _given(draft: Draft) -> Given:
    world, known = draft.world, ((fact.name, fact) for fact in draft.case.facts)
    return Given(
        values=draft.values,
        facts={name: one.number for name, one in known if not (one.subject or one.voided)},
        day=world.calendar.day_of(world.now),
        tables=world.tables,
    )


def holds(draft: Draft, condition: str | None) -> bool:
    """Return whether a condition of the definition is true now; None is always true."""
    if condition is None:
        return True
    return judged(draft.world.conditions[condition], draft.case, draft.values, draft.world)


def judged(condition: Condition, case: Case, values: Mapping[str, object], world: World) -> bool:
    """Return whether a condition is true of these values, the facts and the certificates."""
    known = readable(case, values)
    if EXPIRED_REQUIRED in condition.fields:
        lacking = expired_required(world.definition, known, world.conditions, day=today(world))
        known = {**known, EXPIRED_REQUIRED: lacking}
    return condition.evaluate(known)
