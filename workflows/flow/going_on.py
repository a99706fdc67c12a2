"""The case goes on from where nobody works: a case or a work ended, a day came, a start is due."""

from __future__ import annotations

from workflows.case.draft import Draft
from workflows.case.state import Visit
from workflows.flow import starts, until
from workflows.flow.entering import RouteTaken, enter, follow
from workflows.model.nodes import ProcessNode, ServiceNode
from workflows.model.starts import Start


def go_on(draft: Draft, visit: Visit, outcome: str) -> None:
    """Take the route that the end of another case, or the result of a work, leads to."""
    node = draft.world.definition.node(visit.node)
    assert isinstance(node, ProcessNode | ServiceNode), "only these wait for a result"
    to = next(to for result, to in node.outcomes.items() if result == outcome)
    draft.cause(RouteTaken(node=node.id, to=to, because="outcome"))
    enter(draft, to, spot=visit.spot, resume_to=visit.resume_to)


def day_came(draft: Draft, visit_id: str) -> None:
    """Go on from a visit whose clock says that its day has opened."""
    node, visit, _ = until.waiting_at(draft, visit_id)
    if node.starts and until.has_come(draft, node, visit) and starts.close(draft, node, visit):
        return
    if until.ended(draft, node, visit):
        assert node.next is not None, "a node with a day has one that follows"
        enter(draft, node.next, spot=visit.spot, resume_to=visit.resume_to)


def start_came(draft: Draft, clock: str) -> None:
    """Open the branch of a start whose clock is due."""
    follow(draft, [*starts.came_due(draft, clock)])


def begin_branch(draft: Draft, visit: Visit, start: Start, subject: str) -> None:
    """Open the branch of a start whose button was pressed."""
    follow(draft, [starts.open_branch(draft, visit, start, subject)])
