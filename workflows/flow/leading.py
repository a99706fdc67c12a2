"""Leads a case to a step of an administrator's choice: where it is entered, and what is void then.

A step outside of forks is entered in the whole case, one inside in its branch, while that is open.
Only what is open there is cancelled. As with a return, approvals that were given since the case was
last at the step are void, and kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.case.draft import Draft
from workflows.case.spot import WHOLE, Spot
from workflows.case.state import Case, Visit
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import stale
from workflows.flow.returning import forward, last_visit, number
from workflows.model.nodes import EndNode, GatewayNode
from workflows.regions import branches_of


def place_of(draft: Draft, node_id: str, *, near: str = "") -> Spot:
    """Return where a case enters a node.

    `near` is a task in the branch that is meant, where several are open that the node is inside.
    Raises Refusal `node_unknown`, `branch_not_open`, and `branch_unclear`.
    """
    definition = draft.world.definition
    if not definition.has_node(node_id):
        known = ", ".join(node.id for node in definition.nodes)
        raise Refusal("node_unknown", node=node_id[:40], known=known)
    if isinstance(definition.node(node_id), EndNode):
        return WHOLE
    inside = branches_of(definition).get(node_id, frozenset())
    if not inside:
        return WHOLE
    found = [spot for spot in _branches(draft.case) if _around(draft.case, spot) <= inside]
    found = [spot for spot in found if len(_around(draft.case, spot)) == _depth(inside)]
    if near:
        around = tuple(draft.case.around(draft.task(near).spot))
        found = [spot for spot in found if spot in around]
    if not found:
        raise Refusal("branch_not_open", node=definition.node(node_id).name)
    if len(found) > 1:
        raise Refusal("branch_unclear", node=definition.node(node_id).name)
    return found[0]


def _branches(case: Case) -> Iterator[Spot]:
    """Yield the branches that are open."""
    for scope in case.scopes:
        if scope.rest is None and scope.id:
            yield from (Spot(scope=scope.id, branch=branch) for branch in scope.open)


def _around(case: Case, spot: Spot) -> frozenset[tuple[str, str]]:
    """Return the forks around a place, each with its branch."""
    scopes = ((case.scope(one.scope), one.branch) for one in case.around(spot) if one.scope)
    return frozenset((scope.fork, branch) for scope, branch in scopes if scope.rest is None)


def _depth(inside: frozenset[tuple[str, str]]) -> int:
    """Return in how many forks a node lies; it may lie in several branches of a wait node."""
    return len({fork for fork, _ in inside})


def inside(case: Case, spot: Spot) -> tuple[Visit, ...]:
    """Return the open visits at a place, and in the forks inside it."""
    return tuple(visit for visit in case.visits if spot in case.around(visit.spot))


def void_decisions(draft: Draft, node_id: str, spot: Spot, left: tuple[Visit, ...]) -> None:
    """Make the approvals void that were given since the case was last at a node.

    And those that were given at visits which it leaves, or in the branches of forks among them.
    """
    case = draft.case
    since = _since(draft, node_id, spot)
    gone = {visit.id for visit in left}
    for task in case.tasks:
        if task.outcome != "approve" or task.voided:
            continue
        around = tuple(case.around(task.spot))
        later = bool(since) and spot in around and number(task.visit) >= since
        if later or task.visit in gone or any(one.scope in gone for one in around):
            draft.cause(stale.DecisionVoided(task=task.id, fields=(), by=""))


def _since(draft: Draft, node_id: str, spot: Spot) -> int:
    """Return the number of the last visit of a step, 0 without one.

    A gateway was last passed when the case came to one of the steps to which it leads.
    """
    node = draft.world.definition.node(node_id)
    if isinstance(node, GatewayNode):
        return max(_since(draft, to, spot) for to in forward(node))
    return last_visit(draft.case, node_id, spot)


def unfinished(case: Case, visits: tuple[Visit, ...]) -> tuple[Task, ...]:
    """Return the tasks of these visits that are open or wait for their turn."""
    ids = {visit.id for visit in visits}
    return tuple(task for task in case.tasks if task.visit in ids and task.unfinished)
