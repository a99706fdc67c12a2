"""A case at rest at a wait node: what its starts open, when, and how a branch ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import (
    approve,
    begin,
    complete,
    decide,
    file,
    replan,
    take_back,
    withdraw,
)
from tests.unit.workflows.office import key, local
from tests.unit.workflows.playbook import downtime_until, refused, then, until, whatever
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.calendar import WorkCalendar
from workflows.case.scope import Opened, Scope
from workflows.case.status import Status
from workflows.flow import authority
from workflows.loading import Loaded, load_definition


@cache
def resting(*changes: tuple[str, str]) -> Loaded:
    path = Path(__file__).parent / "resting.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_definition(text, file=path.name)


@pytest.fixture
def play(playbook):
    """Signed on Wednesday 4 March 2026, and at rest since."""
    return signed(playbook(resting()))


def signed(play, **values):
    play >> file("feng.lei", **values) << whatever
    play >> until("2026-03-04 10:00")
    play >> complete("li.na") << whatever
    return play


def nodes(play):
    return sorted(visit.node for visit in play.case.visits)


def planned(play):
    """The starts ahead: (start, period, when)."""
    return sorted(
        (clock.key.split(":")[2], clock.planned[0].id, local(clock.due_at))
        for clock in play.case.clocks
        if clock.key.startswith("begin:") and clock.planned
    )


def branches(play) -> list[tuple[Scope, Opened]]:
    """The open branches."""
    return [(one, one.opened) for one in play.case.scopes if one.opened is not None and one.open]


def targets(play) -> list[str]:
    return [opened.target for _, opened in branches(play)]


def test_a_case_at_rest_has_no_task_and_a_clock_for_each_start(play):
    assert nodes(play) == ["active"]
    assert play.case.open_tasks == ()
    assert planned(play) == [
        ("quarterly", "2026-Q2", "2026-07-07 09:00"),
        ("yearly", "2027", "2027-03-04 09:00"),
    ]


def test_a_quarter_opens_a_branch_that_ends_when_it_comes_back(play):
    play >> until("2026-07-07 09:00")
    play << then.BranchStarted(
        node="active", visit="v2", start="quarterly", to="assess", scope="v3", period="2026-Q2"
    )
    play << then.ClockPlanned(clock="begin:v2:quarterly", why="started") << whatever
    assert nodes(play) == ["active", "assess"]

    play >> complete("li.na", bad="no") << whatever
    assert play.seen("BranchEnded", "scope", "into") == [("v3", "")]
    assert nodes(play) == ["active"]
    assert planned(play)[0] == ("quarterly", "2026-Q3", "2026-10-13 09:00")


def test_an_end_inside_a_branch_ends_the_whole_case(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="yes") << whatever
    assert play.seen("BranchTurned", "to") == ["end"]
    play >> approve("gao.yu") << whatever
    assert play.case.status is Status.COMPLETED
    assert dict(play.case.timers()) == {}


def task_at(play, node):
    return next(task.id for task in play.case.open_tasks if task.node == node)


def due(play):
    """What is due and waits: (start, period)."""
    rest = next(scope.rest for scope in play.case.scopes if scope.rest is not None)
    return [(one.reason.start, one.reason.period) for one in rest.due]


def test_a_start_that_comes_due_waits_for_the_branch_before_it(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> until("2026-10-13 09:00") << whatever
    assert due(play) == [("quarterly", "2026-Q3")]
    assert [task.node for task in play.case.open_tasks] == ["assess"]

    play >> complete("li.na", bad="no") << whatever
    assert play.seen("BranchStarted", "period") == ["2026-Q2", "2026-Q3"]
    assert due(play) == []


def test_after_a_downtime_each_missed_quarter_is_assessed_one_after_another(play):
    play >> downtime_until("2027-02-01 10:00") << whatever
    assert due(play) == [("quarterly", "2026-Q3"), ("quarterly", "2026-Q4")]
    for _ in range(3):
        play >> complete("li.na", bad="no") << whatever
    assert play.seen("BranchStarted", "period") == ["2026-Q2", "2026-Q3", "2026-Q4"]
    assert nodes(play) == ["active"]


def test_the_year_is_counted_from_the_day_on_which_the_wait_began(play):
    play >> until("2026-12-31 23:00") << whatever
    play >> complete("li.na", bad="no") << whatever
    play >> complete("li.na", bad="no") << whatever
    play >> until("2027-03-04 08:59") << whatever
    play >> until("2027-03-04 09:00") << then.BranchStarted(start="yearly", period="2027")
    play << whatever
    assert [one for one in planned(play) if one[0] == "yearly"] == [
        ("yearly", "2028", "2028-03-06 09:00")  # the fourth is a Saturday
    ]


def test_a_start_may_be_due_some_days_before_the_end_of_its_period(playbook):
    before = (
        '{ id = "yearly", every = "year",',
        '{ id = "yearly", every = "year", before = "60d",',
    )
    play = signed(playbook(resting(before)))
    assert ("yearly", "2027", "2027-01-04 09:00") in planned(play)  # the third is a Sunday

    play >> until("2027-01-04 09:00") << whatever
    assert play.seen("BranchStarted", "period").count("2027") == 1
    assert [one for one in planned(play) if one[0] == "yearly"] == [
        ("yearly", "2028", "2028-01-04 09:00")
    ]


def at_the_end(play):
    """Two quarters are due, and both wait behind the question whether the contract ends."""
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="yes") << whatever
    return play


def test_while_an_exclusive_branch_is_open_none_starts(play):
    at_the_end(play)
    play >> until("2027-03-05 09:00") << whatever
    assert due(play) == [
        ("quarterly", "2026-Q3"),
        ("quarterly", "2026-Q4"),
        ("yearly", "2027"),
    ]
    assert [task.node for task in play.case.open_tasks] == ["end"]

    play >> decide("gao.yu", "reject") << whatever
    assert sorted(task.node for task in play.case.open_tasks) == ["assess", "evaluate"]
    assert due(play) == [("quarterly", "2026-Q4")]


def test_a_branch_that_comes_to_the_target_of_another_joins_it_with_its_reason(playbook):
    play = signed(playbook(resting()), ends="2027-02-28")
    play >> until("2026-12-31 23:00") << whatever
    for _ in range(2):
        play >> complete("li.na", bad="no") << whatever
    play >> until("2027-03-05 09:00") << whatever
    assert sorted(task.node for task in play.case.open_tasks) == ["assess", "evaluate", "renew"]

    play >> approve("he.jun", task_at(play, "evaluate")) << whatever
    scope, renewal = next(one for one in branches(play) if one[1].target == "renew")
    assert play.seen("BranchEnded", "target", "to", "into")[-1] == ("evaluate", "renew", scope.id)
    assert [(one.start, one.period) for one in renewal.reasons] == [
        ("ending", "2027-03-01"),
        ("yearly", "2027"),
    ]
    assert sorted(task.node for task in play.case.open_tasks) == ["assess", "renew"]


def test_a_branch_that_comes_to_a_free_target_goes_on_there(play):
    play >> until("2027-03-04 09:00") << whatever
    play >> approve("he.jun", task_at(play, "evaluate")) << whatever
    assert set(targets(play)) == {"assess", "renew"}
    play >> complete("li.na", task_at(play, "renew"), ends="2028-01-31") << whatever
    assert ("ending", "2028-02-01", "2028-02-01 09:00") in planned(play)


def test_a_start_on_a_day_begins_again_when_the_day_moves(playbook):
    play = signed(playbook(resting()), ends="2026-03-31")
    play >> until("2026-04-01 09:00") << whatever
    assert play.seen("BranchStarted", "start", "period") == [("ending", "2026-04-01")]
    assert [one[0] for one in planned(play)] == ["quarterly", "yearly"]

    play >> complete("li.na", ends="2026-06-30") << whatever
    assert ("ending", "2026-07-01", "2026-07-01 09:00") in planned(play)
    play >> until("2026-07-01 09:00") << whatever
    assert targets(play) == ["renew"]


def test_a_start_that_waits_is_dropped_when_its_day_moves(playbook):
    """The renewal that the yearly evaluation led to has moved the end."""
    play = signed(playbook(resting()), ends="2027-03-10")
    play >> until("2027-03-04 09:00") << whatever
    play >> approve("he.jun", task_at(play, "evaluate")) << whatever
    play >> until("2027-03-11 09:00") << whatever
    assert ("ending", "2027-03-11") in due(play)

    play >> complete("li.na", task_at(play, "renew"), ends="2028-03-10") << whatever
    assert play.seen("StartDropped", "start") == ["ending"]
    assert "renew" not in [task.node for task in play.case.open_tasks]


def test_the_same_day_once_more_starts_nothing(playbook):
    play = signed(playbook(resting()), ends="2026-03-31")
    play >> until("2026-04-01 09:00") << whatever
    play >> complete("li.na", ends="2026-03-31") << whatever
    assert [one[0] for one in planned(play)] == ["quarterly", "yearly"]


def test_rounds_and_returns_begin_anew_with_each_branch(playbook):
    play = signed(playbook(resting()))
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="no") << whatever
    play >> until("2026-10-13 09:00") << whatever
    assert play.seen("NodeEntered", "round", node="assess") == [1, 1]


def test_a_day_ends_the_wait_once_no_branch_is_open(playbook):
    left = (
        'exclusive = ["end"]\n',
        'exclusive = ["end"]\nuntil = "ends"\nnext = "end"\n',
    )
    at_ends = ('  { id = "ending", at = "ends + 1d", to = "renew" },\n', "")
    play = signed(playbook(resting(left, at_ends)), ends="2026-07-15")
    play >> until("2026-07-15 09:00") << whatever
    assert nodes(play) == ["active", "assess"]
    assert planned(play) == []

    play >> complete("li.na", bad="no") << whatever
    assert nodes(play) == ["end"]
    play >> approve("gao.yu") << whatever
    assert play.case.status is Status.COMPLETED


def test_a_day_that_comes_at_rest_ends_the_wait_at_once(playbook):
    left = (
        'exclusive = ["end"]\n',
        'exclusive = ["end"]\nuntil = "ends"\nnext = "end"\n',
    )
    play = signed(playbook(resting(left)), ends="2026-05-15")
    play >> until("2026-05-15 09:00") << whatever
    assert nodes(play) == ["end"]
    assert [clock for clock, _ in play.case.timers() if clock.startswith("begin:")] == []
    past = signed(playbook(resting(left)), ends="2026-03-02")
    assert nodes(past) == ["end"]


def test_a_decision_of_an_open_branch_is_taken_back(play):
    at_the_end(play)
    play >> take_back("li.na", "t2") << whatever
    assert [task.node for task in play.case.open_tasks] == ["assess"]
    assert targets(play) == ["assess"]
    play >> complete("li.na", bad="no") << whatever
    assert nodes(play) == ["active"]
    play >> take_back("li.na", play.case.tasks[-1].id) << refused("take_back_branch_ended")


def test_a_decision_before_the_wait_is_not_taken_back(play):
    play >> take_back("li.na", "t1") << refused("take_back_began_more")


def test_a_decision_whose_target_was_taken_meanwhile_is_not_taken_back(playbook):
    free = ('exclusive = ["end"]\n', "")
    also = ('at = "ends + 1d", to = "renew"', 'at = "ends + 1d", to = "evaluate"')
    play = signed(playbook(resting(free, also)), ends="2027-03-10")
    play >> until("2027-03-04 09:00") << whatever
    play >> decide("he.jun", "reject", task_at(play, "evaluate")) << whatever
    evaluated = next(task.id for task in play.case.tasks if task.node == "evaluate")
    play >> until("2027-03-11 09:00") << whatever
    play >> take_back("he.jun", evaluated) << refused("take_back_branch_ended")


def test_a_company_that_changes_its_fiscal_year_misses_no_quarter_and_repeats_none(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="no") << whatever
    data = replace(play.calendar.data, fiscal_year_starts=2)
    play.calendar = WorkCalendar(data)
    play >> replan << whatever
    assert planned(play)[0] == (
        "quarterly",
        "2026-07-01/2026-07-31",
        "2026-08-07 09:00",
    )
    play >> until("2026-08-07 09:00") << whatever
    assert planned(play)[0][:2] == ("quarterly", "2027-Q3")
    play >> replan << refused("nothing_to_change")


def test_a_changed_calendar_moves_a_start(play):
    data = play.calendar.data
    off = frozenset({local_day(2026, 7, 7)})
    play.calendar = WorkCalendar(replace(data, extra_off=data.extra_off | off))
    play >> replan << whatever
    assert planned(play)[0] == ("quarterly", "2026-Q2", "2026-07-08 09:00")


def local_day(year, month, day):
    return date(year, month, day)


def test_a_withdrawal_at_rest_ends_the_case(playbook):
    play = signed(
        playbook(resting(('start = "sign"\n', 'start = "sign"\nwithdraw_until = "end"\n')))
    )
    play >> withdraw("feng.lei") << whatever
    assert play.case.status is Status.WITHDRAWN
    assert dict(play.case.timers()) == {}


def test_a_rehearsal_opens_each_branch_and_comes_to_an_end():
    report = rehearsed(resting())

    assert report.complete
    assert [one.missing for one in report.tallies if one.missing] == []
    assert [(one.code, one.where) for one in report.findings] == []
    assert report.situations < 400


def test_a_button_opens_a_branch_for_those_who_have_it(play):
    play >> begin("li.na", "part") << refused("may_not_begin")
    play >> begin("wang.fang", "quarterly") << refused("start_not_offered")
    (
        play
        >> begin("wang.fang", "part")
        << then.BranchStarted(start="part", to="end", actor="wang.fang", via="web")
    )
    play << whatever
    assert [task.node for task in play.case.open_tasks] == ["end"]
    play >> begin("wang.fang", "part") << refused("branch_runs")

    play >> decide("gao.yu", "reject") << whatever
    assert nodes(play) == ["active"]


def test_nothing_is_begun_where_no_case_rests(playbook):
    play = playbook(resting())
    play >> file("feng.lei") << whatever
    play >> begin("wang.fang", "part") << refused("start_not_offered")


def test_whoever_has_a_button_of_a_case_at_rest_may_read_it(playbook):
    """They may have had no part in it yet, such as a new buyer."""
    play = signed(playbook(resting(('started_by = "owner"', 'started_by = "person:wu.min"'))))
    assert authority.may_read(play.case, person=key("wu.min"), world=play.world)
    assert not authority.may_read(play.case, person=key("xu.ke"), world=play.world)
    play >> begin("wu.min", "part") << whatever
