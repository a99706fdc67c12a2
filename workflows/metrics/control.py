"""The control chart of single values (XmR): what varies by chance, and what is a signal.

Limits and rules are those of the NHS, "Making Data Count", after Wheeler, "Understanding
Variation": a value beyond the limits; seven in a row on one side of the mean; seven in a row that
rise or fall; two of three beyond two thirds of the way to the same limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby, pairwise
from statistics import fmean

PER_RANGE = 2.66  # limits are so many mean moving ranges from the mean: 3 / 1.128
TOO_FAR = 3.267  # a moving range of so many means is left out, and the mean is taken again
TRIAL = 13  # limits of fewer values may still move
RUN = 7
WINDOW = 3  # two of so many in a row
LEAST = 2  # values of a chart


class Rule(StrEnum):
    """Why values are a signal."""

    OUTSIDE = "outside"
    SIDE = "side"
    TREND = "trend"
    NEAR = "near"


class Assurance(StrEnum):
    """What the limits say about a target while nothing changes."""

    ALWAYS = "always"
    NEVER = "never"
    CHANCE = "chance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """Values that chance does not explain, by the places of the first and the last."""

    rule: Rule
    first: int
    last: int
    high: bool  # above the mean, or rising


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The limits of a series of at least two values, and its signals by place."""

    centre: float
    low: float
    high: float
    trial: bool
    signals: tuple[Signal, ...]

    def assurance(self, target: float, *, least: bool) -> Assurance:
        """Return whether a target is met by every value, by none, or by chance.

        `least` says that the target is a value to be reached from below.
        """
        if self.low < target < self.high:
            return Assurance.CHANCE
        met = self.low >= target if least else self.high <= target
        return Assurance.ALWAYS if met else Assurance.NEVER


def chart(values: Sequence[float]) -> Chart | None:
    """Return the control chart of values in their order in time; None of fewer than two.

    Where a new version began the caller takes the values apart: limits are never moved silently.
    """
    if len(values) < LEAST:
        return None
    centre = fmean(values)
    width = PER_RANGE * _mean_range(values)
    near = width * 2 / 3
    steps = [_sign(later - earlier, 0) for earlier, later in pairwise(values)]
    off = [one - centre for one in values]
    found = (
        *(_signal(Rule.OUTSIDE, run) for run in _runs([_sign(one, width) for one in off], 1)),
        *(_signal(Rule.SIDE, run) for run in _runs([_sign(one, 0) for one in off], RUN)),
        *(_signal(Rule.TREND, run, more=1) for run in _runs(steps, RUN - 1)),
        *(_signal(Rule.NEAR, run) for run in _pairs([_sign(one, near) for one in off])),
    )
    return Chart(
        centre=centre,
        low=centre - width,
        high=centre + width,
        trial=len(values) < TRIAL,
        signals=tuple(sorted(found, key=lambda one: (one.last, one.first))),
    )


_Run = tuple[int, int, int]  # first place, last place, sign


def _mean_range(values: Sequence[float]) -> float:
    ranges = [abs(later - earlier) for earlier, later in pairwise(values)]
    mean = fmean(ranges)
    kept = [one for one in ranges if one < TOO_FAR * mean]
    return fmean(kept) if kept else mean


def _sign(off: float, width: float) -> int:
    return (off > width) - (off < -width)


def _signal(rule: Rule, run: _Run, *, more: int = 0) -> Signal:
    first, last, sign = run
    return Signal(rule=rule, first=first, last=last + more, high=sign > 0)


def _runs(signs: Sequence[int], least: int) -> Iterator[_Run]:
    """Yield the longest runs of one sign; what has none, such as the mean itself, ends a run."""
    place = 0
    for sign, group in groupby(signs):
        length = len(tuple(group))
        if sign and length >= least:
            yield place, place + length - 1, sign
        place += length


def _pairs(signs: Sequence[int]) -> Iterator[_Run]:
    """Yield where at least two of three values in a row have one sign, overlapping ones as one."""
    for sign in (1, -1):
        there = [place for place, one in enumerate(signs) if one == sign]
        first = last = -len(signs)
        for earlier, later in pairwise(there):
            if later - earlier >= WINDOW:
                continue
            if earlier > last:
                if last >= 0:
                    yield first, last, sign
                first = earlier
            last = later
        if last >= 0:
            yield first, last, sign
