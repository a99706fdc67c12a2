"""Security events: a line in the log and a figure, for whoever watches over the deployment."""

from __future__ import annotations

from typing import Protocol

import structlog

log = structlog.stdlib.get_logger("closeloop.security")


class Count(Protocol):
    """Where security events are counted."""

    def security(self, event: str) -> None:
        """Count one."""
        ...


class SecurityLog:
    """Keeps the promises of `handlers.office.Watch`: one line at WARNING for each event."""

    def __init__(self, count: Count) -> None:
        self._count = count

    def note(self, event: str, /, **facts: object) -> None:
        """Note one."""
        self._count.security(event)
        log.warning("security", security=event, **facts)
