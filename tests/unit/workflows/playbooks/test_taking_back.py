"""Whoever decided takes the decision back, while nobody has decided what came from it."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    approve,
    complete,
    decide_without_reason,
    dissatisfied,
    file,
    reject,
    take_back,
)
from tests.unit.workflows.playbook import absent, left, refused, until, whatever
from tests.unit.workflows.playbooks.seated import filed, seat, states, vote
from tests.unit.workflows.playbooks.test_facts import spending
from tests.unit.workflows.playbooks.test_returning import FILER, REPLAY, at_third, returning

TURNS = ("turn", "signers", '["person:li.na", "person:ma.chao", "person:xu.ke"]')


@pytest.fixture
def play(playbook):
    one = playbook(returning())
    one >> file(FILER, budget="500", note="a") << whatever
    return one


def tasks(play):
    return [(task.id, task.node, task.status.value, task.voided) for task in play.case.tasks]


def test_a_decision_is_taken_back_and_its_step_is_open_again(play):
    """features.md §5, take back."""
    play >> approve("li.na") << whatever
    play >> take_back("li.na", "t1") << whatever

    assert tasks(play) == [
        ("t1", "first", "done", True),
        ("t2", "second", "cancelled", False),
        ("t3", "first", "open", False),
    ]
    assert (play.case.node, play.task.assignee, play.task.visit) == ("first", "p_lina", "v1")
    assert play.case.known_task("t1").taken_back
    play >> reject("li.na") << refused("outcome_not_offered")
    play >> approve("li.na") << whatever
    assert (play.task.node, play.task.round) == ("second", 1), (
        "the visit was undone, so it counts once"
    )


def test_its_due_time_does_not_move_and_what_fired_does_not_fire_again(play):
    """approvals.md, rulings: the item's due time never moves."""
    due = play.case.clock("task:t1").due_at
    play >> until("2026-03-03 18:30") << whatever
    assert play.case.clock("task:t1").fired == ("0",)
    play >> approve("li.na") << whatever
    play >> take_back("li.na", "t1") << whatever

    clock = play.case.clock("task:t3")
    assert (clock.due_at, clock.planned) == (due, ())


def test_it_cannot_be_taken_back_once_the_next_is_decided(play):
    """features.md §5: while no direct successor has decided."""
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever

    play >> take_back("li.na", "t1") << refused("take_back_followed", by="p_machao", at=play.now)
    play >> take_back("ma.chao", "t2") << whatever
    assert play.task.node == "second"
    play >> take_back("li.na", "t1") << whatever
    assert play.task.node == "first"


def test_nothing_is_taken_back_after_the_end(play):
    """approvals.md, rulings: it is refused after an end."""
    for who in ("li.na", "ma.chao", "gao.yu"):
        play >> approve(who) << whatever

    play >> take_back("gao.yu", "t3") << refused("case_closed", status="completed")


def test_only_whoever_decided_takes_it_back(play):
    play >> take_back("li.na", "t1") << refused("nothing_to_take_back")
    play >> approve("li.na") << whatever
    play >> take_back("ma.chao", "t1") << refused("take_back_not_yours", by="p_lina")
    play >> take_back("li.na", "t1") << whatever
    play >> take_back("li.na", "t1") << refused("take_back_void")
    play >> approve("li.na", "t1") << refused("task_redone")


def test_deputy_and_principal_may_both_take_back_what_the_deputy_decided(playbook):
    """approvals.md: whoever acted, or for whom they did."""
    for who in ("xu.ke", "li.na"):
        play = playbook(returning())
        play >> file(FILER, budget="500", note="a") << whatever
        play >> absent("li.na", "xu.ke", "2026-03-02 08:00", "2026-03-06 18:00")
        play >> approve("xu.ke") << whatever
        assert play.case.known_task("t1").on_behalf_of == "p_lina"

        play >> take_back(who, "t1") << whatever

        assert (play.task.node, play.task.assignee) == ("first", "p_lina")


def test_taking_back_a_return_makes_the_decisions_count_again_that_it_made_void(playbook):
    play = playbook(returning(REPLAY))
    at_third(play)
    play >> dissatisfied("gao.yu", to="revise") << whatever
    assert [task.voided for task in play.case.tasks[:2]] == [True, True]

    play >> take_back("gao.yu", "t3") << whatever

    assert [task.voided for task in play.case.tasks[:2]] == [False, False]
    assert play.task.node == "third"
    assert dict(play.case.scopes[0].returns) == {}
    play >> approve("gao.yu") << whatever
    assert play.case.status == "completed"


def test_a_change_that_is_taken_back_leaves_approvals_and_the_form_as_they_were(play):
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> dissatisfied("gao.yu", to="revise") << whatever
    play >> complete(FILER, budget="600", note="a") << whatever
    assert play.case.known_task("t2").voided
    assert [name for name, _ in play.case.forms] == [
        "start",
        "task:first",
        "task:second",
        "task:third",
        "task:revise",
    ]

    play >> take_back(FILER, "t4") << whatever

    assert not play.case.known_task("t2").voided
    assert [name for name, _ in play.case.forms] == [
        "start",
        "task:first",
        "task:second",
        "task:third",
    ]
    assert (play.task.node, play.task.resume_to) == ("revise", "third")


