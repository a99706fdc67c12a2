"""Formats times and durations for people, in their time zone and language.

The wording depends on the reader's calendar day, not on the number of
hours: at one in the morning, the evening before was yesterday.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, tzinfo

from handlers.i18n import Translator, translator
from workflows.durations import Span
from workflows.moments import HOUR, MINUTE, Moment, in_zone

_WEEK = 7
_MINUTES_PER_DAY = 24 * 60
_KILO = 1024


def moment(at: Moment, *, zone: tzinfo, language: str, now: Moment) -> str:
    """Return a time in the shortest form that is unambiguous at `now`.

    "今天 16:30", "tomorrow 09:00", a weekday within the coming week, else the date, with the year
    if it is not the current one. A past weekday is given as a date, so that it is not taken for
    a coming one.
    """
    words = translator(language)
    local, today = in_zone(at, zone), in_zone(now, zone)
    days = (local.date() - today.date()).days
    if -1 <= days <= 1:
        day = words.t(("date.yesterday", "date.today", "date.tomorrow")[days + 1])
    elif 1 < days < _WEEK:
        day = words.t(f"date.weekday.{local.isoweekday()}")
    else:
        day = _date(local, words, with_year=local.year != today.year)
    return words.t("date.at", day=day, time=_time(local))


def lasting(at: Moment, *, zone: tzinfo, language: str, now: Moment) -> str:
    """Return a time in a form that remains true on another day, with the year if it differs.

    "3月2日 周一 16:30", "Mon 2 Mar 16:30".
    """
    words, local = translator(language), in_zone(at, zone)
    return words.t(
        "time.stamp",
        weekday=words.t(f"date.weekday.{local.isoweekday()}"),
        day=_date(local, words, with_year=local.year != in_zone(now, zone).year),
        time=_time(local),
    )


def sortable(at: Moment, *, zone: tzinfo) -> str:
    """Return a time for spreadsheets and terminals, equal in all languages: 2026-11-22 16:30."""
    return f"{in_zone(at, zone):%Y-%m-%d %H:%M}"


def full(at: Moment, *, zone: tzinfo, language: str) -> str:
    """Return a date with year and time, for documents: "2026-11-22 16:30", "22 Nov 2026 16:30"."""
    words = translator(language)
    local = in_zone(at, zone)
    return words.t(
        "date.full",
        iso=local.date().isoformat(),
        day=local.day,
        month=words.t(f"date.month.{local.month}"),
        year=local.year,
        time=_time(local),
    )


def day(at: Moment, *, zone: tzinfo, language: str) -> str:
    """Return a date with weekday and year: "2026年11月22日 周日", "Sun 22 Nov 2026"."""
    words = translator(language)
    local = in_zone(at, zone)
    return words.t(
        "date.full_day",
        weekday=words.t(f"date.weekday.{local.isoweekday()}"),
        day=_date(local, words, with_year=True),
    )


def calendar_day(on: date, *, language: str) -> str:
    """Return a date without a time zone, such as one from a form: "2026年11月22日"."""
    return _date(on, translator(language), with_year=True)


def near_day(on: date, *, today: date, language: str) -> str:
    """Return a date, with the year if it is not the current one: "6月1日", "1 Jun"."""
    return _date(on, translator(language), with_year=on.year != today.year)


def clock_time(at: Moment, *, zone: tzinfo) -> str:
    """Return the time of day: "16:30"."""
    return _time(in_zone(at, zone))


def duration(delta: int, *, language: str) -> str:
    """Return a duration of microseconds in its two largest units: "2 小时 40 分", "3 d 2 h".

    It is rounded, and its sign is ignored.
    """
    words = translator(language)
    length = abs(delta)
    minutes = _rounded(length, MINUTE)
    if minutes == 0:
        return words.t("date.moments")
    if minutes < _MINUTES_PER_DAY:
        big, small = divmod(minutes, 60)
        names = ("date.hours", "date.minutes", "date.minutes_more")
    else:
        big, small = divmod(_rounded(length, HOUR), 24)
        names = ("date.days", "date.hours", "date.hours")
    if not small:
        return words.n(names[0], big)
    if not big:
        return words.n(names[1], small)
    return words.t("date.two_units", big=words.n(names[0], big), small=words.n(names[2], small))


def span(limit: Span, *, language: str) -> str:
    """Return a limit as its definition gives it: "2 小时", "3 个工作日", "4 working hours"."""
    return translator(language).n(f"date.span.{limit.unit}", limit.amount)


def relative(at: Moment, *, now: Moment, language: str) -> str:
    """Return the distance to a due time: "还剩 2 小时" / "in 2 h".

    After the due time: "已超时 3 小时" / "3 h overdue".
    """
    words = translator(language)
    left = at - now
    if _rounded(abs(left), MINUTE) == 0:
        return words.t("date.due_now")
    length = duration(left, language=language)
    return words.t("date.left" if left > 0 else "date.overdue", length=length)


def ahead(at: Moment, *, now: Moment, language: str) -> str:
    """Return the time until something happens by itself: "2 小时后" / "in 2 h"."""
    length = duration(max(at - now, 0), language=language)
    return translator(language).t("date.ahead", length=length)


def size(count: int) -> str:
    """Return a number of bytes, equal in all languages: "812 B", "12 KB", "1.4 MB"."""
    if count < _KILO:
        return f"{count} B"
    if count < _KILO * _KILO - _KILO // 2:
        return f"{(count + _KILO // 2) // _KILO} KB"
    return f"{count / _KILO / _KILO:.1f} MB"


def _date(on: date, words: Translator, *, with_year: bool) -> str:
    month = words.t(f"date.month.{on.month}")
    if with_year:
        return words.t("date.day_of_year", day=on.day, month=month, year=on.year)
    return words.t("date.day", day=on.day, month=month)


def _time(local: datetime) -> str:
    text = f"{local:%H:%M}"
    if local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset():
        # The clocks go back and this hour comes twice: say which of the two is meant.
        text += f" ({_offset(local)})"
    return text


def _offset(local: datetime) -> str:
    offset = local.utcoffset() or timedelta(0)
    hours, minutes = divmod(abs(offset) // timedelta(minutes=1), 60)
    sign = "-" if offset < timedelta(0) else "+"
    return f"UTC{sign}{hours}" + (f":{minutes:02}" if minutes else "")


def _rounded(length: int, unit: int) -> int:
    return (length + unit // 2) // unit
