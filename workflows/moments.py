"""Points in time as they are stored: UTC datetimes as integer microseconds since 1970."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Return the UTC microseconds since 1970; ValueError for a naive datetime."""
    if at.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return (at - EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Return the UTC datetime that is so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=micros)


def _read(value: Any) -> Any:
    return from_micros(value) if isinstance(value, int) else value


Moment = Annotated[datetime, BeforeValidator(_read), PlainSerializer(to_micros, return_type=int)]
