"""What happened at the tasks of a past case is read from its events."""

from __future__ import annotations

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    add_signers,
    approve,
    claim,
    complete,
    dissatisfied,
    file,
    respond,
    send_back,
    skip,
    withdraw,
)
from tests.unit.workflows.office import moment
from tests.unit.workflows.playbook import Playbook, Step, until
from tests.unit.workflows.playbooks.seated import process as seated_process
from workflows.moments import HOUR
from workflows.what_if.past import GONE, PastTask, past_tasks

TRIAGE = (
    until("2026-03-02 10:00"),
    claim("liu.yang"),
    complete("liu.yang", grade="normal", category="product"),
)

ADDED = add_signers("li.na", "before", "zheng.hao", task="t2")


def tasks(*steps: Step, at: str = "") -> list[PastTask]:
    """The tasks of a complaint of Monday at nine, until a time or until the last step."""
    play = Playbook()
    for step in (file("wu.min"), *steps):
        play >> step
        play.news.clear()
    cut_off = moment(at) if at else play.now
    return list(past_tasks(play.history, calendar=office.calendar(), cut_off=cut_off))


def test_a_task_takes_working_time_from_its_opening_to_its_decision() -> None:
    triage, resolve, confirm, archive = tasks(
        *TRIAGE,
        until("2026-03-02 11:00"),
        respond("li.na"),
        until("2026-03-03 10:00"),
        complete("li.na"),
        until("2026-03-03 11:00"),
        approve("wu.min"),
    )
    assert triage == PastTask(node="triage", again=False, time=HOUR, outcome="complete")
    assert resolve.time == 9 * HOUR, "without the night"
    assert resolve.recorded == (("answered", HOUR),)
    assert (confirm.outcome, confirm.time) == ("approve", HOUR)
    assert (archive.outcome, archive.time) == ("", 0), "it is open"


def test_work_that_is_sent_back_is_done_again() -> None:
    found = tasks(
        *TRIAGE,
        send_back("li.na", "triage"),
        claim("liu.yang"),
        complete("liu.yang", grade="normal", category="product"),
        respond("li.na"),
        complete("li.na"),
        dissatisfied("wu.min"),
    )
    assert [(one.node, one.again, one.outcome, one.to) for one in found] == [
        ("triage", False, "complete", ()),
        ("resolve", False, "return", ("triage",)),
        ("triage", True, "complete", ()),
        ("resolve", True, "complete", ()),
        ("confirm", False, "return", ()),
        ("resolve", True, "", ()),
    ]


def test_a_withdrawn_case_is_gone_and_a_skipped_step_was_not_decided() -> None:
    (gone,) = tasks(until("2026-03-02 10:00"), withdraw("wu.min"))
    assert (gone.outcome, gone.time) == (GONE, HOUR)
    skipped, _ = tasks(*TRIAGE[:2], skip("deng.tao", "complete"), at="2026-03-02 12:00")
    assert (skipped.outcome, skipped.time) == ("", HOUR)


def test_what_happens_after_the_cut_off_is_not_read() -> None:
    (triage,) = tasks(*TRIAGE, at="2026-03-02 09:30")
    assert (triage.outcome, triage.time) == ("", HOUR // 2)
    assert tasks(at="2026-03-01 09:00") == []


def test_added_signers_are_left_out() -> None:
    play = Playbook(seated_process())
    for step in (file("wu.min", what="X", how="all"), ADDED):
        play >> step
        play.news.clear()
    assert any(task.parent for task in play.case.tasks)
    found = list(past_tasks(play.history, calendar=office.calendar(), cut_off=play.now))
    assert {one.node for one in found} == {play.case.node}
