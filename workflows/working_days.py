"""Working days: the public calendar of a region with a company's overrides.

The public calendar comes from the `holidays` library, whose Chinese data includes the make-up days
(调休) of the State Council's notices. A company overrides single dates. In order of precedence:

1. `extra_off`: the company is closed on this date.
2. `extra_on`: the company works on this date.
3. the region's calendar, make-up days included; for region "none" plain Monday to Friday.

The weekend is the region's unless the company has its own, and of the region's holidays those of
`categories` count. `short_days` and `weekday_hours` change the hours of a working day; they never
turn a closed day into a working day, so that a half day entered early cannot undo a holiday
announced later. The last pair of a day's hours may end on the next day ("22:00-06:00"); that work
belongs to the day on which it begins.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from holidays import HolidayBase

Hours = tuple[tuple[time, time], ...]
YearStatus = Literal["confirmed", "provisional"]

NO_REGION = "none"
FIRST_YEAR, LAST_YEAR = 2000, 2099  # dates outside are refused, as there is no data
FINGERPRINT_YEARS = range(2020, 2036)
_MIDNIGHT = time(0)
_WEEKEND = frozenset({5, 6})  # Saturday, Sunday
_ESTIMATED = "estimated"  # in the library's English names of such days
_OFFICE_HOURS: Hours = ((time(9), time(18)),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarData:
    """A working calendar as configured. ValueError names the setting that is wrong.

    `hours` are pairs of local times in ascending order; the last may end on the next day, and an
    end of 00:00 is midnight at the end of the day. `weekday_hours` replace them on single weekdays
    (Monday is 0). `region` is "none", a country that the `holidays` library supports ("CN", "DE"),
    or one of its subdivisions ("DE-BY"); `categories` are those of its holidays that count
    ("public", "optional" …), the library's default if empty. `weekend` is a set of weekdays, None
    for the region's own. `confirmed_years` are years whose official notice was entered by hand (as
    `extra_off` and `extra_on`) before the library had it. `fiscal_year_starts` is the month
    in which the company's year begins, for its quarters.
    """

    zone: str
    hours: Hours = _OFFICE_HOURS
    weekday_hours: Mapping[int, Hours] = field(default_factory=dict, hash=False)
    region: str = "CN"
    categories: tuple[str, ...] = ()
    weekend: frozenset[int] | None = None
    extra_off: frozenset[date] = frozenset()
    extra_on: frozenset[date] = frozenset()
    short_days: Mapping[date, Hours] = field(default_factory=dict, hash=False)
    confirmed_years: frozenset[int] = frozenset()
    fiscal_year_starts: int = 1

    def __post_init__(self) -> None:
        if not 1 <= self.fiscal_year_starts <= 12:  # noqa: PLR2004 — months
            raise ValueError(
                f"a fiscal year starts in month 1 to 12, not {self.fiscal_year_starts}"
            )
        _check_zone(self.zone)
        _check_region(self.region, self.categories)
        if self.weekend is not None and len(self.weekend) == 7:  # noqa: PLR2004 — all of them
            raise ValueError("a weekend of seven days leaves no working day")
        if both := self.extra_off & self.extra_on:
            raise ValueError(f"extra_off and extra_on both name {min(both)}")
        if closed := self.extra_off & self.short_days.keys():
            raise ValueError(f"extra_off and short_days both name {min(closed)}")
        short = {day: _checked(hours) for day, hours in sorted(self.short_days.items())}
        weekdays = {day: _checked(hours) for day, hours in sorted(self.weekday_hours.items())}
        object.__setattr__(self, "hours", _checked(self.hours))
        object.__setattr__(self, "short_days", MappingProxyType(short))
        object.__setattr__(self, "weekday_hours", MappingProxyType(weekdays))
        _check_nights((self.hours, *weekdays.values(), *short.values()))

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the zone, hours and working days from 2020 to 2035.

        It changes with an override and with a library release that has a new notice, and does not
        change when the working days are the same. It is computed once per equal calendar (about 10
        ms).
        """
        return _fingerprint(self)

    def hours_of(self, day: date) -> Hours:
        """Return the working hours of a working day."""
        return self.short_days.get(day) or self.weekday_hours.get(day.weekday(), self.hours)


def working_days(data: CalendarData, *, year: int) -> tuple[date, ...]:
    """Return the working days of a year in ascending order; ValueError outside 2000–2099."""
    public = _public(data.region, year, categories=data.categories)
    day, found = date(year, 1, 1), []
    while day.year == year:
        usual = day not in data.extra_off and _works(day, public, data.weekend)
        if usual or day in data.extra_on:
            found.append(day)
        day += timedelta(days=1)
    return tuple(found)


