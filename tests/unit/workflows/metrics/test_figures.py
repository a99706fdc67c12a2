"""Figures of many cases, each with its number and its range."""

from __future__ import annotations

import pytest

from workflows.metrics.figures import Sample, Tally, Unit, unit_of
from workflows.metrics.measuring import Measured, State
from workflows.model.measures import Metric, more_is_better


def sample(metric: str, *values: float, cut: tuple[float, ...] = ()) -> Sample:
    found = Sample(metric)
    for value in values:
        found.add(Measured(metric, value))
    for value in cut:
        found.add(Measured(metric, value, state=State.OPEN))
    return found


def test_a_time_is_a_median_in_which_open_cases_count():
    figure = sample(Metric.HANDLING, *range(1, 10), cut=(20, 30, 40)).figure()
    assert (figure.unit, figure.value, figure.n, figure.still_open) == (Unit.TIME, 6, 12, 3)
    assert figure.range.low == 2
    assert figure.high is None  # the 85th percentile is not reached


def test_a_time_of_few_has_no_range():
    figure = sample(Metric.HANDLING, 1, 2, 3).figure()
    assert (figure.value, figure.range.low, figure.range.high) == (2, None, None)


def test_a_dropped_case_is_not_open():
    found = sample(Metric.HANDLING, 1, 2)
    found.add(Measured(Metric.HANDLING, 5, state=State.DROPPED))
    assert (found.figure().n, found.figure().still_open) == (3, 0)


def test_a_share_has_how_many_count_and_its_range():
    figure = sample("on_time:closing", 1, 1, 0, 1).figure()
    assert (figure.unit, figure.value, figure.count, figure.n) == (Unit.SHARE, 0.75, 3, 4)
    assert figure.range.low is not None
    assert figure.range.low < 0.75


def test_a_number_is_a_mean():
    assert sample(Metric.RETURNS, 0, 1, 3).figure().value == pytest.approx(4 / 3)


def test_where_all_have_ended_the_median_of_an_even_number_lies_between_the_two_in_the_middle():
    assert sample(Metric.HANDLING, 1, 2, 4, 9).figure().value == 3
    assert sample(Metric.HANDLING, 1, 2, 4, cut=(9,)).figure().value == 2, "the first of a curve"


def test_a_backlog_has_the_ages_of_what_is_open():
    figure = sample(Metric.BACKLOG, 4, 1, 3).figure()
    assert (figure.value, figure.n, figure.still_open) == (3, 3, 3)
    assert figure.high == pytest.approx(3.7)


@pytest.mark.parametrize("metric", [Metric.REJECTED, Metric.RETURNS, Metric.BACKLOG, Metric.NET])
def test_a_figure_of_nothing_has_no_value(metric):
    assert sample(metric).figure().value is None


def test_a_tally_keeps_the_whole_case_and_its_steps_apart():
    tally = Tally()
    tally.add([Measured(Metric.REWORK, 1), Measured(Metric.REWORK, 0, "a")])
    tally.add([Measured(Metric.REWORK, 1)])
    assert tally.cases == 2
    whole, step = (tally.samples[Metric.REWORK, node].figure() for node in ("", "a"))
    assert (whole.value, whole.n, step.value, step.n) == (1, 2, 0, 1)


def test_the_sum_counts_what_has_not_ended():
    found = sample(Metric.HANDLING, 1, 2, 3, cut=(4,))
    assert (found.total, found.figure().n, found.still_open) == (10, 4, 1)


def test_each_metric_has_a_unit_and_a_direction():
    assert unit_of("on_time:closing") is Unit.SHARE
    assert unit_of(Metric.STEP_DESK) is Unit.TIME
    assert more_is_better("on_time:closing")
    assert not more_is_better(Metric.HANDLING)
