"""Who may do what. Checked here at the moment of the deed, whatever button was pressed."""

from __future__ import annotations

from workflows.engine.draft import Draft, find_people
from workflows.errors import Refusal
from workflows.state import Case, Status, Task, TaskStatus
from workflows.world import World


def require_running(draft: Draft) -> None:
    """Refuse what only a running case allows."""
    if draft.case.status is not Status.RUNNING:
        raise Refusal("case_closed", status=draft.case.status.value)


def require_open(draft: Draft, task_id: str) -> Task:
    """The task, if it can still be acted on; else a Refusal that says who decided it and when.

    Only a running case has open tasks.
    """
    task = draft.task(task_id)
    if task.status is TaskStatus.CANCELLED:
        require_running(draft)
        raise Refusal("task_cancelled")
    if task.status is not TaskStatus.OPEN:
        raise Refusal("task_done", by=task.decided_by, at=task.decided_at)
    return task


def require_owner(draft: Draft, task: Task) -> str | None:
    """The principal whom the actor stands for, None when the task is the actor's own.

    Refuses everybody else, and a candidate who has not claimed the task yet.
    """
    actor = draft.command.actor
    if task.assignee is None:
        if standing(draft.case, task, actor=actor, world=draft.world) is not None:
            raise Refusal("claim_first")
        raise Refusal("not_your_task", owners=task.owners)
    if task.assignee == actor:
        return None
    if stands_in(draft.case, actor=actor, principal=task.assignee, world=draft.world):
        return task.assignee
    raise Refusal("not_your_task", owners=task.owners)


def standing(case: Case, task: Task, *, actor: str, world: World) -> str | None:
    """For whom of the owners the actor may act: the actor themselves, a principal, or None."""
    if actor in task.owners:
        return actor
    for owner in task.owners:
        if stands_in(case, actor=actor, principal=owner, world=world):
            return owner
    return None


def stands_in(case: Case, *, actor: str, principal: str, world: World) -> bool:
    """Whether the actor is now the deputy of the principal in this case.

    Deputies do not cascade, and neither side may be the filer: standing in must not let anybody
    decide on their own case (features §5, substitute; ServiceNow's delegation rules).
    """
    if case.filer in (actor, principal):
        return False
    return world.directory.deputy_of(principal, at=world.now) == actor


def owners_of(case: Case, world: World) -> tuple[str, ...]:
    """The people who own the process."""
    return find_people("owner", case=case, world=world, values=world.values)


def may_read(case: Case, *, person: str, world: World) -> bool:
    """Whether this person may see the case (design: Who may read).

    The filer, present and past assignees and their deputies, copied persons, escalation targets,
    process owners and administrators.
    """
    if person in case.participants or person in world.directory.admins:
        return True
    if person in owners_of(case, world):
        return True
    return any(
        stands_in(case, actor=person, principal=owner, world=world)
        for task in case.open_tasks
        for owner in task.owners
    )
