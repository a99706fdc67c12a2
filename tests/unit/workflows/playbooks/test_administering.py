"""Administrators give a step to somebody else, skip or cancel it, and lead a case elsewhere."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    add_signers,
    approve,
    cancel,
    claim,
    complete,
    file,
    jump,
    reassign,
    record,
    reject,
    reopen,
    skip,
    terminate,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import left, refused, then, whatever
from tests.unit.workflows.playbooks import forked
from tests.unit.workflows.playbooks.seated import filed, seat, states, vote
from tests.unit.workflows.playbooks.signed import entered, signing, staffed
from workflows.case.effects import Post
from workflows.case.status import Status
from workflows.loading import load_definition

OWNER, ADMIN = "wang.fang", "deng.tao"


def told(play):
    """Whom the last step was told."""
    posts = (one for one in play.effects if isinstance(one, Post) and one.kind == "administered")
    return sorted(play.plain(one.to) for one in posts)


def nodes(play):
    return [visit.node for visit in play.case.visits]


@pytest.fixture
def request_(playbook):
    play = staffed(playbook, signing())
    entered(play)
    return play


# ---------------------------------------------------------------------------- who may


def test_only_owners_sub_administrators_and_administrators_may(request_):
    play = request_
    for step in (
        reassign("li.na", "sun.qi"),
        skip("zhou.wei", "approve"),
        cancel("li.na"),
        jump("wu.min", "second"),
        terminate("wu.min"),
    ):
        play >> step << refused("not_an_administrator")
    play >> terminate("li.na") << refused("not_an_administrator")
    play >> terminate(OWNER) << whatever
    play >> reopen("li.na", "first") << refused("not_an_administrator")


def test_whom_the_definition_names_as_administrator_may(playbook):
    process = signing()
    text = process.text.replace(
        'owner = "role:complaint-manager"',
        'owner = "role:complaint-manager"\nadmins = ["head(sales)", "person:ma.chao"]',
    )
    play = staffed(playbook, load_definition(text, file="signing.toml"))
    entered(play)
    play >> reassign("zheng.hao", "sun.qi") << then.TaskTransferred(why="administered")
    play >> skip("ma.chao", "approve") << whatever
    assert nodes(play) == ["second"]


def test_nobody_helps_their_own_case_past_an_approval(playbook):
    play = staffed(playbook, signing(), wang_fang=("complaint-manager", "clerk"))
    play >> file(ADMIN, budget="100") << whatever
    play >> claim(OWNER) << whatever
    play >> complete(OWNER, budget="100") << whatever
    for person in (ADMIN, OWNER):  # who filed it, and who did the work that is judged
        play >> skip(person, "approve") << refused("own_case")
        play >> jump(person, "done") << refused("own_case")
    play >> reject("li.na") << whatever
    play >> reopen(ADMIN, "third") << refused("own_case")
    play >> reopen(OWNER, "third") << refused("own_case")


def test_in_a_process_without_approvals_of_others_a_filer_may_lead_their_own_case(play):
    """A plain task of the own case may be skipped: nobody approves anything by that."""
    play >> file(OWNER) << whatever
    play >> skip(OWNER, "complete") << whatever
    assert play.case.known_task("t1").rule == "admin"


# ---------------------------------------------------------------------------- reassigning


def test_a_reassigned_task_keeps_its_due_time_and_its_owner_is_told(request_):
    play = request_
    due = play.case.clock("task:t2").due_at
    (
        play
        >> reassign(OWNER, "sun.qi")
        << then.TaskTransferred(to="sun.qi", why="administered", actor=OWNER)
    )
    assert told(play) == ["li.na", "wu.min"]  # who had it, and who filed the case
    assert (play.case.clock("task:t2").due_at, play.task.hops) == (due, 0)
    play >> reassign(ADMIN, "sun.qi") << refused("has_it_already", by="p_sunqi")
    play >> approve("li.na", "t2") << refused("not_your_task", owners=("p_sunqi",))
    play >> reassign(ADMIN, "zhou.wei") << whatever
    assert told(play) == ["sun.qi", OWNER, "wu.min"]  # not li.na, who had it before


def test_a_reassignment_obeys_the_rules_of_transfers(request_):
    play = request_
    play >> left("ma.chao")
    play >> reassign(OWNER, "ma.chao") << refused("person_unknown")
    play >> reassign(OWNER, "wu.min") << refused("transfer_to_filer")
    play >> reassign(OWNER, "liu.yang") << refused("transfer_to_own_work")
    play >> approve("li.na") << whatever
    play >> reassign(OWNER, "sun.qi", "t2") << refused("task_done")


def test_a_seat_is_reassigned_to_nobody_who_has_one(playbook):
    play = filed(playbook, "all")
    theirs = seat(play, "li.na")
    play >> reassign(OWNER, "ma.chao", theirs) << refused("transfer_to_signer")
    play >> reassign(OWNER, "sun.qi", theirs) << whatever
    assert play.case.known_task(theirs).assignee == key("sun.qi")


# ---------------------------------------------------------------------------- skipping


def test_a_skipped_approval_is_nobodys_decision(request_):
    play = request_
    play >> skip(OWNER, "approve") << then.StepSkipped(outcome="approve", actor=OWNER) << whatever
    task = play.case.known_task("t2")
    assert (task.decided_by, task.rule, task.admin) == ("system", "admin", key(OWNER))
    assert told(play) == ["li.na", "wu.min"]
    assert nodes(play) == ["second"]
    play >> skip(ADMIN, "approve", "t2") << refused("administered_done", by=key(OWNER))
    play >> skip(OWNER, "return") << refused("outcome_not_offered")
    play >> skip(OWNER, "reject") << whatever
    assert play.case.status is Status.REJECTED


def test_skipping_a_task_goes_on_to_the_next_step(playbook):
    play = staffed(playbook, signing())
    play >> file("wu.min", budget="100") << whatever
    play >> skip(OWNER, "approve") << refused("outcome_not_offered")
    play >> skip(OWNER, "complete") << whatever
    assert nodes(play) == ["first"]


def test_whoever_did_the_work_does_not_judge_it_after_it_was_skipped_in_a_later_round(playbook):
    """The skipped round is nobody's work, so what is judged is the work before it."""
    play = staffed(playbook, signing())
    entered(play)
    play >> jump(ADMIN, "enter") << whatever
    play >> skip(ADMIN, "complete") << whatever
    play >> reassign(ADMIN, "liu.yang") << refused("transfer_to_own_work")


