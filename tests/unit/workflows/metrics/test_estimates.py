"""Quantiles, shares and curves, beside figures of R, statsmodels and lifelines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.metrics.estimates import curve, quantile, reached, wilson

# The remission of leukaemia under 6-MP, in weeks: Freireich et al. (1963), the usual example.
ENDED = [6, 6, 6, 7, 10, 13, 16, 22, 23]
OPEN = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]


def test_a_quantile_between_two_values_is_interpolated():
    values = [1, 2, 4, 8]
    assert quantile(values, 0.5) == 3
    assert quantile(values, 0.85) == pytest.approx(6.2)  # quantile(c(1,2,4,8), .85) in R
    assert quantile(values, 0) == 1
    assert quantile(values, 1) == 8
    assert quantile([5], 0.9) == 5


@pytest.mark.parametrize(
    ("count", "n", "low", "high"),
    [  # proportion_confint(count, n, method="wilson") of statsmodels
        (38, 42, 0.779349, 0.962338),
        (0, 10, 0.0, 0.277533),
        (10, 10, 0.722467, 1.0),
        (1, 2, 0.094531, 0.905469),
    ],
)
def test_a_share_has_the_interval_of_wilson(count, n, low, high):
    share = wilson(count, n)
    assert share is not None
    assert share.value == count / n
    assert share.range.low == pytest.approx(low, abs=1e-6)
    assert share.range.high == pytest.approx(high, abs=1e-6)


def test_a_share_of_nothing_is_none():
    assert wilson(0, 0) is None


def test_the_curve_counts_those_that_are_still_open():
    steps = curve(ENDED, OPEN)
    assert [step.time for step in steps] == [6, 7, 10, 13, 16, 22, 23]
    assert [step.at_risk for step in steps] == [21, 17, 15, 12, 11, 7, 6]
    assert [round(step.share, 4) for step in steps] == [
        0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482,
    ]  # fmt: skip


def test_the_median_has_a_range_whose_end_may_be_unknown():
    median = reached(curve(ENDED, OPEN), 0.5)
    assert median.value == 23
    assert median.range.low == 13  # survfit(..., conf.type = "log-log") in R: 23 (13, NA)
    assert median.range.high is None


LIFELINES = [  # ended, open, median_survival_time_, median_survival_times of its interval
    (
        [4.5, 0.7, 3.2, 4.3, 12.0, 3.2, 1.1, 3.9], [12.4, 4.7, 4.0, 6.3],
        4.3, (1.1, None),
    ),
    (
        [8.7, 1.6, 4.5, 12.6, 2.8, 4.3, 16.6, 0.7, 2.3], [2.5, 7.8, 6.5],
        4.5, (1.6, 12.6),
    ),
    (
        [5.7, 13.2, 9.7, 0.9, 9.9, 16.7, 4.2, 8.9, 1.7, 0.3, 9.6, 22.9, 0.5, 8.1],
        [23.5, 5.6, 11.8, 6.3, 1.2, 4.3],
        9.6, (4.2, 13.2),
    ),
    (
        [1.9, 1.9, 2.2, 4.4, 2.2, 1.1, 2.0, 0.7, 4.1, 6.3, 2.4, 0.4, 4.6, 8.1, 4.9],
        [5.2, 1.0, 2.3, 7.6, 2.4],
        4.1, (1.9, 4.9),
    ),
]  # fmt: skip


@pytest.mark.parametrize(("ended", "still_open", "median", "limits"), LIFELINES)
def test_a_median_is_that_of_lifelines(ended, still_open, median, limits):
    found = reached(curve(ended, still_open), 0.5)
    assert found.value == median
    assert (found.range.low, found.range.high) == limits


def test_the_median_is_not_reached_where_more_than_half_are_open():
    assert reached(curve([1, 2], [5, 5, 5]), 0.5).value is None
    assert reached((), 0.5).value is None


def test_a_tie_at_one_half_is_reached_in_spite_of_rounding():
    assert reached(curve([1, 2, 3], [4, 4, 4]), 0.5).value == 3


def test_where_none_is_open_the_curve_is_that_of_the_values():
    median = reached(curve([1, 2, 3, 4], ()), 0.5)
    assert median.value == 2
    assert reached(curve([1, 2, 3, 4], ()), 1).value == 4
    assert median.range.high is None  # four are too few


def test_where_all_ended_together_their_number_bounds_the_range():
    assert reached(curve([4] * 6, ()), 0.5).range.high == 4
    assert reached(curve([4] * 5, ()), 0.5).range.high is None


@given(
    st.lists(st.integers(0, 50), max_size=30),
    st.lists(st.integers(0, 50), max_size=30),
    st.sampled_from([0.25, 0.5, 0.85]),
)
def test_a_range_contains_its_value(ended, still_open, p):
    found = reached(curve(ended, still_open), p)
    if found.value is not None:
        assert found.range.low is not None
        assert found.range.low <= found.value
        assert found.range.high is None or found.value <= found.range.high


@given(st.lists(st.integers(0, 50), min_size=1, max_size=30))
def test_shares_fall_from_one_to_nothing_where_all_ended(ended):
    shares = [step.share for step in curve(ended, ())]
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] == 0
