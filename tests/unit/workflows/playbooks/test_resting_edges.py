"""Starts whose day moves or vanishes, that a definition drops, and at the end of the calendar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflows.deeds import approve, complete, file, take_back
from tests.unit.workflows.playbook import Playbook, then, until, whatever
from tests.unit.workflows.playbooks.test_resting import (
    branches,
    nodes,
    planned,
    resting,
    signed,
    task_at,
)
from workflows.durations import parse_span
from workflows.flow.preview import from_here
from workflows.flow.returning import targets
from workflows.flow.start_clocks import node_of_clock
from workflows.model.starts import read_days

NO_YEAR = ('  { id = "yearly", every = "year", to = "evaluate" },\n', "")
STRAIGHT = ('  { id = "ending", at = "ends + 1d", to = "renew" },\n', "")


def test_a_day_that_is_later_when_its_clock_is_due_is_waited_for(playbook):
    """A decision with an earlier date was taken back, for example."""
    play = signed(playbook(resting()), ends="2026-03-31")
    play.values["ends"] = "2026-04-30"
    play >> until("2026-04-01 09:00") << then.ClockPlanned(why="regraded")
    assert ("ending", "2026-05-01", "2026-05-06 09:00") in planned(play)


def test_a_day_that_is_gone_when_its_clock_is_due_starts_nothing(playbook):
    play = signed(playbook(resting()), ends="2026-03-31")
    play.values["ends"] = None
    play >> until("2026-04-01 09:00") << then.ClockStopped(clock="begin:v2:ending")
    assert branches(play) == []


def test_a_day_behind_the_last_calendar_is_its_end(playbook):
    late = ('at = "ends + 1d"', 'at = "ends + 5wd"')
    play = signed(playbook(resting(late)), ends="2099-12-30")
    assert ("ending", "2100-01-01", "2099-12-31 08:00") in planned(play)


def test_a_start_that_the_definition_has_no_more_is_stopped(playbook):
    play = signed(playbook(resting()))
    keys = ("begin:v2:quarterly", "begin:v2:gone", "until:v2")
    found = [node_of_clock(play.case, play.process.definition, key) for key in keys]
    assert found == ["assess", "active", "active"]

    play.process = resting(('id = "quarterly"', 'id = "each_quarter"'))
    play >> until("2026-07-07 09:00") << then.ClockStopped(clock="begin:v2:quarterly")


def test_after_the_last_year_of_the_calendar_nothing_starts():
    play = Playbook(resting(), start="2099-02-02 09:00")
    play >> file("feng.lei") << whatever
    play >> complete("li.na") << whatever
    assert [one[1] for one in planned(play)] == ["2099-Q2"]
    play >> until("2099-12-31 10:00") << whatever
    assert planned(play) == []


def test_a_decision_inside_a_branch_that_turned_nowhere_is_taken_back(playbook):
    play = signed(playbook(resting(STRAIGHT)))
    play >> until("2027-03-04 09:00") << whatever
    play >> approve("he.jun", task_at(play, "evaluate")) << whatever
    evaluated = next(task.id for task in play.case.tasks if task.node == "evaluate")
    play >> take_back("he.jun", evaluated) << whatever
    assert "evaluate" in nodes(play)
    assert play.seen("BranchTurned", "to") == []


@given(days=st.lists(st.integers(1, 400), min_size=1, max_size=6), work=st.integers(0, 6))
@settings(max_examples=15, deadline=None)
def test_every_quarter_begins_once_whatever_the_downtime(days, work):
    """The laws of the playbook check that no two branches have one target."""
    play = signed(
        Playbook(resting(('  { id = "yearly", every = "year", to = "evaluate" },\n', ""), STRAIGHT))
    )
    for span in days:
        ahead = play.now + parse_span(f"{span}d").microseconds
        play.sleep_until(ahead)
        play.wake(ahead)
        play.news.clear()
        for _ in range(work):
            if play.case.open_tasks:
                play >> complete("li.na", bad="no")
                play.news.clear()
    while play.case.open_tasks:
        play >> complete("li.na", bad="no")
        play.news.clear()
    periods = play.seen("BranchStarted", "period")
    assert len(periods) == len(set(periods))
    assert periods == sorted(periods)
    quarters = [int(one[:4]) * 4 + int(one[-1]) for one in periods]
    assert quarters == list(range(quarters[0], quarters[0] + len(quarters))) if quarters else True


def test_days_are_read_once():
    assert read_days(parse_span("5wd")) == parse_span("5wd")


@pytest.mark.parametrize("month", [0, 13])
def test_a_fiscal_year_starts_in_a_month(month):
    data = Playbook().calendar.data
    with pytest.raises(ValueError, match="a fiscal year starts in month 1 to 12"):
        replace(data, fiscal_year_starts=month)
    assert replace(data, fiscal_year_starts=4).fingerprint != data.fingerprint


def test_the_route_ends_where_a_case_comes_to_rest(playbook):
    play = playbook(resting())
    play >> file("feng.lei") << whatever
    assert [one.node for one in from_here(play.case, play.world)] == ["sign", "active"]

    play >> until("2026-03-04 10:00")
    play >> complete("li.na") << whatever
    assert [one.node for one in from_here(play.case, play.world)] == ["active"]


def test_a_return_in_a_branch_is_offered_to_the_steps_that_the_branch_has_been_to(playbook):
    end = 'to = "ended"\n'
    returning = (end, f'{end}\n[nodes.outcomes.return]\nto = ["assess", "renew"]\n')
    play = signed(playbook(resting(returning)))
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="yes") << whatever
    (task,) = play.case.open_tasks
    assert task.node == "end"
    assert targets(play.process.definition, play.case, task) == ("assess",)
