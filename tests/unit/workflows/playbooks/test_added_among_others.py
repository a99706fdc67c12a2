"""Added signers and time, people who move, returns, and the other signers of a step."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    add_signers,
    approve,
    claim,
    decide,
    dissatisfied,
    file,
    offer_to_deputies,
    remove_signer,
    replace_leavers,
    take_over,
    transfer,
    urge,
    withdraw,
)
from tests.unit.workflows.playbook import absent, left, refused, then, until, whatever
from tests.unit.workflows.playbooks.seated import filed, states, vote
from tests.unit.workflows.playbooks.signed import entered, signing, staffed
from tests.unit.workflows.playbooks.test_points import ledger, process, spared
from workflows.case.clock import ClockStatus


@pytest.fixture
def play(playbook):
    """One approval, filed on Monday 2026-03-02 at nine, due on Tuesday evening; li.na has it."""
    one = playbook(process())
    one >> file("wu.min") << whatever
    one >> claim("li.na") << whatever
    return one


def tasks(play):
    """(id, status, outcome) of every task, in their order."""
    return [(one.id, one.status.value, one.outcome) for one in play.case.tasks]


def clocks(play):
    return [one.key for one in play.case.clocks if one.status is ClockStatus.RUNNING]


# ---------------------------------------------------------------------------- people and time


def test_clock_and_ladder_concern_whoever_has_the_item(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> until("2026-03-03 18:00") << then.Reminded(clock="task:t1", to=["ma.chao"])
    play >> until("2026-03-05 18:00") << whatever

    assert ledger(play)[0][1:] == ("ma.chao", 2)
    escalated = play.seen("Escalated", "to")
    assert escalated == [["he.jun"]]
    play >> take_over("he.jun", "t2") << then.TaskTransferred(task="t2", to="he.jun")
    play >> approve("he.jun", "t2") << whatever
    assert play.task.id == "t1"


def test_each_added_signer_is_charged_and_the_item_gives_no_more_than_its_most(play):
    play >> add_signers("li.na", "before", "ma.chao", "xu.ke") << whatever
    play >> until("2026-03-06 18:00") << whatever

    assert [(who, points) for _, who, points in ledger(play)] == [
        ("ma.chao", 2),
        ("xu.ke", 2),
        ("ma.chao", 1),
    ]
    assert [why for _, why in spared(play)] == ["capped"]


def test_an_added_signer_who_is_away_has_a_deputy(play):
    play >> absent("ma.chao", "he.jun", "2026-03-02", "2026-03-10")
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> approve("he.jun", "t2")
    play << then.TaskCompleted(actor="he.jun", on_behalf_of="ma.chao") << whatever

    assert play.task.id == "t1"


def test_an_added_signer_who_leaves_is_replaced_by_their_manager(play):
    play >> add_signers("li.na", "before", "xu.ke") << whatever
    play >> left("xu.ke")
    play >> replace_leavers << then.TaskTransferred(task="t2", to="feng.lei", why="left")


def test_an_added_signer_who_has_left_when_their_turn_comes_is_replaced(play):
    play >> add_signers("li.na", "after", "xu.ke") << whatever
    play >> left("xu.ke")
    play >> approve("li.na", "t1") << then.TaskCompleted()
    play << then.TaskOpened(task="t2", assignee="feng.lei")


def test_an_item_whose_owner_left_meanwhile_goes_to_their_manager(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> left("li.na")
    play >> approve("ma.chao", "t2") << then.TaskCompleted() << then.AddedSignersDecided()
    play << then.TaskTransferred(task="t1", to="he.jun", why="left", actor="system")


def test_an_item_comes_back_to_the_deputy_of_its_owner_too(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> absent("li.na", "he.jun", "2026-03-02", "2026-03-10")
    play >> offer_to_deputies << refused("nothing_to_change")
    play >> approve("ma.chao", "t2") << then.TaskCompleted() << then.AddedSignersDecided()
    play << then.DeputyOffered(task="t1", principal="li.na", deputy="he.jun")


def test_an_added_signer_is_urged_and_may_hand_the_task_on(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> urge("wu.min") << then.Urged(tasks=["t2"])
    play >> transfer("ma.chao", "li.na", "t2") << refused("transfer_to_signer")
    play >> transfer("ma.chao", "xu.ke", "t2") << whatever
    play >> approve("xu.ke", "t2") << whatever
    assert play.task.id == "t1"


def test_a_withdrawal_cancels_added_signers(play):
    play >> add_signers("li.na", "before", "ma.chao", "xu.ke", sign="in_turn") << whatever
    play >> withdraw("wu.min") << whatever

    assert {status for _, status, _ in tasks(play)} == {"cancelled"}


def test_a_return_cancels_the_signers_after_and_voids_those_who_passed(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> add_signers("li.na", "before", "he.jun") << whatever
    play >> approve("he.jun") << whatever
    play >> approve("li.na") << whatever
    play >> add_signers("ma.chao", "after", "feng.lei") << whatever
    play >> dissatisfied("ma.chao") << whatever

    by_id = {one.id: one for one in play.case.tasks}
    assert by_id["t5"].status == "cancelled"
    assert (by_id["t2"].voided, by_id["t3"].voided) == (True, True)
    assert play.case.node == "enter"


# ---------------------------------------------------------------------------- several signers


def test_beside_a_single_approver_is_a_ballot_of_two_in_which_all_approve(play):
    play >> add_signers("li.na", "beside", "ma.chao")
    play << then.SignersAdded(where="beside") << then.TaskOpened(task="t2", assignee="ma.chao")
    play << then.ClockPlanned(clock="task:t2")
    assert [one.seat for one in play.case.tasks] == [1, 2]
    play >> add_signers("ma.chao", "beside", "xu.ke", task="t2") << whatever

    play >> approve("li.na", "t1") << whatever
    play >> approve("ma.chao", "t2") << whatever
    assert play.case.status == "running"
    play >> approve("xu.ke", "t3") << then.TaskCompleted() << then.ClockStopped()
    play << then.BallotDecided(outcome="approve") << whatever
    assert play.case.status == "completed"


def test_removing_the_last_seat_that_is_open_decides_the_ballot(play):
    play >> add_signers("li.na", "beside", "ma.chao") << whatever
    play >> approve("li.na", "t1") << whatever
    play >> remove_signer("li.na", "t2") << then.SignerRemoved() << then.ClockStopped()
    play << then.BallotDecided(outcome="approve") << whatever

    assert play.case.status == "completed"


def test_removing_one_of_several_leaves_the_ballot_open(play):
    play >> add_signers("li.na", "beside", "ma.chao") << whatever
    play >> transfer("li.na", "xu.ke", "t1") << whatever
    play >> remove_signer("li.na", "t2") << then.SignerRemoved() << then.ClockStopped()

    assert play.case.status == "running"
    play >> approve("xu.ke", "t1") << whatever
    assert play.case.status == "completed"


def test_a_signer_beside_with_added_signers_is_not_removed(play):
    play >> add_signers("li.na", "beside", "ma.chao") << whatever
    play >> add_signers("ma.chao", "before", "xu.ke", task="t2") << whatever
    play >> remove_signer("li.na", "t2") << refused("added_still_sign", owners=["xu.ke"])


def test_an_added_signer_counts_in_the_total_of_a_share(playbook):
    """60 % of four are three, of five still three; each may be the last."""
    play = filed(playbook, "share")
    play >> add_signers("gao.yu", "beside", "he.jun", task="t1") << whatever
    for person in ("gao.yu", "li.na"):
        play >> vote(person, "approve") << whatever
    assert play.case.status == "running"
    play >> vote("he.jun", "approve") << whatever
    assert play.case.status == "completed"


def test_in_turn_beside_is_the_next_seat(playbook):
    play = filed(playbook, "turn")
    play >> add_signers("zhou.wei", "beside", "he.jun") << then.SignersAdded()
    assert [who for who, _, _ in states(play)][1] == ["he.jun"]
    play >> vote("zhou.wei", "approve") << then.TaskCompleted() << then.ClockStopped()
    play << then.TaskOpened(task="t4", assignee="he.jun") << whatever
    play >> vote("he.jun", "approve") << whatever
    assert play.task.id == "t2"


def test_in_turn_somebody_who_left_before_their_seat_beside_is_replaced(playbook):
    play = filed(playbook, "turn")
    play >> add_signers("zhou.wei", "beside", "xu.ke") << whatever
    play >> left("xu.ke")
    play >> vote("zhou.wei", "approve") << then.TaskCompleted() << then.ClockStopped()
    play << then.TaskOpened(task="t4", assignee="feng.lei") << whatever


@pytest.mark.parametrize("where", ["before", "after"])
def test_in_turn_the_next_begins_when_the_item_and_its_added_signers_have_passed(playbook, where):
    play = filed(playbook, "turn")
    play >> add_signers("zhou.wei", where, "he.jun") << whatever
    first, second = ("he.jun", "zhou.wei") if where == "before" else ("zhou.wei", "he.jun")
    play >> vote(first, "approve") << whatever
    assert play.case.known_task("t2").status == "waiting"
    play >> vote(second, "approve") << whatever
    assert play.case.known_task("t2").status == "open"


def test_removing_a_seat_in_turn_does_not_pass_the_turn_over_an_item_that_waits(playbook):
    play = filed(playbook, "turn")
    play >> add_signers("zhou.wei", "beside", "gao.yu") << whatever
    play >> add_signers("zhou.wei", "before", "he.jun") << whatever
    play >> remove_signer("zhou.wei", "t4") << then.SignerRemoved(task="t4")


def test_a_ballot_that_is_decided_ends_the_added_signers_of_its_seats(playbook):
    play = filed(playbook, "all")
    play >> add_signers("gao.yu", "before", "he.jun", task="t1") << whatever
    play >> add_signers("li.na", "after", "feng.lei", task="t2") << whatever
    play >> vote("li.na", "approve") << whatever
    play >> vote("ma.chao", "reject") << whatever

    assert {status for _, status, outcome in tasks(play) if outcome != "reject"} == {"superseded"}
    assert play.case.status == "rejected"


def test_a_seat_is_offered_anew_when_one_of_its_candidates_was_added(playbook):
    play = filed(playbook, "approval")
    play >> add_signers("zhou.wei", "before", "sun.qi", task="t2") << whatever

    assert play.case.known_task("t1").assignee == "p_liuyang"


def test_one_of_several_is_approved_only_once_the_signers_after_it_have_passed(playbook):
    """The tally does not count an approval that is held."""
    play = filed(playbook, "any")
    play >> add_signers("gao.yu", "after", "he.jun", task="t1") << whatever
    play >> vote("gao.yu", "approve") << whatever
    assert play.case.status == "running"
    play >> vote("he.jun", "reject") << whatever
    assert play.case.status == "rejected"


def test_a_change_of_material_fields_voids_an_approval_with_those_of_its_added_signers(playbook):
    play = staffed(playbook, signing(first='material = ["budget"]'))
    entered(play)
    play >> add_signers("li.na", "before", "he.jun") << whatever
    play >> approve("he.jun") << whatever
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> decide("sun.qi", "complete", budget="999") << whatever

    assert play.seen("DecisionVoided", "task") == ["t3", "t2"]
