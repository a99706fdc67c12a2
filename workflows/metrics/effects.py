"""The effect of a change on one group beside another: a difference in differences, with its range.

Groups come in the order: changed during and before, others during and before; without others, only
the first two. All functions are pure and deterministic. Ranges are of 95 % confidence.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import shake_256
from math import log, sqrt
from statistics import NormalDist, fmean, pvariance
from struct import unpack

from workflows.metrics.estimates import TAIL, Z, mean_within, quantile
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric, more_is_better

RESAMPLES = 2_000
POINTS = 100  # a share of 1 in percentage points
LIKELY = 0.8  # the power with which an effect counts as one that can be shown
MOST_CASES = 10_000  # of which a forecast speaks
STEPS = tuple(-step / 20 for step in range(1, 20))  # changes of which it speaks

_SIGNS = (1, -1, -1, 1)  # d = (p1 - p2) - (p3 - p4), and the logarithm of r = (m1/m2) / (m3/m4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What changed beyond the change of the others.

    Of a time (`GROSS`) it is a ratio, 0.75 for a quarter less; of a share a difference in
    percentage points. `n` has the number of cases of each group.
    """

    metric: Metric
    value: float
    low: float
    high: float
    n: tuple[int, ...]

    @property
    def neutral(self) -> float:
        """The effect of no change."""
        return neutral(self.metric)

    @property
    def better(self) -> bool:
        """Whether the whole range is better than no change."""
        return self._signed(self.low, self.high)[0] > self._sign * self.neutral

    @property
    def worse(self) -> bool:
        """Whether the whole range is worse than no change."""
        return self.reached(self.neutral) is Reached.NO

    def reached(self, goal: float) -> Reached:
        """Return whether the whole range is as good as a goal, or worse than it."""
        least, most = self._signed(self.low, self.high)
        if least >= self._sign * goal:
            return Reached.YES
        return Reached.NO if most < self._sign * goal else Reached.UNKNOWN

    @property
    def _sign(self) -> int:
        return 1 if more_is_better(self.metric) else -1

    def _signed(self, low: float, high: float) -> tuple[float, float]:
        return (low, high) if self._sign == 1 else (-high, -low)


def neutral(metric: Metric) -> float:
    """Return the effect of no change on a metric."""
    return 1.0 if metric is Metric.GROSS else 0.0


def difference(shares: Sequence[tuple[float, int]]) -> float:
    """Return (p1 - p2) - (p3 - p4) in percentage points of shares given as counts and numbers."""
    parts = zip(_SIGNS, shares, strict=False)
    return POINTS * sum(sign * count / n for sign, (count, n) in parts)


def difference_with_range(metric: Metric, shares: Sequence[tuple[int, int]]) -> Effect:
    """Return the effect on a share.

    The distances to the ends of the Wilson intervals are squared and added: Newcombe, "Interval
    Estimation for the Difference between Independent Proportions" (1998), method 10, and for more
    than two terms Zou and Donner, "Construction of Confidence Limits about Effect Measures" (2008).
    """
    value = difference(shares)
    down, up = _reach(shares)
    n = tuple(n for _, n in shares)
    return Effect(metric=metric, value=value, low=value - down, high=value + up, n=n)


def _reach(shares: Sequence[tuple[float, int]]) -> tuple[float, float]:
    """Return how far a difference reaches down and up, in percentage points."""
    down = up = 0.0
    for sign, (count, n) in zip(_SIGNS, shares, strict=False):
        low, high = mean_within(count, n, least=0.0, most=1.0)
        below, above = (count / n - low) ** 2, (high - count / n) ** 2
        down += below if sign == 1 else above
        up += above if sign == 1 else below
    return POINTS * sqrt(down), POINTS * sqrt(up)


def ratio(times: Sequence[Sequence[float]]) -> float:
    """Return (m1/m2) / (m3/m4) of the means of times above 0, or m1/m2 of two groups."""
    return _ratio([fmean(group) for group in times])


def ratio_with_range(
    metric: Metric, times: Sequence[Sequence[float]], *, seed: str, resamples: int = RESAMPLES
) -> Effect:
    """Return the effect on a time, with the range of a percentile bootstrap.

    Cases are drawn again within each group. The draws are read from a stream of hashes of the seed,
    so the same seed and times give the same range on every machine and release of Python.
    """
    means = [list(_means(group, f"{place} {seed}", resamples)) for place, group in enumerate(times)]
    drawn = sorted(_ratio(found) for found in zip(*means, strict=True))
    return Effect(
        metric=metric,
        value=ratio(times),
        low=quantile(drawn, TAIL),
        high=quantile(drawn, 1 - TAIL),
        n=tuple(map(len, times)),
    )


