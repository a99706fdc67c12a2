"""A second calculation of points: which overdue working days were charged, and to whom.

A working day ends at the last of the company's hours. Each one that begins after a task was due
and ends before it was decided is charged once to whoever has the task then, or is spared once.
While signers who were added, or somebody who was asked for advice, have a task, this holds for each
of them; the task is the item then, and what they are charged counts as its points.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from workflows.actions.add_signer import SignersAdded
from workflows.actions.advise import AdviceGiven
from workflows.actions.cancel import StepCancelled
from workflows.actions.claim import TaskClaimed
from workflows.actions.delegate import TaskDelegated
from workflows.actions.remove_signer import SignerRemoved
from workflows.actions.send_back import TaskReturned
from workflows.actions.skip import StepSkipped
from workflows.calendar import WorkCalendar
from workflows.case.events import Event
from workflows.directory import Absence
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.clocks import ClockPaused, ClockPlanned, ClockStopped
from workflows.flow.ending import TaskCancelled
from workflows.flow.entering import TaskCompleted
from workflows.flow.offering import TaskReoffered, TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.flow.points import DaySpared, PointsCharged
from workflows.moments import DAY, MINUTE, Moment, in_zone, moment_of

MOST = 5  # points of one task, by the definition of a launch
LADDER = "review"  # the ladder that charges
ON_TIME = 15 * MINUTE  # a close that was missed for longer charges nobody
LATE = 21 * MINUTE  # the same by the true time: clocks differ a little
UNSURE = DAY  # a decision so soon after a close may have come before its rung fired

Wrong = Callable[[str, Event, str], None]
_Charge = tuple[tuple[str, int], str, Moment, str | None]  # visit, task, day, person


@dataclass(slots=True, kw_only=True)
class _Clock:
    """One task, its due time, and the days that were settled."""

    task: str
    due: Moment
    visit: tuple[str, int]
    paused: bool = False
    since: Moment = 0  # days that ended before, while it was paused, need no rung of their own
    settled: dict[Moment, list[str]] = field(default_factory=dict)  # by close: who was charged, ""
    last: Event | None = None


@dataclass(slots=True, kw_only=True)
class _Settling:
    """A day that is being settled, by one event for each of those who have the task."""

    task: str
    day: Moment
    people: int
    last: Event


@dataclass(slots=True, kw_only=True)
class Lateness:
    """The points of one case."""

    wrong: Wrong
    calendar: WorkCalendar
    absences: Sequence[Absence]
    noted: Mapping[str, Moment]  # when those that people noted on the way were, by id
    tasks: dict[str, _Clock] = field(default_factory=dict)
    holders: dict[str, tuple[str | None, tuple[str, int]]] = field(default_factory=dict)
    items: dict[str, str] = field(default_factory=dict)  # by the task that was added under it
    open: set[str] = field(default_factory=set)
    settling: _Settling | None = None
    points: Counter[str] = field(default_factory=Counter)  # by task
    charges: set[_Charge] = field(default_factory=set)

    def tell(self, at: Moment, event: Event) -> None:
        self._goes_on(event.body)
        rule = _RULES.get(type(event.body))
        if rule is not None:
            rule(self, at, event, event.body)

    # ------------------------------------------------------------------ who has it, until when

    def opened(self, at: Moment, event: Event, body: TaskOpened) -> None:
        self.holders[body.task] = (body.assignee, (body.node, body.round))
        self.open.add(body.task)

    def added(self, at: Moment, event: Event, body: SignersAdded) -> None:
        if body.where != "beside":
            self.items.update((seat.task, body.task) for seat in body.seats)

    def delegated(self, at: Moment, event: Event, body: TaskDelegated) -> None:
        self.items[body.advice] = body.task

    def over(self, at: Moment, event: Event, body: Any) -> None:
        self.open.discard(body.task)

    def skipped(self, at: Moment, event: Event, body: StepSkipped) -> None:
        self.open.difference_update((body.task, *body.rest))

    def group_over(self, at: Moment, event: Event, body: AddedSignersDecided) -> None:
        self.open.difference_update(body.rest)

    def _having(self, item: str) -> list[str | None]:
        """Those who have an item: the open tasks under it, else its own."""
        under = [task for task, above in self.items.items() if above == item and task in self.open]
        return [self.holders[task][0] for task in under or (item,)]

    def planned(self, at: Moment, event: Event, body: ClockPlanned) -> None:
        kind, _, task = body.clock.partition(":")
        if kind != "task" or body.ladder != LADDER:
            return
        visit = self.holders[task][1]
        new = _Clock(task=task, due=body.due_at, visit=visit, since=event.at)
        clock = self.tasks.setdefault(task, new)
        clock.due, clock.last = body.due_at, event
        if clock.paused:
            clock.paused, clock.since = False, event.at

    def paused(self, at: Moment, event: Event, body: ClockPaused) -> None:
        if clock := self.tasks.get(body.clock.removeprefix("task:")):
            self._until(min(at, event.at) - UNSURE, clock)  # a clock that is ahead says nothing
            clock.paused = True

    def holds(self, at: Moment, event: Event, body: Any) -> None:
        new = body.by if isinstance(body, TaskClaimed) else getattr(body, "to", None)
        if isinstance(body, TaskReoffered):
            new = body.assignee
        _, visit = self.holders.get(body.task, (None, ("", 0)))
        self.holders[body.task] = (new, visit)

    def stopped(self, at: Moment, event: Event, body: ClockStopped) -> None:
        clock = self.tasks.pop(body.clock.removeprefix("task:"), None)
        if clock is not None and not clock.paused:
            self._until(min(at, event.at) - UNSURE, clock)

    def ends(self, at: Moment) -> None:
        """Nothing more will happen: every day until now is settled."""
        self._goes_on(None)
        for clock in self.tasks.values():
            if not clock.paused:
                self._until(at - LATE, clock)

    # ------------------------------------------------------------------ the days

    def charged(self, at: Moment, event: Event, body: PointsCharged) -> None:
        clock = self._settles(event, body)
        self.points[body.task] += body.points
        if self.points[body.task] > MOST:
            self.wrong("points", event, f"{self.points[body.task]} for one task")
        if body.person not in self._having(body.task):
            self.wrong("points", event, f"{self._having(body.task)} have the task")
        if clock.paused:
            self.wrong("points", event, "the clock is paused")
        if event.at - body.day > LATE:
            self.wrong("points", event, "nobody was there at the close")
        if self._away(body.person, body.day, at):
            self.wrong("points", event, "they were away")
        if self._charged_beside(clock, body.person, body.day):
            self.wrong("points", event, "charged for this day of the visit already")
        if body.person in clock.settled[body.day]:
            self.wrong("points", event, "a second time for one day")
        clock.settled[body.day].append(body.person)
        self.charges.add((clock.visit, body.task, body.day, body.person))

    def spared(self, at: Moment, event: Event, body: DaySpared) -> None:
        clock = self._settles(event, body)
        having = self._having(body.task)
        if not {
            "unclaimed": None in having,
            "blocked": None in having,
            "down": event.at - body.day > ON_TIME,
            "capped": self.points[body.task] >= MOST,
            "counted": any(self._charged_beside(clock, one, body.day) for one in having),
        }.get(body.why, True):
            self.wrong("points", event, f"it is not so that it is {body.why}")
        clock.settled[body.day].append("")

    def _away(self, person: str, day: Moment, at: Moment) -> bool:
        """Whether somebody was away that day, and it was known at this time."""
        return any(
            absence.person == person
            and self.noted.get(absence.id, 0) < at
            and absence.process in ("", "launch")
            and absence.starts_at < day <= absence.ends_at
            for absence in self.absences
        )

    def _charged_beside(self, clock: _Clock, person: str | None, day: Moment) -> bool:
        """Whether another task of the same visit charged this person for this day."""
        return any(
            (visit, at, who) == (clock.visit, day, person) and task != clock.task
            for visit, task, at, who in self.charges
        )

    def _settles(self, event: Event, body: PointsCharged | DaySpared) -> _Clock:
        clock = self.tasks[body.task]
        clock.last = event
        paused = isinstance(body, DaySpared) and body.why == "paused"
        if body.day not in clock.settled:
            people = 1 if paused else len(self._having(body.task))
            clock.settled[body.day] = []
            self.settling = _Settling(task=body.task, day=body.day, people=people, last=event)
        elif self.settling is None:
            self.wrong("points", event, "a second time for one day")
        if body.day not in [*self._closes(clock.due, body.day + 1)]:
            self.wrong("points", event, "not the close of an overdue working day")
        return clock

    def _goes_on(self, body: object) -> None:
        """The day at hand is settled, or this event settles it for one more of those who had it."""
        day = self.settling
        if day is None:
            return
        done = len(self.tasks[day.task].settled[day.day])
        if done < day.people:
            if isinstance(body, PointsCharged | DaySpared) and body.task == day.task:
                return
            self.wrong("points", day.last, f"{done} of {day.people} were charged or spared")
        self.settling = None

    def _until(self, at: Moment, clock: _Clock) -> None:
        """Every overdue working day that ended by then was charged or spared."""
        if self.points[clock.task] >= MOST:
            return
        for close in self._closes(clock.due, at):
            if close > clock.since and close not in clock.settled:
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
    SignersAdded: Lateness.added,
    TaskDelegated: Lateness.delegated,
    TaskCompleted: Lateness.over,
    TaskReturned: Lateness.over,
    TaskCancelled: Lateness.over,
    SignerRemoved: Lateness.over,
    StepCancelled: Lateness.over,
    StepSkipped: Lateness.skipped,
    AdviceGiven: Lateness.over,
    AddedSignersDecided: Lateness.group_over,
    ClockPlanned: Lateness.planned,
    ClockPaused: Lateness.paused,
    ClockStopped: Lateness.stopped,
    PointsCharged: Lateness.charged,
    DaySpared: Lateness.spared,
}
