"""Returns: the nodes that an approval may return a case to, and the way back to it.

With `replay` every step after the target is taken again, and the approvals since then are void.
With `jump_back` the case comes back to the approval that returned it: approvals on the way that
still hold are skipped; those that a changed `material` field made void are asked for again, and
gateways are passed as always, so the case may take another way.

A return may name several nodes. The earliest is opened; the others are no longer valid, so the way
back leads to each of them again. Of nodes in different branches of a fork the earliest of each
branch is opened; a fork that has come to its join is opened again for this (`forks.open_again`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import combinations

from workflows.case.draft import Draft
from workflows.case.spot import Spot
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import ballots, stale
from workflows.flow.tally import tally
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    ForkNode,
    GatewayNode,
    Node,
    Outcome,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
)
from workflows.regions import branches_of

Places = tuple[tuple[str, Spot], ...]  # nodes and where they are entered


def return_of(definition: Definition, task: Task) -> Outcome | None:
    """Return the return that the approval of a task offers; None without one."""
    node = definition.work_node(task.node)
    return node.outcomes.get("return") if isinstance(node, ApprovalNode) else None


def targets(definition: Definition, case: Case, task: Task) -> tuple[str, ...]:
    """Return the nodes to which an approval may return the case now.

    Of several these are the nodes that the case has been to, and those that only a return leads to.
    None when the returns are used up and the definition names no node that follows.
    """
    outcome = return_of(definition, task)
    if outcome is None or used_up(case, task, outcome):
        return ()
    found = dict(places(definition, case, task.spot, outcome.to))
    if len(outcome.to) == 1:
        return tuple(found)
    been = case.been(task.spot)
    ahead = {definition.start, *(to for node in definition.nodes for to in forward(node))}
    return tuple(
        to for to, at in found.items() if to in been or to in case.been(at) or to not in ahead
    )


def places(definition: Definition, case: Case, spot: Spot, nodes: Iterable[str]) -> Places:
    """Return the places at which a return from a place enters nodes.

    For a node inside a branch of a fork that has come to its join, this is the place of the branch.
    Nodes are left out whose branch was not taken when the case last came to the fork.
    """
    forks = {node.id for node in definition.nodes if isinstance(node, ForkNode)}
    branches = branches_of(definition) if forks else {}
    found = []
    for node in nodes:
        inside = {fork: one for fork, one in branches.get(node, ()) if fork in forks}
        at = _place(case, spot, inside)
        if at is not None:
            found.append((node, at))
    return tuple(found)


def _place(case: Case, spot: Spot, inside: dict[str, str]) -> Spot | None:
    """Return the place of a node, whose branches are `inside` by their forks."""
    here = next(one for one in case.around(spot) if _stays_in(case, one, inside))
    for around in case.around(here):
        inside.pop(case.scope(around.scope).fork, "")
    while inside:
        scopes = (one for one in reversed(case.scopes) if one.fork in inside)
        scope = next(
            (one for one in scopes if Spot(scope=one.parent, branch=one.branch) == here), None
        )
        if scope is None:
            return None
        here = Spot(scope=scope.id, branch=inside.pop(scope.fork))
        if not scope.joined or not _taken(case, here):
            return None
    return here


def _stays_in(case: Case, spot: Spot, inside: Mapping[str, str]) -> bool:
    """Return whether a way to a node with these branches around it need not leave a place."""
    scope = case.scope(spot.scope)
    return not scope.id or scope.opened is not None or inside.get(scope.fork) == spot.branch


def _taken(case: Case, spot: Spot) -> bool:
    """Return whether anything was done in a branch of a fork."""
    tasks = (spot in case.around(task.spot) for task in case.tasks)
    forks = (spot == Spot(scope=one.parent, branch=one.branch) for one in case.scopes)
    waits = (spot == visit.spot for visit in case.waited)
    return any(tasks) or any(forks) or any(waits)


def used_up(case: Case, task: Task, outcome: Outcome) -> bool:
    """Return whether the approval has returned the case as often as it may."""
    if outcome.at_most is None or outcome.then is not None:
        return False
    return dict(case.scope(task.scope).returns).get(task.node, 0) >= outcome.at_most


def tried_again(case: Case, task: Task) -> bool:
    """Return whether a rehearsal tries another return.

    If one approval has returned the case more than once, all others may return it once in total.
    Each approval has its own count, so that combinations of many returns would lead to nothing new.
    """
    spots = case.around(task.spot)
    counted = (one for spot in spots for one in case.scope(spot.scope).returns)
    return sum(count for of, count in counted if of != task.node) <= 1


def choices(definition: Definition, case: Case, task: Task) -> tuple[tuple[str, ...], ...]:
    """Return the choices of targets that a rehearsal tries: each alone, and one pair of each kind.

    A second target matters where the case jumps back past a valid approval of it, and where it is
    in another branch. One pair of each kind is tried, the earliest target and the latest, because
    each further one multiplies the ways.
    """
    single = targets(definition, case, task)
    outcome = return_of(definition, task)
    if outcome is None or not single:
        return tuple((to,) for to in single)
    given = {one.node for one in case.tasks if one.outcome == "approve" and not one.voided}
    inorder = places(definition, case, task.spot, _in_order(definition, outcome, {*single}))
    (first, _), *later = inorder
    past = [(first, to) for to, _ in later if to in given and outcome.resume == "jump_back"]
    beside = [
        (one, other)
        for (one, here), (other, there) in combinations(inorder, 2)
        if case.beside(here, there)
    ]
    return (*((to,) for to in single), *dict.fromkeys((*past[-1:], *beside[-1:])))


def require_targets(draft: Draft, task: Task, to: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chosen targets, the earliest first; none where the definition offers only one.

    Raises Refusal when the returns are used up, and when a target is missing or not offered.
    """
    outcome = return_of(draft.world.definition, task)
    assert outcome is not None, "the outcome is offered"
    if used_up(draft.case, task, outcome):
        raise Refusal("returns_used_up", most=outcome.at_most)
    definition = draft.world.definition
    named = {*(outcome.to if len(outcome.to) == 1 else to)}
    apart = named - {node for node, _ in places(definition, draft.case, task.spot, named)}
    if apart:
        raise Refusal("return_branch_not_taken", node=definition.node(min(apart)).name)
    if len(outcome.to) == 1:
        return ()
    if not named or not named <= {*targets(definition, draft.case, task)}:
        raise Refusal("return_target_unknown")
    return _in_order(definition, outcome, named)


