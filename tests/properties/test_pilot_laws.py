"""Laws of effects and verdicts, for any shares and times."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workflows.metrics.test_pilots import case
from tests.unit.workflows.metrics.test_stages import release
from workflows.metrics.effects import difference_with_range, ratio_with_range
from workflows.metrics.piloting import GUARDS
from workflows.metrics.pilots import Groups, assess, boxes, window
from workflows.metrics.stages import RollOut, compared, stages_of
from workflows.model.measures import Metric
from workflows.moments import DAY

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


# ------------------------------------------------------------------ batches of a roll-out

DEPARTMENTS = ("a", "b", "c", "d")
RELEASES = st.lists(
    st.tuples(
        st.sampled_from(("", *DEPARTMENTS)),
        st.integers(60, 200),
        st.integers(1, 90) | st.none(),
        st.sampled_from(("PC-1", "PC-2")),
    ),
    min_size=1,
    max_size=7,
).filter(lambda several: any(one[0] and one[3] == "PC-1" for one in several))
FILED = st.lists(st.tuples(st.sampled_from(DEPARTMENTS), st.integers(0, 250)), max_size=60)
CUT_OFF = 260 * DAY


def rolled_out(several) -> RollOut:
    """A change opened some of these releases; each is (department, day, days, act)."""
    releases = tuple(
        release(
            department,
            day * DAY,
            opening=f"{act}/{day}",
            ended_at=None if days is None else min((day + days) * DAY, CUT_OFF),
        )
        for department, day, days, act in sorted(several, key=lambda one: one[1])
    )
    own = [one for one in releases if one.department and one.opening.startswith("PC-1")]
    return RollOut(stages=stages_of(own), releases=releases, cut_off=CUT_OFF)


@given(RELEASES, FILED)
def test_no_case_that_was_filed_with_a_released_version_is_in_the_control_of_a_batch(
    several, filed
) -> None:
    """L4.2."""
    rollout = rolled_out(several)
    cases = [case(number, department, day * DAY) for number, (department, day) in enumerate(filed)]
    at = {one.case: one.filed for one in cases}
    for found in compared(cases, rollout, Metric.ON_TIME):
        others = (found.boxes.others_during, found.boxes.others_before)
        for one in (one for box in others if box is not None for one in box.cases):
            treated = any(
                given.department == one.department
                and given.opened_at <= at[one.case]
                and (given.ended_at is None or at[one.case] < given.ended_at)
                for given in rollout.releases
            )
            assert not treated
            assert one.department not in found.stage.departments
        assert found.times.since < found.times.until <= max(CUT_OFF, found.times.since + 1)


@given(RELEASES, FILED)
def test_the_cases_of_a_batch_were_filed_in_it_and_before_its_change(several, filed) -> None:
    """L4.2."""
    cases = [case(number, department, day * DAY) for number, (department, day) in enumerate(filed)]
    at = {one.case: one.filed for one in cases}
    for found in compared(cases, rolled_out(several), Metric.ON_TIME):
        stage = found.stage
        assert all(at[one.case] >= stage.since for one in found.boxes.pilot_during.cases)
        assert all(at[one.case] < stage.first for one in found.boxes.pilot_before.cases)


@given(st.sampled_from(DEPARTMENTS), st.integers(60, 200), FILED)
def test_one_batch_beside_departments_without_the_version_is_a_pilot(
    department, day, filed
) -> None:
    """L4.2."""
    cases = [case(number, one, at * DAY) for number, (one, at) in enumerate(filed)]
    (found,) = compared(cases, rolled_out([(department, day, None, "PC-1")]), Metric.ON_TIME)
    others = frozenset(one.department for one in cases) - {department}
    groups = Groups(pilot=frozenset({department}), others=others)
    times = window(day * DAY, CUT_OFF)
    assert found.boxes == boxes(cases, groups, times)
    if found.assessment is not None:
        assert found.assessment == assess(cases, groups, times, Metric.ON_TIME, guards=GUARDS)
