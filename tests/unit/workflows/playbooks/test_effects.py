"""What a rung does to a late task: somebody else has it, or the system decides it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import approve, claim, complete, file, take_over
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import (
    Playbook,
    absent,
    downtime_until,
    fire,
    left,
    refused,
    roles,
    then,
    until,
    whatever,
)
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.case.events import SYSTEM, fold
from workflows.case.state import Case
from workflows.flow import duties
from workflows.flow.outlook import outlook
from workflows.loading import Loaded, load_definition


@cache
def process() -> Loaded:
    path = Path(__file__).parent / "effects.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


@pytest.fixture
def play(playbook) -> Playbook:
    """Filed on Monday 2026-03-02 at nine, due on Tuesday 3 March at the close; li.na has it."""
    one: Playbook = playbook(process())
    one >> file("wu.min") << whatever
    one >> claim("li.na") << whatever
    return one


def at_note(play: Playbook) -> None:
    """li.na has t2 from Monday 10:00, due on Tuesday 3 March at the close."""
    play >> until("2026-03-02 10:00")
    play >> approve("li.na", "t1") << whatever


def at_vote(play: Playbook) -> None:
    at_note(play)
    play >> complete("li.na", "t2") << whatever


def owner(case: Case, task: str) -> str | None:
    return case.known_task(task).assignee


# ---------------------------------------------------------------------------- handing over


def test_a_late_task_is_handed_over_and_whoever_had_it_is_told(play):
    play >> until("2026-03-04 17:59") << whatever
    play >> until("2026-03-04 18:00")
    play << then.PointsCharged(person="li.na", points=2)
    play << then.ReassignmentDue(task="t1", to="he.jun", told=["li.na"], actor="system")
    play << then.TaskTransferred(source="li.na", to="he.jun", why="reassigned", via="timer")
    assert play.posts("reassigned") == ["li.na"]
    assert play.posts("task") == ["he.jun"]
    assert owner(play.case, "t1") == key("he.jun")
    assert play.due("task:t1") == "2026-03-03 18:00"  # the due time does not move
    assert play.task.hops == 0  # it counts as no transfer


def test_points_follow_whoever_has_it_after_it_was_handed_over(play):
    play >> until("2026-03-05 18:00") << whatever
    assert play.seen("PointsCharged", "day", "person", "points") == [
        ("2026-03-04 18:00", "li.na", 2),
        ("2026-03-05 18:00", "he.jun", 2),
    ]


def test_the_filer_gets_no_late_task_and_the_rung_says_so(play):
    at_note(play)
    play >> until("2026-03-04 17:59") << whatever
    play >> until("2026-03-04 18:00")
    play << then.ReassignmentDue(to=None, told=[], passed_over=[["wu.min", "filer"]])
    assert owner(play.case, "t2") == key("li.na")
    play >> until("2026-03-05 18:00")  # the next rung follows
    play << then.ReassignmentDue(to="liu.yang") << then.TaskTransferred(to="liu.yang")


def test_a_late_task_goes_to_somebody_present_before_somebody_away(play):
    at_note(play)
    play >> absent("liu.yang", "ma.chao", "2026-03-05 08:00", "2026-03-09 18:00")
    play >> until("2026-03-05 18:00") << whatever
    assert owner(play.case, "t2") == key("sun.qi")


def test_whoever_is_away_gets_it_with_their_deputy_when_nobody_else_may(play):
    at_note(play)
    play >> roles(sun_qi=())
    play >> absent("liu.yang", "ma.chao", "2026-03-05 08:00", "2026-03-09 18:00")
    play >> until("2026-03-05 17:00") << whatever
    play >> until("2026-03-05 18:00")
    play << then.ReassignmentDue(to="liu.yang") << then.TaskTransferred(to="liu.yang")
    play << then.DeputyOffered(principal="liu.yang", deputy="ma.chao")


def test_a_leaver_is_not_told_that_somebody_else_has_it(play):
    play >> left("li.na")
    play >> until("2026-03-04 18:00") << whatever
    assert play.seen("ReassignmentDue", "to", "told") == [("he.jun", [])]


def test_after_a_downtime_only_the_last_that_finds_anybody_hands_it_over(play):
    at_note(play)
    play >> downtime_until("2026-03-06 09:00")
    play << then.ReassignmentDue(rung="2", to="liu.yang")
    play << then.TaskTransferred(to="liu.yang")
    play << then.RungsCollapsed(rungs=["1"], why="late")
    play << then.Escalated(rung="0", to=["wang.fang"])


def test_after_a_downtime_an_earlier_rung_hands_it_over_where_the_last_finds_nobody(play):
    at_note(play)
    play >> roles(liu_yang=(), sun_qi=())
    play >> downtime_until("2026-03-06 09:00")
    play << then.ReassignmentDue(rung="2", to=None)
    play << then.ReassignmentDue(rung="1", to=None)
    play << then.Escalated(rung="0")


def test_who_may_take_it_over_is_asked_again_after_it_was_handed_over(play):
    play >> until("2026-03-04 18:00") << whatever
    play >> take_over("he.jun") << refused("not_escalated_to_you")
    play >> approve("li.na") << refused("not_your_task")
    play >> approve("he.jun") << whatever


# ---------------------------------------------------------------------------- deciding


def test_silence_approves_only_as_the_system_and_never_for_a_person(play):
    play >> until("2026-03-06 17:59") << whatever
    play >> until("2026-03-06 18:00") << then.PointsCharged(person="he.jun", points=1)
    play << then.DecidedByTimer(
        task="t1", outcome="approve", told=["he.jun"], actor="system", via="timer"
    )
    play << then.ClockStopped(clock="task:t1", why="cancelled")
    play << then.RouteTaken(to="note") << then.NodeEntered(node="note")
    play << then.TaskOpened(node="note", assignee="li.na") << then.ClockPlanned(clock="task:t2")
    task = play.case.known_task("t1")
    assert (task.decided_by, task.on_behalf_of, task.rule) == (SYSTEM, None, "timer")
    assert duties.doers(play.case, task) == ()  # it is nobody's own work
    clock = play.case.clock("task:t1")
    assert clock is not None
    assert clock.met is None  # nobody was in time
    assert play.posts("timed_out") == ["he.jun"]
    assert fold(play.history) == play.case


def test_a_late_click_is_refused_with_the_reason(play):
    """After time-out a click does nothing, and says why."""
    play >> until("2026-03-06 18:00") << whatever
    play >> approve("he.jun", "t1") << refused("task_timed_out", at="2026-03-06 18:00")
    play >> claim("ma.chao", "t1") << refused("task_timed_out")


def test_a_task_is_completed_by_the_system(play):
    at_note(play)
    play >> until("2026-03-06 18:00") << whatever
    assert play.seen("DecidedByTimer", "task", "outcome") == [("t2", "complete")]
    assert play.case.node == "vote"


def test_in_a_ballot_it_is_the_vote_of_that_seat(play):
    """gao.yu approves; the other two are silent, and the second reject decides."""
    at_vote(play)
    play >> approve("gao.yu", "t5") << whatever
    play >> until("2026-03-04 18:00") << whatever
    assert play.seen("DecidedByTimer", "task", "outcome") == [("t3", "reject"), ("t4", "reject")]
    assert play.seen("BallotDecided", "outcome", "rest") == [("reject", [])]
    assert play.seen("CaseClosed", "status") == ["rejected"]
    assert play.seen("DecidedByTimer", "told") == [["he.jun"], ["ma.chao"]]


def test_one_seat_that_is_late_leaves_the_others_open(play):
    at_vote(play)
    play >> approve("gao.yu", "t5") << whatever
    play >> approve("ma.chao", "t4") << whatever
    assert play.seen("BallotDecided", "outcome") == ["approve"]
    play >> until("2026-03-20 18:00")
    assert play.seen("DecidedByTimer", "task") == []


def test_seats_that_are_still_open_are_updated_when_one_is_decided_by_the_system(play):
    at_vote(play)
    play >> until("2026-03-04 17:59") << whatever
    play >> fire("task:t3") << refused("nothing_due")
    play.sleep_until(play.now + 60_000_000)
    play >> fire("task:t3") << then.DecidedByTimer(task="t3") << then.ClockStopped()
    assert {e.task for e in play.effects if e.task} >= {"t3", "t4", "t5"}


def test_a_blocked_task_is_not_decided(playbook):
    """Nothing passes while nobody may act."""
    play = playbook(process())
    play >> roles(li_na=(), ma_chao=(), xu_ke=(), gao_yu=(), wang_fang=())
    play.directory = replace(play.directory, admins=frozenset({key("wu.min")}))
    play >> file("wu.min") << whatever
    assert play.task.blocked
    play >> until("2026-03-06 18:00") << whatever
    assert play.seen("DecidedByTimer", "task") == []
    assert play.seen("RungsCollapsed", "why", rungs=["4"]) == ["blocked"]


# ---------------------------------------------------------------------------- before it happens


def test_what_will_be_done_to_a_late_task_is_foreseen(play):
    kinds = [(one.kind, one.to) for one in outlook(play.case, play.world)]
    li_na = (key("li.na"),)
    assert ("reassign", li_na) in kinds
    assert kinds[-1] == ("outcome", li_na)


def test_a_rehearsal_covers_rungs_that_hand_over_and_decide():
    report = rehearsed(process())
    assert report.complete
    assert {tally.kind: tally.missing for tally in report.tallies if tally.missing} == {}
