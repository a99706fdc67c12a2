"""Reads why a case is where it is: who has an open step and why, and why it is due then.

The record is made from the case and its events and has neither names nor texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from handlers.reading.case import Reading
from handlers.reading.fair_time import times_of
from workflows.actions.claim import TaskClaimed
from workflows.actions.fire_timers import Escalated, Reminded
from workflows.calendar import WorkCalendar
from workflows.case.clock import Clock, ClockKind
from workflows.case.events import Event
from workflows.case.passed_over import Fallback, PassedOver
from workflows.case.task import Task, TaskStatus
from workflows.flow import preview
from workflows.flow.ballots import BallotOpened
from workflows.flow.clocks import ClockPaused, ClockPlanned
from workflows.flow.offering import (
    DeputyOffered,
    DeputyPassedOver,
    TaskBlocked,
    TaskReoffered,
    TaskTransferred,
)
from workflows.flow.opening import TaskOpened
from workflows.flow.outlook import Ahead, outlook
from workflows.flow.route import Coming
from workflows.metrics.desk_time import Held
from workflows.moments import Moment

Got = Literal[
    "named",
    "fallback",
    "again",
    "claimed",
    "transfer",
    "take_over",
    "left",
    "handed_over",
    "reassigned",
    "administered",
    "deputy",
]
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """One way in which people got a task.

    Args:
        how: `named` by the definition, by its `fallback`, named `again` after the directory
            changed, `claimed`, by `transfer`, by `take_over`, because somebody
            `left`, `handed_over` by the manager of somebody who left, `reassigned` by a rung
            because it was late, `administered` by an administrator, or as the `deputy` of the
            person in `by`.
        people: who got it.
        by: who did that, or whose deputy they are.
    """

    at: Moment
    how: Got
    people: tuple[str, ...]
    by: str = ""
    fallback: Fallback = ""


MovedBy = Literal["paused", "resumed", "regraded", "calendar"]
_SHOWN: Mapping[str, MovedBy] = {
    "resumed": "resumed",
    "regraded": "regraded",
    "calendar": "calendar",
}  # another reason, such as a move to another version, changes no due time


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A change of a due time; a pause has none."""

    at: Moment
    why: MovedBy
    due_at: Moment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyDue:
    """Why a clock is due when it is.

    `holidays` and `make_up` are the days off, with their names, and the working days at weekends
    between its start and its due time; only for a limit in working time.
    """

    clock: Clock
    moved: tuple[Moved, ...]
    holidays: tuple[tuple[date, str], ...]
    make_up: tuple[date, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyTask:
    """Why an open task is where it is, and what happens to it if nobody acts."""

    task: Task
    handed: tuple[Handed, ...]
    passed_over: tuple[PassedOver, ...]
    due: WhyDue | None
    visit_due: WhyDue | None  # of all signers together
    reminded: tuple[tuple[Moment, Reminded], ...]
    escalated: tuple[tuple[Moment, Escalated], ...]
    told_blocked: tuple[tuple[Moment, TaskBlocked], ...]
    ahead: tuple[Ahead, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a case is where it is, what was decided, and what will come."""

    tasks: tuple[WhyTask, ...]
    decided: tuple[Task, ...]
    coming: tuple[Coming, ...]
    times: tuple[Held, ...]


def why(reading: Reading) -> Why:
    """Return why the case is where it is."""
    case = reading.case
    ahead = outlook(case, reading.world)
    return Why(
        tasks=tuple(_why(reading, task, ahead) for task in case.open_tasks),
        decided=tuple(
            task
            for task in case.tasks
            if task.outcome is not None and task.status is not TaskStatus.OPEN
        ),
        coming=preview.from_here(case, reading.world, hidden=reading.hidden),
        times=times_of(reading),
    )


def _why(reading: Reading, task: Task, ahead: tuple[Ahead, ...]) -> WhyTask:
    keys, events = (ClockKind.TASK.of(task.item), ClockKind.VISIT.of(task.visit)), reading.events
    whole = reading.visit_clock(task)
    clock = reading.task_clock(task)
    pausing = (ClockKind.WAIT, ClockKind.CAP, ClockKind.BLOCKED)
    mine = {*keys, *(kind.of(task.id) for kind in pausing)}
    return WhyTask(
        task=task,
        handed=tuple(_handed(events, task)),
        passed_over=tuple(dict.fromkeys(_passed_over(events, task))),
        due=None if clock is None else _due(reading, clock),
        visit_due=None if whole is None else _due(reading, whole),
        reminded=tuple(
            (event.at, event.body)
            for event in events
            if isinstance(event.body, Reminded) and event.body.clock in keys
        ),
        escalated=tuple(
            (event.at, event.body)
            for event in events
            if isinstance(event.body, Escalated) and event.body.clock in keys
        ),
        told_blocked=tuple(
            (event.at, event.body)
            for event in events
            if isinstance(event.body, TaskBlocked) and event.body.task == task.id
        ),
        ahead=tuple(one for one in ahead if one.clock in mine),
    )


def _handed(events: tuple[Event, ...], task: Task) -> Iterator[Handed]:
    for event in events:
        body, at = event.body, event.at
        if getattr(body, "task", None) != task.id:
            continue
        match body:
            case TaskOpened():
                people = (body.assignee,) if body.assignee else body.candidates
                how: Got = "fallback" if body.fallback else "named"
                yield Handed(at=at, how=how, people=people, fallback=body.fallback)
            case TaskReoffered():
                people = (body.assignee,) if body.assignee else body.candidates
                how = "fallback" if body.fallback else "again"
                yield Handed(at=at, how=how, people=people, fallback=body.fallback)
            case TaskClaimed():
                yield Handed(at=at, how="claimed", people=(body.by,), by=event.actor)
            case TaskTransferred():
                by = (body.source or "") if body.why == "left" else event.actor
                yield Handed(at=at, how=body.why, people=(body.to,), by=by)
            case DeputyOffered():
                yield Handed(at=at, how="deputy", people=(body.deputy,), by=body.principal)
            case _:
                pass


def _passed_over(events: tuple[Event, ...], task: Task) -> Iterator[PassedOver]:
    """Yield who was passed over for a task: when it was opened, and as a deputy."""
    for event in events:
        body = event.body
        about = getattr(body, "task", None) == task.id
        if isinstance(body, BallotOpened):
            about = task.id in {seat.task for seat in body.seats}
        if about and isinstance(body, TaskOpened | TaskReoffered | BallotOpened):
            yield from body.passed_over
        elif about and isinstance(body, DeputyPassedOver):
            yield PassedOver(person=body.deputy, why=body.why)


def _due(reading: Reading, clock: Clock) -> WhyDue:
    moved: list[Moved] = []
    for event in reading.events:
        body = event.body
        if isinstance(body, ClockPaused) and body.clock == clock.key:
            moved.append(Moved(at=event.at, why="paused"))
        elif isinstance(body, ClockPlanned) and body.clock == clock.key:
            why = _SHOWN.get(body.why)
            moved += [Moved(at=event.at, why=why, due_at=body.due_at)] if why else []
    calendar = reading.world.calendar.named(clock.calendar)
    days: tuple[date, ...] = ()
    if clock.span.is_working:
        days = tuple(_days(calendar, clock.started_at, clock.due_at))
    weekend = calendar.data.weekend if calendar.data.weekend is not None else _WEEKEND
    off = (day for day in days if not calendar.is_working_day(day) and day.weekday() not in weekend)
    return WhyDue(
        clock=clock,
        moved=tuple(moved),
        holidays=tuple((day, calendar.holiday_name(day, reading.language) or "") for day in off),
        make_up=tuple(
            day for day in days if calendar.is_working_day(day) and day.weekday() in weekend
        ),
    )


def _days(calendar: WorkCalendar, start: Moment, end: Moment) -> Iterator[date]:
    """Yield the local days from one moment to another, at most two years."""
    day, last = calendar.day_of(start), calendar.day_of(end)
    for _ in range(2 * 366):
        if day > last:
            return
        yield day
        day += timedelta(days=1)
