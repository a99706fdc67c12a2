"""Working time in Shanghai, 09:00-12:00 and 13:00-18:00, unless a test says otherwise."""

from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from tests.unit.workflows.open_spans import open_spans
from workflows.calendar import CalendarData, QuietHours, WorkCalendar
from workflows.durations import Budget, Unit, parse_span
from workflows.moments import DAY, HOUR, MINUTE, moment_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
CALENDAR = WorkCalendar(
    CalendarData(zone="Asia/Shanghai", hours=((time(9), time(12)), (time(13), time(18))))
)


def at(text, zone=SHANGHAI):
    """`at("3-2 10:00")` → that local moment of 2026."""
    return moment_of(datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone))


def always(zone="UTC", **settings):
    """A calendar of Monday to Friday."""
    return WorkCalendar(CalendarData(zone=zone, region="none", **settings))


# 2026-03-02 is a Monday, an ordinary week follows.
ADD = [
    ("3-2 10:00", "2h", "3-2 12:00"),
    ("3-6 17:00", "24h", "3-7 17:00"),
    ("3-6 17:00", "7d", "3-13 17:00"),
    ("3-6 17:00", "90m", "3-6 18:30"),
    ("3-2 10:00", "1wh", "3-2 11:00"),
    ("3-2 11:00", "2wh", "3-2 14:00"),  # over lunch
    ("3-2 10:00", "90wm", "3-2 11:30"),
    ("3-2 14:00", "4wh", "3-2 18:00"),  # the end, not 09:00 on the next day
    ("3-2 10:00", "2wh", "3-2 12:00"),  # nor 13:00
    ("3-2 12:30", "1wh", "3-2 14:00"),  # from lunch
    ("3-2 07:00", "1wh", "3-2 10:00"),  # before hours
    ("3-2 20:00", "1wh", "3-3 10:00"),  # after hours
    ("3-6 17:00", "2wh", "3-9 10:00"),  # over the weekend
    ("3-7 11:00", "8wh", "3-9 18:00"),  # from Saturday
    ("2-13 17:00", "2wh", "2-14 10:00"),  # a made-up Saturday
    ("2-14 17:00", "2wh", "2-24 10:00"),  # over Spring Festival
    ("3-2 10:00", "1wd", "3-3 18:00"),
    ("3-2 07:00", "1wd", "3-3 18:00"),  # before hours: the same day is day 0
    ("3-2 12:30", "1wd", "3-3 18:00"),
    ("3-2 18:00", "1wd", "3-3 18:00"),  # the very close still belongs to its day
    ("3-2 18:01", "1wd", "3-4 18:00"),  # after it the next opening counts
    ("3-7 11:00", "1wd", "3-10 18:00"),
    ("3-6 10:00", "3wd", "3-11 18:00"),
    ("2-13 10:00", "2wd", "2-24 18:00"),
    ("12-31 10:00", "260wh", None),
]


@pytest.mark.parametrize(("start", "span", "end"), ADD)
def test_a_span_ends_when_so_much_of_its_time_has_passed(start, span, end):
    found = CALENDAR.add(at(start), parse_span(span))
    if end is not None:
        assert found == at(end)
    if "w" in span and "d" not in span:
        assert CALENDAR.working_between(at(start), found) == parse_span(span).microseconds


@pytest.mark.parametrize(
    ("end", "span", "start"),
    [
        ("3-2 10:00", "2h", "3-2 08:00"),
        ("3-2 11:00", "1wh", "3-2 10:00"),
        ("3-2 10:00", "1wh", "3-2 09:00"),  # an opening, not Friday's close
        ("3-2 10:00", "2wh", "2-28 17:00"),  # a made-up Saturday
        ("3-2 08:00", "1wh", "2-28 17:00"),
        ("3-8 12:00", "1wh", "3-6 17:00"),
        ("3-3 18:00", "1wd", "3-2 18:00"),
        ("3-3 17:00", "1wd", "2-28 18:00"),  # a working day fits only before Monday's close
        ("1-4 18:00", "2wd", None),
    ],
)
def test_subtracting_gives_the_latest_start_that_is_in_time(end, span, start):
    found = CALENDAR.subtract(at(end), parse_span(span))
    if start is not None:
        assert found == at(start)
    assert CALENDAR.add(found, parse_span(span)) <= at(end)


def test_subtraction_reaches_into_earlier_years():
    found = CALENDAR.subtract(at("1-4 09:30"), parse_span("1wh"))
    assert found == moment_of(datetime(2025, 12, 31, 17, 30, tzinfo=SHANGHAI))


def test_chained_working_days_add_up():
    one = CALENDAR.add(at("3-2 10:00"), parse_span("1wd"))
    assert CALENDAR.add(one, parse_span("2wd")) == CALENDAR.add(at("3-2 10:00"), parse_span("3wd"))


