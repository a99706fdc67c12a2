"""Cases for programs: plain JSON values with readable ids, for the command line and for exports.

Who asks has the database in hand, as an administrator does, so nothing is held back but what was
erased. Times are ISO 8601 in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from handlers.casework import find, values_of
from handlers.office import Office
from storage.unit import Tx
from workflows.actions.decide import TaskCompleted
from workflows.actions.record import ActionRecorded
from workflows.actions.send_back import TaskReturned
from workflows.case.events import Body, Event
from workflows.case.state import Case, Clock, ClockStatus, Task
from workflows.definition import Definition, FieldType
from workflows.directory import Directory, Person
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import TaskOpened
from workflows.records import CaseQuery, CaseRow, StoredFile

PAGE = 500


def case_rows(tx: Tx, query: CaseQuery) -> Iterator[CaseRow]:
    """All cases that fit, newest first, however many they are."""
    before = query.before
    while True:
        page = tx.cases.find(replace(query, limit=PAGE, before=before))
        yield from page
        if len(page) < PAGE:
            return
        before = page[-1].id


def case_line(row: CaseRow, directory: Directory) -> dict[str, Any]:
    """One case in a list."""
    return {
        "id": row.id,
        "process": row.process,
        "version": row.version,
        "status": row.status,
        "node": row.node,
        "filer": readable(row.filer, directory),
        "created_at": when(row.created_at),
        "due_at": when(row.due_at),
    }


def case_facts(tx: Tx, office: Office, *, case_id: str) -> dict[str, Any]:
    """One case with everything; Refusal `case_unknown` when there is none."""
    case = find(tx, case_id, lock=False)
    directory = office.directory(tx)
    stored = tx.definitions.get(case.definition)
    definition = office.shelf.get(tx, case.definition).definition
    running = [
        clock for clock in case.clocks if clock.status is ClockStatus.RUNNING and clock.ladder
    ]
    return {
        "id": case.id,
        "process": case.process,
        "version": stored.version if stored is not None else 0,
        "status": case.status.value,
        "node": case.node,
        "filer": readable(case.filer, directory),
        "created_at": when(case.created_at),
        "due_at": when(min((clock.due_at for clock in running), default=None)),
        "closed_at": when(case.closed_at),
        "tasks": [_task(case, task, directory) for task in case.tasks],
        "clocks": [_clock(clock) for clock in case.clocks],
        "fields": case_fields(tx, case, definition, directory),
        "history": history(tx, case_id, directory),
    }


def case_fields(tx: Tx, case: Case, definition: Definition, directory: Directory) -> dict[str, Any]:
    """The latest values by field id: people by readable id, files by name."""
    files = {file.id: file for file in tx.files.of_case(case.id)}
    values = values_of(case, tx.contents.of_case(case.id), definition)
    return {
        name: _value(definition, name, value, directory, files) for name, value in values.items()
    }


def history(tx: Tx, case_id: str, directory: Directory) -> list[dict[str, Any]]:
    """Every event of a case, oldest first: at, actor, on_behalf_of, via, type, node, outcome."""
    nodes: dict[str, str] = {}  # of tasks
    node: str | None = None
    told = []
    for chained in tx.cases.events(case_id):
        body = chained.event.body
        if isinstance(body, TaskOpened):
            nodes[body.task] = body.node
        node = _node(body, nodes) or node
        told.append(_told(chained.event, node, directory))
    return told


def readable(key: str | None, directory: Directory) -> str | None:
    """A person's readable id; "system" stays, and so does the key of somebody who is not known."""
    person: Person | None = directory.get(key) if key else None
    return key if person is None else person.id


def when(at: datetime | None) -> str | None:
    """An instant as programs read it."""
    return None if at is None else at.isoformat()


# ------------------------------------------------------------------------------------ parts


def _task(case: Case, task: Task, directory: Directory) -> dict[str, Any]:
    clock = case.clock(f"task:{task.id}")
    return {
        "id": task.id,
        "node": task.node,
        "round": task.round,
        "status": task.status.value,
        "assignee": readable(task.assignee, directory),
        "candidates": [readable(key, directory) for key in task.candidates],
        "opened_at": when(task.opened_at),
        "due_at": None if clock is None else when(clock.due_at),
        "outcome": task.outcome,
        "decided_by": readable(task.decided_by, directory),
        "on_behalf_of": readable(task.on_behalf_of, directory),
        "decided_at": when(task.decided_at),
        "actions": list(task.actions),
    }


def _clock(clock: Clock) -> dict[str, Any]:
    running = clock.status is ClockStatus.RUNNING
    return {
        "key": clock.key,
        "status": clock.status.value,
        "limit": str(clock.limit),
        "started_at": when(clock.started_at),
        "due_at": when(clock.due_at),
        "next_at": when(clock.planned[0].at) if running and clock.planned else None,
        "level": clock.level,
        "stopped_at": when(clock.stopped_at),
        "met": clock.met,
        "provisional": clock.provisional,
    }


def _value(
    definition: Definition,
    name: str,
    value: object,
    directory: Directory,
    files: Mapping[str, StoredFile],
) -> object:
    field = definition.field(name)
    if field is None:
        return value
    if field.type is FieldType.PERSON:
        return readable(str(value), directory)
    if field.type is FieldType.FILES and isinstance(value, Sequence):
        return [files[item].name if item in files else item for item in value]
    return value


def _told(event: Event, node: str | None, directory: Directory) -> dict[str, Any]:
    return {
        "at": when(event.at),
        "actor": readable(event.actor, directory),
        "on_behalf_of": readable(event.on_behalf_of, directory),
        "via": event.via,
        "type": event.body.stored,
        "node": node,
        "outcome": _outcome(event.body),
    }


def _node(body: Body, nodes: Mapping[str, str]) -> str | None:
    """The node that an event is about, where it says so itself or by its task."""
    named = getattr(body, "node", None)
    if named is not None:
        return str(named)
    task = getattr(body, "task", None)
    clock = getattr(body, "clock", "")
    if task is None and ":" in clock:
        task = clock.partition(":")[2]
    return nodes.get(task) if task is not None else None


def _outcome(body: Body) -> str | None:
    if isinstance(body, TaskCompleted):
        return body.outcome
    if isinstance(body, TaskReturned):
        return "return"
    if isinstance(body, CaseClosed):
        return body.status
    if isinstance(body, ActionRecorded):
        return body.action
    return None
