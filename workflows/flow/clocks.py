"""Clocks and their ladders: start, plan again, stop.

The key of a clock tells what it monitors (`workflows.case.clock.ClockKind`).
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Literal

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from workflows.calendar import WorkCalendar
from workflows.case.clock import Clock, ClockKind, ClockStatus, PlannedRung, kind_of
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards, watched
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.durations import Budget, Span, StoredSpan, Unit
from workflows.flow import facts
from workflows.model.clocks import CaseClock, Ladder, Limit, RungTime
from workflows.moments import Moment

LAPSE = "lapse"  # the only rung of a `cap:` clock
_NO_LENGTH = Span(amount=1, unit=Unit.DAYS)  # of a clock whose rungs all go by its due time
TELL = "tell"  # the only rung of a `blocked:` clock
Why = Literal["started", "regraded", "resumed", "calendar", "moved"]


class ClockPlanned(Body, frozen=True, kw_only=True):
    """A clock was started, or its due time moved; the plan replaces the one before.

    `clock` is its key, which `workflows.case.clock.ClockKind` explains.
    """

    stored = "ClockPlanned"

    clock: str
    why: Why
    started_at: Moment
    limit: StoredSpan
    ladder: str
    due_at: Moment
    rungs: tuple[PlannedRung, ...]
    provisional: bool = False  # due in a year whose calendar is not announced yet
    calendar: str | UnsetType = UNSET  # its name; not stored for that of the company

    def apply(self, case: Case, event: Event) -> Case:
        """Run the clock as planned; rungs that fired before are kept as fired."""
        old = case.clock(self.clock) if self.why != "started" else None
        resumed = old.resumed_at if old else None
        if old is not None and old.status is ClockStatus.PAUSED:
            resumed = event.at
        clock = Clock(
            key=self.clock,
            status=ClockStatus.RUNNING,
            started_at=self.started_at,
            limit=self.limit,
            ladder=self.ladder,
            calendar=self.calendar or None,
            due_at=self.due_at,
            planned=self.rungs,
            provisional=self.provisional,
            fired=old.fired if old else (),
            level=old.level if old else 0,
            heard=old.heard if old else (),
            paused_at=old.paused_at if old else None,
            resumed_at=resumed,
            left=old.left if old else None,
        )
        others = tuple(other for other in case.clocks if other.key != self.clock)
        return replace(case, clocks=(*others, clock))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards, which show the due time."""
        if self.why != "started":
            for task in case.open_tasks:
                yield Refresh(task=task.id)
            yield from case_cards()


class ClockPaused(Body, frozen=True, kw_only=True):
    """The clock was paused with this much time left."""

    stored = "ClockPaused"

    clock: str
    left: Budget

    def apply(self, case: Case, event: Event) -> Case:
        """Pause the clock from the time of the event."""
        return case.with_clock(
            self.clock, status=ClockStatus.PAUSED, paused_at=event.at, left=self.left
        )


class ClockStopped(Body, frozen=True, kw_only=True):
    """The clock was stopped: its work was done, in time or not, or is not needed any more."""

    stored = "ClockStopped"

    clock: str
    why: Literal["done", "cancelled"]

    def apply(self, case: Case, event: Event) -> Case:
        """Stop the clock; if its work was done, record whether in time."""
        clock = case.clock(self.clock)
        assert clock is not None, f"no clock {self.clock}"
        met = event.at <= clock.due_at
        if clock.status is ClockStatus.PAUSED:
            assert clock.left is not None, "a pause says what was left"
            met = clock.left.microseconds >= 0
        return case.with_clock(
            self.clock,
            status=ClockStatus.STOPPED,
            stopped_at=event.at,
            planned=(),
            met=met if self.why == "done" else None,
        )


