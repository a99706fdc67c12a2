"""A case at rest whose certificates expire: a branch for each, its notices, and its renewal."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import (
    approve,
    begin,
    closed_on,
    complete,
    decide,
    file,
    take_back,
)
from tests.unit.workflows.playbook import downtime_until, refused, then, until, whatever
from tests.unit.workflows.playbooks.test_resting import nodes, targets
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.case.effects import Post, watched_tasks
from workflows.loading import Loaded, load_definition

GIVEN = {
    "goods": "steel",
    "license": ["f1"],
    "license_expires": "2026-06-30",
    "safety": ["f2"],
    "safety_expires": "2026-06-30",
    "agency": ["f3"],
    "agency_expires": "2026-08-31",
}


@cache
def expiring(*changes: tuple[str, str]) -> Loaded:
    path = Path(__file__).parent / "expiring.toml"
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return load_definition(text, file=path.name)


def admitted(play, **values):
    """Filed on Monday 2 March 2026, and at rest since an hour later."""
    play >> file("feng.lei", **{**GIVEN, **values}) << whatever
    play >> until("2026-03-02 10:00")
    play >> complete("li.na") << whatever
    return play


@pytest.fixture
def play(playbook):
    return admitted(playbook(expiring()))


def planned(play):
    """The certificates whose expiry is ahead: (certificate, day)."""
    return sorted(
        (clock.key.split(":")[3], clock.planned[-1].id)
        for clock in play.case.clocks
        if clock.key.startswith("begin:") and clock.planned
    )


def subjects(play):
    """The open branches: (target, certificate)."""
    opened = [one.opened for one in play.case.scopes if one.opened is not None and one.open]
    return [(one.target, one.subject) for one in opened]


def standing(play):
    return play.case.fact("standing").option


def at(play, node, subject):
    """The open task at a node in the branch of a certificate."""
    for task in play.case.open_tasks:
        branch = play.case.started(task.spot)
        if task.node == node and branch is not None and branch.opened.subject == subject:
            return task.id
    raise AssertionError(f"no task at {node} for {subject}")


def renewed(subject, day="2028-06-30"):
    return {subject: ["new"], f"{subject}_expires": day}


def test_each_certificate_with_an_expiry_has_a_clock_for_the_day_after(play):
    assert planned(play) == [
        ("agency", "2026-09-01"),
        ("license", "2026-07-01"),
        ("safety", "2026-07-01"),
    ]


def test_people_are_told_before_a_certificate_expires(playbook):
    play = admitted(playbook(expiring()), safety_expires="2028-01-31")
    play >> until("2026-05-02 09:00") << then.Reminded(clock="begin:v2:out:license", to=("li.na",))
    play >> until("2026-06-24 09:00")
    play << then.Escalated(clock="begin:v2:out:license", to=("wang.fang",), level=1)
    key = "begin:v2:out:license"
    assert watched_tasks(play.case, key) == ()
    assert [effect.task for effect in play.effects if isinstance(effect, Post)] == [None]
    play >> until("2026-07-01 09:00") << then.Escalated(clock=key, to=("gao.yu",), level=2)
    play << whatever
    assert subjects(play) == [("renew", "license")]


def test_two_certificates_that_expire_at_once_have_two_branches_side_by_side(play):
    play >> until("2026-07-01 09:00") << whatever
    assert play.seen("BranchStarted", "start", "subject", "period") == [
        ("out", "license", "2026-07-01"),
        ("out", "safety", "2026-07-01"),
    ]
    assert nodes(play) == ["active", "renew", "renew"]
    assert standing(play) == "suspended"

    play >> complete("li.na", at(play, "renew", "safety"), **renewed("safety")) << whatever
    play >> approve("he.jun", at(play, "check", "safety")) << whatever
    assert subjects(play) == [("renew", "license")]
    assert standing(play) == "suspended"  # the licence is not valid yet

    play >> complete("li.na", at(play, "renew", "license"), **renewed("license")) << whatever
    play >> approve("he.jun", at(play, "check", "license")) << whatever
    assert nodes(play) == ["active"]
    assert standing(play) == "active"
    assert planned(play) == [
        ("agency", "2026-09-01"),
        ("license", "2028-07-01"),
        ("safety", "2028-07-01"),
    ]


def test_an_expired_certificate_suspends_and_its_renewal_reinstates(playbook):
    play = admitted(playbook(expiring()), safety_expires="2028-01-31")
    play >> until("2026-07-01 09:00") << whatever
    assert standing(play) == "suspended"
    play >> complete("li.na", **renewed("license", "2026-06-30")) << whatever
    play >> approve("he.jun") << refused("expired_not_approved")
    play >> decide("he.jun", "return") << whatever
    play >> complete("li.na", **renewed("license")) << whatever
    play >> approve("he.jun") << whatever
    assert standing(play) == "active"
    assert play.values["safety_expires"] == "2028-01-31"
    assert [key for key, _ in play.case.forms if key.startswith("task:renew")] == [
        "task:renew:license"
    ]


def test_a_certificate_that_is_not_required_suspends_nobody(playbook):
    play = admitted(playbook(expiring()), goods="paper", license_expires="2028-01-31")
    play >> until("2026-07-01 09:00") << whatever
    assert subjects(play) == [("renew", "safety")]
    assert standing(play) == "active"


def test_a_renewal_before_the_expiry_moves_the_day_and_its_notices(play):
    play >> until("2026-05-02 09:00") << whatever
    play >> begin("li.na", "new", "license") << whatever
    play >> complete("li.na", **renewed("license")) << whatever
    assert ("license", "2028-07-01") in planned(play)
    assert play.case.clock("begin:v2:out:license").fired == ()
    play >> begin("li.na", "new", "license") << refused("branch_runs")
    play >> begin("li.na", "new", "safety") << whatever
    assert subjects(play) == [("renew", "license"), ("renew", "safety")]


def test_a_renewal_that_is_taken_back_plans_the_expiry_again(play):
    """The certificate would expire unseen: its clock was that of the renewal."""
    before = planned(play)
    play >> begin("li.na", "new", "license") << whatever
    task = at(play, "renew", "license")
    play >> complete("li.na", task, **renewed("license")) << whatever
    assert planned(play) != before
    play >> take_back("li.na", task) << whatever

    assert planned(play) == before
    play >> until("2026-07-01 09:00") << whatever
    assert standing(play) == "suspended"


def test_an_expiry_that_waits_for_the_renewal_is_dropped_by_it(play):
    play >> begin("li.na", "new", "license") << whatever
    play >> until("2026-07-01 09:00") << whatever
    assert play.seen("StartDue", "subject") == ["license"]
    assert standing(play) == "suspended"  # whatever it waits for
    play >> complete("li.na", at(play, "renew", "license"), **renewed("license")) << whatever
    assert play.seen("StartDropped", "start", "subject") == [("out", "license")]


def test_a_button_for_certificates_needs_one(play):
    play >> begin("li.na", "new") << refused("not_an_option")
    play >> begin("li.na", "new", "goods") << refused("not_an_option")
    play >> begin("wang.fang", "part", "license") << refused("not_an_option")


def test_a_branch_that_turns_to_a_step_without_subject_joins_the_branch_there(playbook):
    free = ('exclusive = ["part"]\n', "")
    play = admitted(playbook(expiring(free)))
    play >> until("2026-07-01 09:00") << whatever
    for subject in ("license", "safety"):
        for round_ in (1, 2):
            today = renewed(subject, f"2026-06-{20 + round_}")
            play >> complete("li.na", at(play, "renew", subject), **today) << whatever
            play >> decide("he.jun", "return", at(play, "check", subject)) << whatever
    assert subjects(play) == [("part", "")]
    assert play.seen("BranchTurned", "to") == ["part"]
    assert play.seen("BranchEnded", "target", "to") == [("renew", "part")]
    assert nodes(play) == ["active", "part"]


def test_a_renewal_is_open_again_beside_the_end_to_which_another_led(playbook):
    free = ('exclusive = ["part"]\n', "")
    play = admitted(playbook(expiring(free)), safety_expires="2028-01-31")
    play >> until("2026-07-01 09:00") << whatever
    for _ in (1, 2):
        play >> complete("li.na", **renewed("license", "2026-06-30")) << whatever
        play >> decide("he.jun", "return") << whatever
    assert targets(play) == ["part"]
    play >> begin("li.na", "new", "license") << whatever
    assert subjects(play) == [("part", ""), ("renew", "license")]


def test_a_calendar_that_changes_moves_the_day_but_no_notice_that_was_sent(playbook):
    play = admitted(playbook(expiring()), safety_expires="2028-01-31")
    play >> until("2026-05-02 09:00") << whatever
    play >> closed_on("2026-07-01") << whatever
    clock = play.case.clock("begin:v2:out:license")
    assert clock.fired == ("0",)
    assert [rung.id for rung in clock.planned] == ["1", "2", "2026-07-01"]


def test_after_a_downtime_only_the_highest_notice_is_sent(play):
    play >> downtime_until("2026-07-02 10:00") << whatever
    assert play.seen("Reminded") == []
    assert len(play.seen("RungsCollapsed")) == 2
    assert subjects(play) == [("renew", "license"), ("renew", "safety")]


def test_a_certificate_that_never_expires_starts_nothing(playbook):
    play = admitted(playbook(expiring()), license_expires=None, safety_expires=None)
    assert planned(play) == [("agency", "2026-09-01")]


def test_a_certificate_at_the_end_of_the_calendar_has_no_notices(playbook):
    play = admitted(playbook(expiring()), license_expires="1970-01-02")
    play >> until("2026-03-02 10:01") << whatever
    assert ("renew", "license") in subjects(play)


def test_a_rehearsal_renews_a_certificate_and_comes_to_an_end():
    report = rehearsed(expiring())

    assert report.complete
    assert [one.missing for one in report.tallies if one.missing] == []
    assert [(one.code, one.where) for one in report.findings] == []
    assert report.situations < 100
    rungs = next(tally for tally in report.tallies if tally.kind == "rung")
    notices = {f"active.out {number}" for number in range(3)}
    assert notices <= {str(item) for item in rungs.all}, "each before the day is covered"


JUDGED = (
    (
        'kind = "task"\nname = { zh = "准入", en = "Admit" }',
        'kind = "approval"\nname = { zh = "准入", en = "Admit" }',
    ),
    (
        'next = "active"\nnote = { standing = "active" }',
        """material = ["license"]

[nodes.outcomes.approve]
to = "active"
note = { standing = "active" }

[nodes.outcomes.reject]
to = "ended"
""",
    ),
)


def test_an_approval_before_the_rest_stays_when_what_it_rested_on_is_renewed(playbook):
    play = playbook(expiring(*JUDGED))
    play >> file("feng.lei", **GIVEN) << whatever
    play >> approve("li.na") << whatever
    play >> begin("li.na", "new", "license") << whatever
    play >> complete("li.na", at(play, "renew", "license"), **renewed("license")) << whatever
    assert play.seen("DecisionVoided", "task") == []
    assert not play.case.tasks[0].voided
