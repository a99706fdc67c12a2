"""Permission checks, made when a command is decided, whatever button was pressed."""

from __future__ import annotations

from workflows.case.draft import Draft
from workflows.case.people import administrators_of
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import TIMER, Task, TaskStatus
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import offer, offering, points, start_buttons


def require_running(draft: Draft) -> None:
    """Raise Refusal `case_closed` unless the case is running."""
    if draft.case.status is not Status.RUNNING:
        raise Refusal("case_closed", status=draft.case.status.value)


def require_reader(draft: Draft) -> None:
    """Raise Refusal `not_your_case` unless the actor may read the case."""
    if not may_read(draft.case, person=draft.actor, world=draft.world):
        raise Refusal("not_your_case")


def require_open(draft: Draft, task_id: str) -> Task:
    """Return a task that can still be acted on.

    Only a running case has open tasks. Raises Refusal, with who decided the task and when.
    """
    task = draft.task(task_id)
    if task.redone:
        require_running(draft)
        raise Refusal("task_redone")
    if task.admin:
        raise Refusal(f"administered_{task.status}", by=task.admin, at=task.decided_at)
    if task.status is TaskStatus.CANCELLED:
        require_running(draft)
        raise Refusal("task_cancelled")
    if task.status is TaskStatus.WAITING:
        added = tuple(owner for one in draft.case.added(task.id) for owner in one.owners)
        raise Refusal("added_still_sign", owners=added) if added else Refusal("task_waiting")
    if task.status is TaskStatus.SUPERSEDED:
        raise Refusal("task_superseded")
    if task.rule == TIMER:
        raise Refusal("task_timed_out", at=task.decided_at)
    if task.status is not TaskStatus.OPEN:
        raise Refusal("task_done", by=task.decided_by, at=task.decided_at)
    return task


def require_owner(draft: Draft, task_id: str) -> tuple[Task, str | None]:
    """Return an open task and the principal for whom the actor acts, or None.

    None means that the task is the actor's own. Assignee and candidates are resolved again first,
    as the directory may have changed. Raises Refusal for everybody else, for a candidate who has
    not claimed the task, and for whoever would decide on their own request or work (rules:
    separation of duties).
    """
    actor = draft.actor
    task = offering.follow_directory(draft, require_open(draft, task_id))
    principal = require_standing(draft, task)
    if task.assignee is None:
        raise Refusal("claim_first")
    return task, None if principal == actor else principal


def require_standing(draft: Draft, task: Task) -> str:
    """Return the owner of the task for whom the actor may act.

    Raises Refusal `task_blocked` if it has no owner, `may_not_…` with the reason if the actor is
    barred, `principal_may_not` if the owner whose deputy they are is, and `not_your_task` for
    everybody else.
    """
    actor = draft.actor
    if task.blocked:
        raise Refusal("task_blocked")
    principal = offer.standing(draft.case, task, actor=actor, world=draft.world)
    if principal is not None:
        return principal
    if actor in task.owners:
        require_unbarred(draft, task, actor, way="named")
    for owner in task.owners:
        if offer.stands_in(draft.case, actor=actor, principal=owner, world=draft.world):
            require_unbarred(draft, task, actor, way="handed")
            raise Refusal("principal_may_not", principal=owner)
    raise Refusal("not_your_task", owners=task.owners)


def require_unbarred(draft: Draft, task: Task, person: str, *, way: offer.Way) -> None:
    """Raise Refusal `may_not_…`, with the reason, if a person is barred from a task.

    `way` is the way in which they would get it: "named" by the definition, or "handed" on.
    """
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    why = offer.barred(place, way=way).get(person)
    if why is not None:
        raise Refusal(f"may_not_{why}")


def may_read(case: Case, *, person: str, world: World) -> bool:
    """Return whether this person may read the case (rules: who may read).

    These are the filer, present and past assignees and their deputies, people copied in, recipients
    of escalations, process owners, sub-administrators, administrators, who may waive points that it
    has charged, and who has a button of a case at rest.
    """
    if person in case.participants or person in world.directory.admins:
        return True
    charged = person in points.waivers(case, world) if case.facts else False
    if charged or person in administrators_of(case, world):
        return True
    buttons = (start for _, start in start_buttons.offered(world.definition, case))
    if any(person in start_buttons.starters(case, world, start) for start in buttons):
        return True
    return any(
        offer.stands_in(case, actor=person, principal=owner, world=world)
        for task in case.open_tasks
        for owner in task.owners
    )