def test_plain_weekdays_would_be_wrong_around_every_chinese_holiday():
    """Of 236 starts of "3wd" in 2026, 18 would come due too early, by up to a week."""
    plain = WorkCalendar(CalendarData(zone="Asia/Shanghai", region="none"))
    span, differences = parse_span("3wd"), []
    for number in range((date(2026, 12, 15) - date(2026, 1, 1)).days + 1):
        day = date(2026, 1, 1) + timedelta(days=number)
        if CALENDAR.is_working_day(day):
            start = moment_of(datetime.combine(day, time(10), tzinfo=SHANGHAI))
            differences.append((CALENDAR.add(start, span) - plain.add(start, span)) // DAY)
    assert len(differences) == 236
    assert sum(difference > 0 for difference in differences) == 18
    assert max(differences) == 7


@pytest.mark.parametrize(
    ("moment", "is_open", "opening"),
    [
        ("3-2 09:00", True, "3-2 09:00"),
        ("3-2 11:59", True, "3-2 11:59"),
        ("3-2 12:00", False, "3-2 13:00"),
        ("3-2 18:00", False, "3-3 09:00"),
        ("3-6 18:00", False, "3-9 09:00"),
        ("2-14 10:00", True, "2-14 10:00"),
        ("2-16 10:00", False, "2-24 09:00"),
    ],
)
def test_doors_open_at_the_opening_and_are_shut_at_the_close(moment, is_open, opening):
    assert CALENDAR.is_open(at(moment)) is is_open
    assert CALENDAR.next_opening(at(moment)) == at(opening)


def test_days_and_their_names_come_from_the_data():
    assert CALENDAR.is_working_day(date(2026, 2, 14))
    assert not CALENDAR.is_working_day(date(2026, 2, 16))
    assert CALENDAR.holiday_name(date(2026, 10, 1), "zh") == "国庆节"
    assert CALENDAR.status(2026) == "confirmed"
    assert CALENDAR.status_at(moment_of(datetime(2089, 12, 31, 17, tzinfo=UTC))) == "provisional"


def test_the_spans_of_a_day_are_in_utc():
    assert open_spans(CALENDAR, date(2026, 3, 2)) == (
        (
            moment_of(datetime(2026, 3, 2, 1, tzinfo=UTC)),
            moment_of(datetime(2026, 3, 2, 4, tzinfo=UTC)),
        ),
        (
            moment_of(datetime(2026, 3, 2, 5, tzinfo=UTC)),
            moment_of(datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ),
    )
    assert open_spans(CALENDAR, date(2026, 3, 1)) == ()


def test_a_half_day_ends_working_days_earlier():
    calendar = always(short_days={date(2026, 12, 24): ((time(9), time(12)),)})
    start = moment_of(datetime(2026, 12, 23, 10, tzinfo=UTC))
    assert calendar.add(start, parse_span("1wd")) == moment_of(
        datetime(2026, 12, 24, 12, tzinfo=UTC)
    )
    assert calendar.add(start, parse_span("12wh")) == moment_of(
        datetime(2026, 12, 25, 10, tzinfo=UTC)
    )


def test_working_time_is_counted_over_years_and_backwards():
    a, b = (
        moment_of(datetime(2025, 12, 31, 16, tzinfo=UTC)),
        moment_of(datetime(2028, 1, 3, 11, tzinfo=UTC)),
    )
    calendar = always()
    weekdays = 261 + 261  # of 2026 and 2027
    assert calendar.working_between(a, b) == (2 + weekdays * 9 + 2) * HOUR
    assert calendar.working_between(b, a) == -calendar.working_between(a, b)


# ---------------------------------------------------------------- pauses


def test_pausing_for_an_hour_of_work_moves_the_due_time_by_it():
    due = at("3-2 16:00")
    left = CALENDAR.remaining(at("3-2 10:00"), due, Unit.WORKING_HOURS)
    assert left == Budget(kind="working", microseconds=5 * 3_600_000_000)
    assert CALENDAR.resume(at("3-2 11:00"), left) == at("3-2 17:00")


def test_pausing_over_a_holiday_is_harmless():
    due = at("2-24 10:00")
    left = CALENDAR.remaining(at("2-14 18:30"), due, Unit.WORKING_DAYS)
    assert CALENDAR.resume(at("2-23 23:00"), left) == due


def test_wall_clocks_keep_all_of_the_time():
    left = CALENDAR.remaining(at("3-6 17:00"), at("3-7 17:00"), Unit.HOURS)
    assert left == Budget(kind="wall", microseconds=24 * 3_600_000_000)
    assert CALENDAR.resume(at("3-8 00:00"), left) == at("3-9 00:00")


def test_an_overdue_task_stays_overdue_over_a_pause():
    late = CALENDAR.remaining(at("3-2 10:30"), at("2-28 18:00"), Unit.WORKING_HOURS)
    assert late.microseconds == -5_400_000_000
    assert CALENDAR.resume(at("3-2 10:30"), late) == at("2-28 18:00")
    assert CALENDAR.resume(at("3-2 11:30"), late) == at("3-2 10:00")


def test_a_used_up_budget_is_due_at_once():
    nothing = Budget(kind="working", microseconds=0)
    assert CALENDAR.resume(at("3-2 10:00"), nothing) == at("3-2 10:00")
    assert CALENDAR.resume(at("3-7 10:00"), nothing) == at("3-6 18:00")
    assert CALENDAR.resume(at("1-1 10:00"), nothing) == moment_of(
        datetime(2025, 12, 31, 10, tzinfo=UTC)
    )


# ---------------------------------------------------------------- shares


@pytest.mark.parametrize(
    ("start", "span", "share", "moment"),
    [
        ("3-2 10:00", "2h", Fraction(1, 2), "3-2 11:00"),
        ("3-2 10:00", "4wh", Fraction(3, 4), "3-2 14:00"),
        ("3-2 10:00", "4wh", Fraction(3, 2), "3-2 17:00"),
        ("3-2 10:00", "1wd", Fraction(7, 15), "3-2 18:00"),  # 7 of 15 working hours
        ("3-2 10:00", "1wd", Fraction(1), "3-3 18:00"),
        ("3-7 10:00", "8wh", Fraction(1, 2), "3-9 14:00"),
    ],
)
def test_a_share_of_a_span_is_a_share_of_its_own_time(start, span, share, moment):
    assert CALENDAR.scale(at(start), parse_span(span), share) == at(moment)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(11)])
