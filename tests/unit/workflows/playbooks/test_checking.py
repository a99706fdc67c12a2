"""An approval that decides about each certificate: one task, a verdict for each (rules: checks)."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.unit.workflows import office
from tests.unit.workflows.deeds import (
    approve,
    claim,
    complete,
    dissatisfied,
    file,
    judge,
    judge_without_reason,
    record,
    revoke,
    take_back,
    transfer,
)
from tests.unit.workflows.playbook import nothing, refused, then, until, whatever
from workflows.case.draft import Draft
from workflows.case.scope import Opened
from workflows.errors import Refusal
from workflows.flow.verdicts import require_valid_subject
from workflows.loading import Loaded, load_definition
from workflows.rehearsal.rehearse import rehearse

FILER = "wu.min"
FORM: dict[str, Any] = {
    "supplier": "甲",
    "goods": "service",
    "license": ["f1"],
    "iso9001": ["f2"],
    "iso9001_expires": "2027-06-30",
    "agency": ["f3"],
}


@cache
def checks(*changes: tuple[str, str]) -> Loaded:
    text = (Path(__file__).parent / "checks.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return load_definition(text, file="checks.toml")


AT_ONCE = ('on_reject = "after_all"\non_return = "after_all"\n', "")


def at_check(play, **values):
    """liu.yang has claimed the check."""
    play >> file(FILER, **FORM | values) << whatever
    play >> claim("liu.yang") << whatever


@pytest.fixture
def play(playbook):
    one = playbook(checks())
    at_check(one)
    return one


def verdicts(play, task=None):
    found = play.case.known_task(task).verdicts if task else play.task.verdicts
    return {one.subject: (one.outcome, one.rule) for one in found}


def returned(play, *subjects):
    """The check returned these, everything else passed, and the filer has to amend."""
    play >> judge("liu.yang", "return", *subjects) << whatever
    play >> judge("liu.yang", "approve") << whatever
    assert play.task.node == "amend"


def test_a_check_is_one_task_about_all_that_was_given_or_is_required(playbook):
    one = playbook(checks())
    one >> file(FILER, **FORM | {"goods": "parts", "agency": []}) << whatever

    assert len(one.case.tasks) == 1
    listed = one.seen("SubjectsListed", "task", "subjects", "unchanged")
    assert listed == [("t1", ["license", "iso9001", "safety"], [])]


def test_when_the_last_verdict_is_given_the_task_is_decided_by_the_same_person(play):
    (
        play
        >> judge("liu.yang", "approve", "license")
        << then.SubjectsJudged(task="t1", subjects=["license"], outcome="approve", actor="liu.yang")
    )
    assert play.task.status == "open"
    (
        play
        >> judge("liu.yang", "approve")
        << then.SubjectsJudged(subjects=["iso9001", "agency"])
        << then.TaskCompleted(task="t1", outcome="approve", actor="liu.yang")
        << whatever
    )
    assert play.task.node == "admission"


def test_of_several_verdicts_a_return_precedes_a_reject_and_an_approval(play):
    play >> judge("liu.yang", "reject", "license") << then.SubjectsJudged()
    play >> judge("liu.yang", "return", "agency") << then.SubjectsJudged()
    play >> judge("liu.yang", "approve") << whatever
    assert play.seen("TaskCompleted", "outcome") == ["return"]
    assert play.task.node == "amend"


def test_a_reject_waits_for_all_or_decides_at_once(play, playbook):
    play >> judge("liu.yang", "reject", "license") << then.SubjectsJudged()
    play >> judge("liu.yang", "approve") << whatever
    assert play.case.status == "rejected"

    at_once = playbook(checks(AT_ONCE))
    at_check(at_once)
    at_once >> judge("liu.yang", "reject", "license") << whatever
    assert at_once.case.status == "rejected"
    assert verdicts(at_once, "t1")["iso9001"] == ("", "")


def test_a_verdict_can_be_changed_until_the_task_is_decided(play):
    play >> judge("liu.yang", "reject", "license") << whatever
    play >> judge("liu.yang", "approve", "license") << whatever
    play >> judge("liu.yang", "approve") << whatever
    assert play.task.node == "admission"
    play >> judge("liu.yang", "reject", "license", task="t1") << refused("task_done")


def test_a_transfer_moves_the_verdicts_with_the_task(play):
    play >> judge("liu.yang", "approve", "license") << whatever
    play >> transfer("liu.yang", "sun.qi") << whatever
    play >> judge("liu.yang", "approve") << refused("not_your_task")
    play >> judge("sun.qi", "approve") << whatever
    assert play.task.node == "admission"


def test_what_is_no_verdict_is_refused(play):
    play >> judge("liu.yang", "approve", "passport") << refused("subject_unknown")
    play >> judge_without_reason("liu.yang", "reject", "license") << refused("reason_missing")
    play >> approve("liu.yang") << refused("outcome_not_offered")
    returned(play, "license")
    play >> judge("wu.min", "approve") << refused("outcome_not_offered")


def test_only_an_approval_with_subjects_is_judged(play):
    play >> judge("liu.yang", "approve") << whatever
    play >> judge("gao.yu", "approve") << refused("outcome_not_offered")


def test_an_expired_or_missing_certificate_is_not_approved(playbook):
    one = playbook(checks())
    at_check(one, goods="parts")
    one >> judge("liu.yang", "approve", "safety") << refused("missing_not_approved")
    one >> judge("liu.yang", "return", "safety") << whatever
    one.values["iso9001_expires"] = "2026-03-01"
    one >> judge("liu.yang", "approve") << refused("expired_not_approved", day=date(2026, 3, 1))
    one.values["iso9001_expires"] = "2026-03-02"  # it is valid on its last day
    one >> judge("liu.yang", "approve", "iso9001") << whatever


@pytest.mark.parametrize(
    ("subject", "expires", "refusal"),
    [
        ("iso9001", "2026-03-01", "expired_not_approved"),
        ("iso9001", "2026-03-02", None),
        ("license", None, None),
        ("safety", None, "missing_not_approved"),
        ("", "2026-03-01", None),
    ],
)
def test_in_the_branch_of_a_certificate_it_has_to_be_valid(playbook, subject, expires, refusal):
    one = playbook(checks())
    at_check(one, iso9001_expires=expires)
    branch = replace(one.case.scopes[0], opened=Opened(target="check", subject=subject))
    case = replace(one.case, scopes=(branch,))
    draft = Draft(case, actor="p", via="web", values={}, world=one.world)
    if refusal is None:
        require_valid_subject(draft, one.task)
        return
    with pytest.raises(Refusal, match=refusal):
        require_valid_subject(draft, one.task)


def test_an_approval_outside_such_a_branch_is_about_no_certificate(playbook):
    each = ('for_each = "certificates(supplier)"\n', "")
    after_all = ('on_reject = "after_all"\non_return = "after_all"\n', "")
    one = playbook(checks(each, after_all))
    at_check(one, iso9001_expires="2026-03-01")
    one >> approve("liu.yang") << whatever
    assert one.task.node == "admission"


def test_without_refuse_expired_it_is_up_to_the_person(playbook):
    one = playbook(checks(("refuse_expired = true\n", "")))
    at_check(one, iso9001_expires="2026-01-01")
    one >> judge("liu.yang", "approve") << whatever
    assert one.task.node == "admission"


def test_in_a_returned_round_what_was_not_changed_carries_over(play):
    returned(play, "iso9001")
    amended = FORM | {"iso9001": ["f9"]}
    play >> complete(FILER, **amended) << whatever

    assert (play.task.node, play.task.round) == ("check", 2)
    assert verdicts(play) == {
        "license": ("approve", "unchanged"),
        "iso9001": ("", ""),
        "agency": ("approve", "unchanged"),
    }
    play >> judge("liu.yang", "approve") << then.SubjectsJudged(subjects=["iso9001"]) << whatever
    assert play.task.node == "admission"


@pytest.mark.parametrize(
    ("change", "open_ones"),
    [
        ({"license": ["f8"]}, ["license", "agency"]),
        ({"license_expires": "2030-01-01"}, ["license", "agency"]),
        ({"iso9001_expires": "2026-03-31"}, ["iso9001", "agency"]),
        ({"supplier": "乙"}, ["agency"]),
    ],
)
def test_new_files_or_another_expiry_are_checked_again(play, change, open_ones):
    returned(play, "agency")
    play >> complete(FILER, **FORM | change) << whatever
    assert [one for one, (outcome, _) in verdicts(play).items() if not outcome] == open_ones


def test_what_has_expired_since_does_not_carry_over(playbook):
    one = playbook(checks())
    at_check(one, iso9001_expires="2026-03-02")
    returned(one, "license")
    one >> until("2026-03-03 08:00") << nothing
    one >> complete(FILER, **FORM | {"iso9001_expires": "2026-03-02"}) << whatever
    assert verdicts(one)["iso9001"] == ("", "")


def test_if_nothing_is_left_to_check_the_rule_approves(play):
    play >> judge("liu.yang", "approve") << whatever
    play >> dissatisfied("gao.yu", to="amend") << whatever
    play >> complete(FILER, **FORM) << whatever

    assert play.seen("DecidedByRule", "node", "rule", "outcome") == [
        ("check", "unchanged", "approve")
    ]
    assert (play.task.node, play.task.round) == ("admission", 2)


def test_a_return_straight_to_the_check_asks_about_everything_again(play):
    play >> judge("liu.yang", "approve") << whatever
    play >> dissatisfied("gao.yu", to="check") << whatever
    assert play.task.node == "check"
    assert set(verdicts(play).values()) == {("", "")}


def test_where_nothing_was_given_and_nothing_is_required_the_rule_approves(playbook):
    text = (Path(__file__).parent / "checks.toml").read_text(encoding="utf-8")
    optional = text.replace('type = "certificate", required = true', 'type = "certificate"')
    one = playbook(load_definition(optional, file="checks.toml"))
    one >> file(FILER, supplier="甲") << whatever
    assert one.seen("DecidedByRule", "rule") == ["nothing_to_check"]
    assert one.task.node == "admission"


def test_taking_the_decision_back_opens_the_verdicts_of_that_decision_again(play):
    play >> judge("liu.yang", "approve", "license") << whatever
    play >> until("2026-03-02 09:30") << nothing
    play >> judge("liu.yang", "approve") << whatever
    play >> take_back("liu.yang", "t1") << whatever
    assert play.task.node == "check"
    assert verdicts(play) == {
        "license": ("approve", ""),
        "iso9001": ("", ""),
        "agency": ("", ""),
    }


def test_an_action_that_is_required_comes_before_the_verdicts(playbook):
    needs = ("refuse_expired = true\n", 'refuse_expired = true\nrequires = ["called"]\n')
    called = """[actions.called]
