"""Differences in differences with their ranges, and what a forecast says can be shown."""

from __future__ import annotations

from math import exp, inf
from random import Random
from statistics import NormalDist

import pytest

from workflows.metrics.effects import (
    Effect,
    Plan,
    cases_needed,
    difference,
    difference_with_range,
    half_width,
    power,
    ratio,
    ratio_with_range,
    smallest_change,
)
from workflows.metrics.targets import Reached
from workflows.model.measures import Metric

WORKED = [(38, 42), (99, 126), (116, 135), (303, 405)]  # the worked example of the method
ON_TIME = 0.75
LOGNORMAL = [exp(NormalDist().inv_cdf((place + 0.5) / 1000)) for place in range(1000)]
LIMIT = exp(NormalDist().inv_cdf(ON_TIME))


def plan(cases: int, **fields) -> Plan:
    n = (cases, 3 * cases, 3 * cases, 9 * cases)
    return Plan(**{"lasted": LOGNORMAL, "limit": LIMIT, "n": n, **fields})


def effect(metric: Metric, low: float, high: float) -> Effect:
    return Effect(metric=metric, value=(low + high) / 2, low=low, high=high, n=(1, 1))


def test_the_worked_example_gives_its_published_effect_and_range():
    """0.8 points, from -14.7 to 13.4."""
    found = difference_with_range(Metric.ON_TIME, WORKED)
    assert [round(share / n, 3) for share, n in WORKED] == [0.905, 0.786, 0.859, 0.748]
    assert (round(found.value, 1), round(found.low, 1), round(found.high, 1)) == (0.8, -14.7, 13.4)
    assert found.n == (42, 126, 135, 405)
    assert not found.better
    assert not found.worse


def test_without_others_it_is_the_difference_of_two_shares():
    """56 of 70 less 48 of 80 is 20 points, from 5.24 to 33.39: Newcombe's own example."""
    found = difference_with_range(Metric.ON_TIME, [(56, 70), (48, 80)])
    assert difference([(56, 70), (48, 80)]) == found.value == pytest.approx(20)
    assert found.low == pytest.approx(5.24, abs=0.005)
    assert found.high == pytest.approx(33.39, abs=0.005)
    assert found.better


def test_a_ratio_is_that_of_the_means_beside_that_of_the_others():
    assert ratio([[2, 4], [6], [5, 5], [10]]) == pytest.approx((3 / 6) / (5 / 10))
    assert ratio([[2, 4], [6]]) == pytest.approx(0.5)


def test_the_same_seed_gives_the_same_range_everywhere():
    times = [[1.0, 2.0, 4.0, 8.0], [3.0, 5.0, 9.0], [2.0, 7.0], [4.0, 6.0]]
    found = ratio_with_range(Metric.GROSS, times, seed="C-1 C-2")
    assert found == ratio_with_range(Metric.GROSS, times, seed="C-1 C-2")
    assert found.value == ratio(times)
    assert (found.low, found.high) == pytest.approx((0.20962732919254656, 2.91188725490196))
    assert found != ratio_with_range(Metric.GROSS, times, seed="C-1 C-3")


def test_times_that_do_not_vary_have_no_width():
    found = ratio_with_range(Metric.GROSS, [[5.0] * 3, [10.0] * 4], seed="")
    assert (found.low, found.value, found.high) == (0.5, 0.5, 0.5)


def test_a_range_holds_the_true_effect_about_as_often_as_it_claims():
    """Times that are capped, boxes of 20 to 180: at least 45 of 50 ranges hold "no change"."""
    held = 0
    for number in range(50):
        draw = Random(number)
        times = [
            [min(draw.lognormvariate(0, 1), LIMIT) for _ in range(n)] for n in (20, 60, 60, 180)
        ]
        found = ratio_with_range(Metric.GROSS, times, seed=str(number), resamples=200)
        held += not found.better and not found.worse
    assert held >= 45


