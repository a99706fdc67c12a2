"""Times of other programs: each in one explicit format, and never guessed (L1.3)."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from handlers.imports.dates import COMPACT, DMY, MDY, NAMED, SERIAL, YMD, fitting, read_time
from tests.unit.handlers.imports.tables import at

AFTERNOON = datetime(2026, 3, 1, 15, 5)  # noqa: DTZ001 - as a wall clock


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("2026年3月1日 下午3:05", YMD),
        ("2026年3月1日 星期日 下午3时5分", YMD),
        ("2026年３月１日　15：05", YMD),
        ("2026-03-01 15:05", YMD),
        ("2026/3/1 3:05 PM", YMD),
        ("2026.03.01 15:05:00.000", YMD),
        ("01.03.2026 15:05", DMY),
        ("13/3/2026 15:05", DMY),
        ("3/13/2026 15:05", MDY),
        ("1 Mar 2026 15:05", NAMED),
        ("March 1, 2026 3:05 p.m.", NAMED),
        ("202603011505", COMPACT),
        ("20260301 15:05", COMPACT),
        ("46082.62847222", SERIAL),
    ],
)
def test_a_time_fits_one_format_only(text: str, style: str) -> None:
    """L1.3."""
    assert fitting(text) == (style,)
    found = read_time(text, style)
    assert found.wall.replace(day=1, second=0) == AFTERNOON
    assert found.timed


@pytest.mark.parametrize("text", ["01/02/2026", "1/2/26 09:00", "01-02-2026"])
def test_a_day_that_may_be_a_month_fits_two_formats(text: str) -> None:
    assert fitting(text) == (DMY, MDY)


def test_with_points_the_day_comes_first() -> None:
    assert fitting("01.02.2026") == (DMY,)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "n/a",
        "2026-02-30",
        "2026-03-01 25:00",
        "2026-13-01",
        "31/31/2026",
        "12345",
        "3 Foo 2026",
    ],
)
def test_what_is_no_time_fits_no_format(text: str) -> None:
    assert fitting(text) == ()


@pytest.mark.parametrize(
    ("text", "hour"),
    [
        ("2026年3月1日 上午12:05", 0),
        ("2026年3月1日 凌晨2:05", 2),
        ("2026年3月1日 中午12:05", 12),
        ("2026年3月1日 中午11:05", 11),
        ("2026年3月1日 中午1:05", 13),
        ("2026年3月1日 下午15:05", 15),
        ("2026-03-01 12:05 am", 0),
        ("2026-03-01 12:05 pm", 12),
    ],
)
def test_words_for_parts_of_the_day_are_understood(text: str, hour: int) -> None:
    assert read_time(text, YMD).wall.hour == hour


def test_an_offset_is_kept_and_else_the_zone_counts() -> None:
    shanghai = ZoneInfo("Asia/Shanghai")
    assert read_time("2026-03-01T07:05:00Z", YMD).moment(shanghai) == at("2026-03-01T15:05")
    assert read_time("2026-03-01T15:05", YMD).moment(shanghai) == at("2026-03-01T15:05")
    west = read_time("2026-03-01 02:05:00.5 GMT-0500", YMD)
    assert west.offset == timezone(-timedelta(hours=5))
    assert west.moment(shanghai) == at("2026-03-01T15:05:00.5")


def test_a_day_without_a_time_says_so() -> None:
    assert not read_time("2026-03-01", YMD).timed
    assert not read_time("46082", SERIAL).timed


def test_a_format_that_does_not_exist_reads_nothing() -> None:
    with pytest.raises(ValueError, match=r"^\?$"):
        read_time("2026-03-01", "?")
