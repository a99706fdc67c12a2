"""A second reckoning of the quarters and years of a supplier: their names, and when each is due."""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta

from workflows.calendar import WorkCalendar
from workflows.moments import Moment

_DAY = timedelta(days=1)


def year(calendar: WorkCalendar, day: date, number: int) -> tuple[str, Moment]:
    """A year since a day, counted from 0; it is due sixty days before it is over."""
    ends = day.year + number + 1
    missing = (day.month, day.day) == (2, 29) and not isleap(ends)
    end = date(ends, 2, 28) if missing else day.replace(year=ends)
    return str(ends), calendar.opening_of(end - 60 * _DAY)


def quarter(calendar: WorkCalendar, day: date, number: int) -> tuple[str, Moment]:
    """A quarter that is whole since a day, counted from 0; it is due five working days later."""
    past = 4 * day.year + (day.month - 1) // 3
    if day != _first_day(past):
        past += 1
    past += number
    due, left = _first_day(past + 1) - _DAY, 5
    while left or not calendar.is_working_day(due):
        left -= calendar.is_working_day(due)
        due += _DAY
    return f"{past // 4}-Q{past % 4 + 1}", calendar.opening_of(due)


def _first_day(quarter: int) -> date:
    """The first day of a quarter that is counted through all years."""
    return date(quarter // 4, quarter % 4 * 3 + 1, 1)
