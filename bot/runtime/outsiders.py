"""Whom we turn away: each is counted, and the log tells it once a minute for each reason.

Anybody in the network can bring about such a line as often as they like, so it must cost neither
the disk nor whoever reads the log.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

log = structlog.stdlib.get_logger("closeloop.outsiders")

TOLD_EVERY_S = 60.0

TurnedAway = Callable[[str], None]


def not_counted(what: str) -> None:
    """Where nobody keeps count."""


@dataclass(slots=True, kw_only=True)
class Outsiders:
    """Keeps count by reason."""

    count: TurnedAway
    seconds: Callable[[], float]
    _told: dict[str, float] = field(default_factory=dict)
    _times: dict[str, int] = field(default_factory=dict)

    def turned_away(self, what: str) -> None:
        """Note one; `what` is one of the few words for a reason, never something that was sent."""
        self.count(what)
        self._times[what] = self._times.get(what, 0) + 1
        now = self.seconds()
        if now - self._told.get(what, -TOLD_EVERY_S) >= TOLD_EVERY_S:
            self._told[what] = now
            log.warning("turned_away", what=what, times=self._times.pop(what))