def planned(
    draft: Draft,
    *,
    key: str,
    limit: Span,
    ladder: str,
    started_at: Moment,
    why: Why,
    calendar: str | None = None,
) -> ClockPlanned:
    """Return the plan of a clock from now on, without the rungs that fired before.

    `limit` is the span from `started_at` to the due time, `ladder` the key of the ladder,
    `calendar` the name of the calendar of a clock that is started; one that runs keeps its own.
    After a pause the due time is now plus the time that was left (rules: pauses).
    """
    old = draft.case.clock(key)
    if old is not None and why != "started":
        calendar = old.calendar
    work = draft.world.calendar.named(calendar)
    due = work.add(started_at, limit)
    fired: tuple[str, ...] = ()
    if old is not None and why != "started":
        fired = old.fired
        if old.left is not None:
            paused = old.status is ClockStatus.PAUSED
            went_on_at = draft.world.now if paused else old.resumed_at
            due = work.resume(went_on_at or started_at, old.left)
    found = draft.world.definition.ladders[ladder]
    all_rungs = _rungs(
        found, work, started_at, due, limit, before=old if why != "started" else None
    )
    rungs = [rung for rung in all_rungs if rung.id not in fired]
    if old is not None and old.status is ClockStatus.PAUSED and why != "started":
        rungs = [_after_pause(one, found, work, old, now=draft.world.now) for one in rungs]
    return ClockPlanned(
        clock=key,
        why=why,
        started_at=started_at,
        limit=str(limit),
        ladder=ladder,
        due_at=due,
        rungs=tuple(sorted(rungs, key=lambda rung: rung.at)),
        provisional=limit.is_working and work.status_at(due) == "provisional",
        calendar=calendar or UNSET,
    )


def plan(
    draft: Draft,
    *,
    key: str,
    limit: Span,
    ladder: str,
    started_at: Moment,
    why: Why,
    calendar: str | None = None,
) -> None:
    """Start a clock, or move its due time.

    The arguments are those of `planned`; the event that it returns is added to the draft.
    """
    draft.cause(
        planned(
            draft,
            key=key,
            limit=limit,
            ladder=ladder,
            started_at=started_at,
            why=why,
            calendar=calendar,
        )
    )


def plan_again(draft: Draft, *, key: str, before: Clock) -> None:
    """Start the clock of a task that has the place of an earlier one, by that one's stopped clock.

    The due time stays, and rungs that fired do not fire again.
    """
    ladder = draft.world.definition.ladders[before.ladder]
    calendar = draft.world.calendar.named(before.calendar)
    start, due, limit = before.started_at, before.due_at, before.span
    rungs = _rungs(ladder, calendar, start, due, limit, before=before)
    left = (rung for rung in rungs if rung.id not in before.fired)
    draft.cause(
        ClockPlanned(
            clock=key,
            why="started",
            started_at=start,
            limit=before.limit,
            ladder=before.ladder,
            due_at=due,
            rungs=tuple(sorted(left, key=lambda rung: rung.at)),
            provisional=before.provisional,
            calendar=before.calendar or UNSET,
        )
    )


def _rungs(
    ladder: Ladder,
    calendar: WorkCalendar,
    start: Moment,
    due: Moment,
    limit: Span,
    *,
    before: Clock | None,
) -> Iterator[PlannedRung]:
    """Yield all rungs of a ladder; of one with points those that fired before, and the next."""
    for index, rung in enumerate(ladder.rungs):
        at = _first(rung.at, calendar, start, due, limit)
        times = rung.times if rung.points is None else _closes(before, index)
        for repeat in range(times):
            name = f"{index}.{repeat}" if repeat else f"{index}"
            yield PlannedRung(id=name, at=at, charges=True if rung.points else None)
            if rung.every is not None:
                at = calendar.add(at, rung.every)


def _after_pause(
    rung: PlannedRung, ladder: Ladder, work: WorkCalendar, old: Clock, *, now: Moment
) -> PlannedRung:
    """Return a rung with points at the next close, if its own passed in the pause and is spared."""
    at, every = rung.at, ladder.rungs[int(rung.id.partition(".")[0])].every
    while rung.charges and every is not None and (old.paused_at or 0) <= at < now:
        at = work.add(at, every)
    return replace(rung, at=at)


def rungs_before(
    draft: Draft, ladder: str, *, due: Moment, calendar: WorkCalendar
) -> list[PlannedRung]:
    """Return the rungs of a ladder that tell people, up to the due time of a clock without length.

    There are none if one would lie outside of the years of the calendar.
    """
    found = draft.world.definition.ladders[ladder]
    try:
        rungs = [*_rungs(found, calendar, due, due, _NO_LENGTH, before=None)]
    except ValueError:
        return []
    tells = (one for one in rungs if found.rungs[int(one.id.partition(".")[0])].tells)
    return sorted((one for one in tells if one.at <= due), key=lambda one: one.at)