def test_shares_are_bounded(share):
    with pytest.raises(ValueError, match="fraction above 0"):
        CALENDAR.scale(at("3-2 10:00"), parse_span("1h"), share)


# ---------------------------------------------------------------- clocks that change, midnight


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 3), (date(2026, 10, 25), 5)])
def test_a_night_shift_is_shorter_in_spring_and_longer_in_autumn(day, hours):
    calendar = always("Europe/Berlin", hours=((time(1), time(5)),), extra_on=frozenset({day}))
    ((opened, closed),) = open_spans(calendar, day)
    assert closed - opened == hours * HOUR


def test_a_shift_inside_the_skipped_hour_does_not_take_place():
    day = date(2026, 3, 29)
    hours = ((time(2, 15), time(2, 45)),)
    calendar = always("Europe/Berlin", extra_on=frozenset({day}), short_days={day: hours})
    ((opened, closed),) = open_spans(calendar, day)
    assert closed - opened == 30 * MINUTE  # after the jump, 03:15 to 03:45
    into = ((time(2, 30), time(3)),)
    calendar = always("Europe/Berlin", extra_on=frozenset({day}), short_days={day: into})
    assert open_spans(calendar, day) == ()
    friday, monday = (moment_of(datetime(2026, 3, day, 12, tzinfo=UTC)) for day in (27, 30))
    assert calendar.is_working_day(day)
    assert calendar.add(friday, parse_span("1wd")) == monday + 4 * HOUR  # 18:00 in summer


def test_intervals_never_overlap_where_the_clock_jumps():
    day = date(2026, 3, 29)
    hours = ((time(1), time(2, 30)), (time(3), time(5)))
    calendar = always("Europe/Berlin", extra_on=frozenset({day}), short_days={day: hours})
    (_, first_end), (second_start, _) = open_spans(calendar, day)
    assert first_end == second_start


def test_working_until_midnight_belongs_to_the_day_that_ends():
    calendar = always(hours=((time(16), time(0)),))
    thursday = moment_of(datetime(2026, 12, 31, 20, tzinfo=UTC))
    midnight = moment_of(datetime(2027, 1, 1, tzinfo=UTC))
    assert calendar.add(thursday, parse_span("4wh")) == midnight
    assert not calendar.is_open(midnight)
    assert calendar.add(midnight, parse_span("1wd")) == moment_of(datetime(2027, 1, 2, tzinfo=UTC))
    assert calendar.subtract(midnight, parse_span("1wd")) == moment_of(
        datetime(2026, 12, 31, tzinfo=UTC)
    )
    assert (
        calendar.resume(thursday, Budget(kind="working", microseconds=4 * 3600 * 10**6)) == midnight
    )


def test_round_the_clock_is_open_at_midnight():
    calendar = always(hours=((time(0), time(0)),))
    assert calendar.is_open(moment_of(datetime(2027, 1, 1, tzinfo=UTC)))
    assert (
        calendar.working_between(
            moment_of(datetime(2026, 12, 30, 12, tzinfo=UTC)),
            moment_of(datetime(2027, 1, 1, 12, tzinfo=UTC)),
        )
        == 48 * HOUR
    )


