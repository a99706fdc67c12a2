"""One person decides at most one seat of a ballot, however they come near another one."""

from __future__ import annotations

from tests.unit.workflows.deeds import (
    claim,
    follow_directory,
    offer_to_deputies,
    replace_leavers,
    take_over,
    transfer,
    urge,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import (
    absent,
    left,
    nothing,
    refused,
    roles,
    then,
    until,
    whatever,
)
from tests.unit.workflows.playbooks.seated import filed, seat, states, vote

AWAY = ("2026-03-02 08:00", "2026-03-06 18:00")


def owners(play):
    return [who for who, _, _ in states(play)]


def test_entries_of_a_list_are_never_merged_into_one_vote(playbook):
    """Both entries name the same head: the second seat falls back to the owner."""
    twice = ("approval", "signers", '["head(customer-service)", "person:zhou.wei"]')
    play = filed(playbook, "approval", twice)

    assert owners(play) == [["zhou.wei"], ["wang.fang"]]
    assert play.seen("TaskOpened", "passed_over")[1] == [["zhou.wei", "signer"]]


def test_a_group_does_not_count_on_somebody_who_has_a_seat_of_their_own(playbook):
    """The group stands first in the list, and the seat of one person is filled before it."""
    group = ("approval", "signers", '["role:complaint-desk", "person:liu.yang"]')
    play = filed(playbook, "approval", group)

    assert owners(play) == [["sun.qi"], ["liu.yang"]]


def test_two_groups_with_the_same_people_are_two_seats_and_each_claims_one(playbook):
    groups = ("approval", "signers", '["role:complaint-desk", "role:complaint-desk"]')
    play = filed(playbook, "approval", groups)
    assert owners(play) == [["liu.yang", "sun.qi"]] * 2

    play >> claim("liu.yang", "t1") << then.TaskClaimed()
    play << then.TaskReoffered(task="t2", assignee="sun.qi", passed_over=[["liu.yang", "signer"]])

    play >> claim("liu.yang", "t2") << refused("already_claimed", by="sun.qi")
    play >> vote("liu.yang", "reject", "t1") << whatever
    play >> vote("liu.yang", "approve", "t2") << refused("not_your_task")
    play >> vote("sun.qi", "approve", "t2") << whatever


def test_of_three_in_two_groups_whoever_has_signed_claims_no_second_seat(playbook):
    groups = ("approval", "signers", '["role:complaint-handler", "role:complaint-handler"]')
    play = filed(playbook, "approval", groups)
    play >> vote("li.na", "reject") << whatever
    rest = [task.id for task in play.case.open_tasks]

    assert owners(play) == [["gao.yu", "ma.chao", "xu.ke"], ["li.na"]]
    play >> claim("li.na", *rest) << refused("not_your_task")


def test_a_seat_is_not_transferred_to_somebody_who_has_one(playbook):
    play = filed(playbook, "all")
    play >> transfer("li.na", "ma.chao", "t2") << refused("transfer_to_signer")
    play >> vote("ma.chao", "approve") << whatever
    play >> transfer("li.na", "ma.chao", "t2") << refused("transfer_to_signer")

    play >> transfer("li.na", "he.jun", "t2") << then.TaskTransferred(to="he.jun")

    assert owners(play)[1] == ["he.jun"]
    play >> transfer("gao.yu", "he.jun", "t1") << refused("transfer_to_signer")
    play >> transfer("gao.yu", "li.na", "t1") << then.TaskTransferred(to="li.na")


def test_a_seat_that_waits_for_its_turn_counts_as_well(playbook):
    play = filed(playbook, "turn")

    play >> transfer("zhou.wei", "zheng.hao", "t1") << refused("transfer_to_signer")


def test_an_escalation_to_a_signer_goes_one_manager_further(playbook):
    """Of li.na and ma.chao he.jun is the manager, and he signs, too: it goes to zhou.wei."""
    signers = ("all", "signers", '["person:li.na", "person:he.jun"]')
    play = filed(playbook, "all", signers)

    play >> until("2026-03-03 18:00") << whatever

    told = play.seen("Escalated", "clock", "to", "passed_over")
    assert told[0] == ("task:t1", ["zhou.wei"], [["he.jun", "signer"]])
    assert told[1][:2] == ("task:t2", ["zhou.wei"])


def test_who_may_take_over_a_seat_may_not_once_they_have_another(playbook):
    play = filed(playbook, "all", ("all", "signers", '["person:li.na", "person:ma.chao"]'))
    play >> until("2026-03-03 18:00") << whatever
    assert {task.rescuers for task in play.case.open_tasks} == {(key("he.jun"),)}

    play >> take_over("he.jun", "t1") << whatever
    play >> take_over("he.jun", "t2") << refused("may_not_signer")
    play >> vote("he.jun", "approve", "t1") << whatever
    play >> take_over("he.jun", "t2") << refused("may_not_signer")


def test_a_deputy_with_a_seat_of_their_own_cannot_use_the_principals(playbook):
    play = filed(playbook, "all")
    play >> absent("li.na", "ma.chao", *AWAY)
    play >> offer_to_deputies
    play << then.DeputyPassedOver(task="t2", principal="li.na", deputy="ma.chao", why="signer")

    play >> vote("ma.chao", "approve", "t2") << refused("may_not_signer")
    play >> vote("ma.chao", "approve", "t3") << whatever
    play >> vote("ma.chao", "approve", "t2") << refused("may_not_signer")


def test_a_deputy_of_two_signers_decides_one_seat(playbook):
    play = filed(playbook, "all")
    play >> absent("li.na", "he.jun", *AWAY)
    play >> absent("ma.chao", "he.jun", *AWAY)
    play >> offer_to_deputies << whatever

    play >> vote("he.jun", "approve", "t2") << whatever
    play >> vote("he.jun", "approve", "t3") << refused("may_not_signer")

    task = play.case.task("t2")
    assert (task.decided_by, task.on_behalf_of) == (key("he.jun"), key("li.na"))


def test_whose_seat_a_deputy_decided_gets_no_other_one(playbook):
    play = filed(playbook, "all")
    play >> absent("li.na", "he.jun", *AWAY)
    play >> offer_to_deputies << whatever
    play >> vote("he.jun", "approve", "t2") << whatever

    play >> transfer("gao.yu", "li.na", "t1") << refused("transfer_to_signer")
    play >> transfer("gao.yu", "he.jun", "t1") << refused("transfer_to_signer")


def test_the_seat_of_a_leaver_goes_to_a_manager_who_has_none(playbook):
    play = filed(playbook, "all", ("all", "signers", '["person:li.na", "person:he.jun"]'))
    play >> left("li.na")

    play >> replace_leavers << then.TaskTransferred(to="wang.fang", why="left")

    assert owners(play) == [["wang.fang"], ["he.jun"]]


def test_a_new_holder_of_the_role_gets_the_seat_of_one_who_lost_it(playbook):
    play = filed(playbook, "all")
    play >> roles(li_na=(), he_jun=("complaint-handler",))

    play >> follow_directory << then.TaskReoffered(task="t2", assignee="he.jun")

    assert owners(play) == [["gao.yu"], ["he.jun"], ["ma.chao"], ["xu.ke"]]


def test_who_signs_is_fixed_when_the_step_begins(playbook):
    """Nobody new takes the role: the seat stays; a further holder gets no seat in this round."""
    play = filed(playbook, "all")
    play >> roles(li_na=())
    play >> follow_directory << refused("nothing_to_change")
    play >> roles(li_na=("complaint-handler",), he_jun=("complaint-handler",))
    play >> follow_directory << refused("nothing_to_change")

    assert owners(play) == [["gao.yu"], ["li.na"], ["ma.chao"], ["xu.ke"]]
    play << nothing


def test_a_turn_begins_with_who_was_found_first_while_they_are_named_or_nobody_else_is(playbook):
    play = filed(playbook, "turn", ("turn", "signers", '"role:complaint-handler"'))
    play >> roles(li_na=(), ma_chao=(), he_jun=("complaint-handler",))

    play >> vote("gao.yu", "approve") << whatever
    assert owners(play)[1] == ["he.jun"]
    play >> vote("he.jun", "approve") << whatever
    assert owners(play)[2] == ["ma.chao"], "nobody else is named, so he keeps his seat"
    assert seat(play, "ma.chao") == "t3"


def test_the_filer_urges_the_seats_that_they_choose(playbook):
    """features.md §5, urge: picks items; each has its own limit."""
    play = filed(playbook, "all")
    first, second, *_ = (task.id for task in play.case.open_tasks)

    play >> urge("wu.min", first) << then.Urged(tasks=[first])
    play >> urge("wu.min", first) << refused("urged_too_soon")
    play >> urge("wu.min", first, second) << then.Urged(tasks=[second])
    play >> urge("wu.min", "t99") << refused("nothing_to_urge")
