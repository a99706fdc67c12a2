"""Laws of the states of an alert, for any series of checks."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from workflows.metrics.alerting import CHECKS, Holds, Level, Phase, Series, changes, step
from workflows.moments import HOUR

FOR, KEEP = 2 * HOUR, 3 * HOUR
HOLDS = Holds(fires=lambda at: at + FOR, resolves=lambda at: at + KEEP)
checks = st.lists(st.tuples(st.sampled_from(list(Level)), st.booleans()), max_size=80)


def played(made: list[tuple[Level, bool]]) -> list[Series]:
    series, found = Series(), [Series()]
    for hour, (level, watched) in enumerate(made, start=1):
        series = step(series, level, now=hour * HOUR, holds=HOLDS, watched=watched)
        found.append(series)
    return found


@given(checks)
def test_it_fires_only_from_pending_and_only_after_its_wait(made):
    for before, after in pairwise(played(made)):
        if after.firing and not before.firing:
            assert before.phase is Phase.PENDING
            assert after.checked_at - before.since >= FOR


@given(checks)
def test_it_is_resolved_only_after_it_was_clear_for_as_long_as_it_must(made):
    for before, after in pairwise(played(made)):
        if before.firing and not after.firing:
            assert before.clear_since is not None
            assert after.checked_at - before.clear_since >= KEEP
            assert not after.raised


@given(checks)
def test_what_is_not_known_changes_nothing_but_the_time_of_the_check(made):
    for (level, _), (before, after) in zip(made, pairwise(played(made)), strict=True):
        if level is Level.UNKNOWN:
            assert (before.phase, before.checks) == (after.phase, after.checks)


@given(checks)
def test_changes_are_counted_over_the_last_checks_alone(made):
    for series in played(made):
        assert len(series.checks) <= CHECKS
        assert 0 <= changes(series.checks) <= 1 + 1e-9
        assert series.clear_since is None or series.firing
