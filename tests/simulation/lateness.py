"""A second calculation of points: which overdue working days were charged, and to whom.

A working day ends at the last of the company's hours. Each one that begins after a task was due
and ends before it was decided is charged once to whoever has the task then, or is spared once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workflows.actions.add_signer import SignersAdded
from workflows.actions.claim import TaskClaimed
from workflows.actions.delegate import TaskDelegated
from workflows.calendar import WorkCalendar
from workflows.case.events import Event
from workflows.directory import Absence
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.offering import TaskReoffered, TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.flow.points import DaySpared, PointsCharged
from workflows.moments import DAY, MINUTE, Moment, in_zone, moment_of

MOST = 5  # points of one task, by the definition of a launch
LADDER = "review"  # the ladder that charges
LATE = 21 * MINUTE  # a close that was missed for longer charges nobody; clocks differ a little
UNSURE = DAY  # a decision so soon after a close may have come before its rung fired

Wrong = Callable[[str, Event, str], None]


@dataclass(slots=True, kw_only=True)
class _Clock:
    """One task, its due time, and the days that were settled."""

    due: Moment
    holder: str | None = None
    visit: tuple[str, int] = ("", 0)
    paused: bool = False
    since: Moment = 0  # days that ended before, while it was paused, need no rung of their own
    points: int = 0
    settled: dict[Moment, str] = field(default_factory=dict)  # by close: who was charged, or ""
    last: Event | None = None


@dataclass(slots=True, kw_only=True)
class Lateness:
    """The points of one case."""

    wrong: Wrong
    calendar: WorkCalendar
    absences: Sequence[Absence]
    added: bool = False  # whether signers were added: theirs are days of the item
    tasks: dict[str, _Clock] = field(default_factory=dict)
    holders: dict[str, tuple[str | None, tuple[str, int]]] = field(default_factory=dict)

    def tell(self, at: Moment, event: Event) -> None:
        self.added = self.added or isinstance(event.body, SignersAdded | TaskDelegated)
        rule = _RULES.get(type(event.body))
        if rule is not None and not self.added:
            rule(self, at, event, event.body)

    # ------------------------------------------------------------------ who has it, until when

    def opened(self, at: Moment, event: Event, body: TaskOpened) -> None:
        self.holders[body.task] = (body.assignee, (body.node, body.round))

    def planned(self, at: Moment, event: Event, body: ClockPlanned) -> None:
        kind, _, task = body.clock.partition(":")
        if kind != "task" or body.ladder != LADDER:
            return
        holder, visit = self.holders[task]
        new = _Clock(due=body.due_at, holder=holder, visit=visit, since=event.at)
        clock = self.tasks.setdefault(task, new)
        clock.due, clock.last = body.due_at, event
        if clock.paused:
            clock.paused, clock.since = False, event.at

    def paused(self, at: Moment, event: Event, body: ClockPaused) -> None:
        if clock := self.tasks.get(body.clock.removeprefix("task:")):
            self._until(event.at - UNSURE, clock)
            clock.paused = True

    def holds(self, at: Moment, event: Event, body: Any) -> None:
        new = body.by if isinstance(body, TaskClaimed) else getattr(body, "to", None)
        if isinstance(body, TaskReoffered):
            new = body.assignee
        self.holders[body.task] = (new, self.holders[body.task][1])
        if clock := self.tasks.get(body.task):
            clock.holder = new

    def stopped(self, at: Moment, event: Event, body: ClockStopped) -> None:
        clock = self.tasks.pop(body.clock.removeprefix("task:"), None)
        if clock is not None and not clock.paused:
            self._until(event.at - UNSURE, clock)

    def ends(self, at: Moment) -> None:
        """Nothing more will happen: every day until now is settled."""
        for clock in self.tasks.values():
            if not (clock.paused or self.added):
                self._until(at - LATE, clock)

    # ------------------------------------------------------------------ the days

    def charged(self, at: Moment, event: Event, body: PointsCharged) -> None:
        clock = self._settles(event, body)
        clock.points += body.points
        if clock.points > MOST:
            self.wrong("points", event, f"{clock.points} for one task")
        if clock.holder != body.person:
            self.wrong("points", event, f"{clock.holder} has the task")
        if clock.paused:
            self.wrong("points", event, "the clock is paused")
        if event.at - body.day > LATE:
            self.wrong("points", event, "nobody was there at the close")
        for absence in self.absences:
            theirs = absence.person == body.person and absence.process in ("", "launch")
            if theirs and absence.starts_at < body.day <= absence.ends_at:
                self.wrong("points", event, "they were away")
        for other in self.tasks.values():
            twice = other.visit == clock.visit and other.settled.get(body.day) == body.person
            if other is not clock and twice:
                self.wrong("points", event, "charged for this day of the visit already")
        clock.settled[body.day] = body.person

    def spared(self, at: Moment, event: Event, body: DaySpared) -> None:
        clock = self._settles(event, body)
        clock.settled[body.day] = ""

    def _settles(self, event: Event, body: PointsCharged | DaySpared) -> _Clock:
        clock = self.tasks[body.task]
        clock.last = event
        if body.day in clock.settled:
            self.wrong("points", event, "a second time for one day")
        if body.day not in [*self._closes(clock.due, body.day + 1)]:
            self.wrong("points", event, "not the close of an overdue working day")
        return clock

    def _until(self, at: Moment, clock: _Clock) -> None:
        """Every overdue working day that ended by then was charged or spared."""
        for close in self._closes(clock.due, at):
            if close > clock.since and close not in clock.settled and clock.points < MOST:
                assert clock.last is not None
                self.wrong("points", clock.last, f"nothing was said of the day that ended {close}")

    def _closes(self, due: Moment, until: Moment) -> Iterator[Moment]:
        """The ends of the working days that begin after `due` and end before `until`."""
        zone = ZoneInfo(self.calendar.data.zone)
        day = in_zone(due, zone).date() + timedelta(days=1)
        while True:
            close = moment_of(datetime.combine(day, self.calendar.data.hours[-1][1], zone))
            if close >= until:
                return
            if self.calendar.is_working_day(day):
                yield close
            day += timedelta(days=1)


_RULES: dict[type, Callable[[Lateness, Moment, Event, Any], None]] = {
    TaskOpened: Lateness.opened,
    TaskClaimed: Lateness.holds,
    TaskReoffered: Lateness.holds,
    TaskTransferred: Lateness.holds,
    ClockPlanned: Lateness.planned,
    ClockPaused: Lateness.paused,
    ClockStopped: Lateness.stopped,
    PointsCharged: Lateness.charged,
    DaySpared: Lateness.spared,
}
