"""Returns: the nodes that an approval may return a case to, and the way back to it.

With `replay` every step after the target is taken again, and the approvals since then are void.
With `jump_back` the case comes back to the approval that returned it: approvals on the way that
still hold are skipped; those that a changed `material` field made void are asked for again, and
gateways are passed as always, so the case may take another way.
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


def require_target(draft: Draft, task: Task, to: str) -> str:
    """Return the chosen target as it is stored: "" where the definition offers only one.

    Raises Refusal when the returns are used up, and when the target is missing or not offered.
    """
    outcome = return_of(draft.world.definition, task)
    assert outcome is not None, "the outcome is offered"
    if used_up(draft.case, task, outcome):
        raise Refusal("returns_used_up", most=outcome.at_most)
    if len(outcome.to) == 1:
        return ""
    if to not in targets(draft.world.definition, draft.case, task):
        raise Refusal("return_target_unknown")
    return to


def chosen(case: Case, task: Task, outcome: Outcome) -> str:
    """Return the node to which a decided approval returns the case.

    If several signers returned it to different nodes, the first of them in the definition.
    """
    seats = case.ballot(task.visit) if task.seat else (task,)
    named = {seat.returned_to for seat in seats if seat.outcome == "return" and not seat.voided}
    return next((to for to in outcome.to if to in named), outcome.to[0])


def go_back(draft: Draft, task: Task, to: str, spot: Spot, *, resume: bool) -> None:
    """Make the approvals void that a return to this node, which is at `spot`, asks for again.

    With `resume` only those of the node itself; else all that were given since the case was last
    there, or since the node after it where only returns lead to it.
    """
    node = draft.world.definition.node(to)
    came = _last_visit(draft.case, to, spot)
    if not came and isinstance(node, TaskNode) and not resume:
        came = _last_visit(draft.case, node.next, spot)
    for one in draft.case.tasks if came else ():
        since = number(one.visit) >= came and spot in draft.case.around(one.spot)
        if since and one.outcome == "approve" and not one.voided and (one.node == to or not resume):
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


def _forward(node: Node) -> tuple[str, ...]:
    """Return the nodes to which a node leads without a return."""
    if isinstance(node, TaskNode | WaitNode):
        return (node.next,)
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
