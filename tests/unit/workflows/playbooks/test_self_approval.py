"""Whoever filed a case and would decide it: the five rules of `self_approval` (T3, T4)."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import (
    approve,
    follow_directory,
    replace_leavers,
    take_over,
    transfer,
)
from tests.unit.workflows.playbook import absent, left, refused, roles, then, until, whatever
from tests.unit.workflows.playbooks.signed import decided, entered, given, signing, staffed

AWAY = ("2026-03-02 08:00", "2026-03-20 18:00")


def rule(value):
    return signing(first=f'self_approval = "{value}"')


@pytest.mark.parametrize(
    ("value", "alone", "with_another"),
    [
        ("others_else_supervisor", (["feng.lei"], "supervisor"), (["li.na"], "")),
        ("supervisor", (["feng.lei"], "supervisor"), (["li.na", "feng.lei"], "supervisor")),
        ("dept_head", (["zheng.hao"], "dept_head"), (["li.na", "zheng.hao"], "dept_head")),
        ("self", (["wu.min"], ""), (["li.na", "wu.min"], "")),
    ],
)
def test_who_decides_where_the_filer_would(playbook, value, alone, with_another):
    play = staffed(playbook, rule(value), li_na=(), wu_min=("first",))
    entered(play)
    assert given(play, "first")[:2] == alone

    play = staffed(playbook, rule(value), wu_min=("first",))
    entered(play)
    assert given(play, "first")[:2] == with_another


def test_where_nothing_is_written_the_others_decide_else_the_supervisor(playbook):
    play = staffed(playbook, signing(), li_na=(), wu_min=("first",))
    entered(play)

    assert given(play, "first") == (["feng.lei"], "supervisor", [["wu.min", "filer"]])


def test_the_rule_of_all_approvals_holds_where_a_node_gives_none(playbook):
    process = signing(approvals='[approvals]\nself_approval = "dept_head"')
    play = staffed(playbook, process, li_na=(), wu_min=("first",))
    entered(play)

    assert given(play, "first")[:2] == (["zheng.hao"], "dept_head")


def test_self_approval_pass_is_the_systems_decision_and_not_the_filers(playbook):
    play = staffed(playbook, rule("pass"), wu_min=("first",))
    entered(play)

    assert decided(play) == [("first", "approve", "self_approval", "")]
    assert play.seen("DecidedByRule", "actor", "via") == [("system", "rule")]
    assert play.task.node == "second"
    assert play.posts("by_rule") == []


def test_a_filer_who_is_not_named_passes_nothing(playbook):
    play = staffed(playbook, rule("pass"))
    entered(play)

    assert given(play, "first")[:2] == (["li.na"], "")


def test_a_filer_who_did_the_work_does_not_pass_it(playbook):
    play = staffed(playbook, rule("pass"), wu_min=("first", "clerk"), liu_yang=(), li_na=())
    entered(play, clerk="wu.min")

    assert decided(play) == []
    assert given(play, "first")[:2] == (["feng.lei"], "supervisor")


def test_a_filer_to_whom_the_work_is_given_by_name_may_decide_on_it_themselves(playbook):
    for value in ("self", "pass"):
        process = signing(enter='assignee = "filer"', first=f'self_approval = "{value}"')
        play = staffed(playbook, process, wu_min=("first",), li_na=())
        entered(play, clerk="wu.min")
        if value == "self":
            assert given(play, "first")[:2] == (["wu.min"], "")
        else:
            assert decided(play) == [("first", "approve", "self_approval", "")]


def test_self_approval_comes_before_nobody(playbook):
    """The filer is named, so it is not that nobody is."""
    process = signing(first='nobody = "reject"')
    play = staffed(playbook, process, li_na=(), wu_min=("first",))
    entered(play)

    assert decided(play) == []
    assert given(play, "first")[:2] == (["feng.lei"], "supervisor")


def test_without_a_supervisor_the_rules_for_nobody_follow(playbook):
    """The boss filed it: the owner decides, and where that is barred their manager."""
    play = staffed(playbook, signing(), li_na=(), chen_jing=("first",))
    entered(play, filer="chen.jing")
    assert given(play, "first")[:2] == (["wang.fang"], "process_owner")

    named = signing(first='nobody = "person:ma.chao"')
    play = staffed(playbook, named, li_na=(), chen_jing=("first",))
    entered(play, filer="chen.jing")
    assert given(play, "first")[:2] == (["ma.chao"], "nobody")


def test_a_head_who_filed_is_replaced_by_their_manager(playbook):
    play = staffed(playbook, rule("dept_head"), li_na=(), zheng_hao=("first",))
    entered(play, filer="zheng.hao")

    assert given(play, "first")[:2] == (["chen.jing"], "supervisor")


def test_a_supervisor_who_did_the_work_does_not_judge_it(playbook):
    """Every fallback obeys every exclusion."""
    for value in ("others_else_supervisor", "supervisor"):
        play = staffed(
            playbook, rule(value), li_na=(), wu_min=("first",), feng_lei=("clerk",), liu_yang=()
        )
        entered(play, clerk="feng.lei")

        assert given(play, "first")[0] == ["wang.fang"]
        assert ["feng.lei", "own_work"] in given(play, "first")[2]


def test_one_who_is_picked_is_replaced_only_where_it_would_be_the_filer(playbook):
    process = signing(first='assignee = "least_loaded(role:first)"\nself_approval = "supervisor"')
    play = staffed(playbook, process, wu_min=("first",))
    entered(play)

    assert given(play, "first")[:2] == (["li.na"], "")


# ------------------------------------------------------------ on every way (pneumatic 381)


def test_the_substitute_who_filed_the_case_does_not_decide_it(playbook):
    """Pneumatic 381: the substitute was the requester, and the rule was bypassed."""
    play = staffed(playbook, rule("self"))
    play >> absent("li.na", "wu.min", *AWAY)
    entered(play)

    assert play.seen("DeputyPassedOver", "deputy", "why") == [("wu.min", "filer")]
    play >> approve("wu.min") << refused("not_your_task", owners=("li.na",))


def test_self_approval_is_judged_again_on_transfer(playbook):
    play = staffed(playbook, rule("others_else_supervisor"))
    entered(play)
    play >> transfer("li.na", "wu.min") << refused("transfer_to_filer")

    play = staffed(playbook, rule("self"))
    entered(play)
    play >> transfer("li.na", "wu.min") << whatever
    play >> approve("wu.min") << whatever


def test_passing_by_rule_is_no_way_to_hand_a_task_to_the_filer(playbook):
    play = staffed(playbook, rule("pass"))
    entered(play)

    play >> transfer("li.na", "wu.min") << refused("transfer_to_filer")


def test_self_approval_is_judged_again_on_escalation_and_take_over(playbook):
    """The manager of the late approver filed the case."""
    play = staffed(playbook, rule("others_else_supervisor"))
    entered(play, filer="he.jun")

    play >> until("2026-03-04 10:00") << whatever

    play >> take_over("he.jun") << refused("not_escalated_to_you")


def test_self_approval_is_judged_again_when_the_approver_leaves(playbook):
    """The manager of the leaver filed the case: the manager of the filer decides."""
    play = staffed(playbook, rule("others_else_supervisor"))
    entered(play, filer="he.jun")
    play >> left("li.na")

    play >> replace_leavers << then.TaskTransferred(to="zhou.wei", why="left")
    play >> approve("zhou.wei") << whatever


def test_the_place_of_the_filer_follows_the_directory(playbook):
    """Until somebody begins: a role that is given to another takes the task from the supervisor."""
    play = staffed(playbook, rule("others_else_supervisor"), li_na=(), wu_min=("first",))
    entered(play)
    play >> follow_directory << refused("nothing_to_change")

    play >> roles(li_na=("first",))
    play >> follow_directory << then.TaskReoffered(assignee="li.na", fallback="")


# ------------------------------------------------------------ several signers


@pytest.mark.parametrize(
    ("value", "signers"),
    [
        ("others_else_supervisor", ["li.na"]),
        ("supervisor", ["feng.lei", "li.na"]),
        ("dept_head", ["li.na", "zheng.hao"]),
        ("self", ["li.na", "wu.min"]),
    ],
)
def test_who_signs_in_the_place_of_a_filer_among_several(playbook, value, signers):
    process = signing(first=f'signers = "role:first"\nself_approval = "{value}"')
    play = staffed(playbook, process, wu_min=("first",))
    entered(play)

    assert sorted(play.seen("TaskOpened", "assignee", node="first")) == signers


def test_nothing_passes_by_rule_for_a_filer_among_several_signers(playbook):
    process = signing(
        approvals='[approvals]\nself_approval = "pass"', first='signers = "role:first"'
    )
    play = staffed(playbook, process, wu_min=("first",), li_na=())
    entered(play)

    assert decided(play) == []
    assert play.seen("TaskOpened", "assignee", node="first") == ["feng.lei"]
