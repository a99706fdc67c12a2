"""Little's law: how many cases would be open, beside how many are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.workflows.metrics.histories import RULER, case
from tests.unit.workflows.office import moment
from workflows.metrics.backlog import backlog_of
from workflows.metrics.groups import Groups, grouped
from workflows.metrics.history import Ending
from workflows.moments import DAY

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02")  # the cut-off is in March


def year(*, months: tuple[str, ...] = MONTHS, each: int = 12, opened: int = 0) -> Groups:
    """Cases that take ten days, so many each month, and so many open ones of this month."""
    found: list[Any] = []
    for month in months:
        since = moment(f"{month}-01 09:00")
        found += [
            case(filed=since, ending=Ending.ENDED, ended=since + 10 * DAY) for _ in range(each)
        ]
    found += [case(filed=moment("2026-03-02 09:00")) for _ in range(opened)]
    return grouped(found, RULER)


def test_as_many_are_open_as_are_filed_a_day_times_the_days_that_one_takes():
    found = backlog_of(year(opened=4))
    assert found is not None
    assert (found.opened, found.days) == (4, 10)
    assert found.filed_a_day == pytest.approx(48 / 120), "November to February have 120 days"
    assert found.expected == pytest.approx(4)
    assert not found.grows


def test_more_open_cases_than_chance_explains_are_a_backlog_that_grows():
    found = backlog_of(year(opened=9))
    assert found is not None
    assert found.grows
    few = backlog_of(year(opened=8))
    assert few is not None
    assert not few.grows, "two standard deviations above four"


def test_a_month_without_a_case_counts_too():
    found = backlog_of(year(months=("2025-11", "2026-01", "2026-02"), each=16))
    assert found is not None
    assert found.filed_a_day == pytest.approx(48 / 120)


@pytest.mark.parametrize(
    "groups",
    [year(months=MONTHS[2:], each=40), year(each=7), year(months=()), grouped((), RULER)],
    ids=["two months", "28 cases", "none but open ones", "none"],
)
def test_too_little_is_known_of_few_months_or_cases(groups: Groups):
    assert backlog_of(groups) is None
