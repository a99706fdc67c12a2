"""Returns to one of several steps, with the way back: every step again, or back to where it was."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import approve, complete, dissatisfied, file, take_back
from tests.unit.workflows.playbook import refused, whatever
from workflows.flow.returning import targets
from workflows.loading import Loaded, load_definition
from workflows.rehearsal.rehearse import rehearse

FILER = "wu.min"


@cache
def returning(*changes: tuple[str, str]) -> Loaded:
    text = (Path(__file__).parent / "returning.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_definition(text, file="returning.toml")


REPLAY = ('resume = "jump_back"\n', "")


def at_third(play, budget="500"):
    """Both reviews approved it; gao.yu has to sign."""
    play >> file(FILER, budget=budget, note="a") << whatever
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever


def entered(play):
    return play.seen("NodeEntered", "node")


@pytest.fixture
def play(playbook):
    one = playbook(returning())
    at_third(one)
    return one


def offered(play):
    return targets(play.process.definition, play.case, play.task)


def test_a_return_is_to_a_step_that_the_case_has_been_to_or_to_one_that_only_returns_lead_to(play):
    assert offered(play) == ("revise", "first", "second")

    play >> dissatisfied("gao.yu") << refused("return_target_unknown")
    play >> dissatisfied("gao.yu", to="large") << refused("return_target_unknown")


def test_without_a_change_it_jumps_back_to_whoever_returned_it(play):
    """features.md §5, return: resume = jump_back."""
    play >> dissatisfied("gao.yu", to="revise") << whatever
    assert play.task.node == "revise"
    assert play.seen("DecisionVoided") == []

    play >> complete(FILER, budget="500", note="a") << whatever
    assert (play.task.node, play.task.round, play.task.assignee) == ("third", 2, "p_gaoyu")
    held = play.seen("RouteTaken", "node", because="holds")
    assert held == ["first", "second"]
    assert entered(play)[-2:] == ["authority", "third"]
    play >> approve("gao.yu") << whatever
    assert play.case.status == "completed"


def test_what_a_change_made_stale_is_decided_again_first(play):
    """features.md §5, stale approval."""
    play >> dissatisfied("gao.yu", to="revise") << whatever
    play >> complete(FILER, budget="600", note="a") << whatever

    assert play.seen("DecisionVoided", "task", "fields") == [("t2", ["budget"])]
    assert play.task.node == "second"
    play >> approve("ma.chao") << whatever
    assert play.task.node == "third"


def test_a_jump_back_never_passes_over_a_gateway(play):
    """The budget grew: finance signs again, and the case goes to those who may decide so much."""
    play >> dissatisfied("gao.yu", to="revise") << whatever
    play >> complete(FILER, budget="5000", note="a") << whatever
    play >> approve("ma.chao") << whatever

    assert {task.node for task in play.case.open_tasks} == {"large"}
    for task, signer in zip(play.case.open_tasks, ("gao.yu", "xu.ke"), strict=True):
        play >> approve(signer, task.id) << whatever
    assert play.case.status == "completed"


def test_an_approval_to_which_it_returns_decides_again(play):
    play >> dissatisfied("gao.yu", to="first") << whatever
    assert play.task.node == "first"
    assert play.seen("DecisionVoided", "task", "fields") == [("t1", [])]

    play >> approve("li.na") << whatever
    assert play.task.node == "third"
    assert play.seen("RouteTaken", "node", because="holds") == ["second"]


def test_the_approval_that_returned_it_may_return_it_again_until_its_returns_are_used_up(play):
    for _ in range(2):
        play >> dissatisfied("gao.yu", to="second") << whatever
        play >> approve("ma.chao") << whatever

    assert offered(play) == ()
    play >> dissatisfied("gao.yu", to="second") << refused("returns_used_up", most=2)
    play >> approve("gao.yu") << whatever


def test_a_replay_takes_every_step_again_and_old_decisions_count_no_more(playbook):
    """features.md §5, return: resume = replay, old decisions kept as voided."""
    play = playbook(returning(REPLAY))
    at_third(play)
    play >> dissatisfied("gao.yu", to="revise") << whatever
    assert play.seen("DecisionVoided", "task", "fields") == [("t1", []), ("t2", [])]

    play >> complete(FILER, budget="500", note="a") << whatever
    assert play.task.node == "first"
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    assert play.task.node == "third"


def test_a_replay_keeps_what_was_decided_before_its_target(playbook):
    play = playbook(returning(REPLAY))
    at_third(play)

    play >> dissatisfied("gao.yu", to="second") << whatever

    assert play.seen("DecisionVoided", "task") == ["t2"]


def test_the_way_back_leads_to_every_chosen_step_although_its_approval_is_valid(play):
    """features.md §5, return: several allowed."""
    play >> dissatisfied("gao.yu", to="second revise") << whatever
    assert (play.task.node, play.case.task("t3").returns_to) == ("revise", ("revise", "second"))
    assert play.seen("DecisionVoided", "task", "fields") == [("t2", [])]

    play >> complete(FILER, budget="500", note="a") << whatever
    assert play.seen("RouteTaken", "node", because="holds") == ["first"]
    assert play.task.node == "second"
    play >> approve("ma.chao") << whatever
    assert play.task.node == "third"


def test_a_step_that_is_chosen_again_after_it_was_skipped_is_taken_again(play):
    play >> dissatisfied("gao.yu", to="first") << whatever
    play >> approve("li.na") << whatever
    assert play.seen("RouteTaken", "node", because="holds") == ["second"]

    play >> dissatisfied("gao.yu", to="first second") << whatever
    play >> approve("li.na") << whatever
    assert play.task.node == "second"


def test_of_several_steps_each_must_be_offered(play):
    play >> dissatisfied("gao.yu", to="first large") << refused("return_target_unknown")


def test_the_order_of_the_way_decides_which_of_several_steps_is_the_earliest(playbook):
    play = playbook(returning(('"revise", "first", "second"', '"second", "revise", "first"')))
    at_third(play)
    play >> dissatisfied("gao.yu", to="second first") << whatever

    assert play.task.node == "first"
    assert play.seen("TaskCompleted", "to", "also")[-1] == ("first", ["second"])


def test_where_the_way_leads_to_and_fro_the_order_of_the_definition_decides(playbook):
    circle = (
        '  { to = "large" },',
        '  { when = "budget == 1001", to = "first" },\n  { to = "large" },',
    )
    play = playbook(
        returning(circle, ('"revise", "first", "second"', '"second", "revise", "first"'))
    )
    at_third(play)
    play >> dissatisfied("gao.yu", to="first second") << whatever

    assert play.task.node == "second"


def test_with_a_replay_several_steps_are_the_same_as_the_earliest(playbook):
    play = playbook(returning(REPLAY))
    at_third(play)
    play >> dissatisfied("gao.yu", to="first second") << whatever
    assert play.seen("DecisionVoided", "task") == ["t1", "t2"]

    play >> approve("li.na") << whatever
    assert play.task.node == "second"


def test_taking_back_a_return_to_several_steps_gives_all_their_approvals_back(play):
    play >> dissatisfied("gao.yu", to="revise first second") << whatever
    assert play.seen("DecisionVoided", "task") == ["t1", "t2"]

    play >> take_back("gao.yu", "t3") << whatever
    assert [task.id for task in play.case.tasks if task.voided] == ["t3"]


def test_several_signers_who_return_it_send_it_to_the_earliest_and_to_all_of_their_steps(playbook):
    """approvals.md, rulings: where several come together, return."""
    play = playbook(returning())
    at_third(play, budget="5000")
    play >> dissatisfied("gao.yu", "t3", to="second") << whatever
    play >> dissatisfied("xu.ke", "t4", to="revise") << whatever

    assert play.task.node == "revise"
    play >> complete(FILER, budget="5000", note="a") << whatever
    assert play.task.node == "second"
    play >> approve("ma.chao") << whatever
    assert [task.node for task in play.case.open_tasks] == ["large", "large"]


def test_votes_of_signers_that_were_not_enough_do_not_hold(playbook):
    play = playbook(returning(('on_return = "after_all"\n', "")))
    at_third(play, budget="5000")
    play >> approve("gao.yu", "t3") << whatever
    play >> dissatisfied("xu.ke", "t4", to="first") << whatever
    play >> approve("li.na") << whatever

    assert [task.node for task in play.case.open_tasks] == ["large", "large"]


def test_a_rehearsal_returns_to_every_step_and_finds_nothing_wrong():
    report = rehearse(
        returning(),
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )

    assert report.complete
    assert {one.code for one in report.findings} <= {"own_case"}  # reviewers file cases, too
    assert [str(item) for one in report.tallies for item in one.missing] == []
