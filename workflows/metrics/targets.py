"""The targets of a definition, as numbers in the unit of the metric that each is about."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from workflows.durations import Unit, parse_span
from workflows.metrics.figures import Figure
from workflows.model.definition import Target
from workflows.model.measures import Metric, metric_named, more_is_better

_NUMBER = re.compile(r"([0-9]+(?:\.[0-9]+)?)(%?)")


class Reached(StrEnum):
    """Whether a target is reached: only the whole range of a figure proves it, or disproves it."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """A target: the metric, and its numbers in microseconds, as a share, or as a plain number."""

    metric: str
    baseline: float
    goal: float

    def reached(self, figure: Figure | None) -> Reached:
        """Return whether a figure of this metric proves that the target is reached, or not."""
        if figure is None or figure.value is None:
            return Reached.UNKNOWN
        low, high = figure.range.low, figure.range.high
        least = more_is_better(self.metric)
        beyond, short = (low, high) if least else (high, low)
        if beyond is not None and (beyond >= self.goal if least else beyond <= self.goal):
            return Reached.YES
        if short is not None and (short < self.goal if least else short > self.goal):
            return Reached.NO
        return Reached.UNKNOWN


def aim_of(target: Target, *, day: int) -> Aim:
    """Return a target that `lint` accepted as numbers.

    A handling time is by the clock unless its baseline is in working time. `day` is the length of
    a working day, in microseconds.
    """
    baseline = _number(target.baseline, day=day)
    sign, text = target.goal[:1], target.goal.lstrip("+-")
    goal = _number(text, day=day)
    if sign in ("+", "-"):
        change = baseline * goal if text.endswith("%") else goal
        goal = baseline + change if sign == "+" else baseline - change
    return Aim(metric=_metric(target), baseline=baseline, goal=goal)


def _metric(target: Target) -> str:
    measure = target.measure
    if measure == Metric.HANDLING and not target.baseline.endswith(("wm", "wh", "wd")):
        return Metric.GROSS
    return metric_named(measure)


def _number(text: str, *, day: int) -> float:
    match = _NUMBER.fullmatch(text)
    if match is not None:
        return float(match[1]) / (100 if match[2] else 1)
    span = parse_span(text)
    return span.amount * day if span.unit is Unit.WORKING_DAYS else span.microseconds
