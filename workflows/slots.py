"""The slots of calendar jobs: of schedules and surveys, and of the checks of alerts.

A slot is a day, a week from Monday, a month, or a quarter, half-year or year of the company. It is
due when work begins on the first working day of the period, or some working days later. After a
downtime only the newest slot counts (rules: schedules).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import dropwhile, takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

from workflows.calendar import WorkCalendar
from workflows.durations import Span
from workflows.field_rules import moved
from workflows.model.schedules import Repeat
from workflows.moments import DAY, HOUR, Moment, moment_of
from workflows.periods import quarter_of

CHECK_EVERY = 2 * HOUR  # of alerts, while the company works
_ONE = timedelta(days=1)
_NO_WORK = 45  # days; a company is assumed to work within them
_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A period of a schedule: its name, such as "2026-W49", and the time at which it is due."""

    name: str
    due_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A period that has ended: its name, its beginning and its end, which is not part of it."""

    name: str
    since: Moment
    until: Moment


class Recurring(Protocol):
    """What has slots: the length of its periods, and how long after their beginning it is due."""

    @property
    def every(self) -> Repeat: ...

    @property
    def after(self) -> Span | None: ...


def newest(schedule: Recurring, calendar: WorkCalendar, *, now: Moment) -> Slot:
    """Return the newest slot that is due."""
    return next(slot for slot in _backwards(schedule, calendar, now) if slot.due_at <= now)


def preceding(schedule: Recurring, calendar: WorkCalendar, *, now: Moment) -> Slot:
    """Return the slot before the newest that is due."""
    due = dropwhile(lambda slot: slot.due_at > now, _backwards(schedule, calendar, now))
    next(due)
    return next(due)


def following(schedule: Recurring, calendar: WorkCalendar, *, now: Moment) -> Slot:
    """Return the first slot that is not due yet."""
    ahead = takewhile(lambda slot: slot.due_at > now, _backwards(schedule, calendar, now))
    *_, first = ahead
    return first


def ended(schedule: Recurring, calendar: WorkCalendar, *, now: Moment) -> tuple[Ended, Ended]:
    """Return the period that has ended last when its next one was due, and the one before."""
    slots = _backwards(schedule, calendar, now)
    due = next(slot for slot in slots if slot.due_at <= now)
    fiscal = calendar.data.fiscal_year_starts
    begun = _first(calendar.day_of(due.due_at), schedule.every, fiscal)
    last = _first(begun - _ONE, schedule.every, fiscal)
    former = _first(last - _ONE, schedule.every, fiscal)

    def period(first: date, until: date) -> Ended:
        return Ended(
            name=_name(first, schedule.every, fiscal),
            since=_midnight(calendar, first),
            until=_midnight(calendar, until),
        )

    return period(last, begun), period(former, last)


def _midnight(calendar: WorkCalendar, day: date) -> Moment:
    return moment_of(datetime.combine(day, time(), tzinfo=ZoneInfo(calendar.data.zone)))


def _backwards(schedule: Recurring, calendar: WorkCalendar, now: Moment) -> Iterator[Slot]:
    """Yield the slots from the one after the present period back, without end."""
    fiscal = calendar.data.fiscal_year_starts
    first = _next(_first(calendar.day_of(now), schedule.every, fiscal), schedule.every)
    while True:
        yield Slot(
            name=_name(first, schedule.every, fiscal), due_at=_due(schedule, calendar, first)
        )
        first = _first(first - _ONE, schedule.every, fiscal)


def _due(schedule: Recurring, calendar: WorkCalendar, first: date) -> Moment:
    if schedule.after is None:
        return calendar.opening_of(first)
    begun = calendar.day_of(calendar.opening_of(first))
    return calendar.opening_of(moved(begun, 1, schedule.after, calendar))


def _first(day: date, every: Repeat, fiscal: int) -> date:
    """Return the first day of the period of a day."""
    if every == "day":
        return day
    if every == "week":
        return day - timedelta(days=day.weekday())
    if every == "month":
        return day.replace(day=1)
    if every == "quarter":
        return quarter_of(day, fiscal=fiscal).first
    if every == "half_year":
        return _half_of(day, fiscal)
    year = day.year - (day.month < fiscal)
    return date(year, fiscal, 1)


def _next(first: date, every: Repeat) -> date:
    """Return the first day of the next period."""
    if every == "day":
        return first + _ONE
    if every == "week":
        return first + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}[every]
    years, month = divmod(first.month - 1 + months, _YEAR)
    return date(first.year + years, month + 1, 1)


def _name(first: date, every: Repeat, fiscal: int) -> str:
    if every == "day":
        return first.isoformat()
    if every == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    if every == "month":
        return f"{first:%Y-%m}"
    if every == "quarter":
        return quarter_of(first, fiscal=fiscal).id
    if every == "half_year":
        quarter = quarter_of(first, fiscal=fiscal).id
        return f"{quarter[:-2]}H{(int(quarter[-1]) + 1) // 2}"
    return str(first.year if fiscal == 1 else first.year + 1)


def check_before(calendar: WorkCalendar, *, at: Moment) -> Moment | None:
    """Return the last time of a check of alerts at or before a time; None without any for weeks.

    Alerts are checked when work begins, also after a break, and every two hours until it ends.
    """
    day = calendar.day_of(at)
    days = (day - count * _ONE for count in range(_NO_WORK))
    found = (time for one in days for time in reversed(checks_of(calendar, one)) if time <= at)
    return next(found, None)


def check_after(calendar: WorkCalendar, *, at: Moment) -> Moment:
    """Return the first time of a check of alerts after a time."""
    day = calendar.day_of(calendar.next_opening(at))
    days = (day + count * _ONE for count in range(-1, _NO_WORK))
    found = (time for one in days for time in checks_of(calendar, one) if time > at)
    return next(found, at + _NO_WORK * DAY)


def checks_of(calendar: WorkCalendar, day: date) -> tuple[Moment, ...]:
    """Return the times of a day at which alerts are checked."""
    if not calendar.is_working_day(day):
        return ()
    zone = ZoneInfo(calendar.data.zone)
    times: list[Moment] = []
    for opens, closes in calendar.data.hours_of(day):
        ends = day + _ONE if closes <= opens else day
        begin = moment_of(datetime.combine(day, opens, tzinfo=zone))
        end = moment_of(datetime.combine(ends, closes, tzinfo=zone))
        times.extend(range(begin, end, CHECK_EVERY))
    return tuple(times)


def _half_of(day: date, fiscal: int) -> date:
    """Return the first day of the half-year of a day: of its first or third quarter."""
    quarter = quarter_of(day, fiscal=fiscal)
    first_of_two = quarter.id[-1] in "13"
    return quarter.first if first_of_two else quarter_of(quarter.first - _ONE, fiscal=fiscal).first
