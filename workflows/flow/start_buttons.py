"""The buttons of a case at rest: which starts have one, and whose it is."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.case.people import find_people
from workflows.case.state import Case, Visit
from workflows.case.world import World
from workflows.model.definition import Definition
from workflows.model.nodes import WaitNode
from workflows.model.starts import Start


def offered(definition: Definition, case: Case) -> Iterator[tuple[Visit, Start]]:
    """Yield the starts with a button of the nodes at which a case rests, with their visits."""
    for visit in case.visits:
        node = definition.node(visit.node)
        for start in node.starts if isinstance(node, WaitNode) else ():
            if start.started_by is not None:
                yield visit, start


def starters(case: Case, world: World, start: Start) -> tuple[str, ...]:
    """Return the people who have the button of a start."""
    return find_people(start.started_by or "", case=case, world=world, values=world.values)
