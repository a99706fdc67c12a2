"""Which days are worked on. The Chinese years stand here as the State Council announced them."""

from datetime import UTC, date, time, timedelta

import chinese_calendar
import pytest

from workflows import working_days
from workflows.working_days import CalendarData, holiday_name, year_status


def days(year, *ranges):
    """`days(2025, "1.28-2.4", "5.1")` → the dates of the ranges."""
    found = set()
    for text in ranges:
        first, _, last = text.partition("-")
        day, end = (date(year, *map(int, part.split("."))) for part in (first, last or first))
        while day <= end:
            found.add(day)
            day += timedelta(days=1)
    return found


# 国务院办公厅关于2025年、2026年部分节假日安排的通知
OFF = {
    2025: days(2025, "1.1", "1.28-2.4", "4.4-4.6", "5.1-5.5", "5.31-6.2", "10.1-10.8"),
    2026: days(
        2026, "1.1-1.3", "2.15-2.23", "4.4-4.6", "5.1-5.5", "6.19-6.21", "9.25-9.27", "10.1-10.7"
    ),
}
MADE_UP = {
    2025: days(2025, "1.26", "2.8", "4.27", "9.28", "10.11"),
    2026: days(2026, "1.4", "2.14", "2.28", "5.9", "9.20", "10.10"),
}
CHINA = CalendarData(zone="Asia/Shanghai")
PLAIN = CalendarData(zone="UTC", region="none")


def every_day(year):
    return [date(year, 1, 1) + timedelta(days=n) for n in range(366) if n < 365 or year % 4 == 0]


@pytest.mark.parametrize("year", [2025, 2026])
def test_every_day_of_the_chinese_year_is_as_announced(year):
    announced = [
        day
        for day in every_day(year)
        if day in MADE_UP[year] or (day.weekday() < 5 and day not in OFF[year])
    ]
    assert list(working_days.working_days(CHINA, year=year)) == announced


def test_an_independent_calendar_agrees_on_every_day_from_2018():
    for year in range(2018, 2027):
        theirs = tuple(day for day in every_day(year) if chinese_calendar.is_workday(day))
        assert working_days.working_days(CHINA, year=year) == theirs


def test_region_none_works_monday_to_friday():
    assert [day.weekday() for day in working_days.working_days(PLAIN, year=2026)[1:6]] == [
        4, 0, 1, 2, 3,
    ]  # fmt: skip


def test_other_countries_and_their_parts_are_known():
    epiphany = date(2026, 1, 6)
    assert epiphany in working_days.working_days(CalendarData(zone="UTC", region="DE"), year=2026)
    bavaria = CalendarData(zone="UTC", region="DE-BY")
    assert epiphany not in working_days.working_days(bavaria, year=2026)


def test_weekend_and_kinds_of_holidays_can_be_chosen():
    """In Hong Kong Saturdays are working days by law, and Good Friday is no statutory holiday."""
    saturday, good_friday = date(2026, 4, 11), date(2026, 4, 3)
    usual = CalendarData(zone="Asia/Hong_Kong", region="HK")
    assert {saturday, good_friday} <= set(working_days.working_days(usual, year=2026))
    office = CalendarData(
        zone="Asia/Hong_Kong",
        region="HK",
        categories=("public", "optional"),
        weekend=frozenset({5, 6}),
    )
    assert not {saturday, good_friday} & set(working_days.working_days(office, year=2026))
    assert holiday_name(office, day=good_friday, language="en") == "Good Friday"


def test_a_weekend_of_our_own_keeps_holidays_and_makes_make_up_days_up():
    six_days = CalendarData(zone="Asia/Shanghai", weekend=frozenset({6}))
    found = set(working_days.working_days(six_days, year=2026))
    assert date(2026, 3, 7) in found  # a Saturday
    assert date(2026, 10, 3) not in found  # a Saturday in the National Day holiday
    assert date(2026, 9, 20) in found  # a Sunday that is made up for
    plain = CalendarData(zone="UTC", region="none", weekend=frozenset({4}))
    assert date(2026, 3, 6) not in working_days.working_days(plain, year=2026)


def test_a_year_with_estimated_holidays_is_provisional():
    emirates = CalendarData(zone="Asia/Dubai", region="AE")
    assert year_status(emirates, year=2026) == "confirmed"
    assert year_status(emirates, year=2030) == "provisional"
    entered = CalendarData(zone="Asia/Dubai", region="AE", confirmed_years=frozenset({2030}))
    assert year_status(entered, year=2030) == "confirmed"


def test_weekdays_may_have_hours_of_their_own():
    data = CalendarData(
        zone="Asia/Shanghai",
        weekday_hours={4: MORNING},
        short_days={date(2026, 3, 13): ((time(9), time(10)),)},
    )
    assert data.hours_of(date(2026, 3, 5)) == data.hours
    assert data.hours_of(date(2026, 3, 6)) == MORNING
    assert data.hours_of(date(2026, 3, 13)) == ((time(9), time(10)),)
    assert data.fingerprint != CalendarData(zone="Asia/Shanghai").fingerprint


def test_the_company_overrides_the_region():
    data = CalendarData(
        zone="Asia/Shanghai",
        extra_off=frozenset({date(2026, 3, 2)}),
        extra_on=frozenset({date(2026, 3, 7), date(2026, 10, 1)}),
    )
    found = working_days.working_days(data, year=2026)
    assert date(2026, 3, 2) not in found
    assert {date(2026, 3, 7), date(2026, 10, 1)} <= set(found)


