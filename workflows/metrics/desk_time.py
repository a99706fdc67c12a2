"""Measures who had a step of a case for how long, and how much of that was their own.

Own desk time is what a person may answer for: working time in which they had the task, without
pauses, their absences, and the time in which the product did not run. What a deputy, a timer or an
administrator decided counts for nobody; a transfer splits the time. The record is made from events,
the calendar, the absences and the downtimes (rules: fair time).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from workflows.calendar import WorkCalendar
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.events import Event, evolve
from workflows.case.state import Case
from workflows.case.task import Task, TaskStatus
from workflows.directory import Directory
from workflows.moments import Moment

Span = tuple[Moment, Moment]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A time in which one person had a task, in microseconds.

    `working` is the part in working time, which consists of `waiting` (paused), `own`, and what
    counts for nobody (`others`). Nobody (`person` is empty) has a task that is not claimed.
    """

    task: str
    node: str
    person: str
    since: Moment
    until: Moment
    ended: int = 0  # the number of the event that ended it; 0 while they have it
    gross: int
    working: int
    waiting: int
    own: int
    paused: tuple[Span, ...] = ()  # the times in which it was paused

    @property
    def others(self) -> int:
        """The working time that counts for nobody: absences, and what others decided."""
        return self.working - self.waiting - self.own


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseTime:
    """How long a case took from its filing to its end, or until now, in microseconds.

    `waiting` is the working time in which any of its tasks was paused; `own` is the sum of the own
    times of all people, which may be more than `working` where several had tasks at once.
    """

    gross: int
    working: int
    waiting: int
    own: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What times are measured with. `down` are the times in which the product did not run."""

    calendar: WorkCalendar
    directory: Directory
    down: Sequence[Span] = ()


@dataclass(slots=True, kw_only=True)
class _Having:
    """A task that somebody has, so far."""

    person: str
    since: Moment
    pauses: list[list[Moment]] = field(default_factory=list)  # the last may have no end yet


class Holding:
    """Who has which task of one case, followed event by event."""

    def __init__(self, measure: Measure) -> None:
        self._measure = measure
        self._having: dict[str, _Having] = {}
        self._found: list[Held] = []
        self._seen: tuple[tuple[Task, ...], tuple[Clock, ...]] | None = None

    def follow(self, case: Case, event: Event) -> None:
        """Follow the next event; `case` is the state after it.

        Most events change neither a task nor a clock, and then nobody got or let go of one.
        """
        before, self._seen = self._seen, (case.tasks, case.clocks)
        if before is not None and before[0] is case.tasks and before[1] is case.clocks:
            return
        for task in case.tasks:
            if task.status is TaskStatus.OPEN or task.id in self._having:
                self._found.extend(_followed(case, task, event, self._having, self._measure))

    def until(self, case: Case, now: Moment) -> tuple[Held, ...]:
        """Return who had which task, in the order in which they let go; open ones until `now`."""
        still = (
            _held(case, task, one, max(now, one.since), self._measure, own=True)
            for task in case.tasks
            if (one := self._having.get(task.id)) is not None
        )
        return (*self._found, *still)


def held_times(
    events: Iterable[Event],
    *,
    calendar: WorkCalendar,
    directory: Directory,
    now: Moment,
    down: Sequence[Span] = (),
) -> tuple[Held, ...]:
    """Return who had which task for how long, in the order in which they let go of it.

    Tasks that are open are measured until `now`; `down` are the times in which the product did not
    run.
    """
    holding = Holding(Measure(calendar=calendar, directory=directory, down=down))
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
        holding.follow(case, event)
    return holding.until(case, now) if case is not None else ()


def case_time(case: Case, held: Iterable[Held], *, calendar: WorkCalendar, now: Moment) -> CaseTime:
    """Return how long a case took, from who had which of its tasks for how long."""
    found, since, until = tuple(held), case.created_at, case.closed_at or now
    paused = [span for one in found for span in one.paused]
    waiting = (
        calendar.working_between(start, stop)
        for start, stop in _pieces(since, max(since, until), paused)
        if _within(start, paused)
    )
    return CaseTime(
        gross=max(until - since, 0),
        working=calendar.working_between(since, max(since, until)),
        waiting=sum(waiting),
        own=sum(one.own for one in found),
    )


def _followed(
    case: Case,
    task: Task,
    event: Event,
    having: dict[str, _Having],
    measure: Measure,
) -> Iterator[Held]:
    """Follow one task through an event; yield the time that ends with it."""
    before, is_open = having.get(task.id), task.status is TaskStatus.OPEN
    person = task.assignee or ""
    if before is not None and (not is_open or before.person != person):
        decided = task.outcome is not None and not is_open
        own = not decided or (event.actor == before.person and event.on_behalf_of is None)
        del having[task.id]
        yield _held(case, task, before, event.at, measure, own=own, ended=event.seq)
    if not is_open:
        return
    one = having.setdefault(task.id, _Having(person=person, since=event.at))
    paused = _paused(case, task)
    running = bool(one.pauses) and len(one.pauses[-1]) == 1
    if paused and not running:
        one.pauses.append([event.at])
    elif running and not paused:
        one.pauses[-1].append(event.at)


def _paused(case: Case, task: Task) -> bool:
    clock = case.clock(ClockKind.TASK.of(task.item))
    return task.question is not None or (clock is not None and clock.status is ClockStatus.PAUSED)


def _held(
    case: Case,
    task: Task,
    one: _Having,
    end: Moment,
    measure: Measure,
    *,
    own: bool,
    ended: int = 0,
) -> Held:
    pauses = [(pause[0], pause[1] if len(pause) > 1 else end) for pause in one.pauses]
    away = [
        (absence.starts_at, absence.ends_at)
        for absence in measure.directory.absences
        if absence.person == one.person and absence.process in ("", case.process)
    ]
    working = waiting = mine = 0
    for start, stop in _pieces(one.since, end, [*pauses, *away, *measure.down]):
        length = measure.calendar.working_between(start, stop)
        working += length
        if _within(start, pauses):
            waiting += length
        elif own and one.person and not _within(start, [*away, *measure.down]):
            mine += length
    return Held(
        task=task.id,
        node=task.node,
        person=one.person,
        since=one.since,
        until=end,
        ended=ended,
        gross=end - one.since,
        working=working,
        waiting=waiting,
        own=mine,
        paused=tuple(pauses),
    )


def _pieces(start: Moment, end: Moment, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the pieces of a time between the limits of these spans."""
    limits = {start, end, *(min(max(at, start), end) for span in spans for at in span)}
    cuts = sorted(limits)
    yield from pairwise(cuts)


def _within(at: Moment, spans: Sequence[Span]) -> bool:
    return any(start <= at < end for start, end in spans)
