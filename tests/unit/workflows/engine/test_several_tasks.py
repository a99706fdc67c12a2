"""What holds when several tasks of one case are open, whatever opened them."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    approve,
    claim,
    complete,
    replace_leavers,
    respond,
    send_back,
    urge,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, left, refused, then, until, whatever
from tests.unit.workflows.playbooks.stages import graded
from workflows.actions.claim import TaskClaimed
from workflows.case.effects import Post, Refresh
from workflows.flow.entering import NodeEntered
from workflows.flow.opening import TaskOpened


@pytest.fixture
def play():
    """t2 is li.na's, and beside it t3 is ma.chao's."""
    play = Playbook()
    graded(play)
    open_beside(play, "t3", node="resolve", person="ma.chao")
    return play


def open_beside(play, task, *, node, person):
    """Open one more task, which somebody claims."""
    candidates = (key(person), key("xu.ke"))
    play.happened(NodeEntered(node=node, round=play.case.times_at(node) + 1))
    play.happened(TaskOpened(task=task, node=node, round=1, assignee=None, candidates=candidates))
    play.happened(TaskClaimed(task=task, by=key(person)), actor=key(person))


def test_a_return_cancels_the_tasks_beside(play):
    """T2: rules: returns: work in the affected region is cancelled."""
    play >> send_back("li.na", "triage", "t2") << whatever

    assert play.seen("TaskCancelled", "task", "reason") == [("t3", "returned")]
    play >> complete("ma.chao", "t3") << refused("task_cancelled")
    play >> claim("ma.chao", "t3") << refused("task_cancelled")


def test_the_end_cancels_the_tasks_beside(play):
    """No work is left in a case that is over."""
    play >> respond("li.na", "t2") << whatever
    play >> complete("li.na", "t2") << whatever
    play >> approve("wu.min", "t4") << whatever
    play >> claim("liu.yang", "t5") << whatever

    play >> complete("liu.yang", "t5", outcome="solved", lessons="-") << whatever

    assert play.seen("TaskCancelled", "task", "reason") == [("t3", "ended")]
    assert play.case.open_tasks == ()


def test_whose_task_was_cancelled_does_not_know_the_work(play):
    """P1.8: work that comes back goes to whoever did it."""
    open_beside(play, "t4", node="triage", person="sun.qi")

    play >> send_back("li.na", "triage", "t2") << whatever

    assert play.seen("TaskOpened", "assignee", node="triage")[-1] == "liu.yang"


def test_an_escalated_task_leaves_the_one_beside_alone(play):
    """P1.7: who may take over t2 may not take over t3."""
    play >> respond("li.na", "t2") << whatever
    play >> until("2026-03-06 13:00") << whatever

    assert play.case.task("t2").rescuers == (key("he.jun"),)
    assert play.case.task("t3").rescuers == ()


def test_the_clock_of_the_case_watches_all_of_them(play):
    """P1.6."""
    play >> until("2026-03-02 21:00") << whatever

    reminder = [effect for effect in play.effects if isinstance(effect, Post)]
    assert [play.plain(post.to) for post in reminder] == ["li.na", "ma.chao"]
    assert {e.task for e in play.effects if isinstance(e, Refresh)} == {"t2", "t3"}


def test_only_tasks_that_may_be_urged_are_urged(play):
    """T5."""
    play >> urge("wu.min") << then.Urged(tasks=["t2", "t3"])
    play >> until("2026-03-02 13:00")
    play.quiet = {key("li.na")}

    play >> urge("wu.min") << then.Urged(tasks=["t3"])


def test_only_the_tasks_of_leavers_move(play):
    """T3."""
    play >> left("ma.chao")

    play >> replace_leavers << then.TaskTransferred(task="t3", to="he.jun")
