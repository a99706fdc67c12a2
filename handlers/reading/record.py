"""Converts a case to a typed record, and to JSON, which docs/reference describes.

The callers have access to the database, as an administrator has, so only erased content is left
out. People are given by their readable ids, files by their names, and times in ISO 8601, in UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any

from handlers.office import Office
from handlers.reading.case import Reading, open_unchecked
from handlers.reading.fair_time import times_of
from handlers.reading.mails import MailRecord, mails_of
from storage.unit import Tx
from workflows.actions.problem import ProblemReported
from workflows.actions.record import ActionRecorded
from workflows.actions.send_back import TaskReturned
from workflows.case.clock import Clock, ClockStatus, about_of
from workflows.case.events import Body, Event
from workflows.case.fact import Fact
from workflows.case.task import Task
from workflows.directory import Directory, Person
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import TaskCompleted
from workflows.flow.opening import TaskOpened
from workflows.flow.other_cases import OtherCaseEnded
from workflows.flow.rung_effects import DecidedByTimer
from workflows.flow.services import WorkDone
from workflows.metrics.desk_time import CaseTime, Held, case_time
from workflows.model.fields import FieldType
from workflows.moments import HOUR, Moment, utc
from workflows.records import CaseQuery, CaseRow

PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A case in a list."""

    id: str
    process: str
    version: int
    status: str
    node: str
    filer: str | None
    created_at: datetime
    due_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRecord:
    """A task of a case. `seat` is its number among several signers, 0 without them.

    `added_by` added its assignee as a signer, under the task `parent` and the way that `joins`
    says: before, after or advice. A signer beside has neither of the two.
    """

    id: str
    node: str
    round: int
    seat: int
    weight: int
    status: str
    assignee: str | None
    candidates: tuple[str | None, ...]
    opened_at: datetime
    due_at: datetime | None
    outcome: str | None
    decided_by: str | None
    on_behalf_of: str | None
    decided_at: datetime | None
    rule: str | None
    voided: bool
    actions: tuple[str, ...]
    parent: str | None
    joins: str | None
    added_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRecord:
    """A clock of a case; `next_at` is the time of its next reminder or escalation."""

    key: str
    status: str
    limit: str
    started_at: datetime
    due_at: datetime
    next_at: datetime | None
    level: int
    stopped_at: datetime | None
    met: bool | None
    provisional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRecord:
    """An event of a case, without what people wrote."""

    at: datetime
    actor: str | None
    on_behalf_of: str | None
    via: str
    type: str
    node: str | None
    outcome: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRecord:
    """A fact of a case: `value` is a decimal number, or the id of an option.

    `tables` are the versions that it was made with, `subject` whom or what it is about, None for
    the case. A voided one does not count any more.
    """

    name: str
    value: str
    subject: str | None
    at: datetime
    tables: Mapping[str, int]
    voided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecord:
    """A time in which somebody had a task, in hours; None has a task that nobody has claimed.

    `gross_h` is by the clock, `working_h` the working time of it; of that it was paused for
    `waiting_h`, and `own_h` is what the person answers for.
    """

    task: str
    node: str
    person: str | None
    since: datetime
    until: datetime
    gross_h: float
    working_h: float
    waiting_h: float
    own_h: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRecord(CaseSummary):
    """A case with its tasks, clocks, fields, facts and history.

    `fields` are the latest values by field id. `nodes` are those of its open visits, none after its
    end. `times` are who had which task for how long, `time` how long the whole case took.
    A duplicate was `merged_into` another case, which has it among its `merged` ones. `mails` are
    those to people outside.
    """

    nodes: tuple[str, ...]
    tasks: tuple[TaskRecord, ...]
    clocks: tuple[ClockRecord, ...]
    fields: Mapping[str, object]
    facts: tuple[FactRecord, ...]
    history: tuple[EventRecord, ...]
    times: tuple[HeldRecord, ...]
    merged_into: str | None
    merged: tuple[str, ...]
    mails: tuple[MailRecord, ...]
    time: Mapping[str, float]


