"""What a pilot has changed, and whether chance explains it.

Cases filed in the pilot's departments and in the others, before the pilot and during it, are in
four boxes, and each is watched for the same time. The change of the pilot less that of the others
is the effect. The same sum is made for past months in which nothing was changed.
docs/explanation/pilots.md says why the verdict can be trusted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from math import inf
from operator import attrgetter

from workflows.metrics.effects import (
    RESAMPLES,
    Effect,
    difference,
    difference_with_range,
    ratio,
    ratio_with_range,
)
from workflows.metrics.history import Ending, History
from workflows.metrics.measuring import SATISFIED
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric, more_is_better
from workflows.moments import DAY, Moment

MONTH = 30 * DAY
BEFORE = 3 * MONTH  # with which a pilot is compared
MONTHS = 12  # past windows in which nothing was changed
LEAST_MONTHS = 9  # of them, for the verdict "better"
LEAST_CASES = 10  # of each box: fewer do not show how much cases differ
MARGIN = 10.0  # percentage points by which a guard figure may be worse


def by_the_clock(since: Moment, until: Moment) -> int:
    """Return the time between two moments."""
    return until - since


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How long each case is watched, in microseconds, and when the observation ends.

    `between` gives the time between two moments: by the clock, or the working time, of which
    `limit` is then too.
    """

    limit: int
    cut_off: Moment
    between: Callable[[Moment, Moment], int] = by_the_clock


class Fate(StrEnum):
    """Whether it is known how a case went in the time for which it is watched."""

    KNOWN = "known"
    WAITING = "waiting"  # filed too short a time before the cut-off
    DROPPED = "dropped"  # withdrawn, merged or terminated meanwhile


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """A case as a pilot counts it: what happened after its limit is not in it.

    `time` is at least a microsecond, and the limit where the case had not ended by then.
    """

    case: str
    department: str
    filed: Moment
    time: int
    on_time: bool
    fate: Fate = Fate.KNOWN
    returned: bool | None = False  # None if it is not known what was decided
    satisfied: bool | None = None  # None without an answer


def watched(history: History, watch: Watch) -> Watched:
    """Return what is counted of a case."""
    end = watch.cut_off if history.ended is None else history.ended
    lasted = max(watch.between(history.filed, end), 1)
    gone = history.ended is not None and lasted <= watch.limit
    fate = Fate.KNOWN
    if watch.between(history.filed, watch.cut_off) < watch.limit:
        fate = Fate.WAITING
    elif gone and history.ending is Ending.DROPPED:
        fate = Fate.DROPPED
    return Watched(
        case=history.case,
        department=history.department,
        filed=history.filed,
        time=lasted if gone else watch.limit,
        on_time=gone,
        fate=fate,
        returned=_returned(history, watch),
        satisfied=None if history.score is None else history.score >= SATISFIED,
    )


def _returned(history: History, watch: Watch) -> bool | None:
    if not history.decided:
        return None
    return any(
        act.outcome == "return" and watch.between(history.filed, act.at) <= watch.limit
        for act in history.acts
    )


