"""The rows derived from a case: tasks, who may act on them, timers, participants.

Only the difference between the old and the new state is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, delete, exists

from storage import tables as t
from storage.at_once import AtOnce
from storage.prepared import Prepared
from storage.statements import InEach, upsert
from workflows.actions.advise import AdviceGiven
from workflows.actions.send_back import TaskReturned
from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.events import Event
from workflows.case.state import Case
from workflows.case.task import Task, TaskStatus
from workflows.flow.entering import TaskCompleted
from workflows.flow.offering import TaskReoffered, TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.moments import Moment

_CHANGES = ("definition", "node", "status", "claimed", "owners", "opened_at", "due_at")
_TASK = Prepared(upsert(t.tasks, update=_CHANGES))
_PARTICIPANT = Prepared(upsert(t.participants))
_NO_PARTICIPANT = Prepared(
    delete(t.participants).where(
        t.participants.c.case_id == bindparam("case"),
        t.participants.c.person == bindparam("key"),
        ~exists().where(
            t.task_people.c.case_id == bindparam("case"),
            t.task_people.c.person == bindparam("key"),
            t.task_people.c.given,
        ),
    )
)
_TIMER = Prepared(upsert(t.timers, update=("due_at", "next_at", "attempts", "error")))
_NO_TIMER = Prepared(
    delete(t.timers).where(
        t.timers.c.case_id == bindparam("case"), t.timers.c.clock == bindparam("key")
    )
)


def _person_statement(insert: Any) -> Any:
    statement = insert(t.task_people)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(t.task_people.primary_key.columns),
        set_={
            "role": new.role,
            "active": new.active,
            "given": t.task_people.c.given | new.given,
            "did": t.task_people.c.did | new.did,
        },
    )


def _follower_statement(insert: Any) -> Any:
    statement = insert(t.followers)
    new = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=list(t.followers.primary_key.columns),
        set_={"copied": t.followers.c.copied | new.copied, "watches": new.watches},
    )


_PERSON = Prepared(InEach(_person_statement))
_FOLLOWER = Prepared(InEach(_follower_statement))


def save_tasks(writes: AtOnce, old: Case | None, new: Case, events: Sequence[Event]) -> None:
    """Write the tasks that changed, and who may act on them."""
    before = {} if old is None else {task.id: task for task in old.tasks}
    given, did = set(people_given(events)), set(people_who_did(events))
    dues, due = {} if old is None else due_times(old), due_times(new)
    moved = old is not None and old.definition != new.definition
    rows, people = [], []
    for task in new.tasks:
        was = before.get(task.id)
        if was is task and not moved and dues.get(task.id) == due.get(task.id):
            continue
        row = task_row(new, task, due_at=due.get(task.id))
        if old is None or was is None or row != task_row(old, was, due_at=dues.get(task.id)):
            rows.append(row)
        if was is not task:
            roles = (task_roles(was), task_roles(task))
            people += _people_rows(new.id, task.id, *roles, given=given, did=did)
    writes.add(_TASK, rows)
    writes.add(_PERSON, people)


def save_timers(writes: AtOnce, old: Case | None, new: Case) -> None:
    """Write the timers that changed: one row for each running clock that has a rung left."""
    before = {} if old is None else dict(old.timers())
    now = dict(new.timers())
    gone = [{"case": new.id, "key": clock} for clock in before if clock not in now]
    rows = [
        {"case_id": new.id, "clock": clock, "due_at": at, "next_at": at, "attempts": 0, "error": ""}
        for clock, at in now.items()
        if before.get(clock) != at
    ]
    writes.add(_NO_TIMER, gone)
    writes.add(_TIMER, rows)


def save_people(writes: AtOnce, old: Case | None, new: Case, events: Sequence[Event]) -> None:
    """Add the new participants of the case.

    Participants are never removed, except candidates of a task that was offered to others instead,
    because they never had it.
    """
    before = frozenset() if old is None else old.participants
    now = new.participants | {person for _, person in people_given(events)}
    filed = {"case_id": new.id, "created_at": new.created_at}
    writes.add(_PARTICIPANT, [{**filed, "person": key} for key in sorted(now - before)])
    if any(isinstance(event.body, TaskReoffered) for event in events):
        gone = [{"case": new.id, "key": key} for key in sorted(before - now)]
        writes.add(_NO_PARTICIPANT, gone)


def save_followers(writes: AtOnce, old: Case | None, new: Case) -> None:
    """Write who was copied in and who watches the case, where it changed."""
    if old is not None and old.scopes is new.scopes and old.following is new.following:
        return
    before, now = {} if old is None else followers_of(old), followers_of(new)
    gone = {key: {**before[key], "watches": False} for key in sorted(before.keys() - now.keys())}
    changed = (row for key, row in now.items() if before.get(key) != row)
    writes.add(_FOLLOWER, [*changed, *gone.values()])


def followers_of(case: Case, *, copied: Iterable[str] = ()) -> dict[str, dict[str, Any]]:
    """Return the row of everybody who was copied in or watches the case, by person.

    `copied` are further people who were copied in, in a scope that has left the state.
    """
    copied, following = {*case.copied, *copied}, set(case.following)
    return {
        key: {
            "case_id": case.id,
            "person": key,
            "created_at": case.created_at,
            "copied": key in copied,
            "watches": key in following,
        }
        for key in sorted(copied | following)
    }


def people_given(events: Sequence[Event]) -> list[tuple[str, str]]:
    """Return (task, person) for everybody who was given a task in these events."""
    found = []
    for event in events:
        match event.body:
            case TaskOpened(task=task, assignee=str(person)):
                found.append((task, person))
            case TaskReoffered(task=task, assignee=str(person)):
                found.append((task, person))
            case TaskTransferred(task=task, to=person):
                found.append((task, person))
            case _:
                pass
    return found


def people_who_did(events: Sequence[Event]) -> list[tuple[str, str]]:
    """Return (task, person) for everybody who decided a task in these events, or is acted for."""
    return [
        (event.body.task, person)
        for event in events
        if isinstance(event.body, TaskCompleted | TaskReturned | AdviceGiven)
        for person in (event.actor, event.on_behalf_of)
        if person
    ]


def task_roles(task: Task | None) -> dict[str, str]:
    """Return who may act on a task, and in which role."""
    if task is None or task.status is not TaskStatus.OPEN:
        return {}
    roles = dict.fromkeys(task.rescuers, "rescuer")
    roles |= {deputy: "deputy" for _, deputy in task.deputies}
    return roles | dict.fromkeys(task.owners, "owner")


def _people_rows(
    case_id: str,
    task: str,
    before: dict[str, str],
    now: dict[str, str],
    *,
    given: set[tuple[str, str]],
    did: set[tuple[str, str]],
) -> list[dict[str, Any]]:
    handed = {person for of, person in given if of == task}
    done = {person for of, person in did if of == task}
    changed = {person for person in before | now if before.get(person) != now.get(person)}
    return [
        {
            "case_id": case_id,
            "task": task,
            "person": person,
            "role": now.get(person, ""),
            "active": person in now,
            "given": person in handed,
            "did": person in done,
        }
        for person in sorted(changed | handed | done)
    ]


def task_row(case: Case, task: Task, *, due_at: Moment | None) -> dict[str, Any]:
    """Return the row of a task; `due_at` is the due time of its running clock."""
    return {
        "case_id": case.id,
        "id": task.id,
        "process": case.process,
        "definition": case.definition,
        "node": task.node,
        "status": task.status.value,
        "claimed": task.assignee is not None,
        "owners": list(task.owners),
        "opened_at": task.opened_at,
        "due_at": due_at,
    }


def due_times(case: Case) -> dict[str, Moment]:
    """Return the due times of the running clocks of tasks, by the id of the task.

    A task that was added under another is due with it.
    """
    own = {
        clock.about: clock.due_at
        for clock in case.clocks
        if clock.status is ClockStatus.RUNNING and clock.kind is ClockKind.TASK
    }
    added = {task.id: own[task.parent] for task in case.tasks if task.parent in own}
    return own | added if added else own
