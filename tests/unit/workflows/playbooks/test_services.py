"""A node whose work the product does itself: what begins it, and where its result leads."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import complete, file, replan, take_back, withdraw
from tests.unit.workflows.playbook import refused, whatever
from tests.unit.workflows.playbooks.moved import hindered
from tests.unit.workflows.rehearsal.rehearsed import definition, rehearsed
from workflows.actions.finish_work import FinishWork
from workflows.actions.fire_timers import FireTimers
from workflows.case.events import SYSTEM
from workflows.case.task import ContentRef
from workflows.flow import preview
from workflows.flow.services import WorkDone
from workflows.loading import load_definition

CONTENT = ContentRef(id="k_1", digest="d")
PROCESS = definition(
    """
[[nodes]]
id = "first"
kind = "task"
name = { zh = "先", en = "First" }
assignee = "person:li.na"
due = "1wd"
ladder = "step"
next = "played"

[[nodes]]
id = "played"
kind = "service"
name = { zh = "演练", en = "Rehearse" }
work = "rehearse"
values = { process = "what", draft = "what" }
outcomes = { ok = "done", findings = "again", failed = "again" }

[[nodes]]
id = "again"
kind = "task"
name = { zh = "再来", en = "Again" }
assignee = "person:li.na"
due = "1wd"
ladder = "step"
next = "played"
"""
)


def finish(outcome="ok", visit="v2"):
    """Bring the result of a work."""
    command = FinishWork(actor=SYSTEM, via="rule", visit=visit, outcome=outcome, content=CONTENT)
    return lambda play: play.give(command)


@pytest.fixture
def play(playbook):
    """The case is at the node; its work is about to be done."""
    play = playbook(PROCESS)
    play >> file("feng.lei") << whatever
    play >> complete("li.na") << whatever
    return play


def test_entering_the_node_plans_the_work_and_opens_no_task(play):
    assert play.case.open_tasks == ()
    assert [visit.node for visit in play.case.visits] == ["played"]
    assert [key for key, _ in play.case.timers()] == ["work:v2"]
    (
        play
        >> (lambda p: p.give(FireTimers(actor=SYSTEM, via="timer", clock="work:v2")))
        << refused("nothing_due")
    )
    play >> replan << refused("nothing_to_change")


@pytest.mark.parametrize("outcome", ["findings", "failed"])
def test_a_result_leads_where_the_definition_says(play, outcome):
    play >> finish(outcome) << whatever
    done = [event.body for event in play.history if isinstance(event.body, WorkDone)]
    assert [(one.node, one.work, one.outcome) for one in done] == [("played", "rehearse", outcome)]
    assert [task.node for task in play.case.open_tasks] == ["again"]
    assert [key for key, _ in play.case.timers()] == ["task:t2"]


def test_a_good_result_ends_the_case_here(play):
    play >> finish() << whatever
    assert play.case.status.value == "completed"


def test_a_result_counts_only_while_its_visit_is_open(play):
    play >> finish("findings") << whatever
    play >> finish("ok") << refused("nothing_to_change")
    play >> finish("ok", visit="v3") << refused("nothing_to_change")  # a task is there


def test_a_result_of_an_ended_case_is_refused(play):
    play >> withdraw("feng.lei") << whatever
    play >> finish() << refused("case_closed")


def test_a_decision_that_led_to_a_work_is_not_taken_back(play):
    play >> take_back("li.na", "t1") << refused("take_back_began_more")
    play >> finish("findings") << whatever
    play >> take_back("li.na", "t1") << refused("take_back_began_more")


def test_the_route_goes_on_as_if_the_work_found_nothing(play):
    coming = preview.from_here(play.case, play.world)
    assert [(one.node, one.kind, one.here) for one in coming] == [
        ("played", "service", True),
        ("done", "end", False),
    ]


def test_a_rehearsal_plays_each_result():
    report = rehearsed(PROCESS)
    assert [(one.code, one.where) for one in report.findings] == []
    assert [tally.missing for tally in report.tallies if tally.missing] == []


def test_a_case_does_not_move_while_the_product_does_the_work_of_its_step(play):
    other = load_definition(PROCESS.text.replace("演练", "再演练"), file="sample.toml")
    assert hindered(play, other) == [("work_runs", "played")]
