"""Working time: when it is open, when a span ends, and how much of a span is left.

Working time consists of open intervals ``[opening, closing)`` in UTC. They are computed from local
hours in the calendar's time zone, so that a change of daylight saving time lengthens or shortens an
interval instead of moving it. Between two intervals no working time passes: all moments from a
closing to the next opening have the same elapsed working time, and two rules choose among them.

* The *end* of a span is the closing: four working hours from 14:00 end at 18:00 the same day, not
  at 09:00 the next. Due times are always of this kind ("normalised").
* The *start* of a span is the opening: see `WorkCalendar.subtract`.

Working days: the first working day whose close is not before the start is day 0, and ``n wd`` end
at the close of day n (rules: calendar units). So 1wd from Monday 10:00, from Monday 07:00,
from Saturday, and from Friday 18:01 end on Tuesday; from Friday 10:00 on Monday. A start exactly at
the close belongs to that day, so that spans can be chained: 1wd after a 1wd due time equals 2wd.

Moments outside the years 2000–2099 raise ValueError, as do results farther than 20 years away.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from workflows import working_days as days_of
from workflows.durations import Budget, Span, Unit
from workflows.moments import Moment, moment_of, utc
from workflows.working_days import CalendarData, Hours, YearStatus

__all__ = ["CalendarData", "Hours", "QuietHours", "WorkCalendar", "YearStatus"]

MAX_YEARS: Final = 20  # the search range of all methods
_DAY = timedelta(days=1)
_FIRST = moment_of(datetime(days_of.FIRST_YEAR, 1, 1, tzinfo=UTC))
_END = moment_of(datetime(days_of.LAST_YEAR + 1, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """The open intervals of one local year, in UTC microseconds, sorted for bisection."""

    days: frozenset[date]
    opens: tuple[int, ...]
    closes: tuple[int, ...]
    before: tuple[int, ...]  # working time of the year before each interval
    after: tuple[int, ...]  # … and after it
    day_closes: tuple[int, ...]  # the last closing of each working day that has any working time

    @property
    def total(self) -> int:
        return self.after[-1] if self.after else 0

    def elapsed(self, at: int) -> int:
        """Return the working time of the year up to `at`, in microseconds."""
        index = bisect_right(self.opens, at) - 1
        if index < 0:
            return 0
        return self.before[index] + min(at, self.closes[index]) - self.opens[index]

    def earliest(self, elapsed: int) -> int:
        """Return the first moment with this elapsed time, given 0 < elapsed <= total."""
        index = bisect_left(self.after, elapsed)
        return self.opens[index] + elapsed - self.before[index]

    def latest(self, elapsed: int) -> int:
        """Return the last moment with this elapsed time, given 0 <= elapsed < total."""
        index = bisect_right(self.before, elapsed) - 1
        return self.opens[index] + elapsed - self.before[index]


def _build(data: CalendarData, zone: ZoneInfo, year: int) -> _Year:
    opens: list[int] = []
    closes: list[int] = []
    before: list[int] = []
    after: list[int] = []
    day_closes: list[int] = []
    total = 0
    days = days_of.working_days(data, year=year)
    begin, end = (_local(date(number, 1, 1), time(0), zone) for number in (year, year + 1))
    closed = 0  # the last closing so far
    for day in (*_evening_before(data, year), *days):
        worked = False
        for start, stop in data.hours_of(day):
            close = _local(day if stop > start else day + _DAY, stop, zone)
            # Where daylight saving time skips an hour, a limit inside it is moved behind the gap
            # (RFC 5545), and an interval before the previous closing becomes empty.
            opened = max(_local(day, start, zone), closed)
            closed = max(closed, close)
            worked = worked or opened < close
            opened, close = max(opened, begin), min(close, end)
            if opened < close:
                opens.append(opened)
                closes.append(close)
                before.append(total)
                total += close - opened
                after.append(total)
        # A shift that ends after midnight of 31 December closes its day in the next year.
        if worked and begin < closed <= end:
            day_closes.append(closed)
    return _Year(
        days=frozenset(days),
        opens=tuple(opens),
        closes=tuple(closes),
        before=tuple(before),
        after=tuple(after),
        day_closes=tuple(day_closes),
    )


@cache
def _year_starts(zone: str) -> tuple[Moment, ...]:
    """Return the beginnings of the local years from `FIRST_YEAR`, for bisection."""
    years = range(days_of.FIRST_YEAR, days_of.LAST_YEAR + 2)
    return tuple(_local(date(year, 1, 1), time(0), ZoneInfo(zone)) for year in years)


def _evening_before(data: CalendarData, year: int) -> tuple[date, ...]:
    """Return the last day of the year before, if its hours end in this year."""
    if year == days_of.FIRST_YEAR:
        return ()
    day = date(year - 1, 12, 31)
    start, stop = data.hours_of(day)[-1]
    return (day,) if stop < start and day in days_of.working_days(data, year=year - 1) else ()


def _local(day: date, at: time, zone: ZoneInfo) -> int:
    return moment_of(datetime.combine(day, at, tzinfo=zone))


class WorkCalendar:
    """The working time of a company. Immutable; years are computed once, when needed."""

    __slots__ = ("_starts", "_years", "_zone", "data")

    data: Final[CalendarData]

    def __init__(self, data: CalendarData) -> None:
        self.data = data
        self._zone = ZoneInfo(data.zone)
        self._starts = _year_starts(data.zone)
        self._years: dict[int, _Year] = {}  # a cache; no lock, as all threads compute the same

    def named(self, name: str | None) -> WorkCalendar:
        """Return the calendar that a step or a department names; there is only this one."""
        return self

    def name_for(self, departments: Collection[str]) -> str | None:
        """Return the name of the calendar of these departments; None for this one."""
        return None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the further calendars."""
        return ()

    @property
    def fingerprint(self) -> str:
        """A hash that changes when a due time could change."""
        return self.data.fingerprint

    # ------------------------------------------------------------ days

    def is_working_day(self, day: date) -> bool:
        """Return whether a local date is a working day, including make-up days."""
        return day in self._year(day.year).days

    def holiday_name(self, day: date, language: str) -> str | None:
        """Return the name of the public holiday on `day` in "zh" or "en", or None."""
        return days_of.holiday_name(self.data, day=day, language=language)

    def status(self, year: int) -> YearStatus:
        """Return "confirmed" if the year's official calendar is announced, else "provisional"."""
        return days_of.year_status(self.data, year=year)

    def status_at(self, at: Moment) -> YearStatus:
        """Return the status of the local year of a moment."""
        return self.status(self._local_year(_checked(at)))

    # ------------------------------------------------------------ moments

    def day_of(self, at: Moment) -> date:
        """Return the date of a point in time in the calendar's zone."""
        return utc(at).astimezone(self._zone).date()

    def opening_of(self, day: date) -> Moment:
        """Return the first moment of working time on this day or after it."""
        return self.next_opening(_local(day, time(0), self._zone))

    def is_open(self, at: Moment) -> bool:
        """Return whether `at` is in working time; an opening is, a closing is not."""
        return self.next_opening(at) == at

    def next_opening(self, at: Moment) -> Moment:
        """Return the first moment of working time at or after `at`.

        Raises ValueError when there is none within MAX_YEARS.
        """
        moment = _checked(at)
        number = self._year_before(moment)
        for candidate in range(number, number + MAX_YEARS):
            year = self._year(candidate)
            index = bisect_right(year.closes, moment)
            if index < len(year.opens):
                return max(moment, year.opens[index])
        raise ValueError(f"no working time within {MAX_YEARS} years of {utc(at)}")

    def add(self, at: Moment, span: Span) -> Moment:
        """Return the end of a span that starts at `at`.

        In wall-clock units this is the sum. In working minutes and hours it is the earliest moment
        by which that much working time has passed. In working days it is the close of the n-th day
        (see the module). Raises ValueError beyond the range of years.
        """
        moment = _checked(at)
        if span.unit is Unit.WORKING_DAYS:
            return self._close_after(moment, span.amount)
        if span.is_working:
            return self._shift(moment, span.microseconds)
        return moment + span.microseconds

    def subtract(self, at: Moment, span: Span) -> Moment:
        """Return the latest start from which the span ends at or before `at`.

        So ``add(subtract(at, span), span) <= at``, with equality wherever `at` can be the end of
        such a span. For working minutes and hours the result is an opening rather than the closing
        before it; for working days it is a close.
        """
        moment = _checked(at)
        if span.unit is Unit.WORKING_DAYS:
            return self._close_before(moment, span.amount)
        if not span.is_working:
            return moment - span.microseconds
        number = self._year_before(moment)
        elapsed = self._year(number).elapsed(moment) - span.microseconds
        for _ in range(MAX_YEARS):
            if elapsed >= 0:
                return self._year(number).latest(elapsed)
            number -= 1
            elapsed += self._year(number).total
        raise ValueError(f"{span} before {utc(at)} is more than {MAX_YEARS} years away")

    def working_between(self, a: Moment, b: Moment) -> int:
        """Return the working time from `a` to `b` in microseconds; negative if `b` is before `a`.

        Raises ValueError beyond the range of years.
        """
        return self._between(_checked(a), _checked(b))

    def scale(self, start: Moment, span: Span, fraction: Fraction) -> Moment:
        """Return when `fraction` of a span from `start` has passed; 1 gives its end.

        Of working days, the working time from the start to the end is divided. Raises ValueError
        unless the fraction is above 0 and at most 10.
        """
        above, below = fraction.numerator, fraction.denominator
        if not 0 < above <= 10 * below:
            raise ValueError(f"a fraction above 0 and up to 10 is allowed, not {fraction}")
        moment = _checked(start)
        if span.unit is Unit.WORKING_DAYS:
            whole = self._between(moment, self._close_after(moment, span.amount))
        else:
            whole = span.microseconds
        part = max(1, whole * above // below)
        return self._shift(moment, part) if span.is_working else moment + part

    # ------------------------------------------------------------ pauses

    def remaining(self, now: Moment, due: Moment, unit: Unit) -> Budget:
        """Return what is left at `now` of a span in `unit` that ends at `due`.

        The budget is negative if the span is overdue. Working days are kept as working time as
        well: a pause moves a due time by the working time that it took.
        """
        if unit.is_working:
            left = self._between(_checked(now), _checked(due))
            return Budget(kind="working", microseconds=left)
        return Budget(kind="wall", microseconds=_checked(due) - _checked(now))

    def resume(self, now: Moment, budget: Budget) -> Moment:
        """Return the new due time when a paused clock resumes at `now`.

        ``resume(now, remaining(now, due, unit)) == due`` in wall-clock units for every due time,
        and in working units for every normalised one: inside an open interval or at its closing,
        which is what `add` and `scale` return. As no working time passes outside the intervals,
        pausing and resuming there changes nothing. A budget of zero gives the normalised moment of
        `now`, a negative one a moment before.
        """
        moment = _checked(now)
        if budget.kind == "wall":
            return moment + budget.microseconds
        return self._shift(moment, budget.microseconds)

    # ------------------------------------------------------------ internal

    def _year(self, number: int) -> _Year:
        year = self._years.get(number)
        if year is None:
            year = self._years[number] = _build(self.data, self._zone, number)
        return year

    def _local_year(self, moment: int) -> int:
        return days_of.FIRST_YEAR + bisect_right(self._starts, moment) - 1

    def _year_before(self, moment: int) -> int:
        """Return the year of the preceding microsecond; a closing at midnight is in it."""
        return self._local_year(moment - 1)

    def _between(self, a: int, b: int) -> int:
        if b < a:
            return -self._between(b, a)
        first, last = self._year_before(a), self._year_before(b)
        whole_years = sum(self._year(number).total for number in range(first, last))
        return whole_years + self._year(last).elapsed(b) - self._year(first).elapsed(a)

    def _shift(self, moment: int, amount: int) -> int:
        """Return the earliest moment that is `amount` of working time from `moment`."""
        number = self._year_before(moment)
        elapsed = self._year(number).elapsed(moment) + amount
        for _ in range(MAX_YEARS):
            year = self._year(number)
            if elapsed > year.total:
                elapsed -= year.total
                number += 1
            elif elapsed <= 0:
                number -= 1
                elapsed += self._year(number).total
            else:
                return year.earliest(elapsed)
        raise ValueError(f"the end of the span is more than {MAX_YEARS} years away")

    def _close_after(self, moment: int, amount: int) -> int:
        number = self._year_before(moment)
        index = bisect_left(self._year(number).day_closes, moment) + amount
        for _ in range(MAX_YEARS):
            closes = self._year(number).day_closes
            if index < len(closes):
                return closes[index]
            index -= len(closes)
            number += 1
        raise ValueError(f"{amount}wd end more than {MAX_YEARS} years away")

    def _close_before(self, moment: int, amount: int) -> int:
        number = self._year_before(moment)
        index = bisect_right(self._year(number).day_closes, moment) - 1 - amount
        for _ in range(MAX_YEARS):
            if index >= 0:
                return self._year(number).day_closes[index]
            number -= 1
            index += len(self._year(number).day_closes)
        raise ValueError(f"{amount}wd before are more than {MAX_YEARS} years away")


def _checked(at: Moment) -> Moment:
    if not _FIRST <= at < _END:
        first, last = days_of.FIRST_YEAR, days_of.LAST_YEAR
        raise ValueError(f"{utc(at)} lies outside the years {first} to {last}")
    return at


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """A daily period, in a person's time zone, in which they get no reminders.

    It lasts from `start` to `end`, past midnight if `end` is the smaller. Raises ValueError if they
    are equal or have an offset.
    """

    start: time
    end: time

    def __post_init__(self) -> None:
        if self.start.tzinfo or self.end.tzinfo:
            raise ValueError("quiet hours are local times: leave out the offset")
        if self.start == self.end:
            raise ValueError(f"quiet hours from {self.start} to {self.end} are never or always")

    def release(self, at: Moment, zone: str) -> Moment:
        """Return `at` outside quiet hours in `zone`, else the end of the period."""
        local = utc(_checked(at)).astimezone(ZoneInfo(zone))
        clock = local.time()
        evening = clock >= self.start
        morning = clock < self.end
        over_midnight = self.end < self.start
        if not (evening or morning if over_midnight else evening and morning):
            return at
        day = local.date() + _DAY if over_midnight and evening else local.date()
        # In the hour that the end of daylight saving time repeats, keep the fold of `at`.
        end = datetime.combine(day, self.end, tzinfo=local.tzinfo)
        return moment_of(end.replace(fold=local.fold))
