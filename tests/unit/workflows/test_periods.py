"""Quarters of a company and years from a day, without a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.periods import quarter_from, quarter_of, year_from

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
MONTHS = st.integers(1, 12)


@pytest.mark.parametrize(
    ("day", "fiscal", "name", "first", "last"),
    [
        (date(2026, 3, 4), 1, "2026-Q1", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 12, 31), 1, "2026-Q4", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 3, 4), 4, "2026-Q4", date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 4, 1), 4, "2027-Q1", date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 1, 15), 2, "2026-Q4", date(2025, 11, 1), date(2026, 1, 31)),
    ],
)
def test_a_quarter_belongs_to_the_year_in_which_the_fiscal_year_ends(
    day, fiscal, name, first, last
):
    quarter = quarter_of(day, fiscal=fiscal)
    assert (quarter.id, quarter.first, quarter.last) == (name, first, last)


@given(day=DAYS, fiscal=MONTHS)
def test_a_day_is_in_its_quarter_which_has_three_months(day, fiscal):
    quarter = quarter_of(day, fiscal=fiscal)
    assert quarter.first <= day <= quarter.last
    assert 88 <= (quarter.last - quarter.first).days <= 91
    assert quarter_of(quarter.next_day, fiscal=fiscal).first == quarter.next_day


@given(day=DAYS, months=st.lists(MONTHS, min_size=1, max_size=12))
def test_however_the_fiscal_year_changes_no_day_is_missed_and_no_name_used_twice(day, months):
    first, names, highest = quarter_of(day, fiscal=months[0]).first, [], ""
    for fiscal in months:
        period = quarter_from(first, fiscal=fiscal, after=highest)
        assert period.first == first
        names.append(period.id)
        highest = max(highest, period.id) if "Q" in highest else period.id
        first = period.next_day
    assert len(names) == len(set(names))


def test_a_year_from_the_29th_of_february_ends_on_the_27th():
    year = year_from(date(2024, 2, 29), year=2025)
    assert (year.id, year.last) == ("2025", date(2025, 2, 27))
    assert year.next_day == date(2025, 2, 28)
    assert year_from(date(2024, 2, 29), year=2026).first == year.next_day
    assert year.last - year.first < timedelta(days=366)
