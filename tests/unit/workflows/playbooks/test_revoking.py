"""A completed case is opened again by its filer, and undone or not (rules: revoking)."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import approve, reject, revoke, score, withdraw
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import refused, then, whatever
from tests.unit.workflows.playbooks.stages import closed, graded
from workflows.case.status import Status
from workflows.moments import DAY
from workflows.rehearsal.rehearse import rehearse

REVOCATION = """
[revoke]
within = "15d"
to = "revocation"

[[nodes]]
id = "revocation"
kind = "approval"
name = { zh = "确认撤销", en = "Confirm" }
assignee = "owner"
due = "3wd"
ladder = "step"

[nodes.outcomes.approve]
to = "revoked"

[nodes.outcomes.reject]
to = "closed"

[[nodes]]
id = "revoked"
kind = "end"
status = "withdrawn"
name = { zh = "已撤销", en = "Revoked" }

[survey]
"""
START = office.moment("2026-03-02 09:00")
OWNER, FILER = "wang.fang", "wu.min"


def revocable():
    return office.variant(("\n[survey]\n", REVOCATION))


@pytest.fixture
def play(playbook):
    return playbook(revocable())


def test_a_completed_case_is_opened_again_and_undone(play):
    """features.md §5, withdraw: revoking an approved one puts it back in approval."""
    closed(play)
    ended = play.case.closed_at

    play >> revoke(FILER) << then.CaseReopened(actor=FILER) << whatever
    assert (play.case.status, play.case.closed_at) == (Status.RUNNING, None)
    assert play.case.first_closed_at == ended
    assert [task.owners for task in play.case.open_tasks] == [(key(OWNER),)]

    play >> approve(OWNER) << whatever
    assert play.case.status is Status.WITHDRAWN
    assert play.seen("CaseClosed", "status") == ["completed", "withdrawn"]
    play >> revoke(FILER) << refused("not_revocable")


def test_a_refused_revocation_repeats_neither_copies_nor_survey(play):
    closed(play)
    play >> score(FILER, 5) << whatever
    before = len(play.seen("CopiedIn", "people")), len(play.seen("SurveyAsked", "to"))
    assert before[1] == 1

    play >> revoke(FILER) << whatever
    play >> reject(OWNER) << whatever

    assert play.case.status is Status.COMPLETED
    assert (len(play.seen("CopiedIn", "people")), len(play.seen("SurveyAsked", "to"))) == before
    assert play.case.survey.score == 5


def test_only_the_filer_revokes_and_only_what_is_completed(play, playbook):
    graded(play)
    play >> revoke(FILER) << refused("not_revocable")
    play >> withdraw(FILER) << whatever
    play >> revoke(FILER) << refused("not_revocable")

    plain = playbook()
    closed(plain)
    plain >> revoke(FILER) << refused("not_revocable")


def test_nobody_else_revokes(play):
    closed(play)

    play >> revoke(OWNER) << refused("only_the_filer")


def test_the_days_run_from_the_first_end(play):
    closed(play)
    first = play.case.closed_at
    play >> revoke(FILER) << whatever
    play >> reject(OWNER) << whatever

    play.sleep_until(first + 15 * DAY)
    play >> revoke(FILER) << whatever
    play >> reject(OWNER) << whatever
    play.sleep_until(first + 15 * DAY + 1)
    play >> revoke(FILER) << refused("too_late_to_revoke")


def test_everybody_who_was_told_of_the_end_is_told_of_the_next(play):
    closed(play)
    told = set(play.posts("closed"))
    play >> revoke(FILER) << whatever

    play >> approve(OWNER) << whatever

    assert told
    assert told <= set(play.posts("closed"))


def test_a_rehearsal_revokes_once_and_covers_what_follows():
    report = rehearse(
        revocable(), directory=office.directory(), calendar=office.calendar(), start=START
    )

    assert report.complete
    assert [one.code for one in report.findings] == []
    assert [item for one in report.tallies for item in one.missing] == []
