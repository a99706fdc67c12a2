"""Times as people say them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.i18n import dates
from workflows.durations import parse_span
from workflows.moments import DAY, HOUR, MINUTE, SECOND, moment_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
KOLKATA = ZoneInfo("Asia/Kolkata")
NOW = moment_of(datetime(2026, 11, 22, 10, 0, tzinfo=SHANGHAI))  # a Sunday


def at(year, month, day, hour, minute, *, zone=SHANGHAI, fold=0):
    return moment_of(datetime(year, month, day, hour, minute, tzinfo=zone, fold=fold))


@pytest.mark.parametrize(
    ("instant", "zh", "en"),
    [
        (at(2026, 11, 22, 16, 30), "今天 16:30", "today 16:30"),
        (at(2026, 11, 22, 0, 0), "今天 00:00", "today 00:00"),
        (at(2026, 11, 23, 0, 0), "明天 00:00", "tomorrow 00:00"),
        (at(2026, 11, 21, 23, 59), "昨天 23:59", "yesterday 23:59"),
        (at(2026, 11, 24, 9, 5), "周二 09:05", "Tue 09:05"),
        (at(2026, 11, 28, 9, 5), "周六 09:05", "Sat 09:05"),
        (at(2026, 11, 29, 9, 5), "11月29日 09:05", "29 Nov 09:05"),
        (at(2026, 11, 20, 9, 5), "11月20日 09:05", "20 Nov 09:05"),
        (at(2027, 1, 5, 9, 5), "2027年1月5日 09:05", "5 Jan 2027 09:05"),
        (at(2025, 12, 31, 9, 5), "2025年12月31日 09:05", "31 Dec 2025 09:05"),
    ],
)
def test_a_moment_is_said_briefly_and_clearly(instant, zh, en):
    assert dates.moment(instant, zone=SHANGHAI, language="zh", now=NOW) == zh
    assert dates.moment(instant, zone=SHANGHAI, language="en", now=NOW) == en


def test_today_is_the_readers_day():
    instant = at(2026, 11, 22, 23, 30, zone=NEW_YORK)
    now = at(2026, 11, 22, 9, 0, zone=NEW_YORK)

    assert dates.moment(instant, zone=NEW_YORK, language="en", now=now) == "today 23:30"
    assert dates.moment(instant, zone=SHANGHAI, language="en", now=now) == "tomorrow 12:30"


def test_tomorrow_stays_tomorrow_across_the_year():
    now = at(2026, 12, 31, 18, 0)

    assert dates.moment(at(2027, 1, 1, 9, 0), zone=SHANGHAI, language="zh", now=now) == "明天 09:00"


def test_a_day_of_25_hours_is_one_day():
    now = at(2026, 10, 24, 23, 30, zone=BERLIN)  # the clocks go back in this night
    instant = at(2026, 10, 25, 23, 45, zone=BERLIN)

    assert dates.moment(instant, zone=BERLIN, language="en", now=now) == "tomorrow 23:45"


def test_an_hour_that_comes_twice_says_which():
    now = at(2026, 10, 25, 0, 30, zone=BERLIN)
    first = dates.moment(at(2026, 10, 25, 2, 30, zone=BERLIN), zone=BERLIN, language="en", now=now)
    second = at(2026, 10, 25, 2, 30, zone=BERLIN, fold=1)

    assert first == "today 02:30 (UTC+2)"
    assert dates.full(second, zone=BERLIN, language="zh") == "2026-10-25 02:30 (UTC+1)"
    west = at(2026, 11, 1, 1, 30, zone=NEW_YORK)
    assert dates.clock_time(west, zone=NEW_YORK) == "01:30 (UTC-4)"


def test_an_hour_that_comes_twice_may_have_an_odd_offset():
    zone = ZoneInfo("Australia/Lord_Howe")
    instant = at(2026, 4, 5, 1, 45, zone=zone, fold=1)

    assert dates.clock_time(instant, zone=zone) == "01:45 (UTC+10:30)"


def test_an_odd_zone_is_followed():
    assert (
        dates.clock_time(moment_of(datetime(2026, 11, 22, 10, 0, tzinfo=UTC)), zone=KOLKATA)
        == "15:30"
    )


def test_a_document_says_the_year():
    assert dates.full(NOW, zone=SHANGHAI, language="zh") == "2026-11-22 10:00"
    assert dates.full(NOW, zone=SHANGHAI, language="en") == "22 Nov 2026 10:00"


def test_a_day_is_said_with_its_weekday():
    assert dates.day(NOW, zone=SHANGHAI, language="zh") == "2026年11月22日 周日"
    assert dates.day(NOW, zone=SHANGHAI, language="en") == "Sun 22 Nov 2026"


def test_a_date_without_a_zone_is_said_in_full():
    assert dates.calendar_day(date(2026, 3, 5), language="zh") == "2026年3月5日"
    assert dates.calendar_day(date(2026, 3, 5), language="en") == "5 Mar 2026"


@pytest.mark.parametrize(
    ("limit", "zh", "en"),
    [
        ("30m", "30 分钟", "30 minutes"),
        ("1h", "1 小时", "1 hour"),
        ("7d", "7 天", "7 days"),
        ("90wm", "90 个工作分钟", "90 working minutes"),
        ("4wh", "4 个工作小时", "4 working hours"),
        ("1wd", "1 个工作日", "1 working day"),
    ],
)
def test_a_limit_is_said_in_its_own_unit(limit, zh, en):
    assert dates.span(parse_span(limit), language="zh") == zh
    assert dates.span(parse_span(limit), language="en") == en


@pytest.mark.parametrize(
    ("length", "zh", "en"),
    [
        (0, "不到 1 分钟", "less than a minute"),
        (29 * SECOND, "不到 1 分钟", "less than a minute"),
        (30 * SECOND, "1 分钟", "1 min"),
        (40 * MINUTE, "40 分钟", "40 min"),
        ((59 * MINUTE + 45 * SECOND), "1 小时", "1 h"),
        (2 * HOUR, "2 小时", "2 h"),
        ((HOUR + 59 * MINUTE + 58 * SECOND), "2 小时", "2 h"),
        ((2 * HOUR + 40 * MINUTE), "2 小时 40 分", "2 h 40 min"),
        ((23 * HOUR + 59 * MINUTE + 50 * SECOND), "1 天", "1 d"),
        ((3 * DAY + 2 * HOUR + 20 * MINUTE), "3 天 2 小时", "3 d 2 h"),
        ((3 * DAY + 20 * MINUTE), "3 天", "3 d"),
        ((30 * DAY + 23 * HOUR + 50 * MINUTE), "31 天", "31 d"),
        (-(2 * HOUR + 40 * MINUTE), "2 小时 40 分", "2 h 40 min"),
    ],
)
def test_a_length_is_said_in_its_two_largest_units(length, zh, en):
    assert dates.duration(length, language="zh") == zh
    assert dates.duration(length, language="en") == en


@pytest.mark.parametrize(
    ("left", "zh", "en"),
    [
        (2 * HOUR, "还剩 2 小时", "in 2 h"),
        (-3 * HOUR, "已超时 3 小时", "3 h overdue"),
        (0, "现在到期", "due now"),
        (-20 * SECOND, "现在到期", "due now"),
        (-(DAY + HOUR), "已超时 1 天 1 小时", "1 d 1 h overdue"),
    ],
)
def test_a_due_time_is_near_or_past(left, zh, en):
    assert dates.relative(NOW + left, now=NOW, language="zh") == zh
    assert dates.relative(NOW + left, now=NOW, language="en") == en


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (1023, "1023 B"),
        (1024, "1 KB"),
        (12_600, "12 KB"),
        (1024 * 1024 - 513, "1023 KB"),
        (1024 * 1024 - 512, "1.0 MB"),
        (10 * 1024 * 1024, "10.0 MB"),
    ],
)
def test_a_size_is_said_in_round_numbers(count, text):
    assert dates.size(count) == text