def case_rows(tx: Tx, query: CaseQuery, *, most: int | None = None) -> Iterator[CaseRow]:
    """Yield the cases that match a query in its order, all or the first `most`, page by page."""
    before, left = query.before, most
    while left is None or left > 0:
        limit = PAGE if left is None else min(PAGE, left)
        page = tx.cases.find(replace(query, limit=limit, before=before))
        yield from page
        if len(page) < limit:
            return
        before, left = page[-1].id, None if left is None else left - limit


def summary(row: CaseRow, directory: Directory) -> CaseSummary:
    """Return the summary of a case from its row."""
    return CaseSummary(
        id=row.id,
        process=row.process,
        version=row.version,
        status=row.status,
        node=row.node,
        filer=readable(row.filer, directory),
        created_at=utc(row.created_at),
        due_at=_utc(row.due_at),
        closed_at=_utc(row.closed_at),
    )


def case_line(row: CaseRow, directory: Directory) -> dict[str, Any]:
    """Return the JSON of a case in a list."""
    line: dict[str, Any] = json_of(summary(row, directory))
    del line["closed_at"]
    return line


def case_facts(tx: Tx, office: Office, *, case_id: str) -> dict[str, Any]:
    """Return the JSON of a case with everything. Raises Refusal `case_unknown`."""
    reading = open_unchecked(tx, office, case_id=case_id, language=office.company.language)
    facts: dict[str, Any] = json_of(record_of(reading))
    return facts


def record_of(reading: Reading) -> CaseRecord:
    """Return the record of a case."""
    reading = reading.whole
    case, directory, held = reading.case, reading.directory, times_of(reading)
    return CaseRecord(
        id=case.id,
        process=case.process,
        version=reading.version,
        status=case.status.value,
        node=case.node,
        filer=readable(case.filer, directory),
        created_at=utc(case.created_at),
        due_at=_utc(reading.due_at),
        closed_at=_utc(case.closed_at),
        nodes=tuple(visit.node for visit in case.visits),
        tasks=tuple(_task(reading, task) for task in case.tasks),
        clocks=tuple(map(_clock, case.clocks)),
        fields=values(reading),
        facts=tuple(_fact(fact, directory) for fact in case.facts),
        history=history(reading.events, directory),
        times=tuple(_held(one, directory) for one in held),
        merged_into=case.merged_into or None,
        merged=case.merged,
        mails=mails_of(reading),
        time=hours_of(case_time(case, held, calendar=reading.world.calendar, now=reading.now)),
    )


def hours_of(one: Held | CaseTime) -> dict[str, float]:
    """Return how long something took in hours: by the clock, working, waiting and own time."""
    parts = {"gross": one.gross, "working": one.working, "waiting": one.waiting, "own": one.own}
    return {f"{name}_h": round(part / HOUR, 2) for name, part in parts.items()}


def _held(one: Held, directory: Directory) -> HeldRecord:
    return HeldRecord(
        task=one.task,
        node=one.node,
        person=readable(one.person or None, directory),
        since=utc(one.since),
        until=utc(one.until),
        **hours_of(one),
    )


def values(reading: Reading) -> dict[str, object]:
    """Return the latest values by field id, without erased ones."""
    erased = {one.field.id for one in reading.fields if one.erased}
    given = reading.world.values.items()
    return {name: _value(reading, name, value) for name, value in given if name not in erased}


def history(events: Iterable[Event], directory: Directory) -> tuple[EventRecord, ...]:
    """Return the records of a case's events in order, each with the node that it concerns."""
    nodes: dict[str, str] = {}  # of tasks
    node: str | None = None
    told = []
    for event in events:
        if isinstance(event.body, TaskOpened | DecidedByRule):
            nodes[event.body.task] = event.body.node
        node = _node(event.body, nodes) or node
        told.append(_event(event, node, directory))
    return tuple(told)


