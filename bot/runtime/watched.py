"""What is measured: the duration of units, decisions, and security events."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import structlog

from bot.runtime.metrics import Metrics
from bot.system import Steady
from storage.unit import Database, Tx
from workflows.records import Change

log = structlog.stdlib.get_logger("closeloop.security")
T = TypeVar("T")


class WatchedDatabase:
    """A `Database` that counts decisions after their commit and observes durations."""

    def __init__(self, inner: Database, *, metrics: Metrics, steady: Steady) -> None:
        self._inner = inner
        self._metrics = metrics
        self._steady = steady

    async def run(self, unit: Callable[[Tx], T]) -> T:
        """Run a unit; one that is run again after a conflict is counted once."""
        changes: list[Change] = []

        def watched(tx: Tx) -> T:
            value = unit(tx)
            changes[:] = tx.cases.saved
            return value

        started = self._steady.seconds()
        value = await self._inner.run(watched)
        self._metrics.commit(self._steady.seconds() - started)
        for change in changes:
            self._metrics.decision(tuple(event.body.stored for event in change.events))
        return value

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        """Run a unit that only reads."""
        return await self._inner.read(unit, by=by)


class SecurityLog:
    """Implements `handlers.office.SecurityWatch`: one log record at level WARNING per event."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def note(self, event: str, /, **facts: object) -> None:
        """Record and count a security event."""
        self._metrics.security(event)
        log.warning("security", security=event, **facts)