def chosen(definition: Definition, case: Case, task: Task, outcome: Outcome) -> tuple[str, ...]:
    """Return the nodes to which a decided approval returns the case, the earliest first.

    If several signers returned it, these are the nodes of all of them.
    """
    seats = case.ballot(task.visit) if task.seat else (task,)
    votes = (seat for seat in seats if seat.outcome == "return" and not seat.voided)
    named = {to for seat in votes for to in seat.returns_to}
    return _in_order(definition, outcome, named) or outcome.to[:1]


def entered(case: Case, to: Places) -> Places:
    """Return those of the chosen nodes to which the case goes: the first, in each branch."""
    first: list[tuple[str, Spot]] = []
    for node, at in to:
        if all(case.beside(at, other) for _, other in first):
            first.append((node, at))
    return tuple(first)


def go_back(draft: Draft, task: Task, to: Places, spot: Spot, *, resume: bool) -> None:
    """Make the approvals void that a return to these nodes asks for again.

    `spot` is the place around them to which the return leads. With `resume` only those of the nodes
    themselves; else all that were given since the case was last at the first one of each branch, or
    since the node after it where only returns lead to it. Other branches keep theirs.
    """
    case = draft.case
    first = entered(case, to)
    since = [(at, _since(draft, node, at)) for node, at in first]
    named = {node: (at, last_visit(case, node, at)) for node, at in to}
    for one in case.tasks:
        around = tuple(case.around(one.spot))
        if one.outcome != "approve" or one.voided or spot not in around:
            continue
        if resume:
            at, visit = named.get(one.node, (spot, 0))
            again = bool(visit) and number(one.visit) >= visit and at in around
        else:
            again = any(_follows(case, one, at, visit) for at, visit in since)
        if again:
            draft.cause(stale.DecisionVoided(task=one.id, fields=(), by=task.id))


