"""Periods that follow each other without a gap: the quarters of a company, and years from a day.

A quarter belongs to the fiscal year, which is named by the calendar year in which it ends. When a
company changes its fiscal year, the next period begins where the last one ended and ends with the
new quarter; a period that is no whole quarter, or whose name was used before, is named by its days.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

Every = Literal["quarter", "year"]

_ONE = timedelta(days=1)
_MONTHS = 3
_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A period with its first and its last day: "2026-Q3", or "2026-04-01/2026-04-30"."""

    id: str
    first: date
    last: date

    @property
    def next_day(self) -> date:
        """The first day after it."""
        return self.last + _ONE


def quarter_of(day: date, *, fiscal: int) -> Period:
    """Return the quarter of a day; `fiscal` is the month in which the fiscal year starts."""
    past = (day.month - fiscal) % _YEAR
    first = _month(day.replace(day=1), -(past % _MONTHS))
    begins = _month(day.replace(day=1), -past)  # the first day of the fiscal year
    ends = _month(begins, _YEAR) - _ONE
    return Period(
        id=f"{ends.year}-Q{past // _MONTHS + 1}",
        first=first,
        last=_month(first, _MONTHS) - _ONE,
    )


def quarter_from(first: date, *, fiscal: int, after: str) -> Period:
    """Return the period that begins on a day; `after` is the greatest name so far."""
    quarter = quarter_of(first, fiscal=fiscal)
    if quarter.first == first and quarter.id > after:
        return quarter
    return Period(id=f"{first}/{quarter.last}", first=first, last=quarter.last)


def year_from(day: date, *, year: int) -> Period:
    """Return the year from a day that ends in this calendar year; its name is that year."""
    first, end = _anniversary(day, year - 1), _anniversary(day, year)
    return Period(id=str(year), first=first, last=end - _ONE)


def _anniversary(day: date, year: int) -> date:
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)


def _month(first: date, months: int) -> date:
    """Return the first day of the month that is so many months later."""
    years, month = divmod(first.month - 1 + months, _YEAR)
    return date(first.year + years, month + 1, 1)
