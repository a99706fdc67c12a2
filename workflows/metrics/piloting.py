"""What a pilot of a process can show, and what it has shown: the parts of forecast and report.

`pilots.py` has the verdict; here is how long each case is watched, what is expected of the pilot
before it begins, the first week apart, and the mix of grades.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from statistics import fmean
from typing import Literal

from workflows.durations import Span, Unit, parse_span
from workflows.metrics.effects import (
    Plan,
    cases_needed,
    difference,
    half_width,
    power,
    ratio,
    smallest_change,
)
from workflows.metrics.estimates import quantile
from workflows.metrics.history import Ending, History
from workflows.metrics.pilots import (
    Assessment,
    Box,
    Boxes,
    Groups,
    Watched,
    Window,
    assess,
    boxes,
    past_windows,
)
from workflows.model.definition import Definition
from workflows.model.measures import Metric, more_is_better
from workflows.moments import DAY, Moment

WEEK = 7 * DAY
FIGURES: Mapping[str, Metric] = {"handling_time": Metric.GROSS, "on_time": Metric.ON_TIME}
GUARDS = (Metric.RETURNED, Metric.SATISFIED)
CHANGES = (-0.3, -0.5)  # of which a forecast speaks
RANKED_FROM = 5  # cases of a department, to say that it is the worst

_AIMS: Mapping[str, Metric] = {
    "handling_time": Metric.GROSS,
    "steps_on_time": Metric.ON_TIME,
    "return_rate": Metric.RETURNED,
    "satisfaction": Metric.SATISFIED,
}
_CHANGE = re.compile(r"([-\u2212\u2013+])\s*([0-9]+(?:\.[0-9]+)?)\s*[%\uff05]?")
_LATE = 0.85  # of past cases end within the limit that is taken from them
_USUAL = 30 * DAY  # a limit, if nothing is known


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """How long each case is watched, in microseconds, by the clock or in working time.

    `source` says whence it is: the clock of the case with this `name`, a target, past cases, or
    nothing.
    """

    length: int
    source: Literal["clock", "target", "past", "usual"]
    span: Span
    name: str = ""


def limit_of(definition: Definition, histories: Iterable[History], *, day: int) -> Limit:
    """Return the limit of a process for its cases: the longest one of the clock until their end.

    Without such a clock it is the baseline of its target for the handling time, without that the
    time in which 85 % of past cases ended, in whole days. `day` is a working day's length.
    """
    until_end = (name for name, clock in definition.clocks.items() if clock.until == "end")
    clock = next(until_end, None)
    if clock is not None:
        limits = (one.limit for one in definition.clocks[clock].within)
        span = max(limits, key=lambda one: _length(one, day))
        return Limit(length=_length(span, day), source="clock", name=clock, span=span)
    for target in definition.targets:
        if target.measure == Metric.HANDLING:
            span = parse_span(target.baseline)
            return Limit(length=_length(span, day), source="target", span=span)
    took = sorted(
        one.ended - one.filed
        for one in histories
        if one.ended is not None and one.ending is not Ending.DROPPED
    )
    if not took:
        return Limit(length=_USUAL, source="usual", span=_days(_USUAL))
    length = max(ceil(quantile(took, _LATE) / DAY), 1) * DAY
    return Limit(length=length, source="past", span=_days(length))


def _days(length: int) -> Span:
    return Span(amount=length // DAY, unit=Unit.DAYS)


def _length(span: Span, day: int) -> int:
    return span.amount * day if span.unit is Unit.WORKING_DAYS else span.microseconds


def groups_of(
    histories: Iterable[History], pilot: Collection[str], *, changed: Collection[str] = ()
) -> Groups:
    """Return the departments of a pilot, and those with which they are compared.

    Departments in which something else was `changed` are not, nor are cases of which the department
    is not known.
    """
    known = {one.department for one in histories}
    return Groups(pilot=frozenset(pilot), others=frozenset(known - {*pilot, *changed, ""}))


# ---------------------------------------------------------------------------- forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What a pilot can show of its main figure.

    `past` is the number of past cases of its departments, `months` how many ordinary months can be
    put beside it, and `worst` the department that was the worst of all in the last three months,
    "" if none of the pilot was.
    """

    metric: Metric
    plan: Plan
    days: int
    past: int
    months: int
    worst: str
    beside_others: bool

    @property
    def expected(self) -> int:
        """The number of cases that are expected in the pilot."""
        return self.plan.n[0]

    @property
    def empty(self) -> bool:
        """Whether nothing can be foretold."""
        return self.plan.empty

    def chance(self, change: float) -> float:
        """Return how likely a change of all times is to be shown by the main figure."""
        return power(self.plan, change).of(self.metric)

    @property
    def smallest(self) -> float | None:
        """The smallest change that is likely to be shown."""
        return smallest_change(self.plan, self.metric)

    @property
    def points(self) -> float | None:
        """How many points the share on time reaches to each side."""
        return half_width(self.plan)

    def days_needed(self, change: float) -> int | None:
        """Return how long the pilot would have to be for a change that is likely to be shown."""
        cases = cases_needed(self.plan, change, self.metric)
        return None if cases is None else ceil(self.days * cases / self.expected)