def _closes(before: Clock | None, index: int) -> int:
    """Return how many closes a rung with points has: those that fired, and the planned one.

    A stopped clock has none planned; the next one follows those that fired.
    """
    if before is None:
        return 1
    ids = (*before.fired, *(rung.id for rung in before.planned))
    stopped = before.status is ClockStatus.STOPPED
    return sum(one.partition(".")[0] == str(index) for one in ids) + stopped


def _first(
    time: RungTime, calendar: WorkCalendar, start: Moment, due: Moment, limit: Span
) -> Moment:
    if time.percent is None and time.base == "due":
        return _shifted(time, calendar, due)
    end = calendar.add(start, limit)
    if time.percent is None:
        at = _shifted(time, calendar, start)
    else:
        at = calendar.scale(start, limit, Fraction(time.percent, 100))
    if end == due:
        return at
    # The clock was paused: keep the distance of the rung from the due time, which has moved.
    ahead = calendar.remaining(at, end, limit.unit)
    return calendar.resume(due, replace(ahead, microseconds=-ahead.microseconds))


def _shifted(time: RungTime, calendar: WorkCalendar, base: Moment) -> Moment:
    if time.span is None:
        return base
    return (calendar.add if time.sign > 0 else calendar.subtract)(base, time.span)


def fired(case: Case, key: str, rungs: tuple[str, ...]) -> Case:
    """Return the case with these rungs of a clock recorded as fired."""
    clock = case.clock(key)
    assert clock is not None, f"no clock {key}"
    planned = tuple(rung for rung in clock.planned if rung.id not in rungs)
    return case.with_clock(key, planned=planned, fired=(*clock.fired, *rungs))


def at_work(case: Case, clock_key: str) -> tuple[str, ...]:
    """Return the people who have the work that a clock is about.

    These are the people that `assignee` means in its ladder.
    """
    tasks = watched(case, clock_key)
    if kind_of(clock_key) is ClockKind.WAIT:
        asked = tuple(task.question.to for task in tasks if task.question is not None)
        if any(asked):
            return asked
    return tuple(dict.fromkeys(owner for task in tasks for owner in task.owners))


# ---------------------------------------------------------------------------- case clocks


def limit_of(draft: Draft, clock: CaseClock) -> Limit:
    """Return the first limit whose condition is true.

    A condition is false if one of its fields is empty; lint requires a last limit without a
    condition.
    """
    return next(limit for limit in clock.within if facts.holds(draft, limit.when))


def start_case_clocks(draft: Draft) -> None:
    """Start all clocks of the whole case, from the time of filing."""
    for key, clock in draft.world.definition.clocks.items():
        limit = limit_of(draft, clock).limit
        plan(
            draft,
            key=key,
            limit=limit,
            ladder=clock.ladder,
            started_at=draft.case.created_at,
            why="started",
            calendar=clock.calendar,
        )


def regrade(draft: Draft) -> None:
    """Plan clocks again whose limit has changed with the values of a form, from filing."""
    for key, clock in draft.world.definition.clocks.items():
        running = draft.case.clock(key)
        if running is None or running.status is not ClockStatus.RUNNING:
            continue
        limit = limit_of(draft, clock).limit
        if limit == running.span:
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


def waits(case: Case) -> bool:
    """Return whether a visit waits for a date; its clock is planned by `workflows.flow.until`."""
    return any(clock.kind is ClockKind.UNTIL and clock.planned for clock in case.clocks)


def _keep_pauses(draft: Draft, clock: Clock, limit: Span) -> None:
    """Reduce the new limit to what is left of it after the pauses so far."""
    calendar, start = draft.world.calendar.named(clock.calendar), clock.started_at
    paused = calendar.remaining(calendar.add(start, clock.span), clock.due_at, limit.unit)
    due = calendar.resume(calendar.add(start, limit), paused)
    left = calendar.remaining(draft.world.now, due, limit.unit)
    draft.cause(ClockPaused(clock=clock.key, left=left))


def stop(draft: Draft, key: str, *, why: Literal["done", "cancelled"]) -> None:
    """Stop a clock if it exists and is not stopped yet.

    `why` is "done" if its work was done, which records whether it was in time, else "cancelled".
    """
    clock = draft.case.clock(key)
    if clock is not None and clock.status is not ClockStatus.STOPPED:
        draft.cause(ClockStopped(clock=key, why=why))
