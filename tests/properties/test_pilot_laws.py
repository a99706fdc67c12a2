"""Laws of effects and verdicts, for any shares and times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.metrics.effects import difference_with_range, ratio_with_range
from workflows.model.measures import Metric

SHARE = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
SHARES = st.tuples(SHARE, SHARE, SHARE, SHARE)
GROUP = st.lists(st.integers(1, 10**12), min_size=1, max_size=12)
TIMES = st.tuples(GROUP, GROUP, GROUP, GROUP)


@given(SHARES)
def test_a_difference_is_in_its_range_and_mirrored_when_the_groups_change_places(shares) -> None:
    found = difference_with_range(Metric.ON_TIME, shares)
    pilot, others = shares[:2], shares[2:]
    other = difference_with_range(Metric.ON_TIME, [*others, *pilot])
    assert found.low <= found.value <= found.high
    assert (other.value, other.low, other.high) == pytest.approx(
        (-found.value, -found.high, -found.low), abs=1e-9
    )
    assert not (found.better and found.worse)


@given(TIMES, st.floats(0.01, 100))
def test_a_ratio_does_not_depend_on_the_unit_of_time(times, unit) -> None:
    found = ratio_with_range(Metric.GROSS, times, seed="s", resamples=20)
    scaled = [[unit * time for time in group] for group in times]
    other = ratio_with_range(Metric.GROSS, scaled, seed="s", resamples=20)
    assert found.low <= found.high
    assert (other.value, other.low, other.high) == pytest.approx(
        (found.value, found.low, found.high), rel=1e-9
    )