# ---------------------------------------------------------------- refusals and bounds


@pytest.mark.parametrize("year", [1970, 1999, 2100, 9999])
def test_moments_far_away_are_refused(year):
    with pytest.raises(ValueError, match="outside the years 2000 to 2099"):
        CALENDAR.add(moment_of(datetime(year, 6, 1, tzinfo=UTC)), parse_span("1h"))


def closed_for_good():
    """Nothing is worked from 2027 on."""
    first = date(2027, 1, 1)
    return always(extra_off=frozenset(first + timedelta(days=n) for n in range(366 * 23)))


def test_no_question_is_asked_for_ever():
    calendar, now = closed_for_good(), moment_of(datetime(2026, 12, 31, 12, tzinfo=UTC))
    assert calendar.add(now, parse_span("6wh")) == now + 6 * HOUR
    later = moment_of(datetime(2049, 6, 1, tzinfo=UTC))
    for ask in (
        lambda: calendar.add(now, parse_span("7wh")),
        lambda: calendar.add(now, parse_span("1wd")),
        lambda: calendar.next_opening(now + 7 * HOUR),
        lambda: calendar.subtract(later, parse_span("1wh")),
        lambda: calendar.subtract(later, parse_span("1wd")),
    ):
        with pytest.raises(ValueError, match="20 years"):
            ask()


# ---------------------------------------------------------------- quiet hours

NIGHT = QuietHours(start=time(22), end=time(8))
SIESTA = QuietHours(start=time(12), end=time(14))


@pytest.mark.parametrize(
    ("hours", "moment", "released"),
    [
        (NIGHT, "3-2 21:59", "3-2 21:59"),
        (NIGHT, "3-2 22:00", "3-3 08:00"),
        (NIGHT, "3-2 23:30", "3-3 08:00"),
        (NIGHT, "3-3 00:00", "3-3 08:00"),
        (NIGHT, "3-3 07:59", "3-3 08:00"),
        (NIGHT, "3-3 08:00", "3-3 08:00"),
        (SIESTA, "3-2 11:59", "3-2 11:59"),
        (SIESTA, "3-2 12:00", "3-2 14:00"),
        (SIESTA, "3-2 14:00", "3-2 14:00"),
    ],
)
def test_quiet_hours_hold_a_message_until_their_end(hours, moment, released):
    assert hours.release(at(moment), "Asia/Shanghai") == at(released)


def test_quiet_hours_are_those_of_the_person_and_not_of_the_company():
    berlin = ZoneInfo("Europe/Berlin")
    assert NIGHT.release(at("3-2 10:00"), "Europe/Berlin") == at("3-2 08:00", berlin)
    assert NIGHT.release(at("3-2 10:00"), "Asia/Shanghai") == at("3-2 10:00")


def test_in_a_repeated_hour_the_release_is_not_in_the_past():
    second_pass = moment_of(datetime(2026, 10, 25, 2, 10, tzinfo=ZoneInfo("Europe/Berlin"), fold=1))
    released = QuietHours(start=time(22), end=time(2, 30)).release(second_pass, "Europe/Berlin")
    assert released - second_pass == 20 * MINUTE


@pytest.mark.parametrize(
    ("start", "end", "complaint"),
    [(time(8), time(8), "never or always"), (time(8, tzinfo=UTC), time(9), "local times")],
)
def test_quiet_hours_must_make_sense(start, end, complaint):
    with pytest.raises(ValueError, match=complaint):
        QuietHours(start=start, end=end)


def test_a_night_shift_belongs_to_the_day_on_which_it_begins():
    """Also the one from the old year into the new."""
    night = WorkCalendar(
        CalendarData(
            zone="UTC",
            region="none",
            hours=((time(22), time(6)),),
            weekend=frozenset({6}),
        )
    )
    evening = moment_of(datetime(2026, 12, 31, 23, tzinfo=UTC))  # a Thursday
    assert night.is_open(moment_of(datetime(2027, 1, 1, 3, tzinfo=UTC)))
    assert night.add(evening, parse_span("1wh")) == moment_of(datetime(2027, 1, 1, tzinfo=UTC))
    assert night.add(evening, parse_span("6wh")) == moment_of(datetime(2027, 1, 1, 5, tzinfo=UTC))
    assert night.add(evening, parse_span("1wd")) == moment_of(datetime(2027, 1, 2, 6, tzinfo=UTC))
    sunday = moment_of(datetime(2027, 1, 3, 3, tzinfo=UTC))
    assert night.is_open(sunday)  # Saturday's shift
    assert night.next_opening(sunday + 4 * HOUR) == moment_of(datetime(2027, 1, 4, 22, tzinfo=UTC))
    assert not night.is_open(
        moment_of(datetime(2000, 1, 1, 3, tzinfo=UTC))
    )  # nothing is known before
