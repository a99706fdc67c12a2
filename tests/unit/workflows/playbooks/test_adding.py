"""Signers who are added before and after, who they may be, and what ends with them."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    add_signers,
    advise,
    approve,
    ask,
    claim,
    decide,
    decide_without_reason,
    delegate,
    dissatisfied,
    file,
    record,
    reject,
    remove_signer,
    take_back,
    transfer,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, left, refused, then, whatever
from tests.unit.workflows.playbooks.signed import entered, signing, staffed
from tests.unit.workflows.playbooks.stages import resolved
from tests.unit.workflows.playbooks.test_points import process
from workflows.case.clock import ClockStatus
from workflows.case.draft import Draft
from workflows.flow.adding import unaskable


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


# ---------------------------------------------------------------------------- before


def test_before_the_item_waits_and_comes_back_to_its_owner_who_decides(play):
    due = play.due("task:t1")
    play >> add_signers("li.na", "before", "ma.chao")
    play << then.SignersAdded(task="t1", where="before", by="li.na", sign="all")
    play << then.TaskOpened(task="t2", assignee="ma.chao")
    assert tasks(play) == [("t2", "open", None), ("t1", "waiting", None)]
    assert play.posts("task") == ["ma.chao"]
    assert clocks(play) == ["task:t1"]
    play >> approve("li.na", "t1") << refused("added_still_sign", owners=["ma.chao"])

    play >> approve("ma.chao", "t2")
    play << then.TaskCompleted(task="t2", outcome="approve")
    play << then.AddedSignersDecided(task="t1", outcome="approve", by="t2")
    assert play.posts("back") == ["li.na"]
    assert tasks(play) == [("t2", "done", "approve"), ("t1", "open", None)]
    assert play.due("task:t1") == due

    play >> approve("li.na", "t1") << whatever
    assert play.case.status == "completed"


def test_a_reject_before_is_a_reject_of_the_item(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> reject("ma.chao", "t2") << whatever

    assert tasks(play) == [("t2", "done", "reject"), ("t1", "done", "reject")]
    assert play.case.status == "completed"  # the process has one end
    assert play.seen("RouteTaken", "because") == ["outcome"]
    assert play.case.known_task("t1").original == "t2"
    assert clocks(play) == []


@pytest.mark.parametrize(
    ("sign", "votes", "after"),
    [
        ("all", ["approve"], ["open", "done", "waiting"]),
        ("any", ["approve"], ["superseded", "done", "open"]),
        ("in_turn", [], ["open", "waiting", "waiting"]),
    ],
)
def test_a_group_of_added_signers_has_its_own_rule(play, sign, votes, after):
    play >> add_signers("li.na", "before", "ma.chao", "xu.ke", sign=sign) << whatever
    for outcome in votes:
        play >> decide("xu.ke", outcome, "t3") << whatever

    assert [status for _, status, _ in tasks(play)] == after


def test_in_turn_the_second_added_signer_follows_the_first(play):
    play >> add_signers("li.na", "before", "ma.chao", "xu.ke", sign="in_turn") << whatever
    play >> approve("xu.ke", "t3") << refused("task_waiting")
    play >> approve("ma.chao", "t2")
    play << then.TaskCompleted() << then.TaskOpened(task="t3", assignee="xu.ke")
    play >> approve("xu.ke", "t3") << whatever

    assert [status for _, status, _ in tasks(play)] == ["done", "done", "open"]


def test_added_signers_give_an_opinion_and_change_no_field(playbook):
    """Their form is kept with their decision; routes and facts are what they were."""
    play = staffed(playbook, signing(first='form = "request"'))
    entered(play)
    forms = play.case.forms
    play >> add_signers("li.na", "before", "feng.lei") << whatever
    play >> approve("feng.lei", budget="999") << whatever

    assert play.case.forms == forms
    assert play.case.known_task("t3").content is not None


# ---------------------------------------------------------------------------- after


def test_after_the_approval_is_held_until_the_added_signers_have_passed(play):
    play >> add_signers("li.na", "after", "ma.chao") << then.SignersAdded(where="after")
    assert tasks(play) == [("t1", "open", None), ("t2", "waiting", None)]
    assert play.posts("task") == []
    play >> approve("ma.chao", "t2") << refused("task_waiting")

    play >> approve("li.na", "t1")
    play << then.TaskCompleted(task="t1", outcome="approve") << then.TaskOpened(task="t2")
    assert play.case.status == "running"
    assert tasks(play) == [("t1", "waiting", "approve"), ("t2", "open", None)]
    assert clocks(play) == ["task:t1"]
    play >> approve("li.na", "t1") << refused("added_still_sign", owners=["ma.chao"])

    play >> approve("ma.chao", "t2") << whatever
    assert tasks(play) == [("t1", "done", "approve"), ("t2", "done", "approve")]
    assert play.case.known_task("t1").decided_by == "p_lina"
    assert play.case.status == "completed"


def test_a_reject_after_is_a_reject_of_the_item(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    play >> approve("li.na", "t1") << whatever
    play >> reject("ma.chao", "t2") << whatever

    assert tasks(play) == [("t1", "done", "reject"), ("t2", "done", "reject")]


def test_a_reject_by_the_owner_cancels_the_signers_after(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    play >> reject("li.na", "t1") << whatever

    assert tasks(play) == [("t1", "done", "reject"), ("t2", "cancelled", None)]
    assert play.seen("TaskCancelled", "reason") == ["decided"]


def test_a_question_is_over_when_its_approval_is_held(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    play >> ask("li.na", "t1") << whatever
    play >> approve("li.na", "t1") << whatever

    assert clocks(play) == ["task:t1"]


# ---------------------------------------------------------------------------- who, and when not


def test_nobody_is_added_whom_the_rules_bar(play):
    play >> add_signers("li.na", "before", "li.na") << refused("added_self", person="li.na")
    play >> add_signers("li.na", "before", "wu.min") << refused("added_filer", person="wu.min")
    play >> add_signers("li.na", "before") << refused("person_unknown")
    play >> add_signers("li.na", "before", "ma.chao", "ma.chao") << refused("added_twice")
    play >> add_signers("ma.chao", "before", "xu.ke") << refused("not_your_task", owners=["li.na"])
    everybody = ("he.jun", "zhou.wei", "sun.qi", "liu.yang", "zheng.hao", "feng.lei", "xu.ke")
    many = (*everybody, "gao.yu", "deng.tao", "ma.chao", "chen.jing")
    play >> add_signers("li.na", "before", *many) << refused("too_many_added", most=10)
    play >> left("xu.ke")
    play >> add_signers("li.na", "before", "xu.ke") << refused("person_unknown", person="xu.ke")


def test_nobody_is_added_twice_to_one_step(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> approve("ma.chao", "t2") << whatever
    play >> add_signers("li.na", "after", "ma.chao") << refused("added_signer", person="ma.chao")


def test_before_and_after_are_not_both_open_on_one_item(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    for where in ("before", "after"):
        play >> add_signers("li.na", where, "xu.ke") << refused("added_still_sign")
    play >> delegate("li.na", "xu.ke") << refused("added_still_sign")


def test_nobody_is_added_before_while_a_question_is_open(play):
    play >> ask("li.na") << whatever
    play >> add_signers("li.na", "before", "ma.chao") << refused("added_while_asked")
    play >> delegate("li.na", "ma.chao") << refused("added_while_asked")
    play >> add_signers("li.na", "beside", "ma.chao") << whatever


def test_people_whom_the_rules_bar_are_known_before_the_form_opens(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    draft = Draft(play.case, actor=key("li.na"), via="web", values={}, world=play.world)

    assert unaskable(draft, play.case.known_task("t1")) == {
        *map(key, ("li.na", "ma.chao", "wu.min"))
    }


def test_a_decision_to_which_signers_were_added_is_not_taken_back(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    play >> approve("li.na", "t1") << whatever
    play >> take_back("li.na", "t1") << refused("take_back_added")


def test_an_item_with_added_signers_is_not_transferred(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    play >> transfer("li.na", "xu.ke", "t1") << refused("added_still_sign", owners=["ma.chao"])


def test_added_signers_approve_or_reject_and_do_nothing_else(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> approve("li.na") << whatever
    play >> add_signers("ma.chao", "before", "feng.lei") << whatever
    play >> dissatisfied("feng.lei") << refused("outcome_not_offered")
    play >> add_signers("feng.lei", "before", "he.jun") << refused("added_adds_nobody")
    play >> delegate("feng.lei", "he.jun") << refused("added_adds_nobody")
    play >> ask("feng.lei") << refused("added_asks_nobody")
    play >> record("feng.lei", "noted") << refused("action_not_offered")
    play >> decide_without_reason("feng.lei", "reject") << refused("reason_missing")
    play >> advise("feng.lei") << refused("no_advice_asked")


def test_signers_are_added_only_where_the_definition_lets_them(playbook):
    """Not at a task, nor at an approval that says no; [approvals] may say it for all."""
    approvals = "[approvals]\nsigners_may_be_added = false"
    second = "signers_may_be_added = true"
    play = staffed(playbook, signing(approvals=approvals, second=second))
    play >> file("wu.min", budget="1") << whatever
    play >> add_signers("liu.yang", "before", "he.jun") << refused("adding_not_offered")
    play >> decide("liu.yang", "complete") << whatever
    play >> add_signers("li.na", "before", "he.jun") << refused("adding_not_offered")
    play >> delegate("li.na", "he.jun") << refused("adding_not_offered")
    play >> approve("li.na") << whatever
    play >> add_signers("ma.chao", "before", "he.jun") << whatever


# ---------------------------------------------------------------------------- removing


def test_only_who_added_a_signer_removes_them_and_only_while_undecided(play):
    play >> remove_signer("li.na", "t1") << refused("not_added")
    play >> add_signers("li.na", "before", "ma.chao", "xu.ke") << whatever
    play >> remove_signer("xu.ke", "t2") << refused("only_who_added", by="li.na")
    play >> approve("ma.chao", "t2") << whatever
    play >> remove_signer("li.na", "t2") << refused("task_done")

    play >> remove_signer("li.na", "t3")
    play << then.SignerRemoved(task="t3")
    play << then.AddedSignersDecided(outcome="approve", by="t3", rest=[])
    assert [status for _, status, _ in tasks(play)] == ["done", "cancelled", "open"]


def test_the_item_comes_back_when_the_last_added_signer_is_removed(play):
    play >> add_signers("li.na", "before", "ma.chao", "xu.ke", sign="in_turn") << whatever
    play >> remove_signer("li.na", "t2") << then.SignerRemoved() << then.TaskOpened(task="t3")
    play >> remove_signer("li.na", "t3")
    play << then.SignerRemoved() << then.AddedSignersDecided(outcome="removed")

    assert play.case.known_task("t1").status == "open"
    assert play.posts("back") == []


def test_signers_after_are_removed_before_and_after_their_turn(play):
    play >> add_signers("li.na", "after", "ma.chao") << whatever
    play >> remove_signer("li.na", "t2") << then.SignerRemoved(task="t2")
    play >> add_signers("li.na", "after", "xu.ke") << whatever
    play >> approve("li.na", "t1") << whatever
    play >> remove_signer("li.na", "t3") << whatever

    assert play.case.known_task("t1").outcome == "approve"
    assert play.case.status == "completed"


def test_the_deputy_of_whoever_added_a_signer_may_remove_them(play):
    play >> add_signers("li.na", "before", "ma.chao") << whatever
    play >> absent("li.na", "he.jun", "2026-03-02", "2026-03-10")
    play >> remove_signer("he.jun", "t2")
    play << then.SignerRemoved(actor="he.jun", on_behalf_of="li.na") << whatever


# ---------------------------------------------------------------------------- advice


def test_advice_is_no_vote_and_the_item_comes_back_to_its_owner(play):
    due = play.due("task:t1")
    play >> delegate("li.na", "ma.chao")
    play << then.TaskDelegated(task="t1", advice="t2", to="ma.chao") << then.TaskOpened(task="t2")
    play >> approve("li.na", "t1") << refused("added_still_sign", owners=["ma.chao"])
    play >> approve("ma.chao", "t2") << refused("outcome_not_offered")
    play >> delegate("ma.chao", "xu.ke", "t2") << refused("added_adds_nobody")
    play >> transfer("ma.chao", "xu.ke", "t2") << refused("advice_stays")

    play >> advise("ma.chao", "t2") << then.AdviceGiven(task="t2")
    assert play.posts("back") == ["li.na"]
    assert tasks(play) == [("t2", "done", "advise"), ("t1", "open", None)]
    assert play.due("task:t1") == due
    play >> approve("li.na", "t1") << whatever
    assert play.case.status == "completed"


def test_a_delegation_can_be_taken_back(play):
    play >> delegate("li.na", "ma.chao") << whatever
    play >> remove_signer("li.na", "t2") << whatever

    assert play.case.known_task("t1").status == "open"


def test_the_deputy_of_whoever_was_asked_may_advise(play):
    play >> absent("ma.chao", "he.jun", "2026-03-02", "2026-03-10")
    play >> delegate("li.na", "ma.chao")
    play << then.TaskDelegated() << then.TaskOpened() << then.DeputyOffered(deputy="he.jun")
    play >> advise("he.jun", "t2") << then.AdviceGiven(actor="he.jun", on_behalf_of="ma.chao")


def test_advice_bars_nobody_from_signing_and_is_no_decision(playbook):
    play = staffed(
        playbook, signing(third='not_same_as = ["first"]'), xu_ke=("third",), ma_chao=("second",)
    )
    entered(play)
    play >> delegate("li.na", "xu.ke") << whatever
    play >> advise("xu.ke") << whatever
    play >> add_signers("li.na", "before", "xu.ke") << whatever
    play >> remove_signer("li.na", play.task.id) << whatever
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> decide("sun.qi", "complete") << whatever

    assert play.task.assignee == "p_xuke"


def test_an_approval_without_a_reject_takes_no_signers_but_advice(playbook):
    """An added signer has to be able to say no, and the no has to lead somewhere."""
    play = playbook()
    resolved(play)
    assert "reject" not in play.process.definition.work_node("confirm").outcomes

    for where in ("before", "after", "beside"):
        play >> add_signers("wu.min", where, "he.jun") << refused("adding_not_offered")
    play >> delegate("wu.min", "he.jun") << then.TaskDelegated() << whatever
