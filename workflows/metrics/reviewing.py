"""What a review of a period says: figures beside targets and the period before, and proposals.

It is stored as it was posted. It has numbers, and names of the definition, and nobody's name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from workflows.metrics.figures import Figure
from workflows.metrics.groups import By, Group, Groups
from workflows.metrics.habits import Habits
from workflows.metrics.history import Ending
from workflows.metrics.proposals import Forecast, Proposal, proposals_of
from workflows.metrics.targets import Reached, aim_of
from workflows.model.definition import Definition
from workflows.model.measures import Metric, more_is_better
from workflows.moments import Moment
from workflows.slots import Ended

USUAL = (
    Metric.HANDLING,
    Metric.STEPS_ON_TIME,
    Metric.FIRST_TIME_RIGHT,
    Metric.RETURNED,
    Metric.REJECTED,
    Metric.REWORK,
    Metric.PING_PONG,
    Metric.SATISFIED,
)
"""The figures of each review, besides those of targets and of the deadlines of cases."""


class Trend(StrEnum):
    """How a figure compares with the period before, the worst first.

    It is proved where the two ranges do not touch.
    """

    WORSE = "worse"
    SEEMS_WORSE = "seems_worse"
    SAME = "same"
    SEEMS_BETTER = "seems_better"
    BETTER = "better"
    UNKNOWN = "unknown"  # one of them is not known


class Value(Struct, frozen=True, kw_only=True):
    """A figure as it is stored; its fields are those of `Figure`."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    still_open: int = 0


class Compared(Struct, frozen=True, kw_only=True):
    """A figure of a period beside the period before and, if it has one, its target."""

    metric: str
    now: Value | None
    before: Value | None
    trend: Trend
    target: int | None = None  # its place among the targets of the definition
    baseline: float | None = None
    goal: float | None = None
    reached: Reached | None = None


class OfVersion(Struct, frozen=True, kw_only=True):
    """The figures of the cases of one version, in the order of `Reviewed.measures`."""

    version: str
    cases: int
    still_open: int
    values: tuple[Value | None, ...]


class ReportsAt(Struct, frozen=True, kw_only=True):
    """How many problems of a kind people reported at a step."""

    node: str
    kind: str
    count: int


class Reviewed(Struct, frozen=True, kw_only=True):
    """A review of a period, and what it was compared with."""

    period: str
    since: Moment
    until: Moment
    before: str  # the name of the period before
    cases: int
    cases_before: int
    still_open: int
    ended: int
    figures: tuple[Compared, ...]  # what got worse first
    measures: tuple[str, ...] = ()
    versions: tuple[OfVersion, ...] = ()  # the older first; none unless there are several
    proposals: tuple[Proposal, ...] = ()
    problems: tuple[ReportsAt, ...] = ()  # the most first
    with_problems: int = 0  # cases


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What the cases of two periods contribute, each by when they were filed.

    `now` and `before` are as they were at the end of their period, `both` at the end of the last.
    `forecasts` are those of the proposals that have one.
    """

    now: Groups
    before: Groups
    both: Groups
    habits: Habits
    forecasts: Mapping[Proposal, Forecast] = field(default_factory=dict)


def review_of(
    definition: Definition, counted: Counted, *, last: Ended, former: Ended, day: int
) -> Reviewed:
    """Return the review of a period; `day` is the length of a working day, in microseconds."""
    endings = counted.now.endings
    figures = sorted(_figures(definition, counted, day), key=_order)
    measures = tuple(dict.fromkeys(one.metric for one in figures))
    names = sorted(filter(str.isdecimal, counted.both.names(By.VERSION)), key=int)
    return Reviewed(
        period=last.name,
        since=last.since,
        until=last.until,
        before=former.name,
        cases=counted.now.all.cases,
        cases_before=counted.before.all.cases,
        still_open=endings[Ending.OPEN],
        ended=endings[Ending.ENDED] + endings[Ending.REJECTED],
        figures=tuple(figures),
        measures=measures,
        versions=tuple(
            _version(name, counted.both.of(By.VERSION, name), measures)
            for name in (names if len(names) > 1 else ())
        ),
        proposals=tuple(
            replace(one, forecast=counted.forecasts.get(one))
            for one in proposals_of(definition, counted.now.all, counted.habits)
        ),
        problems=tuple(
            ReportsAt(node=node, kind=kind, count=count)
            for (node, kind), count in sorted(
                counted.now.problems.reports.items(), key=lambda one: (-one[1], one[0])
            )
        ),
        with_problems=counted.now.problems.cases,
    )


def trend_of(metric: str, now: Value | None, before: Value | None) -> Trend:
    """Return how a figure compares with the one before."""
    if now is None or before is None or now.value is None or before.value is None:
        return Trend.UNKNOWN
    if now.value == before.value:
        return Trend.SAME
    worse = (now.value < before.value) == more_is_better(metric)
    upper, lower = (now, before) if now.value > before.value else (before, now)
    apart = upper.low is not None and lower.high is not None and upper.low > lower.high
    if worse:
        return Trend.WORSE if apart else Trend.SEEMS_WORSE
    return Trend.BETTER if apart else Trend.SEEMS_BETTER


def _order(one: Compared) -> tuple[int, float]:
    """Return the place of a figure: what is proved to be worse first, then by how much it is."""
    changed = 0.0
    if one.now is not None and one.before is not None and one.now.value and one.before.value:
        ratio = one.now.value / one.before.value
        changed = ratio if more_is_better(one.metric) else 1 / ratio
    return [*Trend].index(one.trend), changed


def _figures(definition: Definition, counted: Counted, day: int) -> Iterator[Compared]:
    now, before = counted.now.all, counted.before.all
    aims = [aim_of(target, day=day) for target in definition.targets]
    for place, aim in enumerate(aims):
        figure, former = now.figure(aim.metric), _value(before.figure(aim.metric))
        yield Compared(
            metric=aim.metric,
            now=_value(figure),
            before=former,
            trend=trend_of(aim.metric, _value(figure), former),
            target=place,
            baseline=aim.baseline,
            goal=aim.goal,
            reached=aim.reached(figure),
        )
    aimed = {aim.metric for aim in aims}
    for metric in (*now.names(Metric.ON_TIME), *USUAL):
        found, former = _value(now.figure(metric)), _value(before.figure(metric))
        if metric not in aimed and (found is not None or former is not None):
            trend = trend_of(metric, found, former)
            yield Compared(metric=metric, now=found, before=former, trend=trend)


def _version(name: str, group: Group, measures: tuple[str, ...]) -> OfVersion:
    time = group.figure(Metric.HANDLING)
    return OfVersion(
        version=name,
        cases=group.cases,
        still_open=time.still_open if time is not None else 0,
        values=tuple(_value(group.figure(metric)) for metric in measures),
    )


def _value(figure: Figure | None) -> Value | None:
    if figure is None:
        return None
    return Value(
        value=figure.value,
        low=figure.range.low,
        high=figure.range.high,
        n=figure.n,
        still_open=figure.still_open,
    )
