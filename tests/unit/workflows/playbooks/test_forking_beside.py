"""Forks beside the other rules: taking back, withdrawing, the route, rehearsals."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    complete,
    dissatisfied,
    record,
    reject,
    send_back,
    take_back,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, whatever
from tests.unit.workflows.playbooks.forked import (
    FILER,
    begun,
    field,
    financed,
    forking,
    lab,
    nodes,
    open_at,
    priced,
)
from workflows.case.spot import WHOLE
from workflows.flow.preview import before_filing, from_here
from workflows.rehearsal.rehearse import rehearse


@pytest.fixture
def play(playbook):
    one = playbook(forking())
    begun(one)
    return one


def test_taking_back_in_a_branch_leaves_the_others_alone(play):
    """Rulings, taking back: the other branches are kept."""
    task = open_at(play, "lab")
    lab(play)
    priced(play)
    play >> take_back("liu.yang", task) << whatever

    assert nodes(play) == ["field", "finance", "lab"]
    assert play.seen("TaskCancelled") == []
    again = play.case.task(open_at(play, "lab"))
    assert (again.scope, again.branch) == ("v4", "lab")
    for branch in (field, lab, financed):
        branch(play)
    assert nodes(play) == ["decide"]


def test_taking_back_after_the_join_cancels_the_step_that_followed(play):
    """Rulings, taking back: after a join its undecided visit is cancelled."""
    for branch in (lab, priced, financed):
        branch(play)
    task = open_at(play, "field")
    field(play)
    assert nodes(play) == ["decide"]
    play >> take_back("he.jun", task) << whatever

    assert nodes(play) == ["field"]
    assert [visit.node for visit in play.case.visits] == ["assess", "tests", "field"]
    field(play)
    assert nodes(play) == ["decide"]


def test_taking_back_the_step_before_a_fork_cancels_its_branches(play):
    play >> take_back(FILER, play.case.tasks[0].id) << whatever

    assert nodes(play) == ["draft"]
    assert play.seen("BranchesCancelled", "node") == ["tests", "assess"]
    play >> complete(FILER, budget="500", note="a") << whatever
    assert nodes(play) == ["field", "lab", "price"]


def test_a_decision_that_broke_off_a_fork_is_not_taken_back(playbook):
    play = playbook(forking())
    begun(play, budget="2000")
    task = open_at(play, "legal")
    play >> reject("li.na", task) << whatever

    play >> take_back("li.na", task) << refused("take_back_left_fork")


def test_a_milestone_inside_a_fork_ends_the_time_to_withdraw(playbook):
    play = playbook(forking(('start = "draft"', 'start = "draft"\nwithdraw_until = "finance"')))
    begun(play)
    priced(play)

    play >> withdraw(FILER) << refused("too_late_to_withdraw")


def test_a_withdrawal_cancels_all_branches(play):
    play >> withdraw(FILER) << then.CaseClosed(status="withdrawn") << whatever

    assert play.seen("TaskCancelled", "reason") == ["withdrawn"] * 3


def test_a_fork_that_may_be_passed_is_covered_with_no_branch():
    no_branch = forking(
        ('["price", {', '[{ to = "price", when = "budget > 9000" }, {'),
        (', "tests"]', ', { to = "tests", when = "budget > 100" }]'),
        ("cost > 100000", "budget > 100000"),
    )
    report = rehearse(
        no_branch,
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )

    branches = next(tally for tally in report.tallies if tally.kind == "branch")
    assert [str(item) for item in branches.all] == [
        "assess.price",
        "assess.legal",
        "assess.tests",
        "assess.none",
        "tests.lab",
        "tests.field",
    ]
    assert branches.missing == ()


def test_a_fork_is_written_as_its_author_wrote_it():
    fork = forking().definition.node("assess").model_dump(mode="json")

    legal = {"to": "legal", "when": "budget > 1000"}
    assert fork["branches"] == ["price", legal, "tests"]


def test_a_rehearsal_covers_all_branches_and_stays_finite():
    report = rehearse(
        forking(),
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )

    assert [one.missing for one in report.tallies if one.missing] == []
    assert report.situations < 500
    assert {finding.code for finding in report.findings} == {"own_case"}


def coming(play, budget):
    values = {"budget": Decimal(budget), "note": "a"}
    steps = before_filing(filer=key(FILER), values=values, world=play.world)
    return sorted(one.node for one in steps if one.kind == "step")


def test_the_branches_of_a_fork_are_foreseen(playbook):
    """features.md §2: preview of the route before submit."""
    play = playbook(forking())

    assert coming(play, "500") == ["decide", "draft", "field", "finance", "lab", "price"]
    assert "legal" in coming(play, "2000")


def test_what_follows_is_foreseen_from_within_a_fork(play):
    play >> record("ma.chao", "called", open_at(play, "price"), said="yes") << whatever

    steps = [one.node for one in from_here(play.case, play.world) if one.kind == "step"]
    assert sorted(steps) == ["decide", "field", "finance", "lab", "price"]


def test_a_fork_that_is_broken_off_waits_for_no_other_case(playbook):
    """The ruling on other cases: cancelling the parent terminates the child."""
    other = """[[nodes]]
id = "lab"
kind = "process"
name = { zh = "实验室", en = "Laboratory" }
process = "laboratory"
outcomes = { completed = "tested", rejected = "tested", withdrawn = "tested" }

[[nodes]]
id = "field\""""
    text = (Path(__file__).parent / "forking.toml").read_text(encoding="utf-8")
    begin, end = text.index('[[nodes]]\nid = "lab"'), text.index('[[nodes]]\nid = "field"')
    play = playbook(forking((text[begin:end] + '[[nodes]]\nid = "field"', other)))
    begun(play)
    assert nodes(play) == ["field", "price"]
    assert play.case.clock("start:v5").status == "running"
    priced(play)
    play >> dissatisfied("xu.ke", open_at(play, "finance"), to="price") << whatever
    assert nodes(play) == ["field", "price"]

    play >> send_back("he.jun", "draft", open_at(play, "field")) << whatever
    assert nodes(play) == ["draft"]
    assert play.case.clock("start:v5").status == "stopped"
    assert [visit.node for visit in play.case.visits] == ["draft"]


def test_places_are_beside_each_other_in_different_branches_of_one_fork(play):
    lab_, field_, price_ = (
        play.case.known_task(open_at(play, node)).spot for node in ("lab", "field", "price")
    )

    assert play.case.beside(lab_, field_)
    assert play.case.beside(price_, lab_)
    assert not play.case.beside(lab_, WHOLE)
    assert not play.case.beside(lab_, lab_)