def _ratio(means: Sequence[float]) -> float:
    found = 1.0
    for sign, mean in zip(_SIGNS, means, strict=False):
        found = found * mean if sign == 1 else found / mean
    return found


def _means(times: Sequence[float], seed: str, resamples: int) -> Iterator[float]:
    n, form = len(times), f"<{len(times)}I"
    for number in range(resamples):
        words = unpack(form, shake_256(f"{number} {seed}".encode()).digest(4 * n))
        yield sum([times[word * n >> 32] for word in words]) / n


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is known before a change begins.

    `lasted` are the times of past cases from filing to the end, infinite of those that have not
    ended; each new case will be watched for `limit`. `n` are the expected numbers of cases of each
    group. Without past cases, or with a group that will have none, nothing can be shown.
    """

    lasted: Sequence[float]
    limit: float
    n: tuple[int, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing can be shown."""
        return not self.lasted or not all(self.n)


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """The chance, 0 to 1, that the range of an effect excludes "no change"."""

    time: float
    on_time: float

    def of(self, metric: Metric) -> float:
        """Return that of one metric, a time or the share on time."""
        return self.time if metric is Metric.GROSS else self.on_time


def power(plan: Plan, change: float) -> Power:
    """Return how probably a change of all times is shown; -0.3 means three tenths less.

    It is the normal approximation, of the logarithm of a ratio by the delta method.
    """
    if plan.empty:
        return Power(time=0.0, on_time=0.0)
    return _power(_Moments.of(plan, 0.0), _Moments.of(plan, change), plan.n)


def half_width(plan: Plan) -> float | None:
    """Return how many percentage points the range of the share on time reaches to each side."""
    if plan.empty:
        return None
    share = _Moments.of(plan, 0.0).share
    return sum(_reach([(share * n, n) for n in plan.n])) / 2


def smallest_change(plan: Plan, metric: Metric) -> float | None:
    """Return the smallest change, in steps of 0.05, that is likely to be shown, if there is one."""
    likely = (step for step in STEPS if power(plan, step).of(metric) >= LIKELY)
    return next(likely, None)


def cases_needed(plan: Plan, change: float, metric: Metric) -> int | None:
    """Return how many cases of the first group are likely to show a change.

    The others grow with it, and what was before stays as it is, which may be too little for any
    number: then it is None.
    """
    if plan.empty:
        return None
    now, then = _Moments.of(plan, 0.0), _Moments.of(plan, change)

    def chance(cases: int) -> float:
        _, before, *others = plan.n
        if others:
            others[0] = max(round(others[0] * cases / plan.n[0]), 1)
        return _power(now, then, (cases, before, *others)).of(metric)

    numbers = range(1, MOST_CASES + 1)
    place = bisect_left(numbers, LIKELY, key=chance)
    return numbers[place] if place < len(numbers) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moments:
    """Of times that are watched for a limit: the mean, the squared variation, the share in time."""

    mean: float
    variation: float
    share: float

    @classmethod
    def of(cls, plan: Plan, change: float) -> _Moments:
        times = [min(one * (1 + change), plan.limit) for one in plan.lasted]
        mean = fmean(times)
        within = sum(one * (1 + change) <= plan.limit for one in plan.lasted)
        return cls(
            mean=mean,
            variation=pvariance(times, mean) / mean**2,
            share=within / len(times),
        )


def _power(now: _Moments, then: _Moments, sizes: Sequence[int]) -> Power:
    groups = [(then if place == 0 else now, n) for place, n in enumerate(sizes)]
    error = sqrt(sum(group.variation / n for group, n in groups))
    spread = sqrt(sum(group.share * (1 - group.share) / n for group, n in groups))
    down, _ = _reach([(group.share * n, n) for group, n in groups])
    return Power(
        time=_chance(log(now.mean / then.mean) - Z * error, error),
        on_time=_chance(then.share - now.share - down / POINTS, spread),
    )


def _chance(beyond: float, error: float) -> float:
    return NormalDist().cdf(beyond / error) if error else float(beyond > 0)
