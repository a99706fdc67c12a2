"""Moments are whole microseconds, and datetimes where people read and write them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.moments import HOUR, SECOND, from_iso, in_zone, iso, moment_of, seconds, utc

SHANGHAI = timezone(timedelta(hours=8))


def test_the_count_begins_with_1970():
    assert moment_of(datetime(1970, 1, 1, tzinfo=UTC)) == 0
    assert utc(0) == datetime(1970, 1, 1, tzinfo=UTC)
    assert moment_of(datetime(1970, 1, 1, 0, 0, 1, 5, tzinfo=UTC)) == 1_000_005
    assert moment_of(datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)) == -1_000_000


def test_a_zone_changes_the_text_and_not_the_moment():
    assert moment_of(datetime(1970, 1, 1, 8, tzinfo=SHANGHAI)) == 0
    assert in_zone(HOUR, SHANGHAI).hour == 9


def test_a_time_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="needs its time zone"):
        from_iso("2026-03-02T10:00")


@given(st.datetimes(timezones=st.just(UTC)))
def test_a_moment_survives_the_way_through_a_datetime_and_a_text(at):
    moment = moment_of(at)
    assert utc(moment) == at
    assert from_iso(iso(moment)) == moment


def test_seconds_are_rounded_to_whole_microseconds():
    assert seconds(1.5) == SECOND * 3 // 2
    assert seconds(1e-7) == 0