def test_a_short_day_never_opens_a_closed_day():
    data = CalendarData(
        zone="Asia/Shanghai", short_days={date(2026, 10, 1): ((time(9), time(12)),)}
    )
    assert date(2026, 10, 1) not in working_days.working_days(data, year=2026)
    assert data.hours_of(date(2026, 10, 1)) == ((time(9), time(12)),)
    assert data.hours_of(date(2026, 10, 9)) == ((time(9), time(18)),)


@pytest.mark.parametrize(
    ("day", "language", "name"),
    [
        (date(2026, 2, 17), "zh", "春节"),
        (date(2026, 2, 17), "en", "Chinese New Year (Spring Festival)"),
        (date(2026, 2, 14), "zh", None),
    ],
)
def test_holidays_have_names_in_both_languages(day, language, name):
    assert holiday_name(CHINA, day=day, language=language) == name


def test_names_fall_back_to_english_and_to_none():
    german = CalendarData(zone="UTC", region="DE")
    assert holiday_name(german, day=date(2026, 1, 1), language="zh") == "New Year's Day"
    assert holiday_name(PLAIN, day=date(2026, 1, 1), language="zh") is None


def test_a_chinese_year_without_make_up_days_is_provisional():
    assert year_status(CHINA, year=2026) == "confirmed"
    assert year_status(CHINA, year=2090) == "provisional"


def test_a_notice_entered_by_hand_confirms_the_year():
    data = CalendarData(zone="Asia/Shanghai", confirmed_years=frozenset({2090}))
    assert year_status(data, year=2090) == "confirmed"
    assert year_status(data, year=2091) == "provisional"


def test_calendars_that_follow_from_law_are_confirmed():
    assert year_status(CalendarData(zone="UTC", region="DE"), year=2090) == "confirmed"
    assert year_status(PLAIN, year=2090) == "confirmed"


@pytest.mark.parametrize("year", [1999, 2100])
def test_years_of_which_nothing_is_known_are_refused(year):
    with pytest.raises(ValueError, match=f"no calendar for {year}"):
        working_days.working_days(PLAIN, year=year)


MORNING = ((time(9), time(12)),)
NIGHT = ((time(22), time(6)),)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"zone": "Asia/Peking"}, "unknown time zone"),
        ({"zone": "../secret"}, "unknown time zone"),
        ({"zone": "Asia"}, "unknown time zone"),
        ({"region": "XX"}, 'unknown region "XX"'),
        ({"region": "DE-XX"}, 'unknown region "DE-XX"'),
        ({"hours": ()}, "working hours are missing"),
        ({"hours": ((time(9), time(12)), (time(18), time(10)))}, "until 10:00:00 on the next day"),
        ({"hours": ((time(18), time(9)), (time(10), time(12)))}, "must ascend"),
        ({"hours": NIGHT, "weekday_hours": {0: ((time(5), time(9)),)}}, "until 06:00:00"),
        ({"weekday_hours": {6: ()}}, "working hours are missing"),
        ({"weekend": frozenset(range(7))}, "leaves no working day"),
        ({"region": "HK", "categories": ("bank",)}, 'unknown category of holidays in "HK"'),
        ({"hours": ((time(9), time(9)),)}, "must ascend"),
        ({"hours": ((time(9), time(12)), (time(11), time(18)))}, "must ascend"),
        ({"hours": ((time(9), time(0)), (time(1), time(2)))}, "must ascend"),
        ({"hours": ((time(9), time(18, tzinfo=UTC)),)}, "local times"),
        ({"short_days": {date(2026, 1, 5): ()}}, "working hours are missing"),
        (
            {"extra_off": frozenset({date(2026, 1, 5)}), "extra_on": frozenset({date(2026, 1, 5)})},
            "extra_off and extra_on both name 2026-01-05",
        ),
        (
            {"extra_off": frozenset({date(2026, 1, 5)}), "short_days": {date(2026, 1, 5): MORNING}},
            "extra_off and short_days both name 2026-01-05",
        ),
    ],
)
def test_a_wrong_setting_is_named(settings, complaint):
    with pytest.raises(ValueError, match=complaint):
        CalendarData(**{"zone": "Asia/Shanghai", **settings})


def test_equal_settings_make_equal_calendars():
    first = CalendarData(zone="UTC", short_days={date(2026, 1, 5): MORNING})
    again = CalendarData(zone="UTC", short_days={date(2026, 1, 5): MORNING})
    assert first == again
    assert hash(first) == hash(again)
    assert first != CalendarData(zone="UTC")


def test_a_calendar_does_not_follow_later_changes_of_its_source():
    source = {date(2026, 1, 5): MORNING}
    data = CalendarData(zone="UTC", short_days=source)
    source.clear()
    assert data.hours_of(date(2026, 1, 5)) == MORNING


def test_the_fingerprint_changes_exactly_with_what_the_calendar_resolves_to():
    same = CalendarData(zone="Asia/Shanghai", extra_off=frozenset({date(2026, 1, 3)}))  # Saturday
    others = [
        CalendarData(zone="Asia/Tokyo"),
        CalendarData(zone="Asia/Shanghai", region="none"),
        CalendarData(zone="Asia/Shanghai", hours=MORNING),
        CalendarData(zone="Asia/Shanghai", extra_off=frozenset({date(2026, 3, 2)})),
        CalendarData(zone="Asia/Shanghai", extra_on=frozenset({date(2026, 3, 7)})),
        CalendarData(zone="Asia/Shanghai", short_days={date(2026, 3, 2): MORNING}),
    ]
    assert same.fingerprint == CHINA.fingerprint
    assert len({CHINA.fingerprint, *(data.fingerprint for data in others)}) == 1 + len(others)
    assert len(CHINA.fingerprint) == 64
