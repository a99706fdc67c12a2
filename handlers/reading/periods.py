"""Names the periods and days of starts: "2026年第三季度", "Q3 2026"."""

from __future__ import annotations

from handlers.reading.formatter import Formatter

_RANGE = "/"
_QUARTER = "-Q"
_YEAR = 4  # digits


def period_name(write: Formatter, period: str) -> str:
    """Return a quarter, a year, a range of days or a day as people write it; "" for none."""
    if _QUARTER in period:
        year, quarter = period.split(_QUARTER)
        return write.words.t("period.quarter", year=year, number=quarter)
    if _RANGE in period:
        first, last = map(write.day, period.split(_RANGE))
        return write.words.t("period.days", first=first, last=last)
    if len(period) == _YEAR:
        return write.words.t("period.year", year=period)
    return write.day(period) if period else ""


def what_for(write: Formatter, name: str, period: str, *, about: str = "") -> str:
    """Return the name of a step with what it is for: "季度考核（2026年第三季度）".

    `about` is the label of the certificate that it is about instead of a period.
    """
    named = about or period_name(write, period)
    return write.words.t("period.of", node=name, period=named) if named else name
