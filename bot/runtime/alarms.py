"""Alarms for the operator: a log record at level ERROR and a counter."""

from __future__ import annotations

from typing import Protocol

import structlog

log = structlog.stdlib.get_logger("closeloop.alarm")


class AlarmCount(Protocol):
    """Counts alarms."""

    def alarm(self, name: str) -> None:
        """Count an alarm."""
        ...


class Alarms:
    """Raises alarms: a log record with `alarm=<name>`, and one more in the metric."""

    def __init__(self, count: AlarmCount) -> None:
        self._count = count

    def raise_(self, name: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Raise an alarm; `error` adds its traceback, and `facts` are added to the record."""
        self._count.alarm(name)
        log.error("alarm", alarm=name, exc_info=error, **facts)
