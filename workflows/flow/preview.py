"""Foresees the way of a case: the steps to come, who will have each, and until when.

The definition is walked with the values that are known; people are found by the rules that will
find them, in a hypothetical case whose events nobody stores. Each step is taken to be approved or
completed, at the last moment of its time limit. A gateway whose conditions read what is not known
yet is followed on each of its routes (rules: the route).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed

from msgspec.structs import replace

from workflows import assignment
from workflows.case.clock import ClockKind
from workflows.case.draft import Draft
from workflows.case.events import SYSTEM
from workflows.case.spot import WHOLE, Spot
from workflows.case.state import Case, Visit
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.field_rules import is_asked, is_required
from workflows.flow import ballots, by_rule, facts, offer, opening, returning, stops
from workflows.flow.route import Branch, Coming, Way, collapsed, merged
from workflows.model.fields import EXPIRED_REQUIRED, Form
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    ForkNode,
    GatewayNode,
    TaskNode,
    WorkNode,
)
from workflows.moments import Moment

MOST = 400  # nodes that are looked at, so that many open conditions come to an end


def before_filing(*, filer: str, values: Mapping[str, object], world: World) -> tuple[Coming, ...]:
    """Return what will come if this person files a case with these values of the start form.

    The form may be incomplete.
    """
    definition = world.definition
    form = definition.forms[definition.start_form]
    case = Case(
        id="",
        process=definition.key,
        definition="",
        filer=filer,
        status=Status.RUNNING,
        created_at=world.now,
        seq=0,
        node="",
    )
    draft = Draft(case, actor=filer, via="", values=values, world=world)
    try:
        facts.begin(draft)
        facts.note(draft, values)
    except Refusal:  # a number is too large; the form is refused with the reason when it is sent
        draft = Draft(case, actor=filer, via="", values=values, world=world)
    settled = frozenset(
        name
        for one in form.fields
        if not is_required(one, values, world.conditions)
        or not is_asked(one, values, world.conditions)
        for name in one.names
    )
    walk = _Walk(world=world, values=values, settled=settled)
    walk.go(definition.start, draft.case, at=world.now, way=())
    return walk.result()


def from_here(
    case: Case, world: World, *, hidden: Collection[str] = frozenset()
) -> tuple[Coming, ...]:
    """Return what will come of a running case, first the steps where it is.

    `hidden` are the names of values that the reader may not see; they count as not known.
    """
    values = {name: one for name, one in world.values.items() if name not in hidden}
    settled = frozenset(
        name
        for form in _taken(case, world)
        for one in form.fields
        for name in one.names
        if name not in hidden
    )
    walk = _Walk(world=world, values=values, settled=settled, hidden=frozenset(hidden))
    here = [(visit, step) for visit in case.visits if (step := walk.stay(visit, case))]
    for visit, step in here:
        walk.leave(visit, step, case)
    return walk.result()


def _taken(case: Case, world: World) -> Iterator[Form]:
    """Yield the forms that were submitted in a case."""
    definition = world.definition
    for what, _ in case.forms:
        kind, _, name = what.partition(":")
        key: str | None = None
        if kind == "start":
            key = definition.start_form
        elif kind == "task":
            key = definition.work_node(name.partition(":")[0]).form
        if key is not None:
            yield definition.forms[key]


@dataclass(kw_only=True)
class _Walk:
    """A walk over the nodes of a definition, and what was found on it so far."""

    world: World
    values: Mapping[str, object]
    settled: frozenset[str]  # names that have their final value, if only an empty one
    hidden: frozenset[str] = frozenset()
    coming: dict[str, Coming] = field(default_factory=dict)
    forks: dict[tuple[Way, str], int] = field(default_factory=dict)  # the routes that are open
    looked: int = 0
    spot: Spot = WHOLE  # of the visit from which it goes on

    def result(self) -> tuple[Coming, ...]:
        """Return the steps and ends in the order of their times, those where the case is first."""

        def rank(one: Coming) -> tuple[bool, Moment, bool]:
            return not one.here, one.begins_at, one.kind == "end"

        ordered = sorted(self.coming.values(), key=rank)
        return tuple(changed(one, ways=collapsed(one.ways, self.forks)) for one in ordered)

    def go(
        self,
        node_id: str,
        case: Case,
        *,
        at: Moment,
        way: Way,
        resume_to: str = "",
        trail: frozenset[str] = frozenset(),
    ) -> None:
        """Come to a node, and go on from there."""
        self.looked += 1
        if node_id in trail or self.looked > MOST:
            return
        node = self.world.definition.node(node_id)
        trail |= {node_id}
        resume_to = "" if node_id == resume_to else resume_to
        if isinstance(node, GatewayNode):
            for branch, to, then in self._routes(node, case, way):
                there = (*way, *branch)
                self.go(to, then, at=at, way=there, resume_to=resume_to, trail=trail)
            return
        if isinstance(node, ForkNode):
            for to in self._branches(node, case):
                self.go(to, case, at=at, way=way, resume_to=resume_to, trail=trail)
            return
        if isinstance(node, EndNode):
            end = Coming(node=node_id, kind="end", ways=(way,), begins_at=at, due_at=at)
            self._add(end, trail)
            return
        if isinstance(node, stops.Stop):
            step = self._stop(node, case, at=at, way=way)
            self._add(step, trail)
            after = stops.after(node)
            if after is not None:
                self.go(after, case, at=step.due_at, way=way, resume_to=resume_to, trail=trail)
            return
        draft = Draft(case, actor=SYSTEM, via="", values=self.values, world=self.world)
        if resume_to and isinstance(node, ApprovalNode) and returning.holds(draft, node, self.spot):
            to = node.outcomes["approve"].to[0]
            self.go(to, case, at=at, way=way, resume_to=resume_to, trail=trail)
            return
        step = self._step(node, draft, at=at, way=way)
        self._add(step, trail)
        self._on(node, _done(case, node, step), step, way=way, resume_to=resume_to, trail=trail)

    def stay(self, visit: Visit, case: Case) -> Coming | None:
        """Keep a step where the case is now, and return it; None if nobody has work there."""
        tasks, now = case.ballot(visit.id), self.world.now
        node = self.world.definition.node(visit.node)
        if isinstance(node, stops.Stop):
            step = self.coming[visit.node] = changed(self._stop(node, case, at=now), here=True)
            return step
        if not tasks:
            return None
        clocks = [clock for task in tasks if (clock := case.clock(ClockKind.TASK.of(task.id)))]
        step = self.coming[visit.node] = Coming(
            node=visit.node,
            kind="step",
            found=tuple(offer.Found(people=task.owners) for task in tasks if task.unfinished),
            here=True,
            begins_at=min(task.opened_at for task in tasks),
            due_at=max((clock.due_at for clock in clocks), default=now),
        )
        return step

    def leave(self, visit: Visit, step: Coming, case: Case) -> None:
        """Go on from a step where the case is now."""
        self.spot = visit.spot
        node = self.world.definition.node(visit.node)
        if isinstance(node, stops.Stop):
            after, trail = stops.after(node), frozenset((node.id,))
            if after is not None:
                self.go(after, case, at=step.due_at, way=(), resume_to=visit.resume_to, trail=trail)
            return
        node = self.world.definition.work_node(visit.node)
        for task in case.ballot(visit.id):
            if task.unfinished:
                alone = task.owners[0] if len(task.owners) == 1 else None
                case = case.with_task(
                    task.id, status=TaskStatus.DONE, outcome=_outcome(node), decided_by=alone
                )
        later = changed(step, due_at=max(step.due_at, self.world.now))
        self._on(node, case, later, way=(), resume_to=visit.resume_to, trail=frozenset((node.id,)))

    def _on(
        self,
        node: WorkNode,
        case: Case,
        step: Coming,
        *,
        way: Way,
        resume_to: str,
        trail: frozenset[str],
    ) -> None:
        if isinstance(node, TaskNode):
            to = node.next
        else:
            outcome = step.outcome or "approve"
            to = next(one.to[0] for name, one in node.outcomes.items() if name == outcome)
        self.go(to, case, at=step.due_at, way=way, resume_to=resume_to, trail=trail)

    def _add(self, one: Coming, trail: frozenset[str]) -> None:
        """Keep a step; one that was reached on another way before is reached on both."""
        one = changed(one, undated=any(self._has_no_date(passed) for passed in trail))
        before = self.coming.get(one.node)
        if before is None:
            self.coming[one.node] = one
        elif not before.here:
            self.coming[one.node] = merged(before, one)

    def _has_no_date(self, passed: str) -> bool:
        step = self.coming.get(passed)
        return step is not None and step.kind == "wait" and bool(step.reads)

    # ------------------------------------------------------------------ gateways

    def _routes(self, node: GatewayNode, case: Case, way: Way) -> list[tuple[Way, str, Case]]:
        """Return the routes that may be taken: one, or several if the first is not certain.

        The last route of a gateway has no condition.
        """
        found: list[tuple[Way, str, Case]] = []
        earlier: list[str] = []
        routes = iter(node.routes)
        while True:
            route = next(routes)
            condition = self.world.conditions[route.when] if route.when is not None else None
            read = () if condition is None else tuple(condition.fields)
            then = self._set(route.set, case)
            if condition is not None and self._missing(read, case):
                branch = Branch(gateway=node.id, when=route.when, unless=tuple(earlier))
                found.append(((branch,), route.to, then))
                earlier.append(condition.text)
                continue
            if condition is None or facts.judged(condition, case, self.values, self.world):
                other = Branch(gateway=node.id, when=None, unless=tuple(earlier))
                found.append(((other,) if found else (), route.to, then))
                break
        if len(found) > 1:
            self.forks[way, node.id] = len(found)
        return found

    def _branches(self, node: ForkNode, case: Case) -> list[str]:
        """Return the branches that may be taken, or the join if none will be."""
        found: list[str] = []
        for branch in node.branches:
            condition = self.world.conditions[branch.when] if branch.when is not None else None
            open_yet = condition is None or bool(self._missing(condition.fields, case))
            if open_yet or (condition and facts.judged(condition, case, self.values, self.world)):
                found.append(branch.to)
        return found or [node.join]

    def _set(self, names: Mapping[str, str], case: Case) -> Case:
        """Return the case with the people that a route sets, as far as they are known."""
        for name, expression in names.items():
            if not self._missing(assignment.parse(expression).fields, case):
                found = offer.find_for_name(
                    expression, case=case, world=self.world, values=self.values
                )
                people = found.people or ("",)
                case = case.with_people(tuple((name, person) for person in people))
        return case

    def _missing(self, names: Iterable[str], case: Case) -> tuple[str, ...]:
        """Return which of these fields and facts are not known yet."""
        return tuple(name for name in names if self._unknown(name, case))

    def _unknown(self, name: str, case: Case) -> bool:
        if name in self.hidden or name == EXPIRED_REQUIRED:
            return name in self.hidden
        formula = self.world.formulas.get(name)
        if formula is not None and formula.calculation is not None:
            if not formula.behind.isdisjoint(self.hidden):
                return True
            return case.fact(name) is None and any(
                self._unknown(one, case) for one in formula.behind
            )
        if name in self.world.definition.kept:
            return True  # it may be noted on the way
        return self.values.get(name) is None and name not in self.settled

    # ------------------------------------------------------------------ steps

    def _step(self, node: WorkNode, draft: Draft, *, at: Moment, way: Way) -> Coming:
        """Return a step, with who will have it or the rule that will decide it."""
        reads = tuple(self._reads(node, draft.case))
        rule, outcome = ("", "") if reads else self._by_rule(node, draft.case)
        found = () if reads or rule else _found(node, draft)
        owners = tuple(person for one in found for person in one.people)
        calendar = self.world.calendar.named(opening.calendar_of(node, owners, self.world))
        due = at
        turns = len(found) if isinstance(node, ApprovalNode) and node.rule.kind == "in_turn" else 1
        for _ in range(0 if rule else max(1, turns)):
            due = calendar.add(due, node.due)
        return Coming(
            node=node.id,
            kind="step",
            ways=(way,),
            found=found,
            reads=reads,
            rule=rule,
            outcome=outcome,
            begins_at=at,
            due_at=due,
        )

    def _stop(self, node: stops.Stop, case: Case, *, at: Moment, way: Way = ()) -> Coming:
        reads = self._missing(stops.read_by(node), case)
        return stops.foreseen(node, self.world, self.values, reads=reads, at=at, way=way)

    def _reads(self, node: WorkNode, case: Case) -> Iterator[str]:
        """Yield the fields and names that people expressions of a node read, not known yet."""
        for _, text in node.workers:
            expression = assignment.parse(text)
            yield from self._missing(expression.fields, case)
            yield from (name for name in expression.names if name not in dict(case.people))

    def _by_rule(self, node: WorkNode, case: Case) -> tuple[str, str]:
        """Return the rule that will decide an approval, and how; empty texts if none does."""
        if not isinstance(node, ApprovalNode) or case.times_at(node.id):
            return "", ""
        place = offer.Place(case=case, world=self.world, node=node, values=self.values)
        foreseen = by_rule.foreseen(place, node)
        return ("", "") if foreseen is None else foreseen[:2]


def _found(node: WorkNode, draft: Draft) -> tuple[offer.Found, ...]:
    if isinstance(node, ApprovalNode) and node.seats:
        return tuple(ballots.find_seats(draft, node)[0])
    return (opening.find_owners(draft, node),)


def _done(case: Case, node: WorkNode, step: Coming) -> Case:
    """Return the case after a step, decided by whoever surely has it."""
    tasks = tuple(
        Task(
            id=case.next_task(number),
            node=node.id,
            round=case.times_at(node.id) + 1,
            seat=number if len(step.found) > 1 else 0,
            status=TaskStatus.DONE,
            assignee=one.people[0] if len(one.people) == 1 else None,
            candidates=(),
            opened_at=step.begins_at,
            outcome=_outcome(node),
            decided_by=one.people[0] if len(one.people) == 1 else None,
            rule=step.rule,
        )
        for number, one in enumerate(step.found or (offer.Found(people=()),), start=1)
    )
    return replace(case, tasks=(*case.tasks, *tasks))


def _outcome(node: WorkNode) -> str:
    return "approve" if isinstance(node, ApprovalNode) else "complete"
