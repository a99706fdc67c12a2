"""What every worker is given: database, office of the use cases, randomness, time and alarms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.runtime.alarms import Alarms
from bot.runtime.metrics import Metrics
from bot.system import Chance, Pause, Steady
from handlers.office import Office
from storage.unit import Database
from workflows.ports import Apart, TimeSource

Outage = Callable[[BaseException], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """The dependencies of a worker. A test replaces any of them."""

    db: Database
    office: Office
    chance: Chance
    pause: Pause
    steady: Steady
    alarms: Alarms
    metrics: Metrics
    apart: Apart
    outage: Outage  # whether an error comes from the database and not from the work

    @property
    def clock(self) -> TimeSource:
        """The clock that decides what is due."""
        return self.office.clock