def _since(draft: Draft, node_id: str, spot: Spot) -> int:
    """Return the number of the last visit of a node, or of the one after it; 0 without one."""
    node = draft.world.definition.node(node_id)
    since = last_visit(draft.case, node_id, spot)
    if not since and isinstance(node, TaskNode):
        since = last_visit(draft.case, node.next, spot)
    return since


def _follows(case: Case, task: Task, at: Spot, since: int) -> bool:
    """Return whether a task lies on the way from a place that was last visited `since`.

    Outside of the branch that the place is in, this is what came after the join.
    """
    if at in case.around(task.spot):
        return bool(since) and number(task.visit) >= since
    return not case.beside(task.spot, at) and number(task.visit) > number(at.scope)


def stale_in(draft: Draft, scope: str, returned_by: str) -> Places:
    """Return the approvals in a fork that became void since an approval returned the case there.

    They are those that a changed field made void and that were not given again, the first of each
    branch, with their places.
    """
    case, found = draft.case, dict[str, tuple[str, Spot]]()
    since = max(number(one.visit) for one in case.tasks if one.node == returned_by)
    later = {one.id for one in case.tasks if number(one.visit) > since and one.outcome != "return"}
    for one in case.tasks:
        node = draft.world.definition.node(one.node)
        inside = [at.branch for at in case.around(one.spot) if at.scope == scope]
        if not inside or one.voided_by not in later - {one.id}:
            continue
        if isinstance(node, ApprovalNode) and not holds(draft, node, one.spot):
            found.setdefault(inside[0], (one.node, one.spot))
    return tuple(found.values())


def holds(draft: Draft, node: ApprovalNode, spot: Spot) -> bool:
    """Return whether an approval was given at its last visit and is not void."""
    around = tuple(draft.case.around(spot))
    tasks = [
        one
        for one in draft.case.tasks
        if one.node == node.id and not one.parent and draft.case.counted_at(one.spot) in around
    ]
    if not tasks:
        return False
    last = tasks[-1]
    if last.seat:
        return tally(ballots.rule_of(node), ballots.votes(draft.case.ballot(last.visit))) == (
            "approve"
        )
    return last.outcome == "approve" and not last.voided


def _in_order(definition: Definition, outcome: Outcome, named: set[str]) -> tuple[str, ...]:
    """Return these targets in the order of the way, the earliest first.

    Where the way leads to and fro between two of them, that of the definition decides.
    """
    left = [to for to in outcome.to if to in named]
    ways = {to: _onward(definition, to) for to in left} if len(left) > 1 else {}
    found = []
    while left:
        first = next(
            to
            for to in left
            if not any(to in ways[other] and other not in ways[to] for other in left if other != to)
        )
        found.append(first)
        left.remove(first)
    return tuple(found)


def _onward(definition: Definition, start: str) -> frozenset[str]:
    """Return the nodes that lie on the way after a node, as long as nothing is rejected."""
    found: set[str] = set()
    todo = [start]
    while todo:
        node = definition.node(todo.pop())
        ways = node.outcomes["approve"].to if isinstance(node, ApprovalNode) else forward(node)
        new = [to for to in ways if to not in found]
        found.update(new)
        todo += new
    return frozenset(found)


def forward(node: Node) -> tuple[str, ...]:
    """Return the nodes to which a node leads without a return."""
    if isinstance(node, TaskNode):
        return (node.next,)
    if isinstance(node, WaitNode):
        return (*node.targets, *((node.next,) if node.next is not None else ()))
    if isinstance(node, GatewayNode):
        return tuple(route.to for route in node.routes)
    if isinstance(node, ProcessNode | ServiceNode):
        return tuple(node.outcomes.values())
    if isinstance(node, ForkNode):
        return (*(branch.to for branch in node.branches), node.join)
    if isinstance(node, ApprovalNode):
        return tuple(to for name, way in node.outcomes.items() if name != "return" for to in way.to)
    return ()


def last_visit(case: Case, node: str, spot: Spot) -> int:
    """Return the number of the last visit of a node, 0 if the case has not been to it."""
    visits = [number(one.visit) for one in case.tasks if (one.node, one.spot) == (node, spot)]
    return max(visits, default=0)


def number(visit: str) -> int:
    """Return the number of a visit in its case, from its id."""
    return int(visit.removeprefix("v") or 0)
