"""What every worker is given: the database, the use cases' needs, chance, time, and alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.runtime.alarms import Alarms
from bot.runtime.metrics import Metrics
from bot.system import Chance, Pause, Steady
from handlers.office import Office
from storage.unit import Database
from workflows.ports import Clock

Outage = Callable[[BaseException], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The outside of a worker, every part of it replaceable in a test."""

    db: Database
    office: Office
    chance: Chance
    pause: Pause
    steady: Steady
    alarms: Alarms
    metrics: Metrics
    outage: Outage  # whether the database is to blame for an error, and not the work

    @property
    def clock(self) -> Clock:
        """The clock by which things are due."""
        return self.office.clock
