"""Clocks and their ladders: planning rungs, standing still, going on, firing.

A clock's key says what it watches: the key of a case clock, `task:<id>`, `wait:<id>` while the filer
is asked something, or `cap:<id>`, the longest time that question may hold the clocks up.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Literal

from workflows import events as ev
from workflows.calendar import WorkCalendar
from workflows.definition import CaseClock, Ladder, Limit, Rung
from workflows.durations import Span
from workflows.engine.draft import Draft
from workflows.errors import Refusal
from workflows.state import Case, Clock, ClockStatus, Task

LAPSE = "lapse"  # the only rung of a `cap:` clock
Why = Literal["started", "regraded", "resumed", "calendar"]


def planned(
    draft: Draft, *, key: str, limit: Span, ladder: str, started_at: datetime, why: Why
) -> ev.ClockPlanned:
    """How a clock is to run from now on; rungs that fired stay fired."""
    calendar = draft.world.calendar
    old = draft.case.clock(key)
    if old is not None and old.left is not None and why == "resumed":
        due = calendar.resume(draft.world.now, old.left)
    elif old is not None and old.left is not None and old.resumed_at and why == "calendar":
        due = calendar.resume(old.resumed_at, old.left)
    else:
        due = calendar.add(started_at, limit)
    fired = old.fired if old is not None else ()
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
        provisional=calendar.status_at(due) == "provisional",
    )


def plan(
    draft: Draft, *, key: str, limit: Span, ladder: str, started_at: datetime, why: Why
) -> None:
    """Start a clock, or move its due time."""
    draft.cause(planned(draft, key=key, limit=limit, ladder=ladder, started_at=started_at, why=why))


def replan(draft: Draft, clock: Clock) -> None:
    """Plan a clock again because the calendar changed; nothing if that moves nothing."""
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
        at = _first(rung, calendar, start, due, limit)
        for repeat in range(rung.times):
            yield ev.PlannedRung(id=f"{index}.{repeat}" if repeat else f"{index}", at=at)
            if rung.every is not None:
                at = calendar.add(at, rung.every)


def _first(
    rung: Rung, calendar: WorkCalendar, start: datetime, due: datetime, limit: Span
) -> datetime:
    if rung.at.percent is not None:
        return _share(rung.at.percent, calendar, start, due, limit)
    base = due if rung.at.base == "due" else start
    if rung.at.span is None:
        return base
    shift = calendar.add if rung.at.sign > 0 else calendar.subtract
    return shift(base, rung.at.span)


def _share(
    percent: int, calendar: WorkCalendar, start: datetime, due: datetime, limit: Span
) -> datetime:
    """When so much of the limit has passed, counted back from the due time if that has moved."""
    end = calendar.add(start, limit)
    at = calendar.scale(start, limit, Fraction(percent, 100))
    if end == due:
        return at
    ahead = calendar.remaining(at, end, limit.unit)
    behind = type(ahead)(kind=ahead.kind, microseconds=-ahead.microseconds)
    return calendar.resume(due, behind)


def watched(case: Case, clock_key: str) -> tuple[Task, ...]:
    """The open tasks that a clock watches: its own, or for a case clock all of them."""
    prefix, colon, task_id = clock_key.partition(":")
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
        if limit != running.limit:
            plan(
                draft,
                key=key,
                limit=limit,
                ladder=clock.ladder,
                started_at=running.started_at,
                why="regraded",
            )


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
    whole = calendar.remaining(now, calendar.add(now, rule.cap), rule.cap.unit)
    left = whole.microseconds - task.paused_for
    if left <= 0:
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
    cap = calendar.resume(now, type(whole)(kind=whole.kind, microseconds=left))
    draft.cause(
        ev.ClockPlanned(
            clock=f"cap:{task.id}",
            why="started",
            started_at=now,
            limit=rule.cap,
            ladder="",
            due_at=cap,
            rungs=(ev.PlannedRung(id=LAPSE, at=cap),),
        )
    )


def paused_time(draft: Draft, task: Task) -> int:
    """How long the present question has held the clocks up, in microseconds of the cap's kind."""
    rule = draft.world.definition.pause
    if rule is None or task.question is None:
        return 0
    spent = draft.world.calendar.remaining(task.question.at, draft.world.now, rule.cap.unit)
    return max(0, spent.microseconds)


def go_on(draft: Draft, task: Task, *, resume_task: bool = True) -> None:
    """The question is over: stop watching the filer, let the clocks run on with what was left."""
    stop(draft, f"wait:{task.id}", why="done")
    stop(draft, f"cap:{task.id}", why="done")
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


def _pausing(draft: Draft, task: Task) -> tuple[str, ...]:
    clocks = draft.world.definition.clocks
    return (f"task:{task.id}", *(key for key, clock in clocks.items() if clock.pauses))


# ---------------------------------------------------------------------------- firing


def fire(draft: Draft, key: str) -> None:
    """Do what is due on a clock. Rungs that were missed together collapse into the highest."""
    clock = draft.case.clock(key)
    if clock is None or clock.status is not ClockStatus.RUNNING:
        raise Refusal("nothing_due")
    due = [rung for rung in clock.planned if rung.at <= draft.world.now]
    if not due:
        raise Refusal("nothing_due")
    if key.startswith("cap:"):
        _lapse(draft, key.removeprefix("cap:"))
        return
    ladder = draft.world.definition.ladders[clock.ladder]
    highest = max(due, key=lambda planned: (_is_escalation(planned, ladder), planned.at))
    missed = tuple(rung.id for rung in due if rung is not highest)
    if missed:
        draft.cause(ev.RungsCollapsed(clock=key, rungs=missed))
    rung = ladder.rungs[int(highest.id.partition(".")[0])]
    if rung.escalate is not None:
        _escalate(draft, clock, highest.id, rung, rung.escalate)
    else:
        _remind(draft, clock, highest.id, rung)


def _is_escalation(planned: ev.PlannedRung, ladder: Ladder) -> bool:
    return ladder.rungs[int(planned.id.partition(".")[0])].escalate is not None


def _lapse(draft: Draft, task_id: str) -> None:
    task = draft.task(task_id)
    draft.cause(ev.QuestionLapsed(task=task_id, paused=paused_time(draft, task)))
    go_on(draft, task)


def _remind(draft: Draft, clock: Clock, rung_id: str, rung: Rung) -> None:
    assert rung.remind is not None, "a rung reminds or escalates"
    people, _ = draft.people_or_owner(rung.remind, assignees=at_work(draft.case, clock.key))
    draft.cause(
        ev.Reminded(
            clock=clock.key,
            rung=rung_id,
            to=with_deputies(draft, people),
            overdue=draft.world.now >= clock.due_at,
        )
    )


def _escalate(draft: Draft, clock: Clock, rung_id: str, rung: Rung, expression: str) -> None:
    people, fallback = draft.people_or_owner(expression, assignees=at_work(draft.case, clock.key))
    draft.cause(
        ev.Escalated(
            clock=clock.key,
            rung=rung_id,
            level=clock.level + 1,
            to=with_deputies(draft, people),
            may_take_over=rung.may_take_over,
            with_history=rung.with_history,
            fallback=fallback,
        )
    )


def with_deputies(draft: Draft, people: tuple[str, ...]) -> tuple[str, ...]:
    """These people and, for those who are away, their deputies: nobody's silence is waited for."""
    directory, now = draft.world.directory, draft.world.now
    deputies = (directory.deputy_of(person, at=now) for person in people)
    allowed = (deputy for deputy in deputies if deputy and deputy != draft.case.filer)
    return tuple(dict.fromkeys((*people, *allowed)))