def forecast(
    cases: Sequence[Watched],
    lasted: Sequence[float],
    groups: Groups,
    times: Window,
    *,
    limit: int,
    metric: Metric,
) -> Forecast:
    """Return what a pilot can show, of the cases that were filed before it.

    As many cases are expected a day as in the three months before, or since the first case.
    """
    recent = [one for one in cases if times.before <= one.filed < times.since]
    first = min((one.filed for one in recent), default=times.since)
    share = (times.until - times.since) / max(times.since - first, DAY)
    pilot = sum(one.department in groups.pilot for one in recent)
    others = sum(one.department in groups.others for one in recent)
    sizes = [round(pilot * share), pilot]
    if groups.others:
        sizes += [round(others * share), others]
    return Forecast(
        metric=metric,
        plan=Plan(lasted=lasted, limit=limit, n=tuple(sizes)),
        days=round((times.until - times.since) / DAY),
        past=sum(one.department in groups.pilot for one in cases),
        months=sum(
            all(box.cases for box in _past(cases, groups, one)) for one in past_windows(times)
        ),
        worst=_worst(recent, groups, metric),
        beside_others=bool(groups.others),
    )


def _past(cases: Sequence[Watched], groups: Groups, times: Window) -> tuple[Box, ...]:
    return boxes(cases, groups, times).all


def _worst(recent: Iterable[Watched], groups: Groups, metric: Metric) -> str:
    """Return the department with the worst figure, if it is one of the pilot."""
    found: dict[str, list[float]] = {}
    for one in recent:
        if one.department in groups.pilot | groups.others:
            value = one.time if metric is Metric.GROSS else float(one.on_time)
            found.setdefault(one.department, []).append(value)
    sign = 1 if more_is_better(metric) else -1
    ranked = sorted(
        (sign * fmean(values), name) for name, values in found.items() if len(values) >= RANKED_FROM
    )
    return ranked[0][1] if len(ranked) > 1 and ranked[0][1] in groups.pilot else ""


# ---------------------------------------------------------------------------- report


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """The grades of the pilot's cases: their shares before and during, and the effect by them.

    `value` is the main effect if each box had the grades of the pilot's cases before; None where
    that cannot be said.
    """

    before: Mapping[str, float]
    during: Mapping[str, float]
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What a pilot has shown: of its main figure, of the other one, and of parts of its cases."""

    metric: Metric
    main: Assessment
    other: Assessment
    first_week: Box
    later: Box
    mix: Mix
    needed: int | None  # cases of the pilot that are likely to show a time of 30 % less

    @property
    def second(self) -> Metric:
        """The figure that does not decide."""
        return Metric.ON_TIME if self.metric is Metric.GROSS else Metric.GROSS


def judge(
    cases: Sequence[Watched],
    lasted: Sequence[float],
    groups: Groups,
    times: Window,
    grades: Mapping[str, str],
    *,
    limit: int,
    metric: Metric,
) -> Judged:
    """Return what a pilot has shown. `grades` are those of the cases that have one."""
    main = assess(cases, groups, times, metric, guards=GUARDS)
    second = Metric.ON_TIME if metric is Metric.GROSS else Metric.GROSS
    week = Window(before=times.since, since=min(times.since + WEEK, times.until), until=times.until)
    halves = boxes(cases, Groups(pilot=groups.pilot), week)
    plan = Plan(lasted=lasted, limit=limit, n=tuple(len(box.cases) for box in main.boxes.all))
    return Judged(
        metric=metric,
        main=main,
        other=assess(cases, groups, times, second),
        first_week=halves.pilot_before,
        later=halves.pilot_during,
        mix=mix_of(main.boxes, grades, metric),
        needed=cases_needed(plan, CHANGES[0], metric),
    )


def mix_of(found: Boxes, grades: Mapping[str, str], metric: Metric) -> Mix:
    """Return the mix of grades, and the effect as if it were that of the pilot's cases before.

    Grades that a box does not have are left out of the effect; with fewer than two there is none.
    """
    columns = [_by_grade(box, grades, metric) for box in found.all]
    during, before = _shares(columns[0]), _shares(columns[1])
    common = [name for name in before if all(name in column for column in columns)]
    value = None
    if len(common) > 1:
        whole = sum(before[name] for name in common)
        means = [
            sum(before[name] / whole * fmean(column[name]) for name in common) for column in columns
        ]
        value = (
            ratio([[mean] for mean in means])
            if metric is Metric.GROSS
            else difference([(mean, 1) for mean in means])
        )
    return Mix(before=before, during=during, value=value)


def _by_grade(box: Box, grades: Mapping[str, str], metric: Metric) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for one in box.cases:
        if grade := grades.get(one.case):
            value = one.time if metric is Metric.GROSS else float(one.on_time)
            found.setdefault(grade, []).append(value)
    return found


def _shares(column: Mapping[str, Sequence[float]]) -> dict[str, float]:
    counts = Counter({name: len(values) for name, values in column.items()})
    return {name: counts[name] / counts.total() for name in sorted(counts)}


def without_gap(cases: Iterable[Watched], *, first: Moment, since: Moment) -> list[Watched]:
    """Return cases without those filed between a first pilot and the one that is judged.

    What was filed before is moved up to it, so that an earlier draft is in no box.
    """
    return [
        one if one.filed >= since else replace(one, filed=one.filed + since - first)
        for one in cases
        if not first <= one.filed < since
    ]


def goal_of(figure: str, goal: str) -> tuple[Metric, float] | None:
    """Return a target of a change as an effect: "-30%" of a time is 0.7, "+10%" of a share 10.

    None if it is about another figure, or no change.
    """
    metric = _AIMS.get(figure)
    match = _CHANGE.fullmatch(goal.strip())
    if metric is None or match is None:
        return None
    number = float(match[2]) * (1 if match[1] == "+" else -1)
    return metric, 1 + number / 100 if metric is Metric.GROSS else number
