"""Several people sign one step: each rule, returns, turns, and what ends with the ballot."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import ask, claim, complete, copy_in, withdraw
from tests.unit.workflows.office import directory, key
from tests.unit.workflows.playbook import left, refused, then, until, whatever
from tests.unit.workflows.playbooks.seated import (
    HANDLERS,
    filed,
    refreshed,
    seat,
    states,
    vote,
)
from workflows.case.clock import ClockStatus

ONE = 'owner = "role:complaint-manager"'


def running(play):
    return {clock.key for clock in play.case.clocks if clock.status is ClockStatus.RUNNING}


def test_a_people_expression_opens_a_seat_for_each_person_and_tells_each(playbook):
    play = filed(playbook, "all")

    assert states(play) == [([who], "open", None) for who in HANDLERS]
    assert [task.seat for task in play.case.tasks] == [1, 2, 3, 4]
    assert sorted(play.posts("task")) == sorted(HANDLERS)
    assert running(play) == {"task:t1", "task:t2", "task:t3", "task:t4"}
    assert [visit.node for visit in play.case.visits] == ["all"]


def test_all_pass_only_when_every_seat_has_approved(playbook):
    play = filed(playbook, "all")
    for person in HANDLERS[:3]:
        play >> vote(person, "approve") << whatever
        assert play.case.node == "all"

    play >> vote("xu.ke", "approve")
    play << then.TaskCompleted(outcome="approve") << then.ClockStopped()
    play << then.BallotDecided(outcome="approve", rest=[], node="all")
    play << then.RouteTaken(to="done", because="outcome") << whatever

    assert play.case.status == "completed"


def test_one_reject_ends_it_and_supersedes_the_open_seats(playbook):
    play = filed(playbook, "all")
    play >> vote("li.na", "approve") << whatever

    play >> vote("ma.chao", "reject")
    play << then.TaskCompleted(outcome="reject") << then.ClockStopped(why="done")
    play << then.BallotDecided(outcome="reject", rest=["t1", "t4"])
    play << then.ClockStopped(clock="task:t1", why="cancelled")
    play << then.ClockStopped(clock="task:t4", why="cancelled")
    play << then.RouteTaken(to="no") << whatever

    assert play.case.status == "rejected"
    assert [(who[0], status) for who, status, _ in states(play)] == [
        ("gao.yu", "superseded"),
        ("li.na", "done"),
        ("ma.chao", "done"),
        ("xu.ke", "superseded"),
    ]
    assert running(play) == set()
    play >> vote("gao.yu", "approve", "t1") << refused("task_superseded")


def test_a_reject_after_all_waits_for_the_others(playbook):
    play = filed(playbook, "all", ("all", "on_reject", '"after_all"'))
    play >> vote("ma.chao", "reject") << whatever
    play >> vote("li.na", "approve") << whatever
    play >> vote("gao.yu", "approve") << whatever
    assert play.case.status == "running"

    play >> vote("xu.ke", "approve") << whatever

    assert play.case.status == "rejected"


@pytest.mark.parametrize(("outcome", "status"), [("approve", "completed"), ("reject", "rejected")])
def test_any_is_the_first_decision(playbook, outcome, status):
    """yudao 939: the others are superseded, not shown as having decided."""
    play = filed(playbook, "any")

    play >> vote("ma.chao", outcome) << whatever

    assert play.case.status == status
    assert [s for _, s, _ in states(play)] == ["superseded", "superseded", "done", "superseded"]
    assert [task.decided_by for task in play.case.tasks if task.status == "superseded"] == [
        None
    ] * 3


def test_any_approval_is_rejected_only_when_all_have_rejected(playbook):
    play = filed(playbook, "approval")
    assert states(play) == [
        (["liu.yang", "sun.qi"], "open", None),
        (["zhou.wei"], "open", None),
        (["zheng.hao"], "open", None),
    ]
    play >> vote("liu.yang", "reject") << whatever
    play >> vote("zhou.wei", "reject") << whatever
    assert play.case.status == "running"

    play >> vote("zheng.hao", "reject") << whatever

    assert play.case.status == "rejected"


def test_any_approval_passes_with_one_although_another_has_rejected(playbook):
    play = filed(playbook, "approval")
    play >> vote("liu.yang", "reject") << whatever

    play >> vote("zheng.hao", "approve") << whatever

    assert play.case.status == "completed"


def test_in_turn_a_later_seat_waits_without_a_clock_and_nobody_is_told(playbook):
    play = filed(playbook, "turn")

    assert [status for _, status, _ in states(play)] == ["open", "waiting", "waiting"]
    assert play.posts("task") == ["zhou.wei"]
    assert running(play) == {"task:t1"}
    play >> claim("liu.yang", "t2") << refused("task_waiting")
    play >> vote("zheng.hao", "approve", "t3") << refused("task_waiting")

    play >> until("2026-03-02 12:00")
    play >> vote("zhou.wei", "approve")
    play << then.TaskCompleted() << then.ClockStopped()
    play << then.TaskOpened(task="t2", candidates=["liu.yang", "sun.qi"])
    play << then.ClockPlanned(clock="task:t2", started_at="2026-03-02 12:00")

    assert play.posts("task") == ["liu.yang", "sun.qi"]
    play >> vote("sun.qi", "approve") << whatever
    play >> vote("zheng.hao", "approve") << whatever
    assert play.case.status == "completed"


def test_in_turn_a_reject_ends_it_and_the_waiting_seats_are_superseded(playbook):
    play = filed(playbook, "turn")

    play >> vote("zhou.wei", "reject") << whatever

    assert play.case.status == "rejected"
    assert [s for _, s, _ in states(play)] == ["done", "superseded", "superseded"]


def test_a_seat_goes_to_whoever_is_named_when_its_turn_comes(playbook):
    play = filed(playbook, "turn")
    play >> left("liu.yang")
    play >> vote("zhou.wei", "approve") << whatever

    assert states(play)[1] == (["sun.qi"], "open", None)

    play >> left("zheng.hao")
    play >> vote("sun.qi", "approve") << whatever
    assert play.seen("TaskOpened", "task", "fallback")[-1] == ("t3", "process_owner")
    assert states(play)[2] == (["wang.fang"], "open", None)


def test_a_ratio_passes_at_its_share_and_tolerates_a_reject(playbook):
    """yudao 1069: three of four are more than sixty per cent."""
    play = filed(playbook, "share")
    play >> vote("gao.yu", "reject") << whatever
    play >> vote("li.na", "approve") << whatever
    play >> vote("ma.chao", "approve") << whatever
    assert play.case.status == "running"

    play >> vote("xu.ke", "approve") << whatever

    assert play.case.status == "completed"


def test_a_ratio_fails_as_soon_as_it_is_out_of_reach(playbook):
    play = filed(playbook, "share")
    play >> vote("gao.yu", "reject") << whatever

    play >> vote("li.na", "reject") << whatever

    assert play.case.status == "rejected"
    assert [s for _, s, _ in states(play)] == ["done", "done", "superseded", "superseded"]


def test_weights_count(playbook):
    """The head's three votes need one more; without them the others have too few."""
    play = filed(playbook, "votes")
    assert [task.weight for task in play.case.tasks] == [3, 1, 1]
    play >> vote("zhou.wei", "approve") << whatever
    play >> vote("liu.yang", "approve") << whatever
    assert play.case.status == "completed"