def test_the_form_of_an_earlier_round_counts_again_in_its_place(play):
    for _ in range(2):
        if play.task.node == "first":
            play >> approve("li.na") << whatever
            play >> approve("ma.chao") << whatever
        play >> dissatisfied("gao.yu", to="revise") << whatever
        play >> complete(FILER, budget="500", note="a") << whatever
    earlier, last = [task for task in play.case.tasks if task.node == "revise"]

    play >> take_back(FILER, last.id) << whatever

    forms = play.case.forms
    assert dict(forms)["task:revise"] == earlier.content
    names = [name for name, _ in forms]
    assert names.index("task:revise") < names.index("task:third")


def test_a_signer_takes_back_a_vote_while_the_others_sign(playbook):
    play = filed(playbook, "all")
    play >> vote("li.na", "approve") << whatever
    play >> take_back("li.na", seat(play, "li.na")) << whatever

    assert (["li.na"], "open", None) in states(play)
    assert len(states(play)) == 4
    for who in ("gao.yu", "li.na", "ma.chao", "xu.ke"):
        play >> vote(who, "approve") << whatever
    assert play.case.status == "completed"


def test_taking_back_the_last_vote_opens_the_seats_again_that_it_superseded(playbook):
    """approvals.md, rulings: it reopens the seat and those that its decision superseded."""
    play = filed(playbook, "all")
    play >> vote("gao.yu", "approve") << whatever
    play >> vote("li.na", "return") << whatever
    assert "cancelled" in {state for _, state, _ in states(play)}

    play >> take_back("li.na", seat(play, "li.na")) << whatever

    assert states(play) == [
        (["gao.yu"], "done", "approve"),
        (["li.na"], "open", None),
        (["ma.chao"], "open", None),
        (["xu.ke"], "open", None),
    ]
    assert dict(play.case.scopes[0].returns) == {}


def test_in_turn_the_next_signer_waits_again(playbook):
    play = filed(playbook, "turn", TURNS)
    play >> vote("li.na", "approve") << whatever
    play >> take_back("li.na", "t1") << whatever

    assert [state for _, state, _ in states(play)] == ["open", "waiting", "waiting"]
    play >> vote("li.na", "approve") << whatever
    assert [state for _, state, _ in states(play)] == ["done", "open", "waiting"]
    play >> vote("ma.chao", "approve") << whatever
    mine = seat(play, "li.na")
    play >> take_back("li.na", mine) << refused("take_back_followed", by="ma.chao")


def test_in_turn_a_return_that_is_taken_back_lets_the_others_have_their_turn(playbook):
    play = filed(playbook, "turn", TURNS)
    play >> vote("li.na", "approve") << whatever
    play >> vote("ma.chao", "return") << whatever
    assert [state for _, state, _ in states(play)] == ["done", "done", "cancelled"]

    play >> take_back("ma.chao", seat(play, "ma.chao")) << whatever

    assert [state for _, state, _ in states(play)] == ["done", "open", "waiting"]
    play >> vote("ma.chao", "approve") << whatever
    assert [state for _, state, _ in states(play)] == ["done", "done", "open"]


def test_a_vote_without_which_the_others_decide_the_same_is_not_taken_back(playbook):
    """Taking it back would change nothing: the case would stand at a step that is decided."""
    play = filed(
        playbook, "all", ("all", "sign", "{ need = 2 }"), ("all", "on_reject", '"after_all"')
    )
    play >> vote("gao.yu", "approve") << whatever
    play >> vote("li.na", "return") << whatever

    play >> take_back("gao.yu", seat(play, "gao.yu")) << refused("take_back_stands")
    play >> take_back("li.na", seat(play, "li.na")) << whatever
    play >> take_back("gao.yu", seat(play, "gao.yu")) << whatever


def test_what_a_rule_decided_after_it_is_void_and_is_decided_again(playbook):
    """A rule decides in the first round; a visit that was undone does not count as one."""
    changes = ('key = "returning"', 'approvals = { repeated = "consecutive" }\nkey = "returning"')
    same = ('candidates = "person:ma.chao"', 'candidates = "person:li.na"')
    play = playbook(returning(changes, same))
    play >> file(FILER, budget="500", note="a") << whatever
    play >> approve("li.na") << whatever
    assert play.case.known_task("t2").rule == "same_approver"
    assert play.task.node == "third"

    play >> take_back("li.na", "t1") << whatever
    assert play.case.known_task("t2").voided
    play >> approve("li.na") << whatever
    assert play.task.node == "third"
    assert play.case.tasks[-2].rule == "same_approver"


def test_whoever_has_left_does_not_get_it_back(playbook):
    """Their principal takes it back, and it goes to whom the definition names now."""
    play = playbook(returning())
    play >> file(FILER, budget="500", note="a") << whatever
    play >> absent("li.na", "xu.ke", "2026-03-02 08:00", "2026-03-06 18:00")
    play >> approve("xu.ke") << whatever
    play >> left("li.na")

    play >> take_back("xu.ke", "t1") << whatever

    assert (play.task.node, play.task.assignee) == ("first", "p_wangfang")


def test_a_decision_without_a_form_is_taken_back_as_well(play):
    play >> decide_without_reason("li.na", "approve") << whatever
    play >> take_back("li.na", "t1") << whatever

    assert [name for name, _ in play.case.forms] == ["start"]


def test_facts_that_were_calculated_from_its_form_count_no_more(playbook):
    play = playbook(spending())
    play >> file("wu.min", budget="1000", currency="usd") << whatever
    play >> complete("wu.min", people=5) << whatever
    assert play.case.fact("share") is not None

    play >> take_back("wu.min", "t1") << whatever

    assert play.case.fact("share") is None
    assert play.case.fact("amount") is not None
    assert play.seen("FactVoided", "why") == ["taken_back"]
