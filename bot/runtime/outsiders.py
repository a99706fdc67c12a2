"""Counts refused requests by reason and logs each reason at most once a minute.

Anybody on the network can cause refusals, so they must not fill the log or the disk.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.stdlib.get_logger("closeloop.outsiders")

TOLD_EVERY_S = 60.0

TurnedAway = Callable[[str], None]


def not_counted(what: str) -> None:
    """Count nothing; the default where there is no counter."""


@dataclass(slots=True, kw_only=True)
class Outsiders:
    """Counts refused requests by reason."""

    count: TurnedAway
    seconds: Callable[[], float]
    _told: dict[str, float] = field(default_factory=dict)
    _times: dict[str, int] = field(default_factory=dict)

    def turned_away(self, what: str) -> None:
        """Count a refusal. `what` is one of a fixed set of reasons, never data from the request."""
        self.count(what)
        self._times[what] = self._times.get(what, 0) + 1
        now = self.seconds()
        if now - self._told.get(what, -TOLD_EVERY_S) >= TOLD_EVERY_S:
            self._told[what] = now
            log.warning("turned_away", what=what, times=self._times.pop(what))
