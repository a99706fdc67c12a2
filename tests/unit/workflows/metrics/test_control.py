"""Limits and the four rules of a control chart."""

import pytest

from workflows.metrics.control import Assurance, Rule, Signal, chart

# Wheeler's usual example of a chart of single values.
QUIET = [39, 41, 41, 41, 43, 44, 41, 42, 40, 41, 44, 40]
QUIET_PAIRS = [10, 11] * 5


def signals(values):
    found = chart(values)
    assert found is not None
    return found.signals


def test_limits_are_the_mean_and_the_mean_moving_range():
    found = chart(QUIET)
    assert found is not None
    assert found.centre == pytest.approx(41.4167, abs=1e-4)
    assert found.high - found.centre == pytest.approx(2.66 * 19 / 11, abs=1e-9)
    assert found.centre - found.low == pytest.approx(2.66 * 19 / 11, abs=1e-9)
    assert found.trial
    assert found.signals == ()


def test_limits_of_thirteen_values_are_no_trial():
    found = chart([*QUIET, 41])
    assert found is not None
    assert not found.trial


def test_a_moving_range_that_is_too_far_off_does_not_widen_the_limits():
    found = chart([*QUIET, 90, *QUIET])
    assert found is not None
    assert found.high - found.centre < 6
    assert Signal(rule=Rule.OUTSIDE, first=12, last=12, high=True) in found.signals


def test_seven_on_one_side_are_a_signal_and_six_are_none():
    low, high = [10, 11] * 6, [14, 15] * 3
    six = [one for one in signals([*low, *high]) if one.rule is Rule.SIDE]
    assert all(not one.high for one in six)
    seven = signals([*low, *high, 14])
    assert Signal(rule=Rule.SIDE, first=12, last=18, high=True) in seven


def test_seven_that_rise_or_fall_are_a_signal():
    rising = signals([5, 9, 4, 9, 4, 5, 6, 7, 8, 9, 10, 3])
    assert Signal(rule=Rule.TREND, first=4, last=10, high=True) in rising
    falling = signals([5, 9, 5, 9, 14, 13, 12, 11, 10, 9, 8, 11])
    assert Signal(rule=Rule.TREND, first=4, last=10, high=False) in falling
    assert not [one for one in signals([1, 2, 3, 4, 5, 6, 5]) if one.rule is Rule.TREND]


def test_two_of_three_near_the_same_limit_are_a_signal():
    values = [*QUIET_PAIRS, 13.2, 11, 13.2, *QUIET_PAIRS]
    near = [one for one in signals(values) if one.rule is Rule.NEAR]
    assert near == [Signal(rule=Rule.NEAR, first=10, last=12, high=True)]
    apart = [*QUIET_PAIRS, 13.2, 11, 10, 13.2, *QUIET_PAIRS]
    assert not [one for one in signals(apart) if one.rule is Rule.NEAR]


def test_pairs_near_a_limit_that_do_not_overlap_are_two_signals():
    values = [*QUIET_PAIRS, 13.2, 13.2, *QUIET_PAIRS, 13.2, 13.2, *QUIET_PAIRS]
    near = [(one.first, one.last) for one in signals(values) if one.rule is Rule.NEAR]
    assert near == [(10, 11), (22, 23)]


def test_a_series_that_never_varies_has_no_signal():
    found = chart([7, 7, 7, 7, 7, 7, 7, 7])
    assert found is not None
    assert (found.low, found.high, found.signals) == (7, 7, ())
    assert found.assurance(7, least=True) is Assurance.ALWAYS
    assert found.assurance(7, least=False) is Assurance.ALWAYS


def test_one_value_has_no_chart():
    assert chart([3]) is None


def test_a_target_outside_the_limits_is_always_or_never_met():
    found = chart(QUIET)
    assert found is not None
    assert found.assurance(30, least=True) is Assurance.ALWAYS
    assert found.assurance(30, least=False) is Assurance.NEVER
    assert found.assurance(60, least=True) is Assurance.NEVER
    assert found.assurance(60, least=False) is Assurance.ALWAYS
    assert found.assurance(42, least=True) is Assurance.CHANCE
