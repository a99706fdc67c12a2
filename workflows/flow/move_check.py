"""What keeps a case from moving to another version of its definition.

Everything that the case goes on with has to be there: the nodes at which it is, with the same kind,
signers and branches; the starts that run; the ladders of its clocks; the facts and fields that it
has. What is over needs no counterpart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.scope import Scope
from workflows.case.spot import Spot
from workflows.case.state import Case, Visit
from workflows.fact_rules import POINTS
from workflows.flow.start_clocks import read_key
from workflows.model.definition import Definition
from workflows.model.fields import FormField
from workflows.model.nodes import (
    ApprovalNode,
    ForkNode,
    Node,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
)
from workflows.model.starts import Start
from workflows.regions import branches_of

Why = Literal[
    "node_gone",
    "other_kind",
    "met",
    "place_differs",
    "branches_differ",
    "signers_differ",
    "outcomes_differ",
    "child_runs",
    "work_runs",
    "start_gone",
    "start_differs",
    "clock_gone",
    "ladder_gone",
    "pause_gone",
    "pause_differs",
    "fact_gone",
    "field_gone",
    "field_differs",
    "moves_back",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindrance:
    """One reason why a case cannot move, and the node, start, clock, fact or field it is about."""

    why: Why
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """The intention to move a case from one version of its definition to another.

    `names` has the new names of nodes by their old ones, `filled` the names of the values that the
    forms of the case have. A case that moves by itself, at rest, loses none of its starts.
    """

    case: Case
    source: Definition
    target: Definition
    names: Mapping[str, str]
    filled: Collection[str]
    by_itself: bool

    def hindrances(self) -> tuple[Hindrance, ...]:
        """Return what keeps the case from moving, each once; nothing if it can."""
        found = (*self._visits(), *self._clocks(), *self._facts(), *self._fields())
        return tuple(dict.fromkeys(Hindrance(why=why, at=at) for why, at in found))

    def _new(self, node_id: str) -> Node | None:
        """Return the node of the target that takes the place of a node, or None."""
        name = self.names.get(node_id, node_id)
        return next((node for node in self.target.nodes if node.id == name), None)

    def _name(self, node_id: str) -> str:
        return self.names.get(node_id, node_id)

    # ------------------------------------------------------------------ where it is

    def _visits(self) -> Iterator[tuple[Why, str]]:
        met = Counter(
            (one.scope, self._name(one.branch), self._name(one.node)) for one in self.case.visits
        )
        yield from (("met", node) for (*_, node), count in met.items() if count > 1)
        for visit in self.case.visits:
            old, new = self.source.node(visit.node), self._new(visit.node)
            if new is None:
                yield "node_gone", visit.node
            elif not _alike(old, new):
                yield "other_kind", visit.node
            else:
                yield from self._place(visit, new)
                yield from self._work(visit, old, new)
            if visit.resume_to and self._new(visit.resume_to) is None:
                yield "node_gone", visit.resume_to

    def _place(self, visit: Visit, new: Node) -> Iterator[tuple[Why, str]]:
        """Yield a reason if the node is inside other branches than the case is."""
        here = set(self._around(visit.spot))
        there = branches_of(self.target).get(new.id, frozenset())
        if not here <= there or {fork for fork, _ in here} != {fork for fork, _ in there}:
            yield "place_differs", visit.node

    def _around(self, spot: Spot) -> Iterator[tuple[str, str]]:
        """Yield the (fork, branch) pairs around a place, under their new names."""
        for one in self.case.around(spot):
            scope = self.case.scope(one.scope)
            if scope.id and scope.rest is None:
                branch = one.branch if scope.opened is None else scope.opened.target
                yield self._name(scope.fork), self._name(branch)

    def _work(self, visit: Visit, old: Node, new: Node) -> Iterator[tuple[Why, str]]:
        if isinstance(old, ServiceNode):
            yield "work_runs", visit.node
        elif isinstance(old, ProcessNode):
            yield "child_runs", visit.node
        elif isinstance(old, ForkNode) and isinstance(new, ForkNode):
            branches = {self._name(one.to) for one in old.branches}
            if branches != {one.to for one in new.branches} or self._name(old.join) != new.join:
                yield "branches_differ", visit.node
        elif isinstance(old, WaitNode) and isinstance(new, WaitNode):
            if old.starts:
                yield from self._starts(self.case.scope(visit.id), old, new)
        elif isinstance(old, ApprovalNode) and isinstance(new, ApprovalNode):
            yield from self._ballot(visit, old, new)

    def _ballot(
        self, visit: Visit, old: ApprovalNode, new: ApprovalNode
    ) -> Iterator[tuple[Why, str]]:
        if not _same_signers(old, new):
            yield "signers_differ", visit.node
        if old.seats and {*old.outcomes} != {*new.outcomes}:
            yield "outcomes_differ", visit.node
        form = new.checked_form
        known = {one.id for one in self.target.forms[form].certificates} if form else set()
        for task in self.case.ballot(visit.id):
            gone = (one.subject for one in task.verdicts if one.subject not in known)
            yield from (("field_gone", subject) for subject in gone)

    def _starts(self, rest: Scope, old: WaitNode, new: WaitNode) -> Iterator[tuple[Why, str]]:
        assert rest.rest is not None, "the scope of a wait node with starts"
        needed = {one.reason.start for one in rest.rest.due}
        if self.by_itself:
            needed |= {read_key(clock.key)[1] for clock in self._running(ClockKind.BEGIN)}
        for start in old.starts:
            there = new.start(start.id)
            if there is None and start.id in needed:
                yield "start_gone", start.id
            elif there is not None and _measure(start) != _measure(there):
                yield "start_differs", start.id
        for branch in map(self.case.scope, rest.open):
            assert branch.opened is not None, "the scope of a branch of a wait node"
            if self._name(branch.opened.target) not in new.targets:
                yield "node_gone", branch.opened.target

    # ------------------------------------------------------------------ what it has

    def _running(self, *kinds: ClockKind) -> Iterator[Clock]:
        """Yield the clocks that are not stopped; of all kinds without an argument."""
        for clock in self.case.clocks:
            if clock.status is not ClockStatus.STOPPED and (not kinds or clock.kind in kinds):
                yield clock

    def _clocks(self) -> Iterator[tuple[Why, str]]:
        for clock in self._running():
            if clock.kind is ClockKind.CASE and clock.key not in self.target.clocks:
                yield "clock_gone", clock.key
            elif clock.status is ClockStatus.PAUSED and not self._pauses(clock):
                yield "pause_differs", clock.key
            if clock.ladder and clock.ladder not in self.target.ladders:
                yield "ladder_gone", clock.ladder
        asked = self.target.pause.on if self.target.pause is not None else ()
        for task in self.case.open_tasks:
            if task.question is not None and task.question.on not in asked:
                yield "pause_gone", task.node

    def _pauses(self, clock: Clock) -> bool:
        """Return whether a clock that is paused goes on with the work for which it waits."""
        case_clock = self.target.clocks.get(clock.key)
        return case_clock is None or case_clock.pauses

    def _facts(self) -> Iterator[tuple[Why, str]]:
        for fact in self.case.facts:
            if fact.voided or fact.name == POINTS:
                continue
            kept = self.target.kept.get(fact.name)
            options = {one.id for one in kept.options} if kept is not None else set()
            if kept is None or (fact.option not in options if fact.option else bool(options)):
                yield "fact_gone", fact.name

    def _fields(self) -> Iterator[tuple[Why, str]]:
        waiting = set(self._read())
        for field in self.source.every_field():
            if field.id not in self.filled:
                continue
            there = self.target.field(field.id)
            if there is None:
                if field.id in waiting:
                    yield "field_gone", field.id
            elif _type(field) != _type(there):
                yield "field_differs", field.id

    def _read(self) -> Iterator[str]:
        """Yield the names of the values that the wait nodes read at which the case is."""
        for visit in self.case.visits:
            node = self.source.node(visit.node)
            if isinstance(node, WaitNode):
                yield from node.dates
                for form in filter(None, (start.of_form for start in node.starts)):
                    certificates = self.source.forms[form].certificates
                    yield from (name for one in certificates for name in one.names)


def _alike(old: Node, new: Node) -> bool:
    """Return whether two nodes are of one kind, also in what decides how they are left."""
    if isinstance(old, WaitNode) and isinstance(new, WaitNode):
        shape = (bool(old.starts), old.until is None)
        return shape == (bool(new.starts), new.until is None)
    if isinstance(old, ApprovalNode) and isinstance(new, ApprovalNode):
        return (old.for_each is None) == (new.for_each is None)
    if isinstance(old, TaskNode) and isinstance(new, TaskNode):
        return old.only == new.only
    return type(old) is type(new)


def _same_signers(old: ApprovalNode, new: ApprovalNode) -> bool:
    """Return whether the votes of both are counted alike, and as many entries vote."""
    if not (old.seats and new.seats):
        return bool(old.seats) == bool(new.seats)
    return (old.rule, old.one_each, len(old.seats)) == (new.rule, new.one_each, len(new.seats))


def _measure(start: Start) -> tuple[object, ...]:
    """Return what must not change of a start, or its periods would mean something else."""
    return (start.whens, start.every, start.of_form)


def _type(field: FormField) -> tuple[object, ...]:
    return (field.type, field.certificate is not None and field.certificate.id)
