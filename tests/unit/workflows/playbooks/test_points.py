"""Points for lateness: each overdue working day, whoever has it then, or nobody (P2.7)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import (
    answer,
    approve,
    ask,
    claim,
    closed_on,
    file,
    take_over,
    transfer,
)
from tests.unit.workflows.office import key, local
from tests.unit.workflows.playbook import (
    Playbook,
    absent,
    downtime_until,
    left,
    refused,
    then,
    until,
    whatever,
)
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.actions.waive import WaivePoints
from workflows.case.events import fold
from workflows.flow.outlook import at_top, outlook
from workflows.loading import Loaded, load_definition


@cache
def process(*changes: tuple[str, str]) -> Loaded:
    path = Path(__file__).parent / "penalties.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_definition(text, file=path.name)


@pytest.fixture
def play(playbook) -> Playbook:
    """Filed on Monday 2026-03-02 at nine, due on Tuesday 3 March at the close; li.na has it."""
    one: Playbook = playbook(process())
    one >> file("wu.min") << whatever
    one >> claim("li.na") << whatever
    return one


def ledger(play: Playbook) -> list[tuple[str, str, int]]:
    """(the close, who, points) of every charge."""
    return play.seen("PointsCharged", "day", "person", "points")


def spared(play: Playbook) -> list[tuple[str, str]]:
    return play.seen("DaySpared", "day", "why")


def waive(person: str, *charges: int):
    return lambda play: play.give(
        WaivePoints(actor=key(person), via="web", charges=charges, content=play.content())
    )


def test_each_overdue_working_day_is_charged_at_its_close_up_to_the_most(play):
    play >> until("2026-03-20 12:00") << whatever
    assert ledger(play) == [
        ("2026-03-04 18:00", "li.na", 2),
        ("2026-03-05 18:00", "li.na", 2),
        ("2026-03-06 18:00", "li.na", 1),  # five is the most of one task
    ]
    assert spared(play) == []
    assert sum(fact.number for fact in play.case.facts) == 500
    assert fold(play.history) == play.case


def test_what_is_done_in_time_or_on_the_first_day_costs_nothing(play):
    play >> until("2026-03-04 17:59") << whatever
    play >> approve("li.na") << whatever
    assert ledger(play) == []
    assert not [*play.case.timers()]


def test_whoever_has_it_at_the_close_is_charged(play):
    play >> until("2026-03-04 19:00") << whatever
    play >> transfer("li.na", "gao.yu") << whatever
    play >> until("2026-03-05 19:00") << whatever
    play >> take_over("feng.lei") << whatever
    play >> until("2026-03-06 19:00") << whatever
    assert [who for _, who, _ in ledger(play)] == ["li.na", "gao.yu", "feng.lei"]


def test_the_person_is_told_once_for_each_close_outside_quiet_hours(play):
    play >> until("2026-03-04 17:00") << whatever
    play >> until("2026-03-04 18:00") << then.PointsCharged(person="li.na", points=2)
    assert play.posts("points") == ["li.na"]


def test_an_unclaimed_day_charges_nobody(playbook):
    play = playbook(process())
    play >> file("wu.min") << whatever
    play >> until("2026-03-04 19:00") << whatever
    play >> claim("li.na") << whatever
    play >> until("2026-03-05 19:00") << whatever
    assert spared(play) == [("2026-03-04 18:00", "unclaimed")]
    assert ledger(play) == [("2026-03-05 18:00", "li.na", 2)]


def test_a_day_away_charges_nobody_and_does_not_count_towards_the_most(play):
    play >> absent("li.na", "gao.yu", "2026-03-04 08:00", "2026-03-04 18:00")
    play >> until("2026-03-20 12:00") << whatever
    assert spared(play) == [("2026-03-04 18:00", "away")]
    assert [day for day, _, _ in ledger(play)] == [
        "2026-03-05 18:00",
        "2026-03-06 18:00",
        "2026-03-09 18:00",
    ]


def test_a_day_away_from_this_process_alone_charges_nobody(play):
    days = ("2026-03-04 08:00", "2026-03-06 08:00")
    play >> absent("li.na", "gao.yu", *days, process="late")
    play >> until("2026-03-06 12:00") << whatever
    assert spared(play) == [("2026-03-04 18:00", "away"), ("2026-03-05 18:00", "away")]


def test_who_has_left_is_not_charged(play):
    play >> left("li.na")
    play >> until("2026-03-04 18:00") << whatever
    assert spared(play) == [("2026-03-04 18:00", "away")]


def test_days_of_a_downtime_charge_nobody_and_never_collapse(play):
    play >> until("2026-03-04 12:00") << whatever
    play >> downtime_until("2026-03-06 10:00") << whatever
    assert spared(play) == [("2026-03-04 18:00", "down"), ("2026-03-05 18:00", "down")]
    play >> until("2026-03-06 18:00") << whatever
    assert ledger(play) == [("2026-03-06 18:00", "li.na", 2)]


def test_the_close_of_the_day_on_which_it_fell_due_is_not_spared_by_a_pause(playbook):
    """Due at 14:30 on Monday; nobody is charged at the close of that day."""
    play = playbook(process(('due = "1wd"', 'due = "4wh"')))
    play >> file("wu.min") << whatever
    play >> claim("li.na") << whatever
    play >> until("2026-03-02 16:00") << whatever
    play >> ask("li.na") << whatever
    play >> until("2026-03-04 10:00")
    play >> answer("wu.min") << whatever
    assert spared(play) == [("2026-03-03 18:00", "paused")]


def test_a_paused_day_charges_nobody_and_is_recorded(play):
    play >> until("2026-03-04 19:00") << whatever
    play >> until("2026-03-05 10:00")
    play >> ask("li.na") << whatever
    play >> until("2026-03-06 16:00")
    play >> answer("wu.min") << whatever
    assert spared(play) == [("2026-03-05 18:00", "paused")]
    assert [day for day, _, _ in ledger(play)] == ["2026-03-04 18:00"]
    play >> until("2026-03-20 12:00") << whatever
    assert [day for day, _, _ in ledger(play)][1:] == ["2026-03-09 18:00", "2026-03-10 18:00"]


def test_a_close_that_passed_in_a_short_pause_charges_nobody_afterwards(playbook):
    """Due at 14:30 on Monday; it waits from half an hour before the close on Tuesday."""
    play = playbook(process(('due = "1wd"', 'due = "4wh"')))
    play >> file("wu.min") << whatever
    play >> claim("li.na") << whatever
    play >> until("2026-03-03 17:30") << whatever
    play >> ask("li.na") << whatever
    play >> until("2026-03-03 18:05")
    play >> answer("wu.min") << whatever
    play >> until("2026-03-04 17:30")
    assert (spared(play), ledger(play)) == ([("2026-03-03 18:00", "paused")], [])
    play >> until("2026-03-04 18:30") << whatever
    assert ledger(play) == [("2026-03-04 18:00", "li.na", 2)]


def test_a_pause_before_the_due_time_leaves_no_day(play):
    play >> ask("li.na") << whatever
    play >> until("2026-03-03 10:00")
    play >> answer("wu.min") << whatever
    assert spared(play) == []


def test_a_holiday_is_no_working_day(play):
    play >> closed_on("2026-03-04") << whatever
    play >> until("2026-03-06 12:00") << whatever
    assert [day for day, _, _ in ledger(play)] == ["2026-03-05 18:00"]


def test_a_calendar_that_changes_plans_no_close_beyond_the_most(play):
    play >> until("2026-03-09 12:00") << whatever
    play >> closed_on("2026-03-12") << refused("nothing_to_change")


def test_an_escalation_on_the_same_close_is_sent_besides(play):
    play >> until("2026-03-05 17:00") << whatever
    (
        play
        >> until("2026-03-05 18:00")
        << then.PointsCharged(person="li.na")
        << then.Escalated(to=["he.jun"])
    )


def test_points_are_waived_by_the_owner_with_a_reason_and_the_person_is_told(play):
    play >> until("2026-03-05 19:00") << whatever
    first, second = [fact.seq for fact in play.case.facts]
    play >> waive("li.na", first) << refused("not_the_owner")
    play >> waive("wang.fang", first) << then.FactVoided(facts=[first], why="waived")
    assert play.posts("waived") == ["li.na"]
    play >> waive("wang.fang", first) << refused("points_waived")
    play >> waive("wang.fang") << refused("points_waived")
    assert [fact.seq for fact in play.case.facts if not fact.voided] == [second]


def test_waived_points_are_not_charged_again(play):
    """The most of a task counts what was charged, also what was waived."""
    play >> until("2026-03-06 19:00") << whatever
    play >> waive("wang.fang", *(fact.seq for fact in play.case.facts)) << whatever
    play >> until("2026-03-20 12:00")
    assert len(ledger(play)) == 3


def test_points_are_waived_after_the_end_too(play):
    play >> until("2026-03-04 19:00") << whatever
    play >> approve("li.na") << whatever
    (charge,) = play.case.facts
    play >> waive("wang.fang", charge.seq) << whatever
    assert play.case.facts[0].voided


def test_a_process_without_penalties_has_nobody_who_waives(playbook):
    play = playbook()
    play >> file("wu.min") << whatever
    play >> waive("wang.fang", 1) << refused("not_the_owner")


def test_the_next_close_is_foreseen_with_whoever_has_it(play):
    foreseen = outlook(play.case, play.world)
    assert [(local(one.at), one.to) for one in foreseen if one.kind == "points"] == [
        ("2026-03-04 18:00", (key("li.na"),))
    ]


def test_a_task_with_only_points_ahead_is_at_the_top_of_its_ladder(playbook):
    play = playbook(process())
    play >> file("wu.min") << whatever
    play >> until("2026-03-06 19:00") << whatever
    (clock,) = at_top(play.case, now=play.now)
    assert (clock.key, clock.climbs, len(clock.planned)) == ("task:t1", False, 1)


def test_a_rehearsal_covers_points_and_ends_although_days_may_pass_for_ever():
    report = rehearsed(process())
    assert report.complete
    assert {tally.kind: tally.missing for tally in report.tallies if tally.missing} == {}


def test_each_signer_who_has_not_decided_is_charged(playbook):
    text = process().text.replace(
        'candidates = "role:complaint-handler"', 'signers = "role:complaint-handler"\nsign = "all"'
    )
    play = playbook(load_definition(text, file="signed.toml"))
    play >> file("wu.min") << whatever
    mine = {task.assignee: task.id for task in play.case.open_tasks}
    play >> approve("li.na", mine[key("li.na")]) << whatever
    play >> until("2026-03-04 19:00") << whatever
    assert sorted(who for _, who, _ in ledger(play)) == ["gao.yu", "ma.chao", "xu.ke"]