name = { zh = "致电", en = "Call" }
nodes = ["check"]
form = "finding"

[ladders.step]"""
    action = ("[ladders.step]", called)
    one = playbook(checks(needs, action))
    at_check(one)
    one >> judge("liu.yang", "approve") << refused("action_missing", action="called")
    assert covered(checks(needs, action))
    one >> record("liu.yang", "called") << whatever
    one >> judge("liu.yang", "approve") << whatever
    assert one.task.node == "admission"


def test_after_a_revocation_everything_is_checked_again(playbook):
    one = playbook(
        checks(('start = "check"', 'start = "check"\nrevoke = { within = "5d", to = "amend" }'))
    )
    at_check(one)
    one >> judge("liu.yang", "approve") << whatever
    one >> approve("gao.yu") << whatever
    one >> revoke(FILER) << whatever
    one >> complete(FILER, **FORM) << whatever
    assert one.task.node == "check"
    assert set(verdicts(one).values()) == {("", "")}


def covered(process):
    """Whether a rehearsal comes to everything in the definition, in few situations."""
    report = rehearse(
        process,
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )
    assert report.situations < 500
    assert {finding.code for finding in report.findings} == {"own_case"}
    return [one.missing for one in report.tallies if one.missing] == []


def test_a_check_may_have_no_reject():
    reject = ('[nodes.outcomes.reject]\nto = "refused"\n\n', "")
    assert covered(checks(reject, ('on_reject = "after_all"\n', "")))


def test_a_rehearsal_covers_the_verdicts_and_ends():
    assert covered(checks())
