"""Alarms: something happened that somebody has to look at. A log line and a metric, no more."""

from __future__ import annotations

from typing import Protocol

import structlog

log = structlog.stdlib.get_logger("closeloop.alarm")


class Count(Protocol):
    """Where alarms are counted."""

    def alarm(self, name: str) -> None:
        """Count one."""
        ...


class Alarms:
    """Raises alarms: one line at ERROR with `alarm=<name>`, and one more in the metric."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def raise_(self, name: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Raise one; `error` adds its traceback."""
        self._count.alarm(name)
        log.error("alarm", alarm=name, exc_info=error, **facts)
