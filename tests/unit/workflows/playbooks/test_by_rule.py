"""Approvals that a rule decides, and approvals that become void (T4). Long because of its rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.workflows.deeds import (
    approve,
    complete,
    decide_without_reason,
    dissatisfied,
    file,
    follow_directory,
    record,
    revoke,
    transfer,
    withdraw,
)
from tests.unit.workflows.office import complaint, key
from tests.unit.workflows.playbook import absent, roles, then, whatever
from tests.unit.workflows.playbooks.signed import decided, entered, given, signing, staffed
from workflows.case.status import Status
from workflows.loading import load_definition

AWAY = ("2026-03-02 08:00", "2026-03-20 18:00")
WRITTEN = "[approvals]"  # without a key: its defaults hold


# ------------------------------------------------------------ nobody


@pytest.mark.parametrize(
    ("value", "outcome", "status"),
    [("pass", "approve", Status.RUNNING), ("reject", "reject", Status.REJECTED)],
)
def test_where_nobody_is_named_the_rule_decides_if_it_is_written(playbook, value, outcome, status):
    play = staffed(playbook, signing(first=f'nobody = "{value}"'), li_na=())
    entered(play)

    assert decided(play) == [("first", outcome, "nobody", "")]
    assert play.posts("by_rule") == ["wang.fang"], "the owner is always told"
    assert play.case.status is status


def test_where_nobody_is_named_the_process_owner_decides_unless_something_is_written(playbook):
    for process in (signing(), signing(approvals=WRITTEN)):
        play = staffed(playbook, process, li_na=())
        entered(play)

        assert given(play, "first") == (["wang.fang"], "process_owner", [])


def test_where_nobody_is_named_a_person_may_be(playbook):
    process = signing(approvals='[approvals]\nnobody = "head(sales)"')
    play = staffed(playbook, process, li_na=())
    entered(play)

    assert given(play, "first") == (["zheng.hao"], "nobody", [])


def test_the_owner_is_told_that_others_step_in_where_nobody_is_named(playbook):
    """features.md §5, nobody resolved: the owner is always alerted; who has it themselves knows."""
    for value, told in (("head(sales)", ["wang.fang"]), ("person:wang.fang", [])):
        play = staffed(playbook, signing(first=f'nobody = "{value}"'), li_na=())
        entered(play)
        assert play.posts("step_in") == told
    rows = play.seen("StepInTold", "people", "fallback", "to")
    assert rows == []

    play = staffed(playbook, signing(), li_na=(), wu_min=("first",))
    entered(play)
    assert given(play, "first")[1] == "supervisor"
    assert play.posts("step_in") == [], "the filer's manager decides, as it is written"


def test_an_owner_who_is_barred_is_told_who_above_them_has_it(playbook):
    play = staffed(playbook, signing(first='candidates = "except(role:none, owner)"'), li_na=())
    entered(play)

    assert given(play, "first")[1] == "owners_manager"
    rows = play.seen("StepInTold", "people", "fallback", "to")
    assert rows == [(["zhou.wei"], "owners_manager", ["wang.fang"])]


def test_the_owner_is_told_when_the_directory_changes_so_that_nobody_is_left(playbook):
    play = staffed(playbook, signing(first='nobody = "head(sales)"'), li_na=("first",))
    entered(play)
    play >> roles(li_na=())
    play >> follow_directory << whatever

    assert play.task.assignee == key("zheng.hao")
    assert play.posts("step_in") == ["wang.fang"]


def test_whom_nobody_names_obeys_the_other_rules(playbook):
    """The head of sales filed it; the process owner decides."""
    play = staffed(playbook, signing(first='nobody = "head(sales)"'), li_na=())
    entered(play, filer="zheng.hao")

    assert given(play, "first") == (["wang.fang"], "process_owner", [["zheng.hao", "filer"]])


def test_nothing_passes_where_those_who_are_named_are_barred(playbook):
    """Somebody is named: only separation of duties keeps them from it."""
    process = signing(second='not_same_as = ["first"]\nnobody = "pass"')
    play = staffed(playbook, process, li_na=("first", "second"), ma_chao=())
    entered(play)
    play >> approve("li.na") << whatever

    assert decided(play) == []
    assert given(play, "second")[:2] == (["wang.fang"], "process_owner")


# ------------------------------------------------------------ repeated


def repeated(playbook, value, **more):
    """li.na decides the first and is to decide the second, and the third."""
    process = signing(approvals=f'[approvals]\nrepeated = "{value}"', **more)
    play = staffed(playbook, process, li_na=("first", "second", "third"), ma_chao=(), xu_ke=())
    entered(play)
    return play


def test_who_approved_just_before_is_not_asked_again(playbook):
    play = repeated(playbook, "consecutive")
    play >> approve("li.na") << whatever

    assert decided(play) == [("second", "approve", "same_approver", "t2")]
    task = play.case.known_task("t3")
    assert (task.decided_by, task.rule, task.original) == ("system", "same_approver", "t2")
    assert play.task.node == "fix"


UNDO = """
[[nodes]]
id = "undo"
kind = "approval"
name = { zh = "确认撤销", en = "Confirm" }
assignee = "owner"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "rejected"

