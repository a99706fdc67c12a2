"""Forks: branches that run side by side until all of them have come to the join.

The visit of a fork stays open and is the scope of its branches: its id is that of the scope. A
branch that comes to the join has arrived and ends; the last one closes the fork, and the case
enters the join in the scope around. A decision that leads out of the fork, such as a return to a
step before it, cancels all branches and makes their approvals void; the fork begins anew when the
case comes there again. A return from beyond the join to steps inside it opens the fork again: the
branches of these steps are open, the others have arrived.
"""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from workflows.case.clock import ClockKind
from workflows.case.draft import Draft
from workflows.case.events import Body, Event
from workflows.case.scope import Scope
from workflows.case.spot import Spot
from workflows.case.state import Case, Visit
from workflows.case.task import Task
from workflows.flow import clocks, ending, facts, returning, stale
from workflows.flow.returning import number
from workflows.model.nodes import EndNode, ForkNode
from workflows.regions import branches_of


class BranchesOpened(Body, frozen=True, kw_only=True):
    """The case came to a fork, and these branches began; without one it goes to the join.

    `scope` is the id of the fork's visit, and of the scope of the branches.
    """

    stored = "BranchesOpened"

    node: str
    scope: str
    branches: tuple[str, ...]  # their first nodes

    def apply(self, case: Case, event: Event) -> Case:
        """Add the scope; rounds go on from the last time, returns if that was cancelled."""
        visit = case.newest_at(self.node)
        within = case.started(visit.spot)  # in another branch of a wait node they begin anew
        same = [
            one
            for one in case.scopes
            if one.fork == self.node and case.started(Spot(scope=one.id)) == within
        ]
        scope = Scope(
            id=self.scope,
            fork=self.node,
            parent=visit.scope,
            branch=visit.branch,
            open=self.branches,
            rounds=same[-1].rounds if same else (),
            returns=same[-1].returns if same and not same[-1].joined else (),
        )
        case = replace(case, scopes=(*case.scopes, scope))
        return case if self.branches else _joined(case, self.scope)


class BranchArrived(Body, frozen=True, kw_only=True):
    """A branch came to the join of its fork; the last one closes the fork."""

    stored = "BranchArrived"

    node: str  # the fork
    scope: str
    branch: str

    def apply(self, case: Case, event: Event) -> Case:
        """End the branch, and with the last one the visit of the fork."""
        left = tuple(one for one in case.scope(self.scope).open if one != self.branch)
        case = case.with_scope(self.scope, open=left)
        return case if left else _joined(case, self.scope)


class BranchesCancelled(Body, frozen=True, kw_only=True):
    """A decision led out of a fork; its branches, whose tasks were cancelled, do not go on."""

    stored = "BranchesCancelled"

    node: str  # the fork
    scope: str

    def apply(self, case: Case, event: Event) -> Case:
        """End the branches and the visit of the fork."""
        for visit in case.visits:
            if self.scope in (visit.id, visit.scope):
                case = case.without_visit(visit.id)
        return case.with_scope(self.scope, open=())


