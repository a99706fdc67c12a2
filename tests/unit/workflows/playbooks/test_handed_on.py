"""What is handed on does not come to whom it is about, on whatever way (T3, T4)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    claim,
    dissatisfied,
    follow_directory,
    replace_leavers,
    take_over,
    transfer,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, left, refused, roles, then, until, whatever
from tests.unit.workflows.playbooks.judged import judging, process
from workflows.actions.claim import TaskClaimed
from workflows.actions.fire_timers import Escalated
from workflows.flow.offering import TaskReoffered

AWAY = ("2026-03-02 08:00", "2026-03-20 18:00")


@pytest.fixture
def play(playbook):
    """gao.yu and he.jun hold the role that judges."""
    play = playbook(office.judging())
    play >> roles(gao_yu=("judge", "complaint-handler"), he_jun=("judge",))
    return play


# ---------------------------------------------------------------------------- handed over


def test_an_approval_is_not_handed_to_the_filer_or_the_worker(play):
    play >> roles(he_jun=())
    judging(play, worker="li.na")

    play >> transfer("gao.yu", "wu.min") << refused("transfer_to_filer")
    play >> transfer("gao.yu", "li.na") << refused("transfer_to_own_work")
    play >> transfer("gao.yu", "ma.chao") << then.TaskTransferred(to="ma.chao")


def test_what_the_definition_excludes_is_not_handed_to_either(playbook):
    play = playbook(
        process(('candidates = "role:judge"', 'candidates = "except(role:judge, head(sales))"'))
    )
    play >> roles(gao_yu=("judge",))
    judging(play)

    play >> transfer("gao.yu", "zheng.hao") << refused("transfer_to_excepted")


def test_a_filer_whom_the_definition_names_may_get_it_back(playbook):
    play = playbook(process(('candidates = "role:judge"', 'assignee = "filer"')))
    judging(play)
    play >> transfer("wu.min", "ma.chao") << whatever

    play >> transfer("ma.chao", "wu.min") << then.TaskTransferred(to="wu.min")


def test_what_a_judge_left_behind_does_not_go_to_the_worker(play):
    """Not even where they are the manager; nor to the owner who filed it."""
    play >> roles(gao_yu=(), he_jun=("complaint-handler",), li_na=("judge",))
    judging(play, filer="wang.fang", worker="he.jun")
    play >> left("li.na")

    play >> replace_leavers << then.TaskTransferred(to="zhou.wei", why="left")


def test_what_was_left_behind_is_blocked_where_nobody_may_have_it(playbook):
    play = playbook(process(('owner = "role:complaint-manager"', 'owner = "person:chen.jing"')))
    play.directory = replace(play.directory, admins=frozenset({key("chen.jing")}))
    play >> roles(zhou_wei=("judge",))
    judging(play, filer="chen.jing")
    play >> left("zhou.wei")

    play >> replace_leavers << then.TaskReoffered(assignee=None, candidates=[])
    play << then.TaskBlocked(to=["chen.jing"]) << then.ClockPlanned(clock="blocked:t2")
    play >> replace_leavers << refused("nothing_to_change")


# ---------------------------------------------------------------------------- standing in


def test_a_deputy_does_not_judge_their_own_work(play):
    """The judge hears that nobody stands in, and decides."""
    play >> roles(he_jun=())
    play >> absent("gao.yu", "li.na", *AWAY)
    judging(play, worker="li.na")

    assert play.seen("DeputyOffered") == []
    assert play.seen("DeputyPassedOver", "principal", "deputy", "why") == [
        ("gao.yu", "li.na", "own_work")
    ]
    assert play.posts("no_deputy") == ["gao.yu"]
    play >> approve("li.na") << refused("may_not_own_work")
    play >> approve("gao.yu") << whatever


def test_a_deputy_who_may_not_act_cannot_claim_either(play):
    play >> absent("gao.yu", "li.na", *AWAY)
    judging(play, worker="li.na")

    play >> claim("li.na") << refused("may_not_own_work")


def test_a_deputy_for_one_process_acts_in_its_cases_only(play):
    """And in these instead of the deputy for all; nobody stands in for a deputy."""
    play >> roles(he_jun=(), gao_yu=("judge",))
    play >> absent("gao.yu", "li.na", *AWAY)
    play >> absent("gao.yu", "ma.chao", *AWAY, process="judging")
    play >> absent("gao.yu", "sun.qi", *AWAY, process="complaint")
    play >> absent("ma.chao", "sun.qi", *AWAY)
    judging(play, worker="xu.ke")

    assert play.seen("DeputyOffered", "deputy", principal="gao.yu") == ["ma.chao"]
    play >> approve("li.na") << refused("not_your_task", owners=("gao.yu",))
    play >> approve("sun.qi") << refused("not_your_task", owners=("gao.yu",))
    play >> approve("ma.chao") << then.TaskCompleted(actor="ma.chao", on_behalf_of="gao.yu")
    play << whatever


def test_that_a_deputy_may_not_act_is_told_once(play):
    play >> roles(gao_yu=("judge",))
    play >> absent("gao.yu", "wu.min", *AWAY)
    judging(play)

    assert play.seen("DeputyPassedOver", "why") == ["filer"]
    play >> follow_directory << refused("nothing_to_change")


def test_that_a_deputy_left_is_told_to_whom_they_stood_in_for(play):
    play >> roles(he_jun=())
    play >> absent("gao.yu", "ma.chao", *AWAY)
    judging(play)
    play >> left("ma.chao")

    (
        play
        >> follow_directory
        << then.DeputyPassedOver(principal="gao.yu", deputy="ma.chao", why="left")
    )
    assert play.posts("no_deputy") == ["gao.yu"]
    play >> follow_directory << refused("nothing_to_change")


# ---------------------------------------------------------------------------- escalated to


def test_a_rescuer_does_not_judge_their_own_work(play):
    """feng.lei is the judge's manager, was made a handler, and did the work."""
    play >> roles(he_jun=(), feng_lei=("complaint-handler",))
    judging(play, worker="feng.lei")

    play >> until("2026-03-02 13:00") << then.Reminded()
    play << then.Escalated(to=["feng.lei"], passed_over=[["feng.lei", "own_work", "t2"]])
    play >> take_over("feng.lei") << refused("not_escalated_to_you")


def test_whom_an_older_version_let_take_over_is_judged_at_the_press(play):
    play >> roles(he_jun=())
    judging(play)
    old = Escalated(
        clock="task:t2",
        rung="1",
        level=1,
        to=(key("li.na"),),
        may_take_over=True,
        with_history=False,
    )
    play.happened(old)

    play >> take_over("li.na") << refused("may_not_own_work")


@pytest.mark.parametrize(
    ("person", "code"), [("wu.min", "may_not_filer"), ("li.na", "may_not_own_work")]
)
def test_whom_an_older_version_gave_an_approval_cannot_decide_it(play, person, code):
    judging(play)
    play.happened(TaskReoffered(task="t2", assignee=None, candidates=(key(person), key("he.jun"))))
    play.happened(TaskClaimed(task="t2", by=key(person)), actor=key(person))

    for step in (approve(person), dissatisfied(person), transfer(person, "ma.chao")):
        play >> step << refused(code)
