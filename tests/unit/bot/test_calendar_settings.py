"""Further calendars in the configuration: what they take from the company, and mistakes in them."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from bot.app.deployment import make_office
from bot.config import load_config
from handlers.i18n import translator
from workflows.calendar import WorkCalendar
from workflows.errors import ConfigError

FACTORY = """
[company]
working_hours = ["09:00-18:00"]
extra_off = [2026-10-09]

[company.calendars.factory]
departments = ["production", "quality"]
working_hours = ["06:00-22:00"]
weekend = ["sun"]

[company.calendars.berlin]
timezone = "Europe/Berlin"
calendar = "DE-BE"
extra_off = []
"""


def calendar_of(folder: Path, text: str) -> WorkCalendar:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return make_office(load_config(path, words=translator("en")).company).calendar


def findings(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        calendar_of(folder, text)
    return [f"{one.line} {one.where}: {one.problem} → {one.hint}" for one in caught.value.findings]


def test_what_a_calendar_leaves_out_is_that_of_the_company(tmp_path: Path) -> None:
    company = calendar_of(tmp_path, FACTORY)

    factory, berlin = company.named("factory").data, company.named("berlin").data
    assert factory.hours == ((time(6), time(22)),)
    assert (factory.region, factory.zone) == ("CN", "Asia/Shanghai")
    assert factory.extra_off == frozenset({date(2026, 10, 9)})
    assert (berlin.region, berlin.zone, berlin.extra_off) == ("DE-BE", "Europe/Berlin", frozenset())
    assert berlin.hours == company.data.hours


def test_a_name_that_is_not_known_any_more_means_the_company(tmp_path: Path) -> None:
    company = calendar_of(tmp_path, FACTORY)

    assert company.named("closed") is company
    assert company.named(None) is company


def test_people_of_departments_with_one_calendar_have_it(tmp_path: Path) -> None:
    company = calendar_of(tmp_path, FACTORY)

    assert company.name_for({"production"}) == "factory"
    assert company.name_for({"production", "quality"}) == "factory"
    assert company.name_for({"production", "sales"}) is None
    assert company.name_for(set()) is None


def test_the_fingerprint_changes_with_each_calendar(tmp_path: Path) -> None:
    first = calendar_of(tmp_path, FACTORY).fingerprint

    assert calendar_of(tmp_path, FACTORY).fingerprint == first
    other = FACTORY.replace("06:00-22:00", "06:00-21:00")
    assert calendar_of(tmp_path, other).fingerprint != first
    plain = FACTORY.partition("[company.calendars")[0]
    assert calendar_of(tmp_path, plain).fingerprint == calendar_of(tmp_path, plain).data.fingerprint


TWICE = """[company.calendars.a]
departments = ["x"]
[company.calendars.b]
departments = ["x"]"""
BOTH = """[company]
extra_on = [2026-10-10]
[company.calendars.a]
extra_off = [2026-10-10]"""


@pytest.mark.parametrize(
    ("text", "where", "problem"),
    [
        (
            '[company.calendars.a]\nworkin_hours = ["06:00-22:00"]',
            "2 company.calendars.a.workin_hours",
            'the key "workin_hours" is not known → do you mean "working_hours"?',
        ),
        (
            '[company.calendars.a]\ncalendar = "XX"',
            "2 company.calendars.a.calendar",
            "the calendar 'XX' is not known",
        ),
        (
            TWICE,
            "1 company.calendars",
            'the department "x" is named by two calendars → keep one of them',
        ),
        (BOTH, "3 company.calendars", "extra_off and extra_on both name 2026-10-10"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_to_do(
    tmp_path: Path, text: str, where: str, problem: str
) -> None:
    (only,) = findings(tmp_path, text)

    assert only.startswith(f"{where}: ")
    assert problem in only


def test_what_is_wrong_with_the_company_is_said_once(tmp_path: Path) -> None:
    text = '[company]\ncalendar = "XX"\n[company.calendars.a]\nweekend = ["sun"]'
    (only,) = findings(tmp_path, text)
    assert only.startswith("2 company.calendar:")