def readable(key: str | None, directory: Directory) -> str | None:
    """Return a person's readable id; the key itself for "system" and for unknown people."""
    person: Person | None = directory.get(key) if key else None
    return key if person is None else person.id


def json_of(value: object) -> Any:
    """Convert a record, or a value of one, to JSON values."""
    if is_dataclass(value):
        return {one.name: json_of(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: json_of(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [json_of(one) for one in value]
    return value


# ------------------------------------------------------------------------------------ parts


def _utc(at: Moment | None) -> datetime | None:
    return None if at is None else utc(at)


def _task(reading: Reading, task: Task) -> TaskRecord:
    clock, directory = reading.task_clock(task), reading.directory
    return TaskRecord(
        id=task.id,
        node=task.node,
        round=task.round,
        seat=task.seat,
        weight=task.weight,
        status=task.status.value,
        assignee=readable(task.assignee, directory),
        candidates=tuple(readable(key, directory) for key in task.candidates),
        opened_at=utc(task.opened_at),
        due_at=None if clock is None else utc(clock.due_at),
        outcome=task.outcome,
        decided_by=readable(task.decided_by, directory),
        on_behalf_of=readable(task.on_behalf_of, directory),
        decided_at=_utc(task.decided_at),
        rule=task.rule or None,
        voided=task.voided,
        actions=task.actions,
        parent=task.parent or None,
        joins=task.joins or None,
        added_by=readable(task.added_by, directory) or None,
    )


def _fact(fact: Fact, directory: Directory) -> FactRecord:
    return FactRecord(
        name=fact.name,
        value=str(fact.value),
        subject=readable(fact.subject, directory) or None,
        at=utc(fact.at),
        tables=dict(fact.tables),
        voided=bool(fact.voided),
    )


def _clock(clock: Clock) -> ClockRecord:
    running = clock.status is ClockStatus.RUNNING
    return ClockRecord(
        key=clock.key,
        status=clock.status.value,
        limit=clock.limit,
        started_at=utc(clock.started_at),
        due_at=utc(clock.due_at),
        next_at=utc(clock.planned[0].at) if running and clock.planned else None,
        level=clock.level,
        stopped_at=_utc(clock.stopped_at),
        met=clock.met,
        provisional=clock.provisional,
    )


def _value(reading: Reading, name: str, value: object) -> object:
    field = reading.definition.field(name)
    if field is not None and field.type is FieldType.PERSON:
        return readable(str(value), reading.directory)
    if field is not None and field.type is FieldType.FILES and isinstance(value, list):
        files = reading.files
        return [files[key].name if key in files else key for key in value]
    return value


def _event(event: Event, node: str | None, directory: Directory) -> EventRecord:
    return EventRecord(
        at=utc(event.at),
        actor=readable(event.actor, directory),
        on_behalf_of=readable(event.on_behalf_of, directory),
        via=event.via,
        type=event.body.stored,
        node=node,
        outcome=_outcome(event.body),
    )


def _node(body: Body, nodes: Mapping[str, str]) -> str | None:
    """Return the node that an event names, itself or by its task or clock; None if none."""
    named = getattr(body, "node", None)
    if named is not None:
        return str(named)
    task = getattr(body, "task", None) or about_of(getattr(body, "clock", "")) or None
    return nodes.get(task) if task is not None else None


def _outcome(body: Body) -> str | None:
    if isinstance(body, TaskCompleted | DecidedByRule | DecidedByTimer | WorkDone):
        return body.outcome
    if isinstance(body, TaskReturned):
        return "return"
    if isinstance(body, CaseClosed | OtherCaseEnded):
        return body.status
    if isinstance(body, ActionRecorded | ProblemReported):
        return body.action if isinstance(body, ActionRecorded) else body.kind
    return None