def _works(day: date, public: HolidayBase | None, weekend: frozenset[int] | None) -> bool:
    if public is None:
        return day.weekday() not in (_WEEKEND if weekend is None else weekend)
    off = public.is_weekend(day) if weekend is None else day.weekday() in weekend
    return day in public.weekend_workdays if off else day not in public


def holiday_name(data: CalendarData, *, day: date, language: str) -> str | None:
    """Return the name of the public holiday on `day` in "zh" or "en", or None.

    A region without Chinese names returns English ones. Company overrides have no name.
    """
    spoken = "zh_CN" if language == "zh" else "en_US"
    public = _public(data.region, day.year, spoken, categories=data.categories)
    return public.get(day) if public else None


def year_status(data: CalendarData, *, year: int) -> YearStatus:
    """Return whether the official calendar of the year is announced.

    China announces each year in the preceding autumn. Before that the library silently returns the
    statutory days alone; it has the notice exactly when a make-up day lies in the year. Elsewhere a
    year is provisional while the library marks one of its days as estimated, such as feasts that
    depend on the sighting of the moon; days fixed by law are confirmed.
    """
    if data.region == NO_REGION or year in data.confirmed_years:
        return "confirmed"
    public = _public(data.region, year, categories=data.categories)
    assert public is not None, "only region none has no calendar"
    if data.region.partition("-")[0] == "CN":
        known = any(day.year == year for day in public.weekend_workdays)
    else:
        known = not any(_ESTIMATED in name for name in public.values())
    return "confirmed" if known else "provisional"


@lru_cache(maxsize=64)
def _fingerprint(data: CalendarData) -> str:
    digest = hashlib.sha256(f"{data.zone}\n{_spell(data.hours)}\n".encode())
    if data.fiscal_year_starts != 1:
        digest.update(f"fiscal {data.fiscal_year_starts}\n".encode())
    for year in FINGERPRINT_YEARS:
        for day in working_days(data, year=year):
            hours = data.hours_of(day)
            digest.update(f"{day}{_spell(hours) if hours != data.hours else ''}\n".encode())
    return digest.hexdigest()


def _spell(hours: Hours) -> str:
    return " ".join(f"{start}-{end}" for start, end in hours)


@lru_cache(maxsize=512)
def _public(
    region: str, year: int, language: str = "en_US", *, categories: tuple[str, ...] = ()
) -> HolidayBase | None:
    """Return the library's calendar of one year; None for region "none"."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"no calendar for {year}: {FIRST_YEAR} to {LAST_YEAR} are known")
    if region == NO_REGION:
        return None
    import holidays  # loading the first country takes 0.4 s, so it is imported when needed

    country, _, part = region.partition("-")
    return holidays.country_holidays(
        country,
        subdiv=part or None,
        years=year,
        language=language,
        categories=categories or None,
    )


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f'unknown time zone "{zone}": write one like "Asia/Shanghai"') from error


def _check_region(region: str, categories: tuple[str, ...]) -> None:
    try:
        _public(region, FIRST_YEAR)
    except NotImplementedError as error:
        raise ValueError(f'unknown region "{region}": {error}; or write "none"') from error
    try:
        _public(region, FIRST_YEAR, categories=categories)
    except ValueError as error:
        raise ValueError(f'unknown category of holidays in "{region}": {error}') from error


def _checked(hours: Iterable[tuple[time, time]]) -> Hours:
    """Return the hours as tuples; ValueError unless naive, ascending and without overlap.

    Only the last pair may end at or after midnight, and before it begins again.
    """
    pairs = tuple((start, end) for start, end in hours)
    if not pairs:
        raise ValueError("working hours are missing: a working day needs at least one pair")
    before = _MIDNIGHT
    for number, (start, end) in enumerate(pairs):
        if start.tzinfo or end.tzinfo:
            raise ValueError("working hours are local times: leave out the offset")
        over_midnight = (end < start or end == _MIDNIGHT) and number == len(pairs) - 1
        if start < before or not (start < end or over_midnight):
            raise ValueError(f"working hours must ascend without overlap: {_spell(pairs)}")
        before = end
    return pairs


def _check_nights(days: Iterable[Hours]) -> None:
    """Raise ValueError if a shift past midnight overlaps with the hours of the next day."""
    several = tuple(days)
    latest = max((hours[-1][1] for hours in several if hours[-1][1] < hours[-1][0]), default=None)
    if latest is not None and any(hours[0][0] < latest for hours in several):
        raise ValueError(f"work until {latest} on the next day overlaps with that day's own hours")
