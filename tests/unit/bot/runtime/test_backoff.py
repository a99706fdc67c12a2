"""Waits grow, spread and end somewhere; what the other side asked for is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runtime.backoff import backoff
from workflows.moments import HOUR, SECOND


@pytest.mark.parametrize(("failures", "seconds"), [(0, 2), (1, 2), (2, 4), (5, 32), (60, 900)])
def test_it_doubles_up_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert backoff(failures, chance=lambda: 1.0) == seconds * SECOND


@given(failures=st.integers(0, 10_000), drawn=st.floats(0, 1, exclude_max=True))
def test_it_lies_between_half_and_the_whole(failures: int, drawn: float) -> None:
    whole = backoff(failures, chance=lambda: 1.0)

    assert whole / 2 <= backoff(failures, chance=lambda: drawn) <= whole


def test_the_other_sides_wish_is_kept_whatever_the_limit() -> None:
    wait = backoff(1, chance=lambda: 0.0, at_least=7200.0)

    assert 2 * HOUR <= wait < (2 * HOUR + 3 * SECOND)
