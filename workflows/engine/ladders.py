"""Clocks and their ladders: planning rungs, standing still, going on.

A clock's key says what it watches: the key of a case clock, `task:<id>`, `wait:<id>` while the
filer is asked something, `cap:<id>`, the longest time that questions may hold the clocks up, or
`blocked:<id>` while nobody may act on a task.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Literal

from workflows import events as ev
from workflows.calendar import WorkCalendar
from workflows.definition import CaseClock, Ladder, Limit, RungTime
from workflows.durations import Span
from workflows.engine.draft import Draft
from workflows.errors import Refusal
from workflows.state import Case, Clock, ClockStatus, Task

LAPSE = "lapse"  # the only rung of a `cap:` clock
BLOCKED = "blocked:"
TELL = "tell"  # the only rung of a `blocked:` clock
Why = Literal["started", "regraded", "resumed", "calendar"]


def planned(
    draft: Draft, *, key: str, limit: Span, ladder: str, started_at: datetime, why: Why
) -> ev.ClockPlanned:
    """How a clock is to run from now on; rungs that fired stay fired."""
    calendar = draft.world.calendar
    old = draft.case.clock(key)
    due = calendar.add(started_at, limit)
    fired: tuple[str, ...] = ()
    if old is not None and why != "started":
        fired = old.fired
        if old.left is not None:
            paused = old.status is ClockStatus.PAUSED
            went_on_at = draft.world.now if paused else old.resumed_at
            due = calendar.resume(went_on_at or started_at, old.left)
    all_rungs = _rungs(draft.world.definition.ladders[ladder], calendar, started_at, due, limit)
    rungs = [rung for rung in all_rungs if rung.id not in fired]
    return ev.ClockPlanned(
        clock=key,
        why=why,
        started_at=started_at,
        limit=limit,
        ladder=ladder,
        due_at=due,
        rungs=tuple(sorted(rungs, key=lambda rung: rung.at)),
        provisional=limit.is_working and calendar.status_at(due) == "provisional",
    )


def plan(
    draft: Draft, *, key: str, limit: Span, ladder: str, started_at: datetime, why: Why
) -> None:
    """Start a clock, or move its due time."""
    draft.cause(planned(draft, key=key, limit=limit, ladder=ladder, started_at=started_at, why=why))


def replan(draft: Draft, clock: Clock) -> None:
    """Plan a clock again because the calendar changed; nothing if that moves nothing."""
    if clock.key.startswith(BLOCKED):
        return  # it counts days by the wall
    if clock.key.startswith("cap:"):
        new = _cap(draft, draft.task(clock.key.removeprefix("cap:")), why="calendar")
    else:
        new = planned(
            draft,
            key=clock.key,
            limit=clock.limit,
            ladder=clock.ladder,
            started_at=clock.started_at,
            why="calendar",
        )
    if (new.due_at, new.rungs, new.provisional) != (
        clock.due_at,
        clock.planned,
        clock.provisional,
    ):
        draft.cause(new)


def _rungs(
    ladder: Ladder, calendar: WorkCalendar, start: datetime, due: datetime, limit: Span
) -> Iterator[ev.PlannedRung]:
    for index, rung in enumerate(ladder.rungs):
        at = _first(rung.at, calendar, start, due, limit)
        for repeat in range(rung.times):
            yield ev.PlannedRung(id=f"{index}.{repeat}" if repeat else f"{index}", at=at)
            if rung.every is not None:
                at = calendar.add(at, rung.every)


def _first(
    time: RungTime, calendar: WorkCalendar, start: datetime, due: datetime, limit: Span
) -> datetime:
    if time.percent is None and time.base == "due":
        return _shifted(time, calendar, due)
    end = calendar.add(start, limit)
    if time.percent is None:
        at = _shifted(time, calendar, start)
    else:
        at = calendar.scale(start, limit, Fraction(time.percent, 100))
    if end == due:
        return at
    # The clock stood still meanwhile: what lay so far ahead of the end lies so far ahead of it now.
    ahead = calendar.remaining(at, end, limit.unit)
    return calendar.resume(due, replace(ahead, microseconds=-ahead.microseconds))


def _shifted(time: RungTime, calendar: WorkCalendar, base: datetime) -> datetime:
    if time.span is None:
        return base
    return (calendar.add if time.sign > 0 else calendar.subtract)(base, time.span)


def watched(case: Case, clock_key: str) -> tuple[Task, ...]:
    """The open tasks that a clock watches: its own, or for a case clock all of them."""
    _, colon, task_id = clock_key.partition(":")
    return tuple(task for task in case.open_tasks if not colon or task.id == task_id)


def at_work(case: Case, clock_key: str) -> tuple[str, ...]:
    """Who has the work that a clock watches: what `assignee` means in its ladder."""
    tasks = watched(case, clock_key)
    if clock_key.startswith("wait:"):
        return tuple(task.question.to for task in tasks if task.question is not None)
    return tuple(dict.fromkeys(owner for task in tasks for owner in task.owners))


# ---------------------------------------------------------------------------- case clocks


def limit_of(draft: Draft, clock: CaseClock) -> Limit:
    """The first limit whose condition holds; a field that is not filled makes a condition false."""
    return next(limit for limit in clock.within if draft.holds(limit.when))


def start_case_clocks(draft: Draft) -> None:
    """Start every clock on the whole case at the moment of filing."""
    for key, clock in draft.world.definition.clocks.items():
        limit = limit_of(draft, clock).limit
        plan(
            draft,
            key=key,
            limit=limit,
            ladder=clock.ladder,
            started_at=draft.case.created_at,
            why="started",
        )


def regrade(draft: Draft) -> None:
    """After a form: a clock whose limit is another now is planned again, from filing."""
    for key, clock in draft.world.definition.clocks.items():
        running = draft.case.clock(key)
        if running is None or running.status is not ClockStatus.RUNNING:
            continue
        limit = limit_of(draft, clock).limit
        if limit == running.limit:
            continue
        if running.left is not None:
            _keep_pauses(draft, running, limit)
        plan(
            draft,
            key=key,
            limit=limit,
            ladder=clock.ladder,
            started_at=running.started_at,
            why="regraded",
        )


def _keep_pauses(draft: Draft, clock: Clock, limit: Span) -> None:
    """Leave of the new limit what is left of it after the pauses that the clock had so far."""
    calendar, start = draft.world.calendar, clock.started_at
    paused = calendar.remaining(calendar.add(start, clock.limit), clock.due_at, limit.unit)
    due = calendar.resume(calendar.add(start, limit), paused)
    left = calendar.remaining(draft.world.now, due, limit.unit)
    draft.cause(ev.ClockPaused(clock=clock.key, left=left))


def stop(draft: Draft, key: str, *, why: Literal["done", "cancelled"]) -> None:
    """Stop a clock if it is there and not stopped yet."""
    clock = draft.case.clock(key)
    if clock is not None and clock.status is not ClockStatus.STOPPED:
        draft.cause(ev.ClockStopped(clock=key, why=why))


# ---------------------------------------------------------------------------- pauses


def pause(draft: Draft, task: Task) -> None:
    """Stop the clocks that pause while the filer is asked; watch the filer instead."""
    rule = draft.world.definition.pause
    if rule is None:
        raise Refusal("questions_not_offered")
    calendar, now = draft.world.calendar, draft.world.now
    cap = _cap(draft, task, why="started")
    if cap.due_at <= now:
        raise Refusal("pause_used_up", cap=str(rule.cap))
    for key in _pausing(draft, task):
        clock = draft.case.clock(key)
        if clock is not None and clock.status is ClockStatus.RUNNING:
            budget = calendar.remaining(now, clock.due_at, clock.limit.unit)
            draft.cause(ev.ClockPaused(clock=key, left=budget))
    plan(
        draft,
        key=f"wait:{task.id}",
        limit=rule.due,
        ladder=rule.ladder,
        started_at=now,
        why="started",
    )
    draft.cause(cap)


def _cap(draft: Draft, task: Task, *, why: Why) -> ev.ClockPlanned:
    """When the clocks go on although the filer is silent.

    All questions of a task share one cap. It is measured from the first of them, so that it is the
    same whatever the time of day of the later ones.
    """
    rule, question = draft.world.definition.pause, task.question
    assert rule is not None, "a question was asked, so they are offered"
    assert question is not None, "the cap is that of a question"
    calendar = draft.world.calendar
    before = draft.case.clock(f"cap:{task.id}")
    first = before.started_at if before is not None else question.at
    whole = calendar.remaining(first, calendar.add(first, rule.cap), rule.cap.unit)
    left = replace(whole, microseconds=whole.microseconds - task.paused_for)
    at = calendar.resume(question.at, left)
    return ev.ClockPlanned(
        clock=f"cap:{task.id}",
        why=why,
        started_at=first,
        limit=rule.cap,
        ladder="",
        due_at=at,
        rungs=(ev.PlannedRung(id=LAPSE, at=at),),
        provisional=rule.cap.is_working and calendar.status_at(at) == "provisional",
    )


def paused_time(draft: Draft, task: Task) -> int:
    """How long the present question has held the clocks up, in microseconds of the cap's kind."""
    rule = draft.world.definition.pause
    assert rule is not None, "a question was asked, so they are offered"
    assert task.question is not None, "it is this question's time"
    spent = draft.world.calendar.remaining(task.question.at, draft.world.now, rule.cap.unit)
    return spent.microseconds


def go_on(
    draft: Draft,
    task: Task,
    *,
    why: Literal["done", "cancelled"] = "done",
    resume_task: bool = True,
) -> None:
    """The question is over: stop watching the filer, let the clocks run on with what was left."""
    stop(draft, f"wait:{task.id}", why=why)
    stop(draft, f"cap:{task.id}", why=why)
    for key in _pausing(draft, task):
        clock = draft.case.clock(key)
        if clock is None or clock.status is not ClockStatus.PAUSED:
            continue
        if key == f"task:{task.id}" and not resume_task:
            continue
        plan(
            draft,
            key=key,
            limit=clock.limit,
            ladder=clock.ladder,
            started_at=clock.started_at,
            why="resumed",
        )
    regrade(draft)


def lapse(draft: Draft, task: Task, *, why: Literal["silence", "left"]) -> None:
    """Wait for an answer no longer."""
    draft.cause(ev.QuestionLapsed(task=task.id, paused=paused_time(draft, task), why=why))
    go_on(draft, task)


def _pausing(draft: Draft, task: Task) -> tuple[str, ...]:
    clocks = draft.world.definition.clocks
    return (f"task:{task.id}", *(key for key, clock in clocks.items() if clock.pauses))
