"""What administrators may do while a case rests, waits for a date, or has branches of starts."""

from __future__ import annotations

from dataclasses import replace

from tests.unit.workflows.deeds import cancel, complete, jump, reopen, terminate
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, until, whatever
from tests.unit.workflows.playbooks.test_ended import NO_YEAR, quarters
from tests.unit.workflows.playbooks.test_resting import nodes, resting, signed, targets
from tests.unit.workflows.playbooks.test_waiting_for_a_date import FORKED, SEQUENCE, waiting
from workflows.case.status import Status

ADMIN = "deng.tao"


def with_admin(directory, person):
    """The directory with one more administrator."""
    return replace(directory, admins=directory.admins | {key(person)})


def test_a_case_at_rest_is_not_led_away(playbook):
    play = signed(playbook(resting()))
    play >> jump(ADMIN, "sign") << refused("jump_from_rest")
    play >> jump(ADMIN, "renew") << refused("branch_not_open")
    play >> cancel(ADMIN, "t1") << refused("task_done")


def test_a_branch_of_a_start_is_cancelled_and_the_case_rests_on(playbook):
    play = signed(playbook(resting(NO_YEAR)))
    play >> until("2026-07-31 12:00") << whatever
    assert targets(play) == ["assess"]
    play >> cancel(ADMIN) << then.StepCancelled() << whatever
    assert (nodes(play), targets(play)) == (["active"], [])


def test_a_jump_in_a_branch_needs_to_know_which(playbook):
    play = signed(playbook(resting()), ends="2027-12-31")
    play >> until("2028-01-05 12:00") << whatever
    assert {*targets(play)} >= {"evaluate", "renew"}
    play >> jump(ADMIN, "renew") << refused("branch_unclear")
    evaluate = next(task.id for task in play.case.open_tasks if task.node == "evaluate")
    assess = next(task.id for task in play.case.open_tasks if task.node == "assess")
    play >> jump(ADMIN, "renew", near=assess) << refused("branch_not_open")
    play >> jump(ADMIN, "renew", near=evaluate) << whatever
    assert nodes(play) == ["active", "assess", "renew"]


def test_a_terminated_case_that_rested_is_opened_again(playbook):
    play = signed(playbook(resting(NO_YEAR)))
    play >> until("2026-07-31 12:00") << whatever
    play >> terminate(ADMIN) << whatever
    play >> reopen(ADMIN, "renew") << refused("branch_not_open")
    play >> reopen(ADMIN, "sign") << whatever
    play >> complete("li.na") << whatever
    assert nodes(play) == ["active"]
    play >> until("2027-01-31 12:00") << whatever
    assert targets(play) == ["assess"]


def test_whoever_worked_in_branches_of_years_has_a_part_in_the_case(playbook):
    play = signed(playbook(resting(NO_YEAR)))
    quarters(play, 3)
    play >> terminate("wang.fang") << whatever
    play.directory = with_admin(play.directory, "li.na")
    play >> reopen("li.na", "sign") << refused("own_case")
    play >> reopen("wang.fang", "sign") << whatever


def test_a_wait_for_a_date_is_left_by_a_jump(playbook):
    """Without an approval in the process also by whoever filed the case."""
    play = waiting(playbook(SEQUENCE), day="2026-03-11")
    assert nodes(play) == ["wait"]
    play.directory = with_admin(play.directory, "feng.lei")
    play >> jump("feng.lei", "last") << whatever
    assert nodes(play) == ["last"]
    assert all(not clock.startswith("until") for clock, _ in play.case.timers())
    play >> jump(ADMIN, "done") << whatever
    assert play.case.status is Status.COMPLETED


def test_a_jump_out_of_a_fork_leaves_its_wait(playbook):
    play = waiting(playbook(FORKED), day="2026-03-11")
    play >> jump(ADMIN, "earlier") << whatever
    assert nodes(play) == ["earlier"]


def test_an_ended_case_is_opened_again_before_its_fork(playbook):
    play = waiting(playbook(FORKED), day="2026-03-11")
    play >> terminate(ADMIN) << whatever
    play >> reopen(ADMIN, "earlier") << whatever
    play >> complete("li.na") << whatever
    assert nodes(play) == ["fork", "plan", "wait"]
