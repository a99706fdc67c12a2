"""Points in time and lengths of time, both as whole microseconds.

Inside the product a point in time is an integer, as it is stored and hashed. It becomes a datetime
only where a local date or hour matters: in the calendar, in texts, and in input of people.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import TypeAlias

Moment: TypeAlias = int
"""A point in time: UTC microseconds since 1970."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment_of(at: datetime) -> Moment:
    """Return the moment of an aware datetime; ValueError for a naive one."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return (at - _EPOCH) // _MICROSECOND


def utc(moment: Moment) -> datetime:
    """Return the moment as a datetime in UTC."""
    return _EPOCH + timedelta(microseconds=moment)


def in_zone(moment: Moment, zone: tzinfo) -> datetime:
    """Return the moment as a datetime in a time zone."""
    return utc(moment).astimezone(zone)


def iso(moment: Moment) -> str:
    """Return the moment as ISO 8601 text in UTC, such as "2026-03-02T01:00:00+00:00"."""
    return utc(moment).isoformat()


def from_iso(text: str) -> Moment:
    """Return the moment of an ISO 8601 text with an offset; ValueError for another text."""
    return moment_of(datetime.fromisoformat(text))


def seconds(count: float) -> int:
    """Return a number of seconds in microseconds, rounded."""
    return round(count * SECOND)