def test_a_step_of_several_signers_is_skipped_as_a_whole(playbook):
    play = filed(playbook, "all")
    play >> vote("li.na", "approve") << whatever
    play >> skip(OWNER, "approve", seat(play, "ma.chao")) << whatever
    assert {status for _, status, _ in states(play)} == {"done", "superseded"}


def test_a_step_with_added_signers_is_skipped_with_them(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> add_signers("li.na", "before", "gao.yu") << whatever
    play >> skip(OWNER, "approve", play.case.tasks[1].id) << whatever
    assert nodes(play) == ["second"]


# ---------------------------------------------------------------------------- cancelling


def test_the_last_step_of_a_case_is_not_cancelled(request_):
    play = request_
    play >> cancel(OWNER) << refused("last_step")
    play >> approve("li.na") << whatever
    play >> cancel(OWNER, "t2") << refused("task_done")


def test_a_branch_that_is_cancelled_has_come_to_the_join(playbook):
    play = playbook(forked.forking())
    forked.begun(play)
    field = forked.open_at(play, "field")
    play >> cancel(ADMIN, field) << then.StepCancelled(task=field) << whatever
    assert told(play) == ["he.jun", "wang.fang", "wu.min"]
    assert "field" not in forked.nodes(play)
    play >> cancel(ADMIN, field) << refused("administered_cancelled", by=key(ADMIN))
    forked.priced(play)
    forked.financed(play)
    play >> cancel(ADMIN, forked.open_at(play, "lab")) << refused("last_step")


def test_a_seat_that_is_cancelled_does_not_count(playbook):
    play = filed(playbook, "all")
    for person in ("li.na", "ma.chao", "xu.ke"):
        play >> vote(person, "approve") << whatever
    play >> cancel(OWNER, seat(play, "gao.yu")) << whatever
    assert play.case.ballot(play.case.tasks[0].visit)[0].status.value == "cancelled"
    assert play.seen("BallotDecided", "outcome") == ["approve"]


def test_an_added_signer_is_cancelled_and_the_step_comes_back(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> add_signers("li.na", "before", "gao.yu") << whatever
    play >> cancel(OWNER, seat(play, "gao.yu")) << whatever
    assert play.task.assignee == key("li.na")
    play >> approve("li.na") << whatever


def test_signers_after_a_cancelled_one_let_the_approval_count(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> add_signers("li.na", "after", "gao.yu") << whatever
    play >> approve("li.na") << whatever
    play >> cancel(OWNER, seat(play, "gao.yu")) << whatever
    assert nodes(play) == ["second"]


# ---------------------------------------------------------------------------- jumping


def test_a_jump_voids_what_was_approved_since(request_):
    play = request_
    play >> approve("li.na") << whatever
    play >> jump(OWNER, "first") << then.CaseJumped(to="first", actor=OWNER) << whatever
    assert told(play) == ["ma.chao", "wu.min"]
    assert (nodes(play), play.case.known_task("t2").voided) == (["first"], True)
    assert play.case.known_task("t3").status.value == "cancelled"
    play >> jump(ADMIN, "first") << refused("is_there_already")
    play >> jump(ADMIN, "nowhere") << refused("node_unknown")
    play >> jump(ADMIN, "third") << whatever
    play >> approve("xu.ke") << whatever
    assert play.case.status is Status.COMPLETED


def test_a_jump_back_to_a_gateway_voids_what_was_approved_since_it_was_passed(play):
    play >> file("li.na") << whatever
    play >> claim("liu.yang") << whatever
    play >> complete("liu.yang", grade="normal", category="service") << whatever
    handler = play.plain(play.task.assignee)
    play >> record(handler, "answered", answer="抱歉") << whatever
    play >> complete(handler, resolution="已换") << whatever
    play >> approve("li.na") << whatever
    confirmed = play.case.tasks[-2]
    assert (confirmed.node, nodes(play)) == ("confirm", ["archive"])
    play >> jump(ADMIN, "dispatch") << whatever
    assert nodes(play) == ["resolve"]
    assert play.case.known_task(confirmed.id).voided


def test_a_jump_to_an_end_ends_the_case(request_):
    play = request_
    play >> jump(OWNER, "rejected") << whatever
    assert play.case.status is Status.REJECTED
    play >> jump(OWNER, "first") << refused("case_closed")


def test_a_jump_out_of_a_fork_cancels_its_branches(playbook):
    play = playbook(forked.forking())
    forked.begun(play)
    forked.priced(play)
    play >> jump(ADMIN, "decide") << whatever
    assert nodes(play) == ["decide"]
    assert not forked.open_branches(play)
    play >> jump(ADMIN, "lab") << refused("branch_not_open")


def test_a_jump_inside_a_branch_leaves_the_others(playbook):
    play = playbook(forked.forking())
    forked.begun(play)
    forked.priced(play)
    forked.financed(play)
    before = set(forked.nodes(play))
    forked.lab(play)
    play >> jump(ADMIN, "price") << refused("branch_not_open")
    play >> jump(ADMIN, "field") << refused("is_there_already")
    assert set(forked.nodes(play)) == before - {"lab"}


def test_a_jump_forward_keeps_what_was_approved(request_):
    play = request_
    play >> approve("li.na") << whatever
    play >> jump(OWNER, "third") << whatever
    assert (nodes(play), play.case.known_task("t2").voided) == (["third"], False)
