"""Problems with a process are reported at a step of a case, and change nothing in it (L4.1)."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import erase, report_problem
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import after, refused, then, whatever
from tests.unit.workflows.playbooks.stages import closed, filed, graded
from workflows.actions.problem import CARD, ProblemReported, step_of
from workflows.case.effects import Lane, Post


@pytest.mark.parametrize("person", ["wu.min", "liu.yang", "li.na", "deng.tao"])
def test_whoever_may_read_a_case_may_report_a_problem_and_the_owner_is_told(play, person):
    """L4.1: kept with its case and its node."""
    graded(play)

    (
        play
        >> report_problem(person)
        << then.ProblemReported(
            actor=person, node="resolve", kind="slow", task="", told=(key("wang.fang"),)
        )
    )


def test_a_stranger_may_not_and_an_owner_is_not_told_of_their_own(play):
    filed(play)

    play >> report_problem("ma.chao") << refused("not_your_case")
    play >> report_problem("wang.fang") << then.ProblemReported(told=())


def test_no_clock_and_no_task_changes(play):
    graded(play)
    before = play.case

    play >> report_problem("li.na") << whatever

    assert play.case.clocks == before.clocks
    assert play.case.tasks == before.tasks


def test_an_owner_has_one_quiet_message_for_all_reports_of_a_case(play):
    graded(play)
    play >> report_problem("li.na") << whatever
    play >> report_problem("wu.min", "t1") << whatever

    bodies = [one for one in play.history if isinstance(one.body, ProblemReported)]
    posts = [post for one in bodies for post in one.body.effects(play.case, one)]

    assert {(one.to, one.slot) for one in posts} == {(key("wang.fang"), CARD)}
    assert all(isinstance(one, Post) and one.quiet and one.lane is Lane.DIGEST for one in posts)
    assert [one.task for one in posts] == [play.case.tasks[-1].id, "t1"]


def test_the_step_is_that_of_the_task_or_the_one_that_was_named(play):
    graded(play)

    play >> report_problem("li.na", "t1") << then.ProblemReported(node="triage", task="t1")
    play >> report_problem("li.na", node="archive") << then.ProblemReported(node="archive")
    play >> report_problem("li.na", "t9") << refused("task_unknown")
    play >> report_problem("li.na", node="gone") << refused("node_unknown", node="gone")


def test_after_the_end_it_is_the_last_step_until_thirty_days_have_passed(play):
    """L4.1: what was wrong is often noticed at the end."""
    closed(play)
    assert step_of(play.case, key("li.na")) == play.case.tasks[-1].node

    play >> report_problem("li.na") << then.ProblemReported(node=play.case.tasks[-1].node)
    play >> after("29d")
    play >> report_problem("li.na") << whatever
    play >> after("2d")
    play >> report_problem("li.na") << refused("problem_too_late")


def test_its_text_can_be_erased(play):
    graded(play)
    play >> report_problem("li.na") << whatever

    play >> erase(play.history[-1].body.content.id) << whatever