def test_without_the_heavy_vote_it_is_rejected_after_all(playbook):
    play = filed(playbook, "votes")
    play >> vote("zhou.wei", "reject") << whatever
    play >> vote("liu.yang", "approve") << whatever
    assert play.case.status == "running"
    play >> vote("zheng.hao", "approve") << whatever
    assert play.case.status == "rejected"


def test_one_return_cancels_the_other_seats_and_a_new_round_opens_them_all_anew(playbook):
    """yudao 668: a return from a countersign loses no task."""
    play = filed(playbook, "all")
    play >> vote("gao.yu", "approve") << whatever

    play >> vote("li.na", "return")
    play << then.TaskCompleted(outcome="return") << then.ClockStopped()
    play << then.BallotDecided(outcome="return", rest=["t3", "t4"]) << whatever

    assert [s for _, s, _ in states(play)] == ["done", "done", "cancelled", "cancelled"]
    assert play.case.scope("").returns == (("all", 1),)
    assert play.case.node == "revise"
    play >> vote("xu.ke", "approve", "t4") << refused("task_cancelled")

    play >> complete("wu.min", what="Y", how="all") << whatever
    assert states(play) == [([who], "open", None) for who in HANDLERS]
    assert {task.round for task in play.case.open_tasks} == {2}


def test_a_return_after_all_waits_until_everybody_has_voted(playbook):
    play = filed(playbook, "share")
    play >> vote("gao.yu", "return") << whatever
    for person in ("li.na", "ma.chao"):
        play >> vote(person, "approve") << whatever
        assert play.case.node == "share"

    play >> vote("xu.ke", "return") << whatever

    assert play.case.node == "revise"
    assert play.case.scope("").returns == (("share", 1),), "a ballot returns once"


def test_a_return_beyond_the_limit_takes_the_other_route(playbook):
    play = filed(playbook, "turn")
    play >> vote("zhou.wei", "return") << whatever
    play >> complete("wu.min", what="Y", how="turn") << whatever

    play >> vote("zhou.wei", "return") << whatever

    assert play.case.status == "rejected"
    assert play.seen("RouteTaken", "because")[-1] == "limit"


def test_each_signer_keeps_their_own_form_and_the_flat_view_has_the_latest(playbook):
    """Two signers with one form do not overwrite each other."""
    play = filed(playbook, "all")
    play >> vote("gao.yu", "approve", opinion="Good") << whatever
    play >> vote("li.na", "approve", opinion="Better") << whatever

    contents = {task.content.id for task in play.case.tasks if task.outcome}
    assert len(contents) == 2
    latest = play.case.known_task(seat(play, "li.na")).content
    assert dict(play.case.forms)["task:all"] == latest
    assert play.values["opinion"] == "Better"


