"""A case is moved to another version in the middle of its work (rules: versions)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    answer,
    ask,
    complete,
    decide,
    dissatisfied,
    file,
    respond,
    take_back,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, until, whatever
from tests.unit.workflows.playbooks.forked import begun, financed, forking, lab, open_at, priced
from tests.unit.workflows.playbooks.moved import NEW, hindered, moves
from tests.unit.workflows.playbooks.seated import filed as signed_by
from tests.unit.workflows.playbooks.seated import process as seats
from tests.unit.workflows.playbooks.seated import vote
from tests.unit.workflows.playbooks.stages import graded, resolved
from tests.unit.workflows.playbooks.test_checking import AT_ONCE, at_check, checks
from tests.unit.workflows.playbooks.test_other_cases import PROCESS as OTHER
from tests.unit.workflows.playbooks.test_resting import resting, signed
from tests.unit.workflows.playbooks.test_waiting_for_a_date import MIDDLE
from tests.unit.workflows.rehearsal.rehearsed import definition
from workflows.case.effects import Refresh
from workflows.flow.move_plan import plan_lines
from workflows.loading import Loaded, load_definition


@cache
def made(name: str, *changes: tuple[str, str]) -> Loaded:
    """A definition of this folder, or the complaint, with these texts changed everywhere."""
    path = Path(__file__).parent / f"{name}.toml"
    text = office.complaint().text if name == "complaint" else path.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_definition(text, file=path.name)


SOLVED = (('"resolve"', '"solve"'),)


def test_the_work_goes_on_at_the_node_that_has_the_place_of_the_old_one(play):
    graded(play)
    before = play.case
    play >> moves(made("complaint", *SOLVED), resolve="solve", unknown="solve")
    play << then.MovedToDefinition(definition=NEW, why="asked", nodes=[["resolve", "solve"]])

    assert [(visit.node, visit.id) for visit in play.case.visits] == [("solve", "v3")]
    assert (play.task.node, play.task.assignee, play.case.node) == ("solve", key("li.na"), "solve")
    assert play.case.clocks == before.clocks, "assignees and due times stay"
    assert Refresh(task="t2", soon=True) in play.effects
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="a screw", resolution="a new one") << whatever
    assert play.task.node == "confirm"


def test_what_was_done_at_a_node_of_old_counts_as_done_at_the_new_one(play):
    resolved(play)
    play >> dissatisfied("wu.min", to="resolve") << whatever
    play >> moves(made("complaint", *SOLVED), resolve="solve") << whatever
    assert [task.node for task in play.case.tasks] == ["triage", "solve", "confirm", "solve"]
    assert dict(play.case.scopes[0].rounds)["solve"] == 2
    assert "task:solve" in dict(play.case.forms)
    play >> complete("li.na", root_cause="a screw", resolution="a new one") << whatever


def test_two_nodes_may_become_one_whose_visits_are_counted_together(play):
    resolved(play)
    play >> moves(made("complaint", *SOLVED), resolve="solve", triage="solve") << whatever
    assert dict(play.case.scopes[0].rounds)["solve"] == 2


def test_nodes_that_are_over_may_be_gone_and_are_still_known(play):
    graded(play)
    play >> moves(made("complaint", ('"triage"', '"sort"'))) << then.MovedToDefinition(nodes=[])
    assert play.process.definition.node("triage").name.en == "Classify and grade"
    assert len(play.process.definition.before) == 1
    with pytest.raises(KeyError):
        play.process.definition.node("nowhere")
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="a screw", resolution="a new one") << whatever


def test_a_ladder_that_changed_is_climbed_from_now_on(play):
    graded(play)
    due = play.due("task:t2")
    play >> until("2026-03-04 17:00") << whatever  # the reminder at half of the time has fired
    step = "[ladders.step]                     # one step of the case\nrungs = [\n"
    early = '  { at = "10%", remind = "assignee" },\n  { at = "due - 1wh", remind = "assignee" },\n'
    play >> moves(made("complaint", (step, step + early))) << then.MovedToDefinition()
    play << then.ClockPlanned(clock="task:t2", why="moved")

    clock = play.case.clock("task:t2")
    assert play.due("task:t2") == due
    assert (clock.fired, clock.planned[0].id) == (("0",), "1")
    assert all(rung.at > play.now for rung in clock.planned)


def test_a_ladder_that_is_longer_above_what_fired_keeps_its_next_rungs(play):
    graded(play)
    last = (
        '  { at = "due + 2wd", escalate = "owner", with_history = true },\n]\n\n[ladders.closing]'
    )
    more = last.replace("]\n\n", '  { at = "due - 9wd", remind = "assignee" },\n]\n\n')
    play >> moves(made("complaint", (last, more))) << then.MovedToDefinition()
    assert "5" not in [rung.id for rung in play.case.clock("task:t2").planned], "its time is past"


def test_a_clock_that_is_paused_and_the_question_go_on(play):
    graded(play)
    play >> ask("li.na") << whatever
    ladder = "[ladders.step]                     # one step of the case\nrungs = [\n"
    more = ladder + '  { at = "60%", remind = "assignee" },\n'
    assert hindered(play, made("complaint", ("[pause] ", '[pause]\non = ["customer"] '))) == [
        ("pause_gone", "resolve")
    ]
    play >> moves(made("complaint", (ladder, more))) << then.MovedToDefinition()
    play >> answer("wu.min") << whatever
    assert len(play.case.clock("task:t2").planned) == 7


def test_a_decision_at_a_node_that_is_gone_is_not_taken_back(play):
    graded(play)
    play >> moves(made("complaint", ('"triage"', '"sort"'))) << then.MovedToDefinition()
    play >> take_back("liu.yang", "t1") << refused("take_back_moved")


def test_a_decision_of_before_is_taken_back_where_its_node_is_still_there(play):
    graded(play)
    play >> moves(made("complaint", ("分类分级", "分级"))) << then.MovedToDefinition()
    play >> take_back("liu.yang", "t1") << whatever
    assert play.task.node == "triage"


# ---------------------------------------------------------------------------- what cannot move


def test_a_clock_that_is_paused_must_go_on_in_the_new_version(playbook):
    pausing = ('ladder = "response"\n', 'ladder = "response"\npauses = true\n')
    play = playbook(made("complaint", pausing))
    graded(play)
    play >> ask("li.na") << whatever
    assert hindered(play, made("complaint")) == [("pause_differs", "first_response")]
    play >> answer("wu.min") << whatever
    play >> moves(made("complaint")) << then.MovedToDefinition()


COMPLAINT = {
    "gone": (SOLVED, {}, [("node_gone", "resolve")]),
    "another kind": (SOLVED, {"resolve": "confirm"}, [("other_kind", "resolve")]),
    "no clock": (
        (
            ("clocks.closing", "clocks.whole"),
            ("ladders.closing", "ladders.whole"),
            ('"closing"', '"whole"'),
        ),
        {},
        [("clock_gone", "closing"), ("ladder_gone", "closing")],
    ),
    "a number": (
        (('id = "product", type = "text"', 'id = "product", type = "number"'),),
        {},
        [("field_differs", "product")],
    ),
}


@pytest.mark.parametrize("name", COMPLAINT)
def test_a_case_stays_if_what_it_goes_on_with_is_not_there(play, name):
    graded(play)
    play.values["product"] = "A-100"
    changes, names, why = COMPLAINT[name]
    assert hindered(play, made("complaint", *changes), **names) == why


def test_a_node_to_which_the_case_comes_back_must_be_there(playbook):
    play = playbook(forking())
    begun(play)
    priced(play)
    lab(play)
    play >> complete("he.jun", open_at(play, "field")) << whatever
    financed(play)
    play >> decide("gao.yu", "return", open_at(play, "decide")) << whatever
    assert play.case.visits[-1].resume_to == "decide"
    new = forking(('id = "decide"', 'id = "settle"'), ('to = "decide"', 'to = "settle"'))
    assert hindered(play, new) == [("node_gone", "decide")]
    play >> moves(new, decide="settle") << then.MovedToDefinition(nodes=[["decide", "settle"]])
    assert play.case.visits[-1].resume_to == "settle"


# ---------------------------------------------------------------------------- forks


@pytest.fixture
def forked(playbook):
    play = playbook(forking())
    begun(play)
    return play


def test_branches_go_on_under_their_new_names(forked):
    names = {"tests": "trials", "lab": "bench", "assess": "ask", "sum": "total"}
    new = forking(*((f'"{old}"', f'"{name}"') for old, name in names.items()))
    forked >> moves(new, **names) << then.MovedToDefinition()
    _, fork, inner = forked.case.scopes
    assert (fork.fork, fork.open, inner.branch) == ("ask", ("price", "trials"), "trials")
    assert inner.open == ("bench", "field")
    priced(forked)
    financed(forked)
    forked >> complete("liu.yang", open_at(forked, "bench")) << whatever
    forked >> complete("he.jun", open_at(forked, "field")) << whatever
    assert [task.node for task in forked.case.open_tasks] == ["decide"]


def test_the_branches_of_an_open_fork_must_be_the_same(forked):
    assert hindered(forked, forking(('branches = ["lab", "field"]', 'branches = ["lab"]'))) == [
        ("branches_differ", "tests"),
        ("place_differs", "field"),
    ]


def test_a_step_must_not_be_inside_a_fork_that_the_case_is_not_in(playbook):
    play = playbook(forking())
    play >> file("wu.min", budget="500") << whatever
    inside = forking(
        ('start = "draft"', 'start = "assess"'),
        ('"price", { to', '"draft", "price", { to'),
        ('next = "assess"', 'next = "sum"'),
    )
    assert hindered(play, inside) == [("place_differs", "draft")]


def test_two_open_steps_do_not_become_one(forked):
    assert ("met", "lab") in hindered(forked, forking(), field="lab")


# ---------------------------------------------------------------------------- several signers


def test_votes_go_on_only_under_the_same_rule_and_outcomes(playbook):
    play = signed_by(playbook, "approval")
    play >> vote("liu.yang", "reject") << whatever
    assert hindered(
        play, seats(("approval", "sign", '"all"'), ("approval", "on_reject", '"at_once"'))
    )
    fewer = seats(("approval", "signers", '["head(customer-service)", "head(sales)"]'))
    assert hindered(play, fewer) == [("signers_differ", "approval")]
    signers = 'signers = ["role:complaint-desk", "head(customer-service)", "head(sales)"]\n'
    rule = 'sign = "any_approval"\non_reject = "after_all"'
    alone = made("seats", (signers + rule, 'assignee = "head(sales)"'))
    assert hindered(play, alone) == [("signers_differ", "approval")]
    play >> moves(seats(("approval", "name", '{ zh = "新", en = "New" }')))
    play << then.MovedToDefinition()


def test_open_seats_have_the_outcomes_that_they_had(playbook):
    play = signed_by(playbook, "all")
    new = seats(("", "key", '"seats"'))
    text = new.text.replace('return = { to = "revise", at_most = 2, then = "no" }\n', "", 1)
    assert hindered(play, load_definition(text, file="seats.toml")) == [("outcomes_differ", "all")]


# ---------------------------------------------------------------------------- other nodes


def test_a_case_that_waits_for_another_one_does_not_move(playbook):
    play = playbook(OTHER)
    play >> file("wu.min", what="X") << whatever
    play >> complete("li.na") << whatever
    assert hindered(play, OTHER) == [("child_runs", "other")]


def test_certificates_that_are_being_checked_must_be_there(playbook):
    play = playbook(checks())
    at_check(play)
    line = next(one for one in checks().text.splitlines() if '{ id = "license"' in one)
    assert hindered(play, checks((line + "\n", ""))) == [("field_gone", "license")]
    alone = checks(
        ('for_each = "certificates(supplier)"\n', ""), AT_ONCE, ("refuse_expired = true\n", "")
    )
    assert hindered(play, alone) == [("other_kind", "check")]


@pytest.mark.parametrize(("days", "due"), [("5", "2026-04-27"), ("10", "2026-04-20")])
def test_a_day_that_is_waited_for_is_worked_out_by_the_new_version(playbook, days, due):
    play = playbook(definition(MIDDLE))
    play >> file("wu.min", what="X", day="2026-04-30") << whatever
    play >> complete("li.na") << whatever
    new = definition(MIDDLE.replace('until = "day"', f'until = "day - {days}d"'))
    play >> moves(new) << then.MovedToDefinition() << then.ClockPlanned(why="moved")
    assert play.due("until:v2").startswith(due)


# ---------------------------------------------------------------------------- the plan


def planned(before, after):
    return [(one.what, one.id, one.now, one.then, one.change) for one in plan_lines(before, after)]


def test_the_plan_names_each_open_step_task_branch_and_clock(forked):
    before = forked.case
    due = before.clock("task:t2").due_at
    new = forking(('"tests"', '"trials"'), ('"lab"', '"bench"'))
    forked >> moves(new, tests="trials", lab="bench") << then.MovedToDefinition()
    assert planned(before, forked.case) == [
        ("step", "v2", "assess", "assess", "same"),
        ("step", "v3", "price", "price", "same"),
        ("step", "v4", "tests", "trials", "renamed"),
        ("step", "v5", "lab", "bench", "renamed"),
        ("step", "v6", "field", "field", "same"),
        ("task", "t2", "price", "price", "same"),
        ("task", "t3", "lab", "bench", "renamed"),
        ("task", "t4", "field", "field", "same"),
        ("branch", "v2", "price", "price", "same"),
        ("branch", "v2", "tests", "trials", "renamed"),
        ("branch", "v4", "lab", "bench", "renamed"),
        ("branch", "v4", "field", "field", "same"),
        *(("clock", f"task:t{number}", due, due, "same") for number in (2, 3, 4)),
    ]


def test_the_plan_says_which_starts_end_and_begin_and_are_planned_again(playbook):
    play = signed(playbook(resting()))
    before = play.case
    other = (
        (', after = "5wd"', ', after = "9wd"'),
        ('{ id = "yearly"', '{ id = "annual"'),
    )
    play >> moves(resting(*other)) << whatever
    changes = {one.id: one.change for one in plan_lines(before, play.case)}
    assert changes == {
        "v2": "same",
        "begin:v2:quarterly": "planned",
        "begin:v2:yearly": "ends",
        "begin:v2:annual": "begins",
    }
