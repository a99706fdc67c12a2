"""Estimates with their uncertainty: quantiles, shares, and the median where some cases are open.

All functions are pure and deterministic. Intervals are of 95 % confidence.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, floor, inf, log, sqrt

Z = 1.959963984540054  # of the normal distribution, for an interval of 95 %
TAIL = 0.025  # on each side of it
TIE = 1e-9  # a share that differs from one half by rounding alone is one half
CURVE_FROM = 10  # a curve of fewer cases says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """An interval. An end that the data do not bound is None."""

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share of `n` of which `count` count, between 0 and 1, with its range."""

    count: int
    n: int
    range: Range

    @property
    def value(self) -> float:
        """The share itself."""
        return self.count / self.n


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a survival curve: from this time on, `share` have not ended.

    `at_risk` were still observed just before; `error` is the sum of Greenwood's formula so far,
    which is the variance of log S.
    """

    time: float
    share: float
    at_risk: int
    error: float


def quantile(values: Sequence[float], p: float) -> float:
    """Return a quantile of values in ascending order; at least one.

    Between two values it is interpolated as type 7 of Hyndman and Fan, "Sample Quantiles in
    Statistical Packages" (1996), which spreadsheets and R use.
    """
    place = (len(values) - 1) * p
    low = floor(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def wilson(count: int, n: int) -> Share | None:
    """Return a share with its interval; None of nothing.

    The interval is Wilson's, "Probable Inference, the Law of Succession, and Statistical Inference"
    (1927): it never leaves 0 to 1, and is of use also for none or all of few.
    """
    if n <= 0:
        return None
    low, high = _interval(count / n, n)
    return Share(count=count, n=n, range=Range(low=low, high=high))


def mean_within(total: float, n: int, *, least: float, most: float) -> tuple[float, float]:
    """Return the interval of a mean of `n` values, with this sum, that lie within two limits.

    No values with the same mean vary more than those that lie on the limits, so Wilson's interval
    of their share is wide enough for all, also where all values are the same.
    """
    width = most - least
    p = min(max((total / n - least) / width, 0.0), 1.0)
    low, high = _interval(p, n)
    return least + width * low, least + width * high


def _interval(p: float, n: int) -> tuple[float, float]:
    square = Z * Z
    middle = (p + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * sqrt(p * (1 - p) / n + square / (4 * n * n))
    # At the ends of the scale the formula gives exactly 0 or 1, apart from rounding.
    return 0.0 if p == 0 else middle - half, 1.0 if p == 1 else middle + half


def curve(ended: Sequence[float], open_since: Sequence[float]) -> tuple[Step, ...]:
    """Return how many have not ended after each time, by Kaplan and Meier (1958).

    `ended` are the times of those that have ended, `open_since` those after which the others were
    still open when the observation ended. One that ended at the same time as another was last seen
    open ended first.
    """
    ends, cuts, n = sorted(ended), sorted(open_since), len(ended) + len(open_since)
    return tuple(_steps(ends, cuts, n))


def _steps(ends: Sequence[float], cuts: Sequence[float], n: int) -> Iterator[Step]:
    share, error, done = 1.0, 0.0, 0
    while done < len(ends):
        time = ends[done]
        gone = bisect_right(ends, time) - done
        at_risk = n - done - bisect_left(cuts, time)
        share *= 1 - gone / at_risk
        error += gone / (at_risk * (at_risk - gone)) if gone < at_risk else inf
        yield Step(time=time, share=share, at_risk=at_risk, error=error)
        done += gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantile:
    """A quantile of times of which some are still open: `value` is None if it is not reached."""

    value: float | None
    range: Range


def reached(steps: Sequence[Step], p: float) -> Quantile:
    """Return the time until which a share `p`, between 0 and 1, have ended, with its range.

    It is the first time at which no more than 1 - p are open. Its range has the times at which the
    limits of the curve (log-log, with Greenwood's variance) get there: Brookmeyer and Crowley,
    "A Confidence Interval for the Median Survival Time" (1982).
    """
    left = 1 - p + TIE
    limits = [_limits(step, n=steps[0].at_risk) for step in steps]
    return Quantile(
        value=_first(steps, (step.share <= left for step in steps)),
        range=Range(
            low=_first(steps, (low <= left for low, _ in limits)),
            high=_first(steps, (high <= left for _, high in limits)),
        ),
    )


def _first(steps: Sequence[Step], there: Iterable[bool]) -> float | None:
    return next((step.time for step, is_there in zip(steps, there, strict=True) if is_there), None)


def _limits(step: Step, *, n: int) -> tuple[float, float]:
    """Return the limits of the curve at a step.

    Greenwood's formula has none where nobody is open: of `n` of whom all have ended, the limit is
    the exact one (Clopper and Pearson, 1934).
    """
    if step.share <= TIE:
        return 0.0, 1 - TAIL ** (1 / n)
    width = exp(Z * sqrt(step.error) / -log(step.share))
    return step.share**width, step.share ** (1 / width)
