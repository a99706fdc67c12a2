"""Steps that count by a calendar of their own, or by that of a department."""

from __future__ import annotations

from dataclasses import replace
from datetime import time
from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import approve, claim, complete, file, replan, transfer
from tests.unit.workflows.office import calendar, key
from tests.unit.workflows.playbook import Playbook, refused, then, until, whatever
from tests.unit.workflows.playbooks.test_waiting import carry_on, wait
from workflows.calendar import WorkCalendar
from workflows.case.events import fold
from workflows.company_calendar import CompanyCalendar
from workflows.lint import check
from workflows.loading import Loaded, load_definition

HERE = Path(__file__).parent
NIGHT = ((time(6), time(22)),)


def text_of(name: str, *changes: tuple[str, str]) -> str:
    text = (HERE / name).read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


@cache
def late() -> Loaded:
    text = text_of(
        "penalties.toml", ('ladder = "review"\n', 'ladder = "review"\ncalendar = "factory"\n')
    )
    return load_definition(text, file="late.toml")


@cache
def repair() -> Loaded:
    text = text_of(
        "waiting.toml",
        ('within = [{ limit = "5d" }]', 'within = [{ limit = "3wd" }]\ncalendar = "factory"'),
    )
    return load_definition(text, file="repair.toml")


def company(*, hours=NIGHT, departments=()) -> CompanyCalendar:
    """The office works from nine to six on weekdays, the factory until ten and on Saturdays."""
    data = calendar().data
    factory = WorkCalendar(replace(data, hours=hours, region="none", weekend=frozenset({6})))
    return CompanyCalendar(
        data, named={"factory": factory}, departments=dict.fromkeys(departments, "factory")
    )


@pytest.fixture
def play(playbook) -> Playbook:
    """Filed on Thursday 2026-03-05 at nine; the review is due after a day of the factory."""
    one: Playbook = playbook(late(), start="2026-03-05 09:00")
    one.calendar = company()
    one >> file("wu.min") << whatever
    one >> claim("li.na") << whatever
    return one


def test_a_step_counts_by_its_own_calendar(play):
    assert play.due("task:t1") == "2026-03-06 22:00"
    clock = play.case.clock("task:t1")
    assert clock is not None
    assert clock.calendar == "factory"
    assert fold(play.history) == play.case


def test_points_are_charged_at_the_closes_of_that_calendar(play):
    play >> until("2026-03-09 23:00") << whatever
    assert play.seen("PointsCharged", "day") == ["2026-03-07 22:00", "2026-03-09 22:00"]


def test_a_transfer_keeps_calendar_and_due_time(play):
    play >> transfer("li.na", "gao.yu") << whatever
    assert play.due("task:t1") == "2026-03-06 22:00"


def test_a_changed_calendar_moves_the_due_time_of_its_steps(play):
    play.calendar = company(hours=((time(8), time(20)),))
    play >> replan << then.ClockPlanned(clock="task:t1", due_at="2026-03-06 20:00", why="calendar")
    play >> replan << refused("nothing_to_change")


def test_a_calendar_that_is_not_there_any_more_is_that_of_the_company(play):
    play.calendar = calendar()
    play >> replan << whatever
    assert play.due("task:t1") == "2026-03-06 18:00"


def test_a_step_without_a_calendar_counts_by_that_of_its_people_s_department(playbook):
    """li.na and he.jun are in customer service, gao.yu in sales."""
    play = playbook(start="2026-03-06 16:00")
    play.calendar = company(departments=("customer-service",))
    play >> file("wu.min") << whatever
    clock = play.case.clock("task:t1")
    assert clock is not None
    assert clock.calendar == "factory"
    other = playbook(start="2026-03-06 16:00")
    other.calendar = company(departments=("sales",))
    other >> file("wu.min") << whatever
    clock = other.case.clock("task:t1")
    assert clock is not None
    assert clock.calendar is None


def test_people_of_departments_with_different_calendars_count_by_that_of_the_company(playbook):
    play = playbook(repair(), start="2026-03-06 16:00")
    play.calendar = company(departments=("customer-service",))
    play >> file("wu.min") << whatever  # candidates are in customer service and in sales
    clock = play.case.clock("task:t1")
    assert clock is not None
    assert clock.calendar is None


def test_a_clock_of_the_case_has_a_calendar_of_its_own(playbook):
    play = playbook(repair(), start="2026-03-06 16:00")
    play.calendar = company()
    play >> file("wu.min") << whatever
    assert play.due("response") == "2026-03-10 22:00"  # Saturday counts
    assert play.due("task:t1") == "2026-03-10 18:00"


def test_a_pause_counts_by_the_calendar_of_the_step(playbook):
    """Waiting from six to ten in the evening takes four hours of the factory."""
    play = playbook(
        load_definition(
            text_of("waiting.toml", ('due = "2wd"\n', 'due = "2wd"\ncalendar = "factory"\n')),
            file="repair.toml",
        ),
        start="2026-03-05 09:00",
    )
    play.calendar = company()
    play >> file("wu.min") << whatever
    play >> claim("li.na") << whatever
    play >> until("2026-03-05 18:00")
    play >> wait("li.na") << whatever
    assert play.due("wait:t1") == "2026-03-06 22:00"
    assert play.due("cap:t1") == "2026-03-09 22:00"
    play >> until("2026-03-05 22:00")
    play >> carry_on("li.na") << then.WaitingEnded(paused=4 * 3600 * 10**6) << whatever
    assert play.due("task:t1") == "2026-03-09 10:00"
    play >> complete("li.na") << whatever


def test_an_unknown_calendar_is_refused_with_its_line():
    text = text_of(
        "waiting.toml",
        ('due = "2wd"\n', 'due = "2wd"\ncalendar = "factroy"\n'),
        ('within = [{ limit = "5d" }]', 'within = [{ limit = "5d" }]\ncalendar = "night"'),
    )
    found = check(text, file="repair.toml", calendars=("factory",))
    assert [(one.line, one.where, one.problem, one.hint) for one in found] == [
        (
            19,
            "clocks.response.calendar",
            'there is no calendar "night"',
            "Add [company.calendars.night] to the configuration",
        ),
        (
            46,
            "nodes.mend.calendar",
            'there is no calendar "factroy"',
            "Perhaps you mean factory",
        ),
    ]
    assert check(text, file="repair.toml") == ()


def test_the_last_approval_needs_nothing_of_the_calendar(play):
    play >> approve("li.na") << whatever
    assert not [*play.case.timers()]
    assert key("li.na") == play.case.known_task("t1").decided_by
