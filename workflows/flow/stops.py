"""The steps of a foreseen route at which nobody works: a case, a work or a date is waited for."""

from __future__ import annotations

from collections.abc import Mapping

from workflows.case.world import World
from workflows.flow import until
from workflows.flow.route import Coming, Way
from workflows.model.nodes import ProcessNode, ServiceNode, WaitNode
from workflows.moments import Moment

Stop = ProcessNode | ServiceNode | WaitNode


def foreseen(
    node: Stop,
    world: World,
    values: Mapping[str, object],
    *,
    reads: tuple[str, ...],
    at: Moment,
    way: Way,
) -> Coming:
    """Return the step; it ends at once, or when a day opens that depends on none of `reads`.

    How long another case or a work takes is not known.
    """
    opens = None
    if isinstance(node, WaitNode) and node.until is not None and not reads:
        opens = until.opening(node, values, world.calendar)
    return Coming(
        node=node.id,
        kind=node.kind,
        ways=(way,),
        reads=reads,
        begins_at=at,
        due_at=max(at, opens or at),
    )


def read_by(node: Stop) -> tuple[str, ...]:
    """Return the fields on which it depends how long the step takes."""
    return node.dates[:1] if isinstance(node, WaitNode) and node.until is not None else ()


def after(node: Stop) -> str | None:
    """Return the node that follows if all goes well; None where a case stays."""
    if isinstance(node, WaitNode):
        return node.next
    return node.outcomes["completed"] if isinstance(node, ProcessNode) else node.outcomes["ok"]
