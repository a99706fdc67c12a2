"""A manager hands over what somebody had who has left."""

from __future__ import annotations

from tests.unit.workflows.deeds import (
    approve,
    claim,
    comment,
    complete,
    file,
    replace_leavers,
    respond,
    withdraw,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, left, refused, then, whatever
from tests.unit.workflows.playbooks.signed import entered, given, signing, staffed
from workflows.actions.hand_over import HandOver
from workflows.actions.hand_over_case import HandOverCase


def hand_over(person, to, *, leaver="liu.yang", task="t1"):
    return lambda play: play.give(
        HandOver(actor=key(person), via="web", task=task, leaver=key(leaver), to=key(to))
    )


def claimed(play):
    """liu.yang has the triage of a complaint."""
    play >> file("wu.min") << whatever
    play >> claim("liu.yang") << whatever


def test_a_task_of_a_leaver_is_handed_over_with_its_due_time(play):
    """features.md §5, leaver: bulk move with reason leaver."""
    claimed(play)
    due = play.case.clock("task:t1").due_at
    play >> left("liu.yang")
    play >> replace_leavers << whatever
    assert play.task.assignee == key("wang.fang")

    handed = then.TaskTransferred(to="sun.qi", why="handed_over", actor="zhou.wei")
    play >> hand_over("zhou.wei", "sun.qi") << handed

    assert (play.case.clock("task:t1").due_at, play.task.hops) == (due, 0)


def test_a_hand_over_obeys_the_rules_of_transfers(play):
    claimed(play)
    play >> hand_over("deng.tao", "sun.qi") << refused("not_of_a_leaver")
    play >> left("liu.yang", "ma.chao")
    play >> hand_over("deng.tao", "sun.qi", leaver="ma.chao") << refused("not_of_a_leaver")
    play >> hand_over("wu.min", "sun.qi") << refused("may_not_hand_over")
    play >> hand_over("deng.tao", "ma.chao") << refused("person_unknown")
    play >> hand_over("deng.tao", "wu.min") << refused("transfer_to_filer")
    play >> hand_over("deng.tao", "sun.qi") << then.TaskTransferred(to="sun.qi")
    play >> hand_over("deng.tao", "sun.qi") << refused("has_it_already", by="p_sunqi")


# ---------------------------------------------------------------------------- cases they filed


def hand_over_case(person, to, *, leaver="wu.min"):
    return lambda play: play.give(
        HandOverCase(actor=key(person), via="web", leaver=key(leaver), to=key(to))
    )


def test_a_case_of_a_filer_who_left_gets_somebody_in_their_place(play):
    """They get its card, hear what the filer would, and may withdraw it."""
    play >> file("wu.min") << whatever
    play >> left("wu.min")
    play >> hand_over_case("feng.lei", "sun.qi")
    play << then.CaseHandedOver(source="wu.min", to="sun.qi", actor="feng.lei")

    assert (play.case.filer, play.case.acting_filer) == (key("wu.min"), key("sun.qi"))
    assert play.posts("case")[-1:] == ["sun.qi"]
    assert key("sun.qi") in play.case.participants
    play >> comment("liu.yang") << whatever
    assert "sun.qi" in play.posts("comment")
    play >> withdraw("wu.min") << refused("only_the_filer")
    play >> withdraw("sun.qi") << whatever
    assert play.case.status == "withdrawn"


def test_only_the_case_of_a_leaver_is_handed_over_and_only_by_those_above(play):
    play >> file("wu.min") << whatever
    play >> hand_over_case("feng.lei", "sun.qi") << refused("not_of_a_leaver")
    play >> left("wu.min", "ma.chao")
    play >> hand_over_case("feng.lei", "sun.qi", leaver="ma.chao") << refused("not_of_a_leaver")
    play >> hand_over_case("sun.qi", "sun.qi") << refused("may_not_hand_over")
    play >> hand_over_case("feng.lei", "ma.chao") << refused("person_unknown")
    play >> hand_over_case("feng.lei", "sun.qi") << whatever
    play >> hand_over_case("feng.lei", "he.lin") << refused("not_of_a_leaver")
    play >> withdraw("sun.qi") << whatever
    play >> hand_over_case("feng.lei", "he.lin", leaver="sun.qi")
    play << refused("case_closed", status="withdrawn")


def test_the_next_step_of_a_filer_who_left_is_that_of_whoever_took_their_place(play):
    claimed(play)
    play >> left("wu.min")
    play >> hand_over_case("feng.lei", "sun.qi") << whatever

    play >> complete("liu.yang", grade="normal", category="product") << whatever
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="a screw", resolution="a new one") << whatever

    assert (play.task.node, play.task.assignee) == ("confirm", key("sun.qi"))


def test_whoever_decides_or_decided_an_approval_does_not_become_its_filer(playbook):
    play = staffed(playbook, signing(), li_na=("first",))
    entered(play)
    play >> left("wu.min")
    play >> hand_over_case("feng.lei", "li.na") << refused("judges_the_case")
    play >> approve("li.na") << whatever
    play >> hand_over_case("feng.lei", "li.na") << refused("judges_the_case")
    play >> hand_over_case("feng.lei", "sun.qi") << whatever


def test_whoever_took_a_case_over_decides_none_of_its_approvals(playbook):
    """Nor does the filer, should they come back; a deputy of the two does not either."""
    play = staffed(playbook, signing(), li_na=("second",), ma_chao=("first",))
    entered(play)
    play >> left("wu.min")
    play >> hand_over_case("feng.lei", "li.na") << whatever
    play >> absent("ma.chao", "li.na", "2026-03-02 08:00", "2026-03-20 18:00")
    play >> approve("li.na") << refused("not_your_task", owners=("ma.chao",))
    play >> approve("ma.chao") << whatever

    assert given(play, "second")[:2] != (["li.na"], "")
