"""Who may do what. Checked here at the moment of the deed, whatever button was pressed."""

from __future__ import annotations

from workflows.case.draft import Draft
from workflows.case.people import owners_of
from workflows.case.state import Case, Task, TaskStatus
from workflows.case.status import Status
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import offer, offering


def require_running(draft: Draft) -> None:
    """Refuse what only a running case allows."""
    if draft.case.status is not Status.RUNNING:
        raise Refusal("case_closed", status=draft.case.status.value)


def require_reader(draft: Draft) -> None:
    """Refuse whoever may not read the case."""
    if not may_read(draft.case, person=draft.actor, world=draft.world):
        raise Refusal("not_your_case")


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


def require_owner(draft: Draft, task_id: str) -> tuple[Task, str | None]:
    """An open task, and the principal for whom the actor may act: None when it is the actor's own.

    Refuses everybody else, a candidate who has not claimed the task yet, and whoever would judge
    their own request or work. Whom the task is meant for is looked up again: it may be others now.
    """
    actor = draft.actor
    task = offering.follow_directory(draft, require_open(draft, task_id))
    principal = require_standing(draft, task)
    if task.assignee is None:
        raise Refusal("claim_first")
    return task, None if principal == actor else principal


def require_standing(draft: Draft, task: Task) -> str:
    """For whom of its owners the actor may act; Refusal when for nobody."""
    actor = draft.actor
    if task.blocked:
        raise Refusal("task_blocked")
    principal = offer.standing(draft.case, task, actor=actor, world=draft.world)
    if principal is not None:
        return principal
    if actor in task.owners:
        require_unbarred(draft, task, actor, way="named")
    if any(
        offer.stands_in(draft.case, actor=actor, principal=owner, world=draft.world)
        for owner in task.owners
    ):
        require_unbarred(draft, task, actor, way="handed")
    raise Refusal("not_your_task", owners=task.owners)


def require_unbarred(draft: Draft, task: Task, person: str, *, way: offer.Way) -> None:
    """Refuse whoever may not come to a task in this way, with the reason."""
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    why = offer.barred(place, way=way).get(person)
    if why is not None:
        raise Refusal(f"may_not_{why}")


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
        offer.stands_in(case, actor=person, principal=owner, world=world)
        for task in case.open_tasks
        for owner in task.owners
    )