@pytest.mark.parametrize(
    ("metric", "low", "high", "better", "worse"),
    [
        (Metric.GROSS, 0.6, 0.9, True, False),
        (Metric.GROSS, 0.6, 1.0, False, False),
        (Metric.GROSS, 1.0, 1.4, False, False),
        (Metric.GROSS, 1.1, 1.4, False, True),
        (Metric.ON_TIME, 1.0, 9.0, True, False),
        (Metric.ON_TIME, 0.0, 9.0, False, False),
        (Metric.ON_TIME, -9.0, -1.0, False, True),
        (Metric.RETURNED, -9.0, -1.0, True, False),
        (Metric.RETURNED, 1.0, 9.0, False, True),
    ],
)
def test_an_effect_is_better_or_worse_only_if_its_whole_range_is(metric, low, high, better, worse):
    found = effect(metric, low, high)
    assert (found.better, found.worse) == (better, worse)


@pytest.mark.parametrize(
    ("metric", "low", "high", "goal", "reached"),
    [
        (Metric.GROSS, 0.5, 0.7, 0.7, Reached.YES),
        (Metric.GROSS, 0.5, 0.8, 0.7, Reached.UNKNOWN),
        (Metric.GROSS, 0.75, 0.8, 0.7, Reached.NO),
        (Metric.ON_TIME, 10, 20, 10, Reached.YES),
        (Metric.ON_TIME, 5, 20, 10, Reached.UNKNOWN),
        (Metric.ON_TIME, 5, 9, 10, Reached.NO),
    ],
)
def test_a_target_is_reached_only_if_the_whole_range_is_beyond_it(metric, low, high, goal, reached):
    assert effect(metric, low, high).reached(goal) is reached


# Simulated for the method: per cent by time and on time, for three and five tenths less.
@pytest.mark.parametrize(
    ("cases", "less_30", "less_50", "width"),
    [
        (20, (22, 9), (57, 21), 25),
        (40, (37, 19), (90, 48), 18),
        (80, (60, 36), (99, 82), 13),
        (200, (94, 74), (100, 99), 8),
    ],
)
def test_a_forecast_is_as_the_simulated_power(cases, less_30, less_50, width):
    """Within the error of both, six points."""
    for change, table in ((-0.3, less_30), (-0.5, less_50)):
        found = power(plan(cases), change)
        assert 100 * found.of(Metric.GROSS) == pytest.approx(table[0], abs=6)
        assert 100 * found.of(Metric.ON_TIME) == pytest.approx(table[1], abs=6)
    assert half_width(plan(cases)) == pytest.approx(width, abs=1)


def test_forty_cases_can_show_a_half_less_and_not_three_tenths():
    assert smallest_change(plan(40), Metric.GROSS) == -0.5
    assert smallest_change(plan(200), Metric.GROSS) == -0.25
    assert smallest_change(plan(5), Metric.ON_TIME) is None


def test_a_forecast_says_how_many_cases_are_needed():
    needed = cases_needed(plan(80), -0.3, Metric.GROSS)
    assert needed is not None
    n = (needed, 240, 3 * needed, 720)
    assert power(plan(80, n=n), -0.3).time >= 0.8
    fewer = (needed - 1, 240, 3 * (needed - 1), 720)
    assert power(plan(80, n=fewer), -0.3).time < 0.8


def test_too_few_cases_before_are_too_few_for_any_number_during():
    assert cases_needed(plan(20), -0.3, Metric.GROSS) is None


def test_without_others_fewer_cases_are_needed():
    alone = cases_needed(plan(80, n=(80, 240)), -0.3, Metric.GROSS)
    beside = cases_needed(plan(80), -0.3, Metric.GROSS)
    assert alone is not None
    assert beside is not None
    assert alone < beside


@pytest.mark.parametrize("given", [{"lasted": []}, {"n": (0, 60, 60, 180)}, {"n": (20, 0)}])
def test_without_cases_nothing_can_be_shown(given):
    empty = plan(20, **given)
    assert power(empty, -0.5) == power(empty, -0.3)
    assert power(empty, -0.5).time == power(empty, -0.5).on_time == 0
    assert half_width(empty) is None
    assert smallest_change(empty, Metric.GROSS) is None
    assert cases_needed(empty, -0.5, Metric.GROSS) is None


def test_where_nothing_varies_a_change_is_certain_or_impossible():
    same = plan(20, lasted=[10.0] * 5, limit=20.0)
    assert power(same, -0.3).time == 1
    assert power(same, -0.3).on_time == 0
    never = plan(20, lasted=[inf] * 5, limit=20.0)
    assert power(never, -0.3).time == power(never, -0.3).on_time == 0
