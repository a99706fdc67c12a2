"""Instants travel as whole microseconds and come back as UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from workflows.moments import EPOCH, Moment, from_micros, to_micros

MOMENTS = TypeAdapter(Moment)


def test_the_count_begins_with_1970():
    assert to_micros(EPOCH) == 0
    assert from_micros(0) == EPOCH
    assert to_micros(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert to_micros(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000


def test_a_zone_changes_the_text_and_not_the_instant():
    shanghai = timezone(timedelta(hours=8))

    assert to_micros(datetime(1970, 1, 1, 8, tzinfo=shanghai)) == 0


def test_a_naive_time_is_no_instant():
    with pytest.raises(ValueError, match="needs its time zone"):
        to_micros(datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_survives_the_journey(at):
    assert from_micros(to_micros(at)) == at
    assert MOMENTS.validate_json(MOMENTS.dump_json(at)) == at


def test_an_instant_is_written_as_a_number_and_read_from_one_or_as_it_is():
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)

    assert MOMENTS.dump_json(at) == b"1772442000000000"
    assert MOMENTS.validate_python(at) is at
