"""Figures of many cases: the values of each metric are collected, a figure is made of them.

A figure has its number of cases or values, how many are still open, and its range. Times are
medians by Kaplan and Meier, in which open cases count; shares have the interval of Wilson.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import fmean

from workflows.metrics.estimates import CURVE_FROM, Range, curve, quantile, reached, wilson
from workflows.metrics.measuring import Measured, State
from workflows.model.measures import SHARES, Metric, metric_of

UNKNOWN = Range(low=None, high=None)


class Unit(StrEnum):
    """The unit of a figure."""

    TIME = "time"  # microseconds
    SHARE = "share"  # 0 to 1
    NUMBER = "number"  # a mean


_NUMBERS = (Metric.RETURNS, Metric.HANDOVERS)


def unit_of(name: str) -> Unit:
    """Return the unit of a metric."""
    metric = metric_of(name)
    if metric in SHARES:
        return Unit.SHARE
    return Unit.NUMBER if metric in _NUMBERS else Unit.TIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of one metric.

    `value` is None where it is not known: more than half are still open, or there are none. `n` is
    the number of values it is made of, and `still_open` how many of them have not ended. `high` is
    the 85th percentile of a time.
    """

    metric: str
    unit: Unit
    value: float | None
    range: Range
    n: int
    still_open: int = 0
    count: int = 0  # of a share: how many count
    high: float | None = None


@dataclass(slots=True)
class Sample:
    """The values of one metric so far."""

    metric: str
    ended: array[float] = field(default_factory=lambda: array("d"))
    cut: array[float] = field(default_factory=lambda: array("d"))  # not ended
    still_open: int = 0

    def add(self, one: Measured) -> None:
        """Add a value."""
        (self.ended if one.state is State.ENDED else self.cut).append(one.value)
        self.still_open += one.state is State.OPEN

    def include(self, other: Sample) -> None:
        """Add all values of another sample of this metric."""
        self.ended.extend(other.ended)
        self.cut.extend(other.cut)
        self.still_open += other.still_open

    @property
    def total(self) -> float:
        """The sum of all values, also of those that have not ended."""
        return sum(self.ended) + sum(self.cut)

    def figure(self) -> Figure:
        """Return the figure of these values."""
        unit, n = unit_of(self.metric), len(self.ended) + len(self.cut)
        if unit is Unit.SHARE:
            return self._share()
        if unit is Unit.NUMBER:
            mean = fmean(self.ended) if self.ended else None
            return Figure(metric=self.metric, unit=unit, value=mean, range=UNKNOWN, n=n)
        if metric_of(self.metric) is Metric.BACKLOG:
            return self._ages()
        return self._median()

    def _share(self) -> Figure:
        n, count = len(self.ended), int(sum(self.ended))
        share = wilson(count, n)
        return Figure(
            metric=self.metric,
            unit=Unit.SHARE,
            value=share.value if share else None,
            range=share.range if share else UNKNOWN,
            n=n,
            count=count,
        )

    def _ages(self) -> Figure:
        ages = sorted(self.ended)
        return Figure(
            metric=self.metric,
            unit=Unit.TIME,
            value=quantile(ages, 0.5) if ages else None,
            range=UNKNOWN,
            n=len(ages),
            still_open=len(ages),
            high=quantile(ages, 0.85) if ages else None,
        )

    def _median(self) -> Figure:
        """Return the median and the 85th percentile; of type 7 if all have ended."""
        steps, n = curve(self.ended, self.cut), len(self.ended) + len(self.cut)
        half, high = reached(steps, 0.5), reached(steps, 0.85).value
        value = half.value
        if self.ended and not self.cut:
            ended = sorted(self.ended)
            value, high = quantile(ended, 0.5), quantile(ended, 0.85)
        return Figure(
            metric=self.metric,
            unit=Unit.TIME,
            value=value,
            range=half.range if n >= CURVE_FROM else UNKNOWN,
            n=n,
            still_open=self.still_open,
            high=high,
        )


@dataclass(slots=True)
class Tally:
    """The samples of a group of cases, by metric and node; "" is the whole case."""

    cases: int = 0
    samples: dict[tuple[str, str], Sample] = field(default_factory=dict)

    def add(self, values: Iterable[Measured]) -> None:
        """Add what one case contributes."""
        self.cases += 1
        for one in values:
            key = (one.metric, one.node)
            sample = self.samples.get(key)
            if sample is None:
                sample = self.samples[key] = Sample(one.metric)
            sample.add(one)
