"""A manager hands over what somebody had who has left."""

from __future__ import annotations

from tests.unit.workflows.deeds import claim, file, replace_leavers
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import left, refused, then, whatever
from workflows.actions.hand_over import HandOver


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
