"""Returns: the nodes that an approval may return a case to, and the way back to it.

With `replay` every step after the target is taken again, and the approvals since then are void.
With `jump_back` the case comes back to the approval that returned it: approvals on the way that
still hold are skipped; those that a changed `material` field made void are asked for again, and
gateways are passed as always, so the case may take another way.

A return may name several nodes. The earliest is opened; the others are no longer valid, so the way
back leads to each of them again.
"""

from __future__ import annotations

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
    TaskNode,
    WaitNode,
)


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
    if len(outcome.to) == 1:
        return outcome.to
    been = case.been(task.spot)
    ahead = {definition.start, *(to for node in definition.nodes for to in _forward(node))}
    return tuple(to for to in outcome.to if to in been or to not in ahead)


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
    """Return the choices of targets that a rehearsal tries: each alone, and one pair.

    A second target matters where the case jumps back past a valid approval of it. One such pair is
    tried, the earliest target and the latest, because each further one multiplies the ways.
    """
    single = targets(definition, case, task)
    outcome = return_of(definition, task)
    if outcome is None or outcome.resume == "replay" or not single:
        return tuple((to,) for to in single)
    given = {one.node for one in case.tasks if one.outcome == "approve" and not one.voided}
    first, *later = _in_order(definition, outcome, {*single})
    pairs = [(first, to) for to in later if to in given]
    return (*((to,) for to in single), *pairs[-1:])


def require_targets(draft: Draft, task: Task, to: tuple[str, ...]) -> tuple[str, ...]:
    """Return the chosen targets, the earliest first; none where the definition offers only one.

    Raises Refusal when the returns are used up, and when a target is missing or not offered.
    """
    outcome = return_of(draft.world.definition, task)
    assert outcome is not None, "the outcome is offered"
    if used_up(draft.case, task, outcome):
        raise Refusal("returns_used_up", most=outcome.at_most)
    if len(outcome.to) == 1:
        return ()
    definition = draft.world.definition
    if not to or not {*to} <= {*targets(definition, draft.case, task)}:
        raise Refusal("return_target_unknown")
    return _in_order(definition, outcome, {*to})


def chosen(definition: Definition, case: Case, task: Task, outcome: Outcome) -> tuple[str, ...]:
    """Return the nodes to which a decided approval returns the case, the earliest first.

    If several signers returned it, these are the nodes of all of them.
    """
    seats = case.ballot(task.visit) if task.seat else (task,)
    votes = (seat for seat in seats if seat.outcome == "return" and not seat.voided)
    named = {to for seat in votes for to in seat.returns_to}
    return _in_order(definition, outcome, named) or outcome.to[:1]


def go_back(draft: Draft, task: Task, to: tuple[str, ...], spot: Spot, *, resume: bool) -> None:
    """Make the approvals void that a return to these nodes asks for again.

    The first is at `spot`, and the case goes there. With `resume` only those of the nodes
    themselves; else all that were given since the case was last at the first one, or since the
    node after it where only returns lead to it.
    """
    node = draft.world.definition.node(to[0])
    came = {one: _last_visit(draft.case, one, spot) for one in to}
    since = came[node.id]
    if not since and isinstance(node, TaskNode):
        since = _last_visit(draft.case, node.next, spot)
    for one in draft.case.tasks:
        first = came.get(one.node, 0) if resume else since
        again = first and number(one.visit) >= first and spot in draft.case.around(one.spot)
        if again and one.outcome == "approve" and not one.voided:
            draft.cause(stale.DecisionVoided(task=one.id, fields=(), by=task.id))


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
        ways = node.outcomes["approve"].to if isinstance(node, ApprovalNode) else _forward(node)
        new = [to for to in ways if to not in found]
        found.update(new)
        todo += new
    return frozenset(found)


def _forward(node: Node) -> tuple[str, ...]:
    """Return the nodes to which a node leads without a return."""
    if isinstance(node, TaskNode):
        return (node.next,)
    if isinstance(node, WaitNode):
        return (*node.targets, *((node.next,) if node.next is not None else ()))
    if isinstance(node, GatewayNode):
        return tuple(route.to for route in node.routes)
    if isinstance(node, ProcessNode):
        return tuple(node.outcomes.values())
    if isinstance(node, ForkNode):
        return (*(branch.to for branch in node.branches), node.join)
    if isinstance(node, ApprovalNode):
        return tuple(to for name, way in node.outcomes.items() if name != "return" for to in way.to)
    return ()


def _last_visit(case: Case, node: str, spot: Spot) -> int:
    """Return the number of the last visit of a node, 0 if the case has not been to it."""
    visits = [number(one.visit) for one in case.tasks if (one.node, one.spot) == (node, spot)]
    return max(visits, default=0)


def number(visit: str) -> int:
    """Return the number of a visit in its case, from its id."""
    return int(visit.removeprefix("v") or 0)
