"""Security events: a log record and a counter."""

from __future__ import annotations

from typing import Protocol

import structlog

log = structlog.stdlib.get_logger("closeloop.security")


class SecurityCount(Protocol):
    """Counts security events."""

    def security(self, event: str) -> None:
        """Count a security event."""
        ...


class SecurityLog:
    """Implements `handlers.office.SecurityWatch`: one log record at level WARNING per event."""

    def __init__(self, count: SecurityCount) -> None:
        self._count = count

    def note(self, event: str, /, **facts: object) -> None:
        """Record a security event."""
        self._count.security(event)
        log.warning("security", security=event, **facts)
