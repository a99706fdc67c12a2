"""Which fields of a case a person may not see, by the nodes at which the person works.

A field is hidden from the people of a node whose `access` hides it: those who have or had a task
there, those to whom one was offered, their deputies, and those who may take it over. Somebody who
works at several nodes sees what one of them shows. The filer, the owner of the process and
administrators see everything, and so does whoever may read the case without working on it.
"""

from __future__ import annotations

from workflows.case.people import owners_of
from workflows.case.scope import Left
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.case.world import World
from workflows.flow import offer
from workflows.model.nodes import ApprovalNode, TaskNode


def hidden_fields(case: Case, *, person: str, world: World) -> frozenset[str]:
    """Return the ids of the fields that a person may not see, with the names of their sums."""
    nodes = (node for node in world.definition.nodes if isinstance(node, TaskNode | ApprovalNode))
    hiding = {node.id: node.hidden for node in nodes if node.hidden}
    if not hiding or person in (case.filer, case.acting_filer) or person in world.directory.admins:
        return frozenset()
    works = {task.node for task in case.tasks if _works_on(case, task, person, world)}
    works |= {one.node for one in case.left if _works_on(case, one, person, world)}
    hidden = [hiding.get(node, frozenset()) for node in works]
    ids = frozenset.intersection(*hidden) if hidden else frozenset()
    if not ids or person in owners_of(case, world):
        return frozenset()
    ids = world.definition.with_expiries(ids)
    fields = (field for _, field in world.definition.all_fields() if field.id in ids)
    return frozenset(name for field in fields for name in field.names)


def _works_on(case: Case, task: Task | Left, person: str, world: World) -> bool:
    if person in task.people:
        return True
    return any(
        offer.stands_in(case, actor=person, principal=owner, world=world) for owner in task.owners
    )
