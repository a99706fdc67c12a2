"""Reads times as the tables of other programs write them, each column in one format.

A format says how a day is written. A time of day may follow in any of the usual spellings, which
cannot be confused with each other, and an offset from UTC. Nothing is guessed: a value that does
not fit the format is an error, and `fitting` tells which formats a column allows.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from workflows.moments import Moment, moment_of

YMD, DMY, MDY = "year-month-day", "day-month-year", "month-day-year"
NAMED, COMPACT, SERIAL = "day-name-year", "yyyymmdd", "excel-serial"
FORMATS = (YMD, DMY, MDY, NAMED, COMPACT, SERIAL)

_TIME = (
    r"(?:[T,]?\s*(?:星期|周|礼拜)?[一二三四五六日天]?\s*"
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|[ap]\.?m\.?)?\s*"
    r"(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*"
    r"(?:[:分]\s*(?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?)?\s*"
    r"(?P<half>[ap]\.?m\.?)?\s*(?P<offset>z|utc|(?:utc|gmt)?[+-]\d{2}:?(?:\d{2})?)?)?"
)
_WEEKDAY = r"(?:\s*[(]?(?:星期|周|礼拜)[一二三四五六日天][)]?)?"
_YEAR = r"(?P<y>\d{4}|\d{2})"
_DAYS = {
    YMD: r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?" + _WEEKDAY,
    DMY: r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})[-/.]" + _YEAR,
    MDY: r"(?P<m>\d{1,2})[-/](?P<d>\d{1,2})[-/]" + _YEAR,  # with points the day comes first
    NAMED: r"(?:(?P<d>\d{1,2})[-. ]+(?P<name>[a-z]{3,9})|"
    r"(?P<name2>[a-z]{3,9})\.? (?P<d2>\d{1,2}),?)[-., ]+" + _YEAR,
}
_PATTERNS = {name: re.compile(day + r"\s*" + _TIME, re.IGNORECASE) for name, day in _DAYS.items()}
_COMPACT = re.compile(
    r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})"
    r"(?:(?P<h>\d{2})(?P<min>\d{2})(?P<s>\d{2})?|\s*" + _TIME + ")",
    re.IGNORECASE,
)
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_SERIALS = range(20_000, 80_000)  # 1954 to 2119: other numbers are no dates
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's serial has no zone
_DAY_SECONDS = 24 * 60 * 60
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NOON = 12
_AFTERNOON = ("下午", "傍晚", "晚上", "中午", "p")
_CENTURY = 100


@dataclass(frozen=True, slots=True)
class Read:
    """A time that was read: the wall clock, its offset if it has one, and whether it has a time."""

    wall: datetime  # without a zone
    offset: timezone | None
    timed: bool

    def moment(self, zone: tzinfo) -> Moment:
        """Return the moment; without an offset the wall clock is that of `zone`."""
        return moment_of(self.wall.replace(tzinfo=self.offset or zone))


def read_time(text: str, style: str) -> Read:
    """Read a time in one of `FORMATS`. Raises ValueError if it is not one."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    if style not in _READERS:
        raise ValueError(style)
    return _READERS[style](plain.strip())


def fitting(text: str) -> tuple[str, ...]:
    """Return the formats in which a text is a time."""
    return tuple(style for style in FORMATS if _fits(text, style))


def _fits(text: str, style: str) -> bool:
    try:
        read_time(text, style)
    except ValueError:
        return False
    return True


def _written(style: str) -> Callable[[str], Read]:
    pattern = _PATTERNS[style]

    def read(text: str) -> Read:
        found = pattern.fullmatch(text)
        if found is None:
            raise ValueError(text)
        year = int(found["y"])
        year += 2000 if year < _CENTURY else 0
        if style == NAMED:
            day, name = found["d"] or found["d2"], (found["name"] or found["name2"]).lower()
            month = _MONTHS.index(name[:3]) + 1
        else:
            day, month = found["d"], int(found["m"])
        return _at(date(year, month, int(day)), found)

    return read


def _at(day: date, found: re.Match[str]) -> Read:
    """Return a day with the time of day that was found, if there is one."""
    if found["hour"] is None:
        return Read(datetime(day.year, day.month, day.day), None, timed=False)  # noqa: DTZ001
    hour = int(found["hour"])
    part = (found["part"] or found["half"] or "").lower()
    if part and 1 <= hour <= _NOON:
        late = part.startswith(_AFTERNOON)
        if part == "中午" and hour in (10, 11):
            late = False
        hour = hour % _NOON + (_NOON if late else 0)
    wall = datetime(  # noqa: DTZ001 - the zone is added later
        *(day.year, day.month, day.day, hour),
        minute=int(found["minute"] or 0),
        second=int(found["second"] or 0),
        microsecond=int(f"{found['fraction'] or 0:0<6}"[:6]),
    )
    return Read(wall, _offset(found["offset"]), timed=True)


def _offset(text: str | None) -> timezone | None:
    if not text:
        return None
    said = text.lower().removeprefix("utc").removeprefix("gmt")
    if said in ("z", ""):
        return UTC
    digits = said[1:].replace(":", "")
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-span if said[0] == "-" else span)


def _compact(text: str) -> Read:
    found = _COMPACT.fullmatch(text)
    if found is None:
        raise ValueError(text)
    day = date(int(found["y"]), int(found["m"]), int(found["d"]))
    if found["h"] is None:
        return _at(day, found)
    seconds = int(found["s"] or 0)
    wall = datetime(day.year, day.month, day.day, int(found["h"]), int(found["min"]), seconds)  # noqa: DTZ001
    return Read(wall, None, timed=True)


def _serial(text: str) -> Read:
    """Read the number of days since the end of 1899, as spreadsheets store a time."""
    if not _SERIAL.fullmatch(text):
        raise ValueError(text)
    number = float(text.replace(",", "."))
    if int(number) not in _SERIALS:
        raise ValueError(text)
    seconds = round(number * _DAY_SECONDS)
    return Read(_EPOCH + timedelta(seconds=seconds), None, timed=bool(seconds % _DAY_SECONDS))


_READERS: dict[str, Callable[[str], Read]] = {
    **{style: _written(style) for style in _PATTERNS},
    COMPACT: _compact,
    SERIAL: _serial,
}
