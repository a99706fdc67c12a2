"""Reads dates and times of day as people type them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time

_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")
_TIME = re.compile(r"(\d{1,2})\s*[:点]\s*(\d{1,2})\s*(?:分|:\d{2})?")


def read_day(text: str) -> date:
    """Read a date such as 2026-03-01, 2026-3-1, 2026/3/1, 20260301 or 2026年3月1日.

    The year comes first, so that day and month cannot be confused. Raises ValueError otherwise.
    """
    plain = _plain(text)
    found = _DAY.fullmatch(plain) or _DIGITS.fullmatch(plain)
    if found is None:
        raise ValueError("not a day")
    return date(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> time:
    """Read a time of day such as 09:30, 9:30, 9：30 or 9点30分, in 24 hours; drops seconds.

    Raises ValueError otherwise.
    """
    found = _TIME.fullmatch(_plain(text))
    if found is None:
        raise ValueError("not a time of day")
    return time(int(found[1]), int(found[2]))


def _plain(text: str) -> str:
    """Return a text with full-width digits and signs replaced by the usual ones."""
    return unicodedata.normalize("NFKC", text).strip()
