"""Pauses: clocks are paused while a task waits, up to a cap (rules: pauses).

It waits for an answer of the filer, or for somebody outside: the customer or a supplier. Then its
own people are reminded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from workflows.calendar import WorkCalendar
from workflows.case.clock import ClockKind, ClockStatus, PlannedRung
from workflows.case.draft import Draft
from workflows.case.effects import Effect, news, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.durations import Span
from workflows.errors import Refusal
from workflows.flow import points
from workflows.flow.clocks import (
    LAPSE,
    ClockPaused,
    ClockPlanned,
    Why,
    plan,
    regrade,
    stop,
)


class QuestionLapsed(Body, frozen=True, kw_only=True):
    """The question lapsed: the cap was reached, or the filer left; the clocks resume."""

    stored = "QuestionLapsed"

    task: str
    paused: int  # microseconds for which the clocks were paused
    why: Literal["silence", "left"] = "silence"

    def apply(self, case: Case, event: Event) -> Case:
        """End the question of the task."""
        return over(case, self.task, paused=self.paused)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify the owners of the task that no answer came."""
        yield from news(owners(case, self.task), kind="lapsed", seq=event.seq, task=self.task)
        yield from progress(self.task, soon=True)


def over(case: Case, task_id: str, *, paused: int) -> Case:
    """Return the case with the question of a task ended.

    `paused` is the length of the pause in microseconds.
    """
    task = case.known_task(task_id)
    return case.with_task(task_id, question=None, paused_for=task.paused_for + paused)


def owners(case: Case, task_id: str) -> tuple[str, ...]:
    """Return the people who have a task."""
    task = case.task(task_id)
    return task.owners if task is not None else ()


def require_free(task: Task) -> None:
    """Raise Refusal unless the task may wait: `already_asked` or `already_waiting` if it does.

    Whoever was added under a task asks nobody; its owner does.
    """
    if task.parent:
        raise Refusal("added_asks_nobody")
    if task.question is not None:
        raise Refusal("already_asked" if task.question.on == "filer" else "already_waiting")


def pause(draft: Draft, task: Task, *, limit: Span | None = None) -> None:
    """Pause the clocks that wait with a task, and start the clocks of the pause.

    `limit` is how long it is waited before anybody is reminded, by default what the definition
    says. Raises Refusal `questions_not_offered` or `waiting_not_offered` when the definition does
    not name for whom the task waits, and `pause_used_up` when earlier pauses have reached the cap.
    """
    rule, waits = draft.world.definition.pause, task.question
    assert waits is not None, "what a task waits for was recorded"
    if rule is None or waits.on not in rule.on:
        raise Refusal("questions_not_offered" if waits.on == "filer" else "waiting_not_offered")
    now = draft.world.now
    longest = cap(draft, task, why="started")
    if longest.due_at <= now:
        raise Refusal("pause_used_up", cap=str(rule.cap))
    for key in _pausing(draft, task):
        clock = draft.case.clock(key)
        if clock is not None and clock.status is ClockStatus.RUNNING:
            calendar = draft.world.calendar.named(clock.calendar)
            budget = calendar.remaining(now, clock.due_at, clock.span.unit)
            draft.cause(ClockPaused(clock=key, left=budget))
    plan(
        draft,
        key=ClockKind.WAIT.of(task.id),
        limit=limit or rule.due,
        ladder=rule.ladder,
        started_at=now,
        why="started",
        calendar=_calendar(draft, task),
    )
    draft.cause(longest)


def cap(draft: Draft, task: Task, *, why: Why) -> ClockPlanned:
    """Return the plan of the clock that ends the pause if nothing comes.

    All pauses of a task share one cap. It is measured from the first one, so that it does
    not depend on the time of day of later ones.
    """
    rule, question = draft.world.definition.pause, task.question
    assert rule is not None, "a question was asked, so they are offered"
    assert question is not None, "the cap is that of a question"
    calendar = calendar_of(draft, task)
    before = draft.case.clock(ClockKind.CAP.of(task.id))
    first = before.started_at if before is not None else question.at
    whole = calendar.remaining(first, calendar.add(first, rule.cap), rule.cap.unit)
    left = replace(whole, microseconds=whole.microseconds - task.paused_for)
    at = calendar.resume(question.at, left)
    return ClockPlanned(
        clock=ClockKind.CAP.of(task.id),
        why=why,
        started_at=first,
        limit=str(rule.cap),
        ladder="",
        due_at=at,
        rungs=(PlannedRung(id=LAPSE, at=at),),
        provisional=rule.cap.is_working and calendar.status_at(at) == "provisional",
    )


def paused_time(draft: Draft, task: Task) -> int:
    """Return the length of the open question so far, in microseconds of the cap's unit."""
    rule = draft.world.definition.pause
    assert rule is not None, "a question was asked, so they are offered"
    assert task.question is not None, "it is this question's time"
    calendar = calendar_of(draft, task)
    spent = calendar.remaining(task.question.at, draft.world.now, rule.cap.unit)
    return spent.microseconds


def go_on(
    draft: Draft,
    task: Task,
    *,
    why: Literal["done", "cancelled"] = "done",
    resume_task: bool = True,
) -> None:
    """End the pause: stop the clocks of the question, resume the paused ones.

    Resumed clocks have the time that was left. Without `resume_task` the clock of the task remains
    paused.
    """
    stop(draft, ClockKind.WAIT.of(task.id), why=why)
    stop(draft, ClockKind.CAP.of(task.id), why=why)
    for key in _pausing(draft, task):
        clock = draft.case.clock(key)
        if clock is None or clock.status is not ClockStatus.PAUSED:
            continue
        if key == ClockKind.TASK.of(task.id) and not resume_task:
            continue
        if clock.kind is ClockKind.VISIT and _others_wait(draft, task):
            continue
        points.spare_paused(draft, clock)
        plan(
            draft,
            key=key,
            limit=clock.span,
            ladder=clock.ladder,
            started_at=clock.started_at,
            why="resumed",
        )
    regrade(draft)


def lapse(draft: Draft, task: Task, *, why: Literal["silence", "left"]) -> None:
    """End a question without an answer and resume the clocks."""
    draft.cause(QuestionLapsed(task=task.id, paused=paused_time(draft, task), why=why))
    go_on(draft, task)


def calendar_of(draft: Draft, task: Task) -> WorkCalendar:
    """Return the calendar by which a task counts, and so its pauses."""
    return draft.world.calendar.named(_calendar(draft, task))


def _calendar(draft: Draft, task: Task) -> str | None:
    """Return the name of the calendar of a task."""
    clock = draft.case.clock(ClockKind.TASK.of(task.id))
    return clock.calendar if clock is not None else None


def _others_wait(draft: Draft, task: Task) -> bool:
    """Return whether another signer of the same visit waits for somebody."""
    seats = (one for one in draft.case.ballot(task.visit) if one.id != task.id)
    return any(seat.question is not None for seat in seats)


def _pausing(draft: Draft, task: Task) -> tuple[str, ...]:
    clocks = draft.world.definition.clocks
    own = (ClockKind.TASK.of(task.id), ClockKind.VISIT.of(task.visit))
    return (*own, *(key for key, clock in clocks.items() if clock.pauses))