[nodes.outcomes.reject]
to = "done"
"""


@pytest.mark.parametrize("value", ["consecutive", "all"])
def test_whoever_approved_last_is_still_asked_about_the_revocation(playbook, value):
    """That they approved the case does not say that it may be undone."""
    rules = f'[revoke]\nwithin = "15d"\nto = "undo"\n\n[approvals]\nrepeated = "{value}"'
    process = load_definition(signing(approvals=rules).text + UNDO, file="signing.toml")
    play = staffed(playbook, process, wang_fang=("complaint-manager", "third"), xu_ke=())
    entered(play)
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> complete("sun.qi", budget="100") << whatever
    play >> approve("wang.fang") << whatever
    assert play.case.status is Status.COMPLETED

    play >> revoke("wu.min") << whatever

    assert play.task.node == "undo"
    assert decided(play) == []


def test_what_was_not_just_before_is_asked_again_unless_all_is_written(playbook):
    """The work in between was done by somebody else."""
    play = repeated(playbook, "consecutive")
    play >> approve("li.na") << whatever
    play >> complete("sun.qi", budget="100") << whatever
    assert play.task.node == "third"
    play >> approve("li.na") << whatever

    play = repeated(playbook, "all")
    play >> approve("li.na") << whatever
    play >> complete("sun.qi", budget="100") << whatever
    assert decided(play) == [
        ("second", "approve", "same_approver", "t2"),
        ("third", "approve", "same_approver", "t2"),
    ]
    assert play.case.status is Status.COMPLETED


def test_nobody_is_skipped_where_none_is_written(playbook):
    play = repeated(playbook, "none")
    play >> approve("li.na") << whatever

    assert play.task.node == "second"


def test_a_definition_without_approvals_decides_nothing_by_rule(playbook):
    """Cases that run on it go on as they began (decision 19)."""
    play = staffed(playbook, signing(), li_na=("first", "second"), ma_chao=())
    entered(play)
    play >> approve("li.na") << whatever

    assert play.task.node == "second"
    assert complaint().definition.approvals is None


def test_a_definition_with_approvals_skips_consecutive_ones_by_default(playbook):
    play = staffed(playbook, signing(approvals=WRITTEN), li_na=("first", "second"), ma_chao=())
    entered(play)
    play >> approve("li.na") << whatever

    assert decided(play) == [("second", "approve", "same_approver", "t2")]


@pytest.mark.parametrize(
    "asked", ['form = "opinion"', 'not_same_as = ["enter"]', 'same_as = "first"', "requires = []"]
)
def test_a_step_that_asks_something_is_not_skipped(playbook, asked):
    play = repeated(playbook, "all", second=asked)
    play >> approve("li.na") << whatever

    assert (play.task.node == "second") is (asked != "requires = []")


def test_a_step_is_skipped_only_for_somebody_who_would_decide_it(playbook):
    play = repeated(playbook, "all")
    play >> roles(li_na=("first",), ma_chao=("second",))
    play >> approve("li.na") << whatever

    assert given(play, "second") == (["ma.chao"], "", [])


def test_what_a_deputy_decided_is_not_repeated_for_anybody(playbook):
    play = repeated(playbook, "all")
    play >> absent("li.na", "gao.yu", *AWAY)
    play >> roles(gao_yu=("second",))
    play >> approve("gao.yu") << whatever

    assert decided(play) == []


def test_nothing_is_repeated_after_something_material_was_changed(playbook):
    play = repeated(playbook, "all", third='material = ["budget"]')
    play >> approve("li.na") << whatever
    play >> complete("sun.qi", budget="900") << then.TaskCompleted(changed=["budget"]) << whatever

    assert play.task.node == "third"


def test_what_is_not_material_changes_nothing(playbook):
    play = repeated(playbook, "all", third='material = ["budget"]')
    play >> approve("li.na") << whatever
    play >> complete("sun.qi", budget="100", note="x") << then.TaskCompleted(changed=["note"])
    play << whatever

    assert play.case.status is Status.COMPLETED


def test_where_nothing_is_called_material_every_change_counts(playbook):
    play = repeated(playbook, "all")
    play >> approve("li.na") << whatever
    play >> complete("sun.qi", budget="100", note="x") << whatever

    assert play.task.node == "third"


def test_no_rule_decides_in_a_round_after_the_first(playbook):
    play = repeated(playbook, "all", third='repeated = "none"')
    play >> roles(li_na=("first",), ma_chao=("second",))
    play >> approve("li.na") << whatever
    play >> dissatisfied("ma.chao") << whatever
    play >> roles(li_na=("first", "second"), ma_chao=())
    play >> complete("liu.yang", budget="100") << whatever
    play >> approve("li.na") << whatever

    assert decided(play) == []
    assert (play.task.node, play.task.round) == ("second", 2)


def test_a_decision_before_a_return_is_not_repeated_after_it(playbook):
    """li.na approved the first in round one; the third comes for the first time."""
    play = staffed(
        playbook,
        signing(third='repeated = "all"'),
        li_na=("first", "third"),
        xu_ke=(),
    )
    entered(play)
    play >> approve("li.na") << whatever
    play >> dissatisfied("ma.chao") << whatever
    play >> transfer("liu.yang", "sun.qi") << whatever
    play >> complete("sun.qi", budget="100") << whatever
    play >> transfer("li.na", "gao.yu") << whatever
    play >> approve("gao.yu") << whatever
    play >> approve("ma.chao") << whatever
    play >> complete("sun.qi", budget="100") << whatever

    assert play.task.node == "third"


def test_what_a_rule_passed_is_not_repeated_as_a_persons(playbook):
    process = signing(
        approvals='[approvals]\nself_approval = "pass"\nrepeated = "all"',
        third='self_approval = "self"',
    )
    play = staffed(playbook, process, wu_min=("first", "third"), xu_ke=())
    entered(play)
    play >> approve("ma.chao") << whatever
    play >> complete("sun.qi", budget="100") << whatever

    assert decided(play) == [("first", "approve", "self_approval", "")]
    assert play.task.node == "third"


def test_not_same_as_counts_what_a_rule_repeated_for_whoever_decided_first(playbook):
    process = signing(approvals=WRITTEN, second="", third='not_same_as = ["second"]')
    play = staffed(
        playbook, process, li_na=("first", "second", "third"), ma_chao=(), xu_ke=("third",)
    )
    entered(play)
    play >> approve("li.na") << whatever
    play >> complete("sun.qi", budget="100") << whatever

    assert given(play, "third") == (["xu.ke"], "", [["li.na", "not_same_as"]])


def test_not_same_as_counts_what_passed_for_the_filer(playbook):
    process = signing(first='self_approval = "pass"', fix='not_same_as = ["first"]')
    play = staffed(playbook, process, wu_min=("first", "fixer"), li_na=())
    entered(play)
    play >> approve("ma.chao") << whatever

    assert given(play, "fix") == (["sun.qi"], "", [["wu.min", "not_same_as"]])


def test_a_decision_by_rule_does_not_end_the_time_to_withdraw(playbook):
    process = signing(first='self_approval = "pass"')
    changes = {"withdraw_until": "first_decision", "start": "first"}
    definition = process.definition.model_copy(update=changes)
    play = staffed(playbook, replace(process, definition=definition), wu_min=("first",))
    play >> file("wu.min", budget="100") << whatever

    assert decided(play) == [("first", "approve", "self_approval", "")]
    play >> withdraw("wu.min") << whatever
    assert play.case.status is Status.WITHDRAWN


# ------------------------------------------------------------ stale approvals


def changing(playbook):
    """The first approval rests on the budget, the second on the note."""
    play = staffed(playbook, signing(first='material = ["budget"]', second='material = ["note"]'))
    entered(play)
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    return play


def test_a_changed_material_field_makes_the_approval_void_and_others_survive(playbook):
    play = changing(playbook)

    play >> complete("sun.qi", budget="900") << then.TaskCompleted(changed=["budget"])
    play << then.DecisionVoided(task="t2", fields=["budget"], by="t4", actor="system")
    play << whatever

    assert [task.voided for task in play.case.tasks] == [False, True, False, False, False]
    assert play.posts("voided") == ["li.na"]


def test_an_equal_value_changes_nothing(playbook):
    play = changing(playbook)

    play >> complete("sun.qi", budget="100", note="") << then.TaskCompleted(changed=[]) << whatever

    assert play.seen("DecisionVoided") == []


def test_an_action_that_changes_a_material_field_makes_approvals_void_too(playbook):
    play = changing(playbook)
    play >> complete("sun.qi", budget="100") << whatever

    play >> record("xu.ke", "noted", note="new") << then.ActionRecorded(changed=["note"])
    play << then.DecisionVoided(task="t3", fields=["note"], by="t5")


def test_an_approval_is_void_once_and_a_rejection_never(playbook):
    play = changing(playbook)
    play >> complete("sun.qi", budget="900") << whatever
    play >> record("xu.ke", "noted", budget="800") << whatever

    assert play.seen("DecisionVoided", "task") == ["t2"]
    play >> decide_without_reason("xu.ke", "approve") << whatever


def test_what_repeats_a_void_decision_is_void_as_well(playbook):
    process = signing(approvals=WRITTEN, first='material = ["budget"]')
    play = staffed(playbook, process, li_na=("first", "second"), ma_chao=())
    entered(play)
    play >> approve("li.na") << whatever

    play >> complete("sun.qi", budget="900") << whatever

    assert play.seen("DecisionVoided", "task", "fields") == [
        ("t2", ["budget"]),
        ("t3", ["budget"]),
    ]
    assert play.posts("voided") == ["li.na", "li.na"]


def test_who_decided_what_is_void_may_decide_again(playbook):
    """A void decision answers no question about who decided."""
    process = signing(first='material = ["budget"]', third='not_same_as = ["first"]')
    play = staffed(playbook, process, li_na=("first", "third"))
    play >> roles(xu_ke=())
    entered(play)
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> complete("sun.qi", budget="900") << whatever

    assert given(play, "third") == (["li.na"], "", [])


def test_what_no_rule_asks_for_is_not_compared(playbook):
    play = staffed(playbook, signing())
    entered(play)
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever

    play >> complete("sun.qi", budget="900") << then.TaskCompleted(changed=[]) << whatever
