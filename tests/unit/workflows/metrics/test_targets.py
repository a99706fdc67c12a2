"""Targets as numbers, and when a figure proves that one is reached."""

from __future__ import annotations

import pytest

from workflows.metrics.estimates import Range
from workflows.metrics.figures import Figure, Unit
from workflows.metrics.targets import Aim, Reached, aim_of
from workflows.model.definition import Target
from workflows.model.measures import Metric, known_measures
from workflows.model.words import Text
from workflows.moments import DAY, HOUR

WORKING_DAY = 8 * HOUR


def aim(measure: str, baseline: str, goal: str) -> tuple[str, float, float]:
    name = Text(zh="目标", en="Target")
    target = Target(measure=measure, name=name, baseline=baseline, goal=goal)
    found = aim_of(target, day=WORKING_DAY)
    return found.metric, found.baseline, found.goal


@pytest.mark.parametrize(
    ("measure", "baseline", "goal", "found"),
    [
        ("handling_time", "10d", "-30%", (Metric.GROSS, 10 * DAY, 7 * DAY)),
        ("handling_time", "10wd", "8wd", (Metric.HANDLING, 80 * HOUR, 64 * HOUR)),
        ("net_time", "4wh", "-1wh", (Metric.NET, 4 * HOUR, 3 * HOUR)),
        ("first_response_on_time", "70%", "95%", ("on_time:first_response", 0.7, 0.95)),
        ("on_time", "60%", "+10%", (Metric.STEPS_ON_TIME, 0.6, 0.66)),
        ("returns", "1.5", "-1", (Metric.RETURNS, 1.5, 0.5)),
    ],
)
def test_a_goal_is_a_value_or_a_change_of_the_baseline(measure, baseline, goal, found):
    metric, before, after = aim(measure, baseline, goal)
    assert (metric, before) == found[:2]
    assert after == pytest.approx(found[2])


def figure(value: float | None, low: float | None, high: float | None) -> Figure:
    span = Range(low=low, high=high)
    return Figure(metric="m", unit=Unit.SHARE, value=value, range=span, n=20)


@pytest.mark.parametrize(
    ("metric", "low", "high", "reached"),
    [
        (Metric.GROSS, 3, 5, Reached.YES),
        (Metric.GROSS, 3, 8, Reached.UNKNOWN),
        (Metric.GROSS, 7, 9, Reached.NO),
        (Metric.GROSS, 7, None, Reached.NO),
        (Metric.GROSS, None, None, Reached.UNKNOWN),
        (Metric.STEPS_ON_TIME, 7, 9, Reached.YES),
        (Metric.STEPS_ON_TIME, 4, 9, Reached.UNKNOWN),
        (Metric.STEPS_ON_TIME, 3, 5, Reached.NO),
    ],
)
def test_only_the_whole_range_proves_a_target(metric, low, high, reached):
    aim = Aim(metric=metric, baseline=10, goal=6)
    assert aim.reached(figure(6, low, high)) is reached


def test_a_target_without_a_figure_is_unknown():
    aim = Aim(metric=Metric.GROSS, baseline=10, goal=6)
    assert aim.reached(None) is Reached.UNKNOWN
    assert aim.reached(figure(None, 7, None)) is Reached.UNKNOWN


def test_a_target_may_measure_whole_cases_and_each_deadline():
    known = known_measures(["closing"])
    assert {"handling_time", "on_time", "closing_on_time", "rework_rate"} <= {*known}
    assert not {"step_time", "steps_on_time", "handling_time_gross", "backlog_age"} & {*known}
