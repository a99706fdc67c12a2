"""Shares of the last weeks, by when each value was decided, for alerts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from workflows.metrics.estimates import Share, wilson
from workflows.metrics.measuring import Measured
from workflows.model.alerts import WEEKS_MOST
from workflows.moments import DAY, Moment

WEEK = 7 * DAY
LEAST = 20  # values of a rate; older weeks are added until there are so many


@dataclass(slots=True, kw_only=True)
class Recent:
    """The values of some metrics of a process in the weeks before `until`, counted by week.

    Week 0 has the seven days before `until`.
    """

    process: str = ""
    until: Moment
    metrics: frozenset[str]
    n: Counter[tuple[str, int]] = field(default_factory=Counter)
    counts: Counter[tuple[str, int]] = field(default_factory=Counter)

    def add(self, values: Iterable[Measured]) -> None:
        """Count the values of one case."""
        for one in values:
            if one.metric in self.metrics and not one.node and one.at <= self.until:
                week = (self.until - one.at) // WEEK
                if week < WEEKS_MOST:
                    self.n[one.metric, week] += 1
                    self.counts[one.metric, week] += int(one.value)

    def share(self, metric: str, *, weeks: int) -> Share | None:
        """Return the share of the last `weeks` together, or of so many more as it takes.

        None if there are fewer than `LEAST` values in `WEEKS_MOST` weeks.
        """
        n = count = 0
        for week in range(WEEKS_MOST):
            n += self.n[metric, week]
            count += self.counts[metric, week]
            if week + 1 >= weeks and n >= LEAST:
                return wilson(count, n)
        return None