def lasted(histories: Iterable[History], watch: Watch) -> list[float]:
    """Return how long past cases took, infinite of those that have not ended: for a forecast.

    Cases that were not watched for the limit, or dropped within it, are left out.
    """
    return [
        inf
        if one.ended is None or one.ending is Ending.DROPPED
        else max(watch.between(one.filed, one.ended), 1)
        for one in histories
        if watched(one, watch).fate is Fate.KNOWN
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time of a pilot, and since when it is compared; `until` is not in it."""

    before: Moment
    since: Moment
    until: Moment


def window(since: Moment, until: Moment) -> Window:
    """Return the window of a pilot: it is compared with the three months before it."""
    return Window(before=since - BEFORE, since=since, until=until)


def past_windows(pilot: Window) -> tuple[Window, ...]:
    """Return the windows of ordinary months, the last one first.

    Each is as long as the pilot and compared as the pilot is. The last one ends where the pilot
    begins, the others a month earlier each, so those of a pilot of more than a month overlap.
    """
    length = pilot.until - pilot.since
    ends = (pilot.since - number * MONTH for number in range(MONTHS))
    return tuple(window(end - length, end) for end in ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """The departments of a pilot, and those with which they are compared.

    Without others it is before against after. Cases of further departments do not count.
    """

    pilot: frozenset[str]
    others: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The cases that some departments filed in a time, in the order of their numbers.

    `waiting` and `dropped` say how many are not among them.
    """

    cases: tuple[Watched, ...] = ()
    waiting: int = 0
    dropped: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes:
    """The boxes of a window; those of the others are None if there are none."""

    pilot_during: Box
    pilot_before: Box
    others_during: Box | None = None
    others_before: Box | None = None

    @property
    def all(self) -> tuple[Box, ...]:
        """The boxes that there are, in the order of `effects`."""
        four = (self.pilot_during, self.pilot_before, self.others_during, self.others_before)
        return tuple(box for box in four if box is not None)

    @property
    def enough(self) -> bool:
        """Whether each has so many cases that a range can be trusted."""
        return all(len(box.cases) >= LEAST_CASES for box in self.all)


def boxes(cases: Iterable[Watched], groups: Groups, times: Window) -> Boxes:
    """Return the boxes of a window: a case belongs to the time in which it was filed."""
    found: dict[tuple[bool, bool], list[Watched]] = {
        (piloted, during): [] for piloted in (True, False) for during in (True, False)
    }
    known = groups.pilot | groups.others
    for one in cases:
        if times.before <= one.filed < times.until and one.department in known:
            found[one.department in groups.pilot, one.filed >= times.since].append(one)
    return Boxes(
        pilot_during=_box(found[True, True]),
        pilot_before=_box(found[True, False]),
        others_during=_box(found[False, True]) if groups.others else None,
        others_before=_box(found[False, False]) if groups.others else None,
    )


def _box(cases: Sequence[Watched]) -> Box:
    known = (one for one in cases if one.fate is Fate.KNOWN)
    return Box(
        cases=tuple(sorted(known, key=attrgetter("case"))),
        waiting=sum(one.fate is Fate.WAITING for one in cases),
        dropped=sum(one.fate is Fate.DROPPED for one in cases),
    )


_SHARES: dict[Metric, Callable[[Watched], bool | None]] = {
    Metric.ON_TIME: attrgetter("on_time"),
    Metric.RETURNED: attrgetter("returned"),
    Metric.SATISFIED: attrgetter("satisfied"),
}


def effect(found: Boxes, metric: Metric, *, resamples: int = RESAMPLES) -> Effect | None:
    """Return the effect on a metric; None if a box has no case that counts for it.

    A metric is the time from filing to the end (`GROSS`), or the share of cases that ended within
    the limit (`ON_TIME`), that were returned, or whose filer was satisfied.
    """
    if metric is Metric.GROSS:
        times = _times(found)
        seed = sha256(repr([[one.case for one in box.cases] for box in found.all]).encode())
        if not all(times):
            return None
        return ratio_with_range(metric, times, seed=seed.hexdigest(), resamples=resamples)
    shares = _shares(found, metric)
    return difference_with_range(metric, shares) if all(n for _, n in shares) else None


def _value(found: Boxes, metric: Metric) -> float | None:
    """Return an effect without its range."""
    if metric is Metric.GROSS:
        times = _times(found)
        return ratio(times) if all(times) else None
    shares = _shares(found, metric)
    return difference(shares) if all(n for _, n in shares) else None


def _times(found: Boxes) -> list[list[int]]:
    return [[one.time for one in box.cases] for box in found.all]


def _shares(found: Boxes, metric: Metric) -> list[tuple[int, int]]:
    value = _SHARES[metric]
    columns = [[value(one) for one in box.cases] for box in found.all]
    return [(column.count(True), len(column) - column.count(None)) for column in columns]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinary:
    """The effects that past windows would have had, in which nothing was changed."""

    values: tuple[float, ...]
    as_good: int  # how many are at least as good as that of the pilot

    @property
    def chance(self) -> float:
        """How often an ordinary month is as good as the pilot."""
        return (self.as_good + 1) / (len(self.values) + 1)


def ordinary(
    cases: Collection[Watched], groups: Groups, windows: Iterable[Window], beside: Effect
) -> Ordinary:
    """Return the effects of past windows beside that of a pilot; one with an empty box has none."""
    found = (_value(boxes(cases, groups, times), beside.metric) for times in windows)
    values = tuple(value for value in found if value is not None)
    sign = 1 if more_is_better(beside.metric) else -1
    as_good = sum(sign * value >= sign * beside.value for value in values)
    return Ordinary(values=values, as_good=as_good)


class Verdict(StrEnum):
    """What can be said of a pilot."""

    BETTER = "better"
    PROBABLY_BETTER = "probably_better"
    CANNOT_TELL = "cannot_tell"
    WORSE = "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What a pilot has shown; `effect` and `ordinary` are None if a box has too few cases.

    A guard figure is kept (YES) if it is proved to be worse by no more than ten points, and broken
    (NO) if it is proved to be worse by more; its effect is None if a box has no case for it.
    """

    boxes: Boxes
    effect: Effect | None
    ordinary: Ordinary | None
    guards: Mapping[Metric, Effect | None]
    verdict: Verdict

    def guarded(self, metric: Metric) -> Reached:
        """Return whether a guard figure is kept."""
        return _guarded(self.guards[metric])

    def reached(self, goal: float) -> Reached:
        """Return whether a target is reached, given as an effect: 0.7 of a time, or 10 points."""
        return Reached.UNKNOWN if self.effect is None else self.effect.reached(goal)


def assess(
    cases: Collection[Watched],
    groups: Groups,
    pilot: Window,
    metric: Metric,
    *,
    guards: Iterable[Metric] = (),
    resamples: int = RESAMPLES,
) -> Assessment:
    """Return what a pilot has shown of its main metric and its guard figures, which are shares."""
    found = boxes(cases, groups, pilot)
    main = effect(found, metric, resamples=resamples) if found.enough else None
    months = None if main is None else ordinary(cases, groups, past_windows(pilot), main)
    kept = {guard: effect(found, guard) for guard in guards}
    broken = any(_guarded(one) is Reached.NO for one in kept.values())
    said = verdict(main, months, beside_others=bool(groups.others))
    return Assessment(
        boxes=found,
        effect=main,
        ordinary=months,
        guards=kept,
        verdict=Verdict.WORSE if broken else said,
    )


def verdict(main: Effect | None, months: Ordinary | None, *, beside_others: bool) -> Verdict:
    """Return the verdict of an effect beside ordinary months.

    It is better only if its whole range is, it was compared with other departments, and none of
    at least nine ordinary months was as good.
    """
    if main is not None and main.worse:
        return Verdict.WORSE
    if main is None or months is None or not main.better:
        return Verdict.CANNOT_TELL
    proved = beside_others and not months.as_good and len(months.values) >= LEAST_MONTHS
    return Verdict.BETTER if proved else Verdict.PROBABLY_BETTER


def _guarded(guard: Effect | None) -> Reached:
    if guard is None:
        return Reached.UNKNOWN
    return guard.reached(-MARGIN if more_is_better(guard.metric) else MARGIN)