def test_a_vote_updates_only_the_open_seats_and_the_cards_of_the_case(playbook):
    """n signers cost n updates a vote."""
    play = filed(playbook, "all")
    play >> vote("gao.yu", "approve") << whatever
    assert refreshed(play) == {("t1", True), ("t2", False), ("t3", False), ("t4", False)}

    play >> vote("li.na", "approve") << whatever
    assert refreshed(play) == {("t2", True), ("t3", False), ("t4", False)}

    play >> vote("ma.chao", "reject") << whatever
    assert refreshed(play) >= {("t1", True), ("t4", True)}


def test_the_end_leaves_no_seat_behind(playbook):
    play = filed(playbook, "turn")

    play >> withdraw("wu.min") << whatever

    assert play.case.status == "withdrawn"
    assert {status for _, status, _ in states(play)} == {"cancelled"}


def test_a_question_of_one_signer_pauses_only_their_seat_and_ends_with_the_ballot(playbook):
    play = filed(playbook, "all")
    play >> ask("li.na", "t2") << whatever
    assert running(play) == {"task:t1", "task:t3", "task:t4", "wait:t2", "cap:t2"}

    play >> vote("gao.yu", "reject") << whatever

    assert running(play) == set()
    assert all(task.question is None for task in play.case.tasks)


def test_where_nobody_is_found_the_owner_signs_and_an_empty_ballot_never_passes(playbook):
    play = filed(playbook, "any", ("any", "signers", '"role:nobody"'))

    assert states(play) == [(["wang.fang"], "open", None)]
    assert play.seen("TaskOpened", "fallback") == ["process_owner"]


def test_the_owner_is_told_at_once_that_somebody_steps_in_at_a_later_turn(playbook):
    seats = ("turn", "signers", '["head(sales)", "role:nobody"]')
    play = filed(playbook, "turn", seats, ("turn", "nobody", '"head(it)"'))

    assert play.seen("StepInTold", "task", "fallback", "to") == [("t2", "nobody", ["wang.fang"])]


def test_a_ballot_for_which_nobody_is_named_passes_only_where_that_is_written(playbook):
    nobody = ("any", "signers", '["role:nobody", "role:none"]')
    play = filed(playbook, "any", nobody, ("any", "nobody", '"pass"'))
    assert play.case.status == "completed"
    assert play.seen("DecidedByRule", "rule", "outcome") == [("nobody", "approve")]

    play = filed(playbook, "any", nobody, ("any", "nobody", '"reject"'))
    assert play.case.status == "rejected"

    one = ("any", "signers", '["role:nobody", "head(sales)"]')
    play = filed(playbook, "any", one, ("any", "nobody", '"pass"'))
    assert states(play) == [(["wang.fang"], "open", None), (["zheng.hao"], "open", None)]


def test_the_manager_has_the_seat_of_a_filer_where_that_is_written(playbook):
    manager = ("all", "self_approval", '"supervisor"')
    play = filed(playbook, "all", manager, filer="li.na")

    assert [who for who, _, _ in states(play)] == [["gao.yu"], ["ma.chao"], ["xu.ke"], ["he.jun"]]


def test_a_seat_for_which_nobody_is_left_is_blocked_and_nothing_passes(playbook):
    changes = (
        ("", "owner", '"person:chen.jing"'),
        ("turn", "signers", '["role:nobody", "head(sales)"]'),
    )
    alone = directory(admins=("chen.jing",))
    play = filed(playbook, "turn", *changes, filer="chen.jing", directory=alone)

    assert states(play) == [([], "open", None), (["zheng.hao"], "waiting", None)]
    assert play.posts("blocked") == ["chen.jing"]
    assert play.case.status == "running"


def test_votes_that_the_people_found_cannot_give_fall_back_to_others(playbook):
    changes = (("any", "signers", '"head(sales)"'), ("any", "sign", "{ need = 2 }"))
    play = filed(playbook, "any", *changes)

    assert states(play) == [(["zheng.hao"], "open", None), (["wang.fang"], "open", None)]
    assert play.seen("TaskOpened", "fallback") == ["", "process_owner"]


def test_the_filer_has_no_seat_and_it_is_said_why(playbook):
    play = filed(playbook, "all", filer="li.na")

    assert [who for who, _, _ in states(play)] == [["gao.yu"], ["ma.chao"], ["xu.ke"]]
    assert play.seen("BallotOpened", "passed_over") == [[["li.na", "filer"]]]


def test_copied_in_between_changes_no_seat(playbook):
    play = filed(playbook, "all")
    play >> copy_in("li.na", "chen.jing") << whatever

    assert [task.assignee for task in play.case.open_tasks] == [key(who) for who in HANDLERS]
    assert seat(play, "li.na") == "t2"
