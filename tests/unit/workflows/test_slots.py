"""Slots of schedules: their names, when they are due, and which one counts after a downtime."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from workflows.calendar import CalendarData, WorkCalendar
from workflows.model.review import Review
from workflows.model.schedules import Schedule
from workflows.moments import DAY, MINUTE, from_iso, in_zone
from workflows.slots import (
    check_after,
    check_before,
    checks_of,
    ended,
    following,
    newest,
    preceding,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOURS = ((time(9), time(12)), (time(13, 30), time(18)))


def calendar(*, fiscal: int = 1) -> WorkCalendar:
    data = CalendarData(zone="Asia/Shanghai", hours=HOURS, region="CN", fiscal_year_starts=fiscal)
    return WorkCalendar(data)


def schedule(every: str, after: str | None = None) -> Schedule:
    return Schedule.model_validate(
        {"id": "s", "every": every, "after": after, "filed_by": "role:buyer"}
    )


def local(at: int | None) -> str:
    assert at is not None
    return f"{in_zone(at, SHANGHAI):%m-%d %H:%M}"


NOON = from_iso("2026-06-17T04:00:00Z")  # a Wednesday, noon in Shanghai


@pytest.mark.parametrize(
    ("every", "after", "now", "then"),
    [
        ("day", None, ("2026-06-17", "06-17 09:00"), ("2026-06-18", "06-18 09:00")),
        ("week", None, ("2026-W25", "06-15 09:00"), ("2026-W26", "06-22 09:00")),
        ("week", "3wd", ("2026-W24", "06-11 09:00"), ("2026-W25", "06-18 09:00")),
        ("month", None, ("2026-06", "06-01 09:00"), ("2026-07", "07-01 09:00")),
        ("month", "5wd", ("2026-06", "06-08 09:00"), ("2026-07", "07-08 09:00")),
        ("quarter", None, ("2026-Q2", "04-01 09:00"), ("2026-Q3", "07-01 09:00")),
        ("year", None, ("2026", "01-04 09:00"), ("2027", "01-01 09:00")),
    ],
)
def test_a_slot_is_due_on_the_first_working_day_of_its_period_or_some_later(
    every, after, now, then
):
    """In 2026 the first of January is a holiday, and the fourth a make-up workday."""
    one, work = schedule(every, after), calendar()
    last, after_it = newest(one, work, now=NOON), following(one, work, now=NOON)

    assert (last.name, local(last.due_at)) == now
    assert after_it.name == then[0]
    if every != "year":  # the holidays of 2027 are not announced
        assert local(after_it.due_at) == then[1]


def test_a_slot_counts_from_its_minute_on():
    one, work = schedule("week"), calendar()
    due = work.opening_of(date(2026, 6, 22))

    assert newest(one, work, now=due - MINUTE).name == "2026-W25"
    assert newest(one, work, now=due).name == "2026-W26"
    assert following(one, work, now=due).name == "2026-W27"


def test_quarters_and_years_are_those_of_the_company():
    work = calendar(fiscal=4)

    assert newest(schedule("quarter"), work, now=NOON).name == "2027-Q1"
    assert newest(schedule("year"), work, now=NOON).name == "2027"
    assert newest(schedule("year"), work, now=NOON - 90 * DAY).name == "2026"


def test_of_the_days_of_a_holiday_the_last_one_counts_when_work_begins():
    """The Dragon Boat Festival of 2026 is from Friday, 19 June, to Sunday."""
    work = calendar()
    monday = work.opening_of(date(2026, 6, 22))

    assert newest(schedule("day"), work, now=monday - MINUTE).name == "2026-06-18"
    assert newest(schedule("day"), work, now=monday).name == "2026-06-22"


def test_alerts_are_checked_every_two_hours_while_the_company_works():
    """L5.2: at the opening, also after the break, and never at night or on a day off."""
    work = calendar()
    wednesday = [local(at) for at in checks_of(work, date(2026, 6, 17))]
    hours = ["09:00", "11:00", "13:30", "15:30", "17:30"]
    assert wednesday == [f"06-17 {hour}" for hour in hours]
    assert checks_of(work, date(2026, 6, 20)) == ()

    assert local(check_before(work, at=NOON)) == "06-17 11:00"
    assert local(check_after(work, at=NOON)) == "06-17 13:30"
    sunday = from_iso("2026-06-21T04:00:00Z")
    assert local(check_before(work, at=sunday)) == "06-18 17:30"
    assert local(check_after(work, at=sunday)) == "06-22 09:00"
    assert check_before(work, at=check_after(work, at=NOON)) == check_after(work, at=NOON)


def test_a_night_shift_is_checked_after_midnight():
    night = WorkCalendar(
        CalendarData(zone="Asia/Shanghai", hours=((time(22), time(6)),), region="CN")
    )
    late = from_iso("2026-06-17T19:10:00Z")  # 3:10 in Shanghai
    assert local(check_before(night, at=late)) == "06-18 02:00"
    assert local(check_after(night, at=late)) == "06-18 04:00"


def test_a_company_that_does_not_work_for_weeks_is_not_checked():
    data = CalendarData(
        zone="Asia/Shanghai",
        region="CN",
        extra_off=frozenset(date(2026, 5, 1) + timedelta(days=n) for n in range(120)),
    )
    closed = WorkCalendar(data)
    assert check_before(closed, at=NOON) is None
    assert local(check_after(closed, at=NOON)) == "08-31 09:00"


@pytest.mark.parametrize(
    ("fiscal", "now", "name", "before"),
    [
        (1, "2026-06-17", "2026-H1", "2025-H2"),
        (1, "2026-11-02", "2026-H2", "2026-H1"),
        (4, "2026-06-17", "2027-H1", "2026-H2"),
        (4, "2027-02-17", "2027-H2", "2027-H1"),
    ],
)
def test_half_years_are_those_of_the_company(fiscal: int, now: str, name: str, before: str):
    work, at = calendar(fiscal=fiscal), from_iso(f"{now}T04:00:00Z")
    half = schedule("half_year")

    assert newest(half, work, now=at).name == name
    assert preceding(half, work, now=at).name == before


@pytest.mark.parametrize(
    ("every", "fiscal", "now", "names", "days"),
    [
        ("quarter", 1, "2026-06-17", ("2026-Q1", "2025-Q4"), ("2026-01-01", "2026-04-01")),
        ("quarter", 1, "2026-01-02", ("2025-Q3", "2025-Q2"), ("2025-07-01", "2025-10-01")),
        ("quarter", 4, "2026-06-17", ("2026-Q4", "2026-Q3"), ("2026-01-01", "2026-04-01")),
        ("half_year", 1, "2026-07-01", ("2026-H1", "2025-H2"), ("2026-01-01", "2026-07-01")),
    ],
)
def test_a_review_is_about_the_period_that_ended_before_the_slot_was_due(
    every, fiscal, now, names, days
):
    """On 2 January 2026 nobody works, so the fourth quarter is not reviewed yet."""
    work = calendar(fiscal=fiscal)
    last, former = ended(Review(every=every), work, now=from_iso(f"{now}T04:00:00Z"))

    assert (last.name, former.name) == names
    assert former.until == last.since
    assert tuple(f"{in_zone(at, SHANGHAI):%Y-%m-%d}" for at in (last.since, last.until)) == days
