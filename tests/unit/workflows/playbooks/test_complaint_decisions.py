"""What decides the way of a complaint: category, answer to the customer, satisfaction (P1.8)."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    claim,
    complete,
    decide_without_reason,
    dissatisfied,
    file,
    respond,
    send_back,
    take_back,
    take_over,
    transfer,
)
from tests.unit.workflows.playbook import left, refused, then, until, whatever
from tests.unit.workflows.playbooks.stages import claimed, filed, graded, resolved


@pytest.mark.parametrize(
    ("category", "handler", "because"),
    [
        ("product", "li.na", "default"),
        ("service", "li.na", "default"),
        ("delivery", "gao.yu", "condition"),
        ("price", "gao.yu", "condition"),
    ],
)
def test_the_category_chooses_the_department(play, category, handler, because):
    """P1.8, T3."""
    claimed(play)

    play >> complete("liu.yang", grade="normal", category=category) << whatever

    assert play.seen("RouteTaken", "because", "people") == [(because, [["handler", handler]])]
    assert play.task.owners == (office.key(handler),)


def test_the_least_busy_handler_gets_the_complaint(play):
    """T3."""
    claimed(play)
    play.loads = {office.key("li.na"): 3, office.key("ma.chao"): 1}

    play >> complete("liu.yang", grade="normal", category="product") << whatever

    assert play.seen("TaskOpened", "assignee", node="resolve") == ["ma.chao"]


def test_a_handler_who_filed_the_complaint_does_not_handle_it(play):
    """T3: nobody solves their own complaint."""
    play >> file("li.na") << whatever
    play >> claim("liu.yang") << whatever

    play >> complete("liu.yang", grade="normal", category="product") << whatever

    assert play.seen("TaskOpened", "assignee", node="resolve") == ["ma.chao"]


def test_an_urgent_complaint_is_told_to_the_head_of_customer_service(play):
    """P1.8: the grade chooses who is told."""
    graded(play, grade="urgent")

    assert play.seen("CopiedIn", "people") == [["zhou.wei"]]


def test_a_normal_complaint_is_told_to_nobody_else(play):
    """P1.8."""
    graded(play)

    assert play.seen("CopiedIn") == []


def test_a_complaint_is_not_resolved_before_the_customer_was_answered(play):
    """P1.6: the first response is a deed of its own."""
    graded(play)

    play >> complete("li.na", root_cause="?", resolution="!")
    play << refused("action_missing", action="answered")
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="?", resolution="!") << then.TaskCompleted() << whatever


def test_an_answer_given_at_the_desk_counts(play):
    """P1.6: the desk may answer at once; the handler need not do it again."""
    claimed(play)
    (
        play
        >> respond("liu.yang")
        << then.ActionRecorded()
        << then.ClockStopped(clock="first_response")
    )
    play >> complete("liu.yang", grade="normal", category="product") << whatever

    play >> complete("li.na", root_cause="?", resolution="!") << then.TaskCompleted() << whatever


def test_an_answer_is_recorded_where_the_definition_offers_it(play):
    resolved(play)

    play >> respond("wu.min") << refused("action_not_offered")
    play >> respond("wu.min", action="unheard_of") << refused("action_not_offered")


def test_an_unsatisfied_customer_sends_the_case_back_to_the_same_handler(play):
    """P1.8: at most three times, then management decides."""
    resolved(play)
    for number in (2, 3, 4):
        play >> dissatisfied("wu.min", customer_answer="no")
        play << then.TaskCompleted(outcome="return") << then.ClockStopped()
        play << then.RouteTaken(node="confirm", to="resolve", because="outcome")
        play << then.NodeEntered(node="resolve", round=number)
        play << then.TaskOpened(assignee="li.na", round=number) << then.ClockPlanned()
        play >> complete("li.na", root_cause="?", resolution="!") << whatever

    play >> dissatisfied("wu.min", customer_answer="never")
    play << then.TaskCompleted() << then.ClockStopped()
    play << then.RouteTaken(node="confirm", to="management_decision", because="limit")
    play << then.NodeEntered(node="management_decision", round=1)
    play << then.TaskOpened(assignee="wang.fang") << then.ClockPlanned(limit="1wd")

    play >> complete("wang.fang", decision="money back") << whatever
    assert play.case.node == "archive"


def test_a_reopened_complaint_goes_to_whom_it_was_handed_over(play):
    """P1.8, T2: a transfer is for good, so who solved it gets it back, not who had it first."""
    graded(play)
    play >> transfer("li.na", "ma.chao")
    play << then.TaskTransferred(to="ma.chao", people=[["handler", "ma.chao"]])
    play >> respond("ma.chao") << whatever
    play >> complete("ma.chao", root_cause="?", resolution="!") << whatever

    play >> dissatisfied("wu.min") << whatever

    assert play.seen("TaskOpened", "assignee", node="resolve") == ["li.na", "ma.chao"]


def test_a_reopened_complaint_goes_to_whoever_took_it_over(play):
    """P1.7, P1.8."""
    graded(play)
    play >> until("2026-03-06 13:00") << whatever
    play >> take_over("he.jun") << whatever
    play >> respond("he.jun") << whatever
    play >> complete("he.jun", root_cause="?", resolution="!") << whatever

    play >> dissatisfied("wu.min") << whatever

    assert play.seen("TaskOpened", "assignee", node="resolve") == ["li.na", "he.jun"]


def test_a_reopened_complaint_of_a_handler_who_left_goes_to_the_owner(play):
    """T3."""
    resolved(play)
    play >> left("li.na")

    play >> dissatisfied("wu.min") << whatever

    opened = play.seen("TaskOpened", "assignee", "fallback", node="resolve")
    assert opened[-1] == ("wang.fang", "process_owner")


def test_the_handler_returns_a_complaint_to_the_desk_with_a_reason(play):
    """T2: it is graded anew, by the one who knows it, and may go to another department."""
    graded(play)

    play >> send_back("li.na", "triage")
    play << then.TaskReturned(task="t2", to="triage", actor="li.na")
    play << then.ClockStopped(clock="task:t2", why="cancelled")
    play << then.NodeEntered(node="triage", round=2)
    play << then.TaskOpened(node="triage", round=2, assignee="liu.yang") << then.ClockPlanned()

    play >> complete("liu.yang", grade="normal", category="delivery") << whatever
    assert play.seen("TaskOpened", "assignee", "round", node="resolve")[-1] == ("gao.yu", 2)


def test_a_handler_who_returned_a_complaint_takes_that_back(play):
    """T2: while the desk has not graded it anew; the due time stays."""
    graded(play)
    due = play.due("task:t2")
    play >> send_back("li.na", "triage") << whatever

    play >> take_back("li.na", "t2") << whatever

    assert (play.case.node, play.task.assignee, play.task.round) == ("resolve", "p_lina", 1)
    assert play.due(f"task:{play.task.id}") == due
    assert play.case.known_task("t3").status == "cancelled"
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="?", resolution="!") << whatever
    assert play.case.node == "confirm"


def test_a_case_returns_only_to_where_the_definition_says(play):
    graded(play)

    play >> send_back("li.na", "confirm") << refused("return_not_offered")
    play >> send_back("li.na", "archive") << refused("return_not_offered")
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="?", resolution="!") << whatever
    play >> send_back("wu.min", "triage") << refused("return_not_offered")


def test_only_offered_outcomes_are_accepted_and_a_return_needs_a_reason(play):
    """T2."""
    filed(play)
    play >> claim("liu.yang") << whatever
    play >> approve("liu.yang") << refused("outcome_not_offered")
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    play >> respond("li.na") << whatever
    play >> complete("li.na", root_cause="?", resolution="!") << whatever

    play >> complete("wu.min") << refused("outcome_not_offered")
    play >> decide_without_reason("wu.min", "reject") << refused("outcome_not_offered")
    play >> decide_without_reason("wu.min", "return") << refused("reason_missing")
    play >> decide_without_reason("wu.min", "approve") << whatever


def test_a_process_may_be_open_to_some_only(playbook):
    """T1, L4.1."""
    closed_shop = office.variant(
        ('start = "triage"', 'start = "triage"\nstarted_by = "members(sales)"')
    )

    playbook(closed_shop) >> file("liu.yang") << refused("may_not_start")
    playbook(closed_shop) >> file("wu.min") << then.CaseStarted() << whatever


def test_nobody_found_falls_to_the_owner_then_to_the_administrators(playbook):
    """T3: nobody found has a rule."""
    desk, owner = ("liu.yang", "sun.qi"), "wang.fang"

    without_desk = playbook(directory=office.directory(gone=desk))
    without_desk >> file("wu.min") << whatever
    assert without_desk.seen("TaskOpened", "assignee", "fallback") == [
        ("wang.fang", "process_owner")
    ]

    without_owner = playbook(
        directory=office.directory(gone=(*desk, owner), admins=("deng.tao", "chen.jing"))
    )
    without_owner >> file("wu.min") << whatever
    assert without_owner.seen("TaskOpened", "candidates", "fallback") == [
        (["chen.jing", "deng.tao"], "admin")
    ]

    (
        playbook(directory=office.directory(gone=(*desk, owner, "deng.tao")))
        >> file("wu.min")
        << refused("nobody_to_act")
    )


def test_a_department_without_handlers_leaves_the_work_to_the_owner(play):
    """T3."""
    claimed(play)
    play >> left("li.na", "ma.chao")

    play >> complete("liu.yang", grade="normal", category="product") << whatever

    assert play.seen("RouteTaken", "people") == [[["handler", "wang.fang"]]]