class BranchesReopened(Body, frozen=True, kw_only=True, omit_defaults=True):
    """These branches of a fork go on, which all had come to its join; the others have arrived.

    `resume_to` is the approval to which the case comes back from the join.
    """

    stored = "BranchesReopened"

    node: str  # the fork
    scope: str
    branches: tuple[str, ...]
    resume_to: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Open the fork again with these branches."""
        for branch in self.branches:
            case = around_open(case, Spot(scope=self.scope, branch=branch), self.resume_to)
        return case


def around_open(case: Case, spot: Spot, resume_to: str = "") -> Case:
    """Return the case with the branches around a place open, also those that had arrived.

    `resume_to` is that of the forks which are opened again.
    """
    for one in case.around(spot):
        scope = case.scope(one.scope)
        if one.branch not in scope.open and scope.id:
            case = case.with_scope(scope.id, open=(*scope.open, one.branch), joined=False)
        missing = scope.id and scope.opened is None  # a branch of a wait node has no visit
        if missing and case.visit(scope.id) is None:
            fork = Visit(
                id=scope.id,
                node=scope.fork,
                round=case.times_at(scope.fork, scope=scope.parent),
                scope=scope.parent,
                branch=scope.branch,
                resume_to=resume_to,
            )
            around = [visit.id for visit in case.visits]
            at = around.index(scope.parent) + 1 if scope.parent in around else 0
            case = replace(case, visits=(*case.visits[:at], fork, *case.visits[at:]))
    return case


def closed_again(case: Case, task: Task) -> Case:
    """Return the case with the forks joined that the decision of a task had opened again."""
    inside = {spot.scope for spot in case.around(task.spot)}
    for one in case.scopes:
        spot = Spot(scope=one.parent, branch=one.branch)
        earlier = case.visit(one.id) is not None and number(one.id) < number(task.visit)
        if earlier and one.id not in inside and not case.beside(spot, task.spot):
            case = _joined(case.with_scope(one.id, open=()), one.id)
    return case


def _joined(case: Case, scope: str) -> Case:
    return case.with_scope(scope, joined=True).without_visit(scope)


Way = tuple[str, Spot, str]  # a node to enter, where, and the approval to which the case comes back


def begin(draft: Draft, fork: ForkNode, resume_to: str) -> tuple[Way, ...]:
    """Open the branches whose conditions hold, and return their ways; without one that on.

    The case has just entered the fork.
    """
    visit = draft.case.newest_at(fork.id)
    branches = tuple(one.to for one in fork.branches if facts.holds(draft, one.when))
    draft.cause(BranchesOpened(node=fork.id, scope=visit.id, branches=branches))
    if not branches:
        return ((fork.join, visit.spot, resume_to),)
    return tuple((one, Spot(scope=visit.id, branch=one), resume_to) for one in branches)


def joins(draft: Draft, node_id: str, spot: Spot) -> bool:
    """Return whether a node is the join of the fork whose branch this is."""
    return _in_fork(draft, spot) and _fork(draft, spot).join == node_id


def _in_fork(draft: Draft, spot: Spot) -> bool:
    """Return whether a place is in a branch of a fork, not of a wait node."""
    return bool(spot.scope) and draft.case.scope(spot.scope).opened is None


def arrive(draft: Draft, spot: Spot) -> tuple[Way, ...]:
    """End a branch that came to its join; return the way of the case once all have come."""
    scope = draft.case.scope(spot.scope)
    visit = next(one for one in draft.case.visits if one.id == spot.scope)
    draft.cause(BranchArrived(node=scope.fork, scope=spot.scope, branch=spot.branch))
    if not draft.case.scope(spot.scope).joined:
        return ()
    inside = visit.resume_to in dict(scope.rounds)  # the approval that returned is in a branch
    resume_to = "" if inside else visit.resume_to
    again = returning.stale_in(draft, scope.id, resume_to) if resume_to else ()
    open_again(draft, [place for _, place in again], resume_to)
    if again:
        return tuple((node, place, resume_to) for node, place in again)
    return ((_fork(draft, spot).join, visit.spot, resume_to),)


def open_again(draft: Draft, spots: Iterable[Spot], resume_to: str) -> None:
    """Open the forks around these places again that all their branches had left by the join."""
    found: dict[str, set[str]] = {}
    for spot in spots:
        for one in reversed([*draft.case.around(spot)]):
            if draft.case.scope(one.scope).joined:
                found.setdefault(one.scope, set()).add(one.branch)
    for scope, branches in found.items():
        fork = _fork(draft, Spot(scope=scope))
        draft.cause(
            BranchesReopened(
                node=fork.id,
                scope=scope,
                branches=tuple(one.to for one in fork.branches if one.to in branches),
                resume_to=resume_to,
            )
        )


def led_to(draft: Draft, task: Task, to: str) -> Spot:
    """Return the place of a node to which a reject or a return of this task leads.

    Cancels the forks that it leads out of. The join, and an end, are entered from the branch.
    """
    spot = task.spot
    if isinstance(draft.world.definition.node(to), EndNode):
        return spot
    inside = branches_of(draft.world.definition).get(to, frozenset()) if spot.scope else ()
    while _in_fork(draft, spot) and not joins(draft, to, spot):
        scope = draft.case.scope(spot.scope)
        if (scope.fork, spot.branch) in inside:
            break
        _cancel(draft, scope, by=task)
        spot = Spot(scope=scope.parent, branch=scope.branch)
    return spot


def _cancel(draft: Draft, scope: Scope, *, by: Task) -> None:
    """Cancel everything that is open in a scope, and make its approvals void."""
    case = draft.case
    within = [task for task in case.tasks if _lies_in(case, task.scope, scope)]
    ending.cancel(draft, [task for task in within if task.unfinished], reason="returned")
    for task in within:
        if task.outcome == "approve" and not task.voided:
            draft.cause(stale.DecisionVoided(task=task.id, fields=(), by=by.id))
    for one in reversed(case.scopes):
        if case.visit(one.id) is not None and _lies_in(case, one.id, scope):
            _break_off(draft, one)


def left(case: Case, task: Task) -> bool:
    """Return whether a fork around a decided task was cancelled."""
    scopes = (case.scope(spot.scope) for spot in case.around(task.spot) if spot.scope)
    return any(not (scope.joined or scope.open) for scope in scopes)


def undo(draft: Draft, task: Task) -> None:
    """Cancel the forks to which a decision led that was taken back; their tasks are cancelled."""
    case = draft.case
    for one in reversed(case.scopes):
        spot = Spot(scope=one.parent, branch=one.branch)
        later = case.visit(one.id) is not None and number(one.id) > number(task.visit)
        if later and not case.beside(spot, task.spot):
            _break_off(draft, one)


def _break_off(draft: Draft, scope: Scope) -> None:
    """End the branches of a fork, whose tasks were cancelled, and what they wait for."""
    for visit in draft.case.visits:
        if visit.scope == scope.id:
            clocks.stop(draft, ClockKind.START.of(visit.id), why="cancelled")
            clocks.stop(draft, ClockKind.WORK.of(visit.id), why="cancelled")
            clocks.stop(draft, ClockKind.UNTIL.of(visit.id), why="cancelled")
    draft.cause(BranchesCancelled(node=scope.fork, scope=scope.id))


def _lies_in(case: Case, scope_id: str, scope: Scope) -> bool:
    return any(spot.scope == scope.id for spot in case.around(Spot(scope=scope_id)))


def _fork(draft: Draft, spot: Spot) -> ForkNode:
    fork = draft.world.definition.node(draft.case.scope(spot.scope).fork)
    assert isinstance(fork, ForkNode), "only forks have branches"
    return fork
