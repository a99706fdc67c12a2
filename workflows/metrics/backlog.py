"""The number of open cases beside the one that Little's law expects: L = λ · W.

L is how many cases are open on average, λ how many are filed a day, W how many days a case takes
(J. D. C. Little, "A Proof for the Queuing Formula: L = λW", Operations Research 9, 1961).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import fmean

from workflows.metrics.groups import By, Groups
from workflows.metrics.history import Ending
from workflows.model.measures import Metric
from workflows.moments import DAY, utc

MONTHS = 6  # the last full ones, in which it is counted how many cases are filed
MONTHS_LEAST = 3
ENDED_FROM = 30  # cases, for their mean time
_CHANCE = 2  # standard deviations of a number that is expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """How many cases are open, and how many would be at the usual pace; times in days."""

    opened: int
    filed_a_day: float
    days: float

    @property
    def expected(self) -> float:
        """The number of open cases by Little's law."""
        return self.filed_a_day * self.days

    @property
    def grows(self) -> bool:
        """Whether more cases are open than chance explains; numbers by chance are Poisson's."""
        return self.opened > self.expected + _CHANCE * sqrt(self.expected)


def backlog_of(groups: Groups) -> Backlog | None:
    """Return the backlog at the cut-off, or None where too little is known."""
    this = utc(groups.ruler.cut_off).astimezone(groups.ruler.zone).date().replace(day=1)
    full = [name for name in groups.names(By.MONTH) if name < f"{this:%Y-%m}"][-MONTHS:]
    times = groups.all.sample(Metric.GROSS)
    if len(full) < MONTHS_LEAST or times is None or len(times.ended) < ENDED_FROM:
        return None
    filed = sum(groups.of(By.MONTH, name).cases for name in full)
    return Backlog(
        opened=groups.endings[Ending.OPEN],
        filed_a_day=filed / (this - date.fromisoformat(f"{full[0]}-01")).days,
        days=fmean(times.ended) / DAY,
    )
