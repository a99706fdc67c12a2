"""Measures how much two sets of cases differ: in time, in when steps begin, and in their ways.

Two of the measures are those of Chapela-Campa and others, "Can I Trust My Simulation Model?"
(2023), by which simulations of processes are judged. All are 0 for equal sets.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from itertools import pairwise
from statistics import fmean, median

from workflows.metrics.history import Ending, History
from workflows.metrics.measuring import Ruler

HALVES = 21  # ways of halving a set
BEGIN = ""  # before the first step of a way


class Measure(StrEnum):
    """In what two sets of cases are compared."""

    TIME = "time"  # of the cases, from filing to the end, or as long as it was observed
    BEGINNINGS = "beginnings"  # of the visits of steps, from filing on
    WAYS = "ways"  # which step follows which, and how the case ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What is compared of a case; times are working time, in microseconds."""

    case: str
    time: int
    beginnings: tuple[int, ...]
    ways: tuple[tuple[str, str], ...]


def course_of(history: History, ruler: Ruler) -> Course:
    """Return what is compared of a case."""
    until = history.ended if history.ended is not None else ruler.cut_off
    ending = history.ending if history.ending is Ending.OPEN else f"{history.ending}."
    nodes = (BEGIN, *(stay.node for stay in history.stays), f"{ending}")
    return Course(
        case=history.case,
        time=ruler.working(history.filed, until),
        beginnings=tuple(ruler.working(history.filed, stay.since) for stay in history.stays),
        ways=tuple(pairwise(nodes)),
    )


class Distances:
    """Measures the distance of sets of cases from a first one, the real one."""

    def __init__(self, real: Sequence[Course]) -> None:
        """Take the set from which others are measured; it has at least one case."""
        self._real = real
        self._mean = fmean(one.time for one in real) or 1.0
        beginnings = [at for one in real for at in one.beginnings]
        self._mean_begin = (fmean(beginnings) if beginnings else 0.0) or 1.0

    def of(self, other: Sequence[Course]) -> dict[Measure, float]:
        """Return the distance of another set from the real one."""
        return self._between(self._real, other)

    def halves(self, number: int = HALVES) -> dict[Measure, float]:
        """Return how much halves of the real set differ: the median of so many ways to halve it."""
        found = [self._between(*half) for half in _halves(self._real, number)]
        return {one: median(each[one] for each in found) for one in Measure}

    def _between(self, one: Sequence[Course], other: Sequence[Course]) -> dict[Measure, float]:
        return {
            Measure.TIME: wasserstein([a.time for a in one], [b.time for b in other]) / self._mean,
            Measure.BEGINNINGS: wasserstein(
                [at for a in one for at in a.beginnings], [at for b in other for at in b.beginnings]
            )
            / self._mean_begin,
            Measure.WAYS: variation(
                (way for a in one for way in a.ways), (way for b in other for way in b.ways)
            ),
        }


def _halves(courses: Sequence[Course], number: int) -> Iterator[tuple[list[Course], list[Course]]]:
    """Yield ways to halve a set, the same ones for the same cases."""
    middle = len(courses) // 2
    for seed in range(number):
        mixed = sorted(courses, key=lambda one: blake2b(f"{seed} {one.case}".encode()).digest())
        yield mixed[:middle], mixed[middle:]


def wasserstein(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the area between two distribution functions; 0 if a side has no values.

    It is the first Wasserstein distance: how far values have to be moved on average.
    """
    if not one or not other:
        return 0.0
    first, second = sorted(one), sorted(other)
    points = sorted({*first, *second})
    area = 0.0
    for low, high in pairwise(points):
        share = bisect_left(first, high) / len(first) - bisect_left(second, high) / len(second)
        area += abs(share) * (high - low)
    return area


def variation(one: Iterable[object], other: Iterable[object]) -> float:
    """Return the share of occurrences in which two sets differ, from 0 to 1."""
    first, second = Counter(one), Counter(other)
    n, m = first.total() or 1, second.total() or 1
    every = {*first, *second}
    return sum(abs(first[key] / n - second[key] / m) for key in every) / 2
