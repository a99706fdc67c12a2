"""A node that is a case of another process: where its end leads, and what is refused."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    complete,
    dissatisfied,
    file,
    replan,
    take_back,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, whatever
from tests.unit.workflows.rehearsal.rehearsed import START, definition
from workflows.actions.fire_timers import FireTimers
from workflows.actions.follow_other_case import FollowOtherCase
from workflows.actions.start import StartCase
from workflows.actions.terminate import Terminate
from workflows.case.events import SYSTEM
from workflows.case.state import Parent
from workflows.flow import preview
from workflows.flow.entering import NodeEntered, RouteTaken
from workflows.flow.opening import TaskOpened
from workflows.flow.other_cases import OtherCaseEnded
from workflows.rehearsal.rehearse import rehearse

PROCESS = definition(
    """
[[nodes]]
id = "first"
kind = "task"
name = { zh = "先", en = "First" }
assignee = "person:li.na"
due = "1wd"
ladder = "step"
next = "other"

[[nodes]]
id = "other"
kind = "process"
name = { zh = "另一个流程", en = "Another process" }
process = "purchase"
values = { title = "what" }
outcomes = { completed = "judge", rejected = "refused", withdrawn = "again" }

[[nodes]]
id = "judge"
kind = "approval"
name = { zh = "审批", en = "Judge" }
assignee = "person:he.jun"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "done"

[nodes.outcomes.return]
to = ["first", "more"]
resume = "jump_back"
at_most = 1

[[nodes]]
id = "more"
kind = "task"
name = { zh = "补充", en = "More" }
assignee = "person:li.na"
due = "1wd"
ladder = "step"
next = "judge"

[[nodes]]
id = "again"
kind = "task"
name = { zh = "再来", en = "Again" }
assignee = "person:li.na"
due = "1wd"
ladder = "step"
next = "refused"

[[nodes]]
id = "refused"
kind = "end"
status = "rejected"
name = { zh = "未通过", en = "Refused" }
"""
)


def follow(visit="v2", **what):
    """Record what became of the case that a visit starts."""
    return lambda play: play.give(FollowOtherCase(actor=SYSTEM, via="rule", visit=visit, **what))


@pytest.fixture
def play(playbook):
    """The case waits at the node; the other one is about to be started."""
    play = playbook(PROCESS)
    play >> file("feng.lei") << whatever
    play >> complete("li.na") << whatever
    return play


def test_entering_the_node_plans_the_start_and_opens_no_task(play):
    assert play.case.open_tasks == ()
    assert [visit.node for visit in play.case.visits] == ["other"]
    assert play.case.awaited == ()
    assert [key for key, _ in play.case.timers()] == ["start:v2"]
    (
        play
        >> (lambda p: p.give(FireTimers(actor=SYSTEM, via="timer", clock="start:v2")))
        << refused("nothing_due")
    )


@pytest.mark.parametrize(
    ("ended", "node"),
    [
        ("completed", "judge"),
        ("rejected", "refused"),
        ("withdrawn", "again"),
        ("terminated", "again"),
    ],
)
def test_the_end_of_the_other_case_leads_on(play, ended, node):
    """A terminated case counts as withdrawn."""
    play >> follow(case="P-2026-0001") << then.OtherCaseStarted(case="P-2026-0001") << whatever
    assert play.case.awaited == ("P-2026-0001",)
    assert [*play.case.timers()] == []

    play >> follow(case="P-2026-0001", ended=ended) << then.OtherCaseEnded(status=ended) << whatever

    assert play.seen("RouteTaken", "to", node="other") == [node]
    assert "other" not in {visit.node for visit in play.case.visits}


def test_only_the_case_that_was_started_ends_the_visit(play):
    play >> follow(case="P-2026-0001") << whatever

    play >> follow(case="P-2026-0002", ended="completed") << refused("nothing_to_change")


def test_a_refused_start_is_told_and_tried_again_after_a_day(play):
    play >> follow(refused="may_not_start") << whatever

    (told,) = play.seen("OtherCaseRefused", "why", "to")
    assert told == ("may_not_start", ["wang.fang", "deng.tao"])
    (timer,) = play.case.timers()
    assert timer == ("start:v2", office.moment("2026-03-03 09:00"))
    play >> replan << refused("nothing_to_change")


def test_who_withdraws_waits_for_no_other_case(play):
    play >> follow(case="P-2026-0001") << whatever
    play >> withdraw("feng.lei") << whatever

    assert play.case.visits == ()
    play >> follow(case="P-2026-0001", ended="completed") << refused("case_closed")


def test_the_clock_of_a_visit_that_is_over_is_stopped(play):
    play.happened(OtherCaseEnded(node="other", visit="v2", case="P-2026-0001", status="completed"))
    play.happened(RouteTaken(node="other", to="again", because="outcome"))
    play.happened(NodeEntered(node="again", round=1))
    play.happened(
        TaskOpened(task="t2", node="again", round=1, assignee=key("li.na"), candidates=())
    )
    play >> follow(case="P-2026-0001") << then.ClockStopped(clock="start:v2", why="cancelled")

    play >> follow(case="P-2026-0001") << refused("nothing_to_change")


def test_a_decision_that_led_to_another_case_is_not_taken_back(play):
    play >> take_back("li.na", "t1") << refused("take_back_began_more")

    play >> follow(case="P-2026-0001") << whatever
    play >> follow(case="P-2026-0001", ended="completed") << whatever
    play >> take_back("li.na", "t1") << refused("take_back_began_more")


def test_the_route_goes_on_after_the_other_case(play):
    ahead = preview.from_here(play.case, play.world)
    assert [(one.node, one.kind, one.here) for one in ahead] == [
        ("other", "process", True),
        ("judge", "step", False),
        ("done", "end", False),
    ]
    route = preview.before_filing(filer=key("feng.lei"), values={}, world=play.world)
    assert [one.node for one in route] == ["first", "other", "judge", "done"]


def test_a_way_back_starts_the_other_case_again(play):
    """What leads over another process asks it again, as it chooses routes again."""
    play >> follow(case="P-2026-0001") << whatever
    play >> follow(case="P-2026-0001", ended="completed") << whatever
    play >> dissatisfied("he.jun", to="first") << whatever
    play >> complete("li.na") << whatever

    assert [visit.node for visit in play.case.visits] == ["other"]
    play >> follow(visit="v5", case="P-2026-0002") << whatever
    play >> follow(visit="v5", case="P-2026-0002", ended="completed") << whatever
    assert [task.node for task in play.case.open_tasks] == ["judge"]


def test_a_case_knows_what_started_it_and_can_be_terminated(playbook):
    play = playbook(PROCESS)
    start = StartCase(
        actor=key("feng.lei"),
        via="rule",
        case_id="S-2026-0001",
        definition=PROCESS.hash,
        content=play.content(),
        parent=Parent(case="O-2026-0001", visit="v3"),
    )
    play >> (lambda p: p.give(start)) << then.CaseStarted() << then.StartedFor(visit="v3")
    play << whatever
    end = Terminate(actor=SYSTEM, via="rule")
    play >> (lambda p: p.give(end)) << whatever

    assert play.case.parent == Parent(case="O-2026-0001", visit="v3")
    assert (play.case.status, play.case.open_tasks) == ("terminated", ())
    play >> (lambda p: p.give(end)) << refused("case_closed")


def test_a_rehearsal_tries_every_end_of_the_other_case():
    report = rehearse(
        PROCESS, directory=office.directory(), calendar=office.calendar(), start=START
    )

    assert [(one.code, one.where) for one in report.findings] == []
    assert [tally.missing for tally in report.tallies if tally.missing] == []
