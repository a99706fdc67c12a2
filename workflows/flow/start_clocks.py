"""The clocks of the starts of a wait node: when each is due next.

A clock has the key `begin:<visit>:<start>`, with the subject of the start at the end where it has
one. The id of its last rung is the period or the day that it waits for. A start by periods is due
when working time begins after the end of each; one on a day of a field when that day opens, once
for each day. A start on the expiry of certificates has a clock for each, which is due on the day
after; the rungs of its ladder come before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from msgspec import UNSET
from msgspec.structs import replace

from workflows.calendar import WorkCalendar
from workflows.case.clock import Clock, ClockKind, ClockStatus, PlannedRung, about_of, kind_of
from workflows.case.draft import Draft
from workflows.case.state import Case, Visit
from workflows.durations import Span, Unit
from workflows.field_rules import moved
from workflows.flow import until
from workflows.flow.clocks import ClockPlanned, Why, rungs_before, stop
from workflows.model.bounds import DayBound
from workflows.model.clocks import Ladder
from workflows.model.definition import Definition
from workflows.model.fields import EXPIRES
from workflows.model.nodes import WaitNode
from workflows.model.starts import Start
from workflows.moments import Moment, moment_of
from workflows.periods import Period, quarter_from, quarter_of, year_from

_LIMIT = Span(amount=1, unit=Unit.DAYS)  # a clock has one; the due time is that of the day


def key_of(visit: str, start: str, subject: str = "") -> str:
    """Return the key of the clock of a start."""
    return ClockKind.BEGIN.of(":".join((visit, start, subject) if subject else (visit, start)))


def read_key(key: str) -> tuple[str, str, str]:
    """Return the visit, the start and the subject of a clock by its key."""
    visit, _, rest = about_of(key).partition(":")
    start, _, subject = rest.partition(":")
    return visit, start, subject


def node_of_clock(case: Case, definition: Definition, key: str) -> str:
    """Return the node of this clock, which waits for a day or does a work, or that it starts.

    The node at which the case is, if it was never there.
    """
    visit, start_id, _ = read_key(key)
    stays = ((one.id, one.node) for one in (*case.visits, *case.waited))
    place = next((node for of, node in stays if of == visit), case.node)
    if kind_of(key) in (ClockKind.UNTIL, ClockKind.WORK):
        return place
    node = definition.node(place)
    start = node.start(start_id) if isinstance(node, WaitNode) else None
    return place if start is None else start.to


def running(case: Case, visit: str) -> Iterator[Clock]:
    """Yield the running clocks of the starts of a visit."""
    for clock in case.clocks:
        begins = clock.kind is ClockKind.BEGIN and read_key(clock.key)[0] == visit
        if begins and clock.status is ClockStatus.RUNNING:
            yield clock


def begin(draft: Draft, node: WaitNode, visit: Visit) -> None:
    """Plan the first time of each start that has clocks."""
    for start in node.starts:
        for subject in on_days(draft.world.definition, start):
            _plan(draft, at_day(draft, node, visit, start, subject=subject, why="started"))
        if start.every is not None:
            day = draft.world.calendar.day_of(draft.world.now)
            first = _first_day(draft, start, day)
            _plan(draft, _each(draft, node, visit, start, first=first, why="started"))


def follow_up(draft: Draft, node: WaitNode, visit: Visit, start: Start, clock: Clock) -> None:
    """Plan the next time of a start that was due just now; `clock` is as it was then."""
    if start.every is None:
        stop(draft, clock.key, why="cancelled")
        return
    first = _begins(clock, draft.world.calendar)
    if start.every == "quarter":
        period = _period(draft, visit, start, first=first, after="")
        first = period.next_day
    new = _each(draft, node, visit, start, first=first, why="started")
    if new is None:  # after the last year of the calendar
        stop(draft, clock.key, why="cancelled")
    _plan(draft, new)


def again(
    draft: Draft,
    node: WaitNode,
    visit: Visit,
    clock: Clock,
    *,
    why: Literal["regraded", "calendar", "moved"],
) -> ClockPlanned | None:
    """Return the plan of a running clock by the dates and the calendar of now; None without one."""
    _, start_id, subject = read_key(clock.key)
    start = node.start(start_id)
    if start is None:
        return None
    if start.every is None:
        begun = clock.started_at
        return at_day(draft, node, visit, start, subject=subject, why=why, started_at=begun)
    first = _begins(clock, draft.world.calendar)
    return _each(draft, node, visit, start, first=first, why=why)


def on_days(definition: Definition, start: Start) -> tuple[str, ...]:
    """Return the subjects of a start on days of fields: certificates, or "" for a start of one day.

    Other starts have none.
    """
    if start.at is not None:
        return ("",)
    form = start.of_form if start.on_expiry_of is not None else None
    return tuple(one.id for one in definition.forms[form].certificates) if form is not None else ()


def ladder_of(case: Case, definition: Definition, key: str) -> Ladder:
    """Return the ladder whose rungs come before a start is due, by its clock."""
    visit = case.visit(read_key(key)[0])
    node = None if visit is None else definition.node(visit.node)
    start = node.start(read_key(key)[1]) if isinstance(node, WaitNode) else None
    assert start is not None, f"no start of {key}"
    assert start.ladder is not None, "its rungs were planned"
    return definition.ladders[start.ladder]


def regrade(draft: Draft, node: WaitNode, visit: Visit, start: Start, subject: str) -> bool:
    """Plan a start on a day of a field again after a form was taken.

    Return whether what is due of it and waits is not needed any more, because its day has moved.
    """
    key = key_of(visit.id, start.id, subject)
    clock = draft.case.clock(key)
    runs = clock is not None and clock.status is ClockStatus.RUNNING
    why: Why = "regraded" if runs and not subject else "started"  # other rungs come before it
    new = at_day(draft, node, visit, start, subject=subject, why=why)
    if new is None:
        stop(draft, key, why="cancelled")
        return _day_of(draft, node, start, subject) is None
    if not runs or clock is None or clock.planned[-1] != new.rungs[-1]:
        _plan(draft, new)
    return True


def replan(draft: Draft, node: WaitNode, visit: Visit, clock: Clock) -> None:
    """Plan a start again after a change of the calendar, if its time or its period changes."""
    new = again(draft, node, visit, clock, why="calendar")
    if new is not None and (new.rungs, new.provisional) != (clock.planned, clock.provisional):
        draft.cause(new)


def move(draft: Draft, node: WaitNode, visit: Visit) -> None:
    """Plan the starts again of a case that has come to another version of its definition.

    One that is gone is stopped, one that was not there is planned from now on. A period that was
    due is not due again. Days of fields that have none yet are for `starts.regrade`.
    """
    for clock in tuple(running(draft.case, visit.id)):
        _, start_id, subject = read_key(clock.key)
        start = node.start(start_id)
        fits = start is not None and (
            start.every is not None or subject in on_days(draft.world.definition, start)
        )
        new = again(draft, node, visit, clock, why="moved") if fits else None
        if new is None:
            stop(draft, clock.key, why="cancelled")
            continue
        *tells, begins = new.rungs
        new = replace(new, rungs=(*ahead(tells, clock, now=draft.world.now), begins))
        if new.rungs != clock.planned:
            draft.cause(new)
    runs = {clock.key for clock in running(draft.case, visit.id)}
    for start in node.starts:
        if start.every is not None and key_of(visit.id, start.id) not in runs:
            first = _first_left(draft, visit, start)
            _plan(draft, _each(draft, node, visit, start, first=first, why="started"))


def _first_left(draft: Draft, visit: Visit, start: Start) -> date:
    """Return the first day of the first period from now on that was not due yet."""
    work = draft.world.calendar
    first = _first_day(draft, start, work.day_of(draft.world.now))
    if start.every == "quarter":
        quarter = quarter_of(first, fiscal=work.data.fiscal_year_starts)
        if quarter.id <= _last(draft, visit, start):
            return quarter.next_day
    return first


def ahead(rungs: Iterable[PlannedRung], clock: Clock, *, now: Moment) -> tuple[PlannedRung, ...]:
    """Return those of the new rungs of a clock that are to fire: later ones, and planned ones."""
    return tuple(rung for rung in rungs if rung.at > now or rung in clock.planned)


def at_day(
    draft: Draft,
    node: WaitNode,
    visit: Visit,
    start: Start,
    *,
    subject: str,
    why: Why,
    started_at: Moment | None = None,
) -> ClockPlanned | None:
    """Return the plan of a start on a day of a field, or after the expiry of a certificate.

    None if the field is empty, or if the start was due for this day before.
    """
    work = _calendar(draft, node)
    day = _day_of(draft, node, start, subject)
    if day is None or day.isoformat() == _last(draft, visit, start, subject):
        return None
    at, begun = until.opening_of(day, work), draft.world.now if started_at is None else started_at
    new = _clock(draft, node, visit, start, period=day.isoformat(), at=at, why=why, begun=begun)
    if not subject or start.ladder is None:
        return new
    key = key_of(visit.id, start.id, subject)
    before = draft.case.clock(key)
    fired = before.fired if before is not None and why != "started" else ()
    rungs = rungs_before(draft, start.ladder, due=at, calendar=work)
    ahead = (one for one in rungs if one.id not in fired)
    return replace(new, clock=key, rungs=(*ahead, *new.rungs))


def _day_of(draft: Draft, node: WaitNode, start: Start, subject: str) -> date | None:
    """Return the day of a start on a day of a field; None if the field is empty."""
    work = _calendar(draft, node)
    if not subject:
        return until.day_of(start.at, draft.values, work)
    expired = DayBound(text="", field=f"{subject}{EXPIRES}", span=_LIMIT)
    return until.day_of(expired, draft.values, work)


def _each(
    draft: Draft, node: WaitNode, visit: Visit, start: Start, *, first: date, why: Why
) -> ClockPlanned | None:
    """Return the plan of a start for the period that begins on a day; None if there is no day."""
    work = _calendar(draft, node)
    period = _period(draft, visit, start, first=first, after=_last(draft, visit, start))
    try:
        at = work.opening_of(_day(start, period, work))
    except ValueError:
        return None
    begun = _midnight(first, draft.world.calendar)
    return _clock(draft, node, visit, start, period=period.id, at=at, why=why, begun=begun)


def _day(start: Start, period: Period, work: WorkCalendar) -> date:
    if start.before is not None:
        return moved(period.next_day, -1, start.before, work)
    return period.next_day if start.after is None else moved(period.last, 1, start.after, work)


def _period(draft: Draft, visit: Visit, start: Start, *, first: date, after: str) -> Period:
    if start.every == "year":
        last = _last(draft, visit, start)
        return year_from(first, year=int(last) + 1 if last else first.year + 1)
    return quarter_from(first, fiscal=draft.world.calendar.data.fiscal_year_starts, after=after)


def _first_day(draft: Draft, start: Start, day: date) -> date:
    """Return the first day of the first period of a wait that begins on a day."""
    if start.every == "year":
        return day
    quarter = quarter_of(day, fiscal=draft.world.calendar.data.fiscal_year_starts)
    whole = start.first != "full" or quarter.first == day
    return quarter.first if whole else quarter.next_day


def _clock(
    draft: Draft,
    node: WaitNode,
    visit: Visit,
    start: Start,
    *,
    period: str,
    at: Moment,
    why: Why,
    begun: Moment,
) -> ClockPlanned:
    return ClockPlanned(
        clock=key_of(visit.id, start.id),
        why=why,
        started_at=begun,
        limit=str(_LIMIT),
        ladder="",
        due_at=at,
        rungs=(PlannedRung(id=period, at=at),),
        provisional=until.is_provisional(at, _calendar(draft, node)),
        calendar=node.calendar or UNSET,
    )


def _plan(draft: Draft, clock: ClockPlanned | None) -> None:
    if clock is not None:
        draft.cause(clock)


def _last(draft: Draft, visit: Visit, start: Start, subject: str = "") -> str:
    rest = draft.case.scope(visit.id).rest
    assert rest is not None, "the scope of a wait node with starts"
    return rest.last(start.id, subject)


def _begins(clock: Clock, calendar: WorkCalendar) -> date:
    """Return the first day of the period for which a clock runs."""
    return calendar.day_of(clock.started_at)


def _midnight(day: date, calendar: WorkCalendar) -> Moment:
    return moment_of(datetime.combine(day, time(0), tzinfo=ZoneInfo(calendar.data.zone)))


def _calendar(draft: Draft, node: WaitNode) -> WorkCalendar:
    return draft.world.calendar.named(node.calendar)
