"""Separation of duties between the steps of a case: `not_same_as` and `same_as` (WRP5, WRP7)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.unit.workflows.deeds import (
    approve,
    claim,
    complete,
    dissatisfied,
    follow_directory,
    take_over,
    transfer,
)
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import absent, left, refused, roles, then, until, whatever
from tests.unit.workflows.playbooks.signed import entered, given, signing, staffed
from workflows.actions.claim import TaskClaimed
from workflows.flow.offering import TaskReoffered

AWAY = ("2026-03-02 08:00", "2026-03-20 18:00")
APART = 'not_same_as = ["first"]'


@pytest.fixture
def apart(playbook):
    """li.na and ma.chao hold both roles, and li.na decided first."""
    play = staffed(playbook, signing(second=APART), li_na=("first", "second"), ma_chao=("second",))
    entered(play)
    play >> approve("li.na") << whatever
    return play


def test_whoever_decided_one_step_is_not_offered_the_other(apart):
    assert given(apart, "second") == (["ma.chao"], "", [["li.na", "not_same_as"]])


def test_not_same_as_is_checked_at_the_click_as_well(apart):
    """An older version had let somebody claim it who may not have it."""
    claimed_by_whoever_decided_first(apart)

    apart >> approve("li.na") << refused("may_not_not_same_as")
    apart >> transfer("li.na", "gao.yu") << refused("may_not_not_same_as")


def claimed_by_whoever_decided_first(play):
    both = (key("li.na"), key("ma.chao"))
    play.happened(TaskReoffered(task="t3", assignee=None, candidates=both))
    play.happened(TaskClaimed(task="t3", by=key("li.na")), actor=key("li.na"))


def test_not_same_as_holds_for_a_transfer(apart):
    apart >> transfer("ma.chao", "li.na") << refused("transfer_to_not_same_as")


def test_not_same_as_holds_for_a_deputy(apart):
    apart >> absent("ma.chao", "li.na", *AWAY)
    apart >> approve("li.na") << refused("may_not_not_same_as")


def test_not_same_as_holds_for_the_principal_too(playbook):
    """The first step was decided by the deputy of li.na, so neither decides the second."""
    play = staffed(playbook, signing(second=APART), li_na=("first", "second"), ma_chao=("second",))
    play >> absent("li.na", "gao.yu", *AWAY)
    play >> roles(gao_yu=("second",))
    entered(play)
    play >> approve("gao.yu") << whatever

    people, _, out = given(play, "second")
    assert people == ["ma.chao"]
    assert sorted(out) == [["gao.yu", "not_same_as"], ["li.na", "not_same_as"]]


def test_a_deputy_does_not_decide_for_a_principal_who_may_not(apart):
    claimed_by_whoever_decided_first(apart)
    apart >> absent("li.na", "gao.yu", *AWAY)

    apart >> approve("gao.yu") << refused("principal_may_not", principal="li.na")


def test_not_same_as_holds_for_an_escalation(playbook):
    play = staffed(playbook, signing(second=APART), li_na=(), he_jun=("first",))
    entered(play)
    play >> approve("he.jun") << whatever
    play >> until("2026-03-04 10:00") << whatever

    play >> take_over("he.jun") << refused("not_escalated_to_you")


def test_every_fallback_obeys_not_same_as(playbook):
    """The owner decided first; their manager decides."""
    play = staffed(
        playbook,
        signing(second=APART),
        wang_fang=("first", "complaint-manager"),
        li_na=(),
        ma_chao=(),
    )
    entered(play)
    play >> approve("wang.fang") << whatever

    assert given(play, "second")[:2] == (["zhou.wei"], "owners_manager")


def test_where_nobody_remains_the_task_is_blocked_and_told_daily(playbook):
    """The boss decided first, owns the process and administers it."""
    process = signing(second=APART)
    process = replace(
        process,
        definition=process.definition.model_copy(update={"owner": "person:chen.jing"}),
    )
    play = staffed(playbook, process, li_na=(), ma_chao=(), chen_jing=("first",))
    play.directory = replace(play.directory, admins=frozenset({key("chen.jing")}))
    entered(play)
    play >> approve("chen.jing") << whatever

    assert play.task.blocked
    play >> until("2026-03-04 10:00") << whatever
    assert len(play.seen("TaskBlocked")) == 3
    play >> roles(ma_chao=("second",))
    play >> follow_directory << then.TaskReoffered(assignee="ma.chao") << whatever


def test_a_plain_task_has_separated_duties_too(playbook):
    process = signing(fix='not_same_as = ["enter"]')
    play = staffed(playbook, process, liu_yang=("clerk", "fixer"))
    entered(play)
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever

    assert given(play, "fix") == (["sun.qi"], "", [["liu.yang", "not_same_as"]])


def test_a_decision_that_a_return_made_void_counts_for_nobody(playbook):
    """li.na decided in the first round and he.jun in the second: li.na may sign second."""
    play = staffed(playbook, signing(second=APART), li_na=("first", "second"), ma_chao=("second",))
    entered(play)
    play >> approve("li.na") << whatever
    play >> dissatisfied("ma.chao") << whatever
    play >> complete("liu.yang", budget="100") << whatever
    play >> roles(li_na=("second",), he_jun=("first", "second"))
    play >> follow_directory << whatever
    play >> approve("he.jun") << whatever

    assert play.seen("DecisionVoided", "task", "fields") == [("t2", [])]
    assert play.task.assignee == "p_machao"
    play >> transfer("ma.chao", "he.jun") << refused("transfer_to_not_same_as")
    play >> transfer("ma.chao", "li.na") << whatever


# ------------------------------------------------------------ same_as


def test_same_as_gives_the_step_to_whoever_decided_the_other(playbook):
    play = staffed(playbook, signing(third='same_as = "first"'), ma_chao=("second", "first"))
    play >> roles(li_na=("first", "third"), xu_ke=("third",))
    entered(play)
    play >> claim("li.na") << whatever
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> complete("sun.qi", budget="100") << whatever

    assert given(play, "third") == (["li.na"], "", [["xu.ke", "same_as"]])
    play >> transfer("li.na", "xu.ke") << refused("transfer_to_same_as")


def test_same_as_means_whoever_decided_it_last(playbook):
    """liu.yang entered it at first, and after a return sun.qi did."""
    process = signing(third='same_as = "enter"')
    play = staffed(playbook, process, xu_ke=(), liu_yang=("clerk", "third"))
    entered(play)
    play >> approve("li.na") << whatever
    play >> dissatisfied("ma.chao") << whatever
    play >> transfer("liu.yang", "sun.qi") << whatever
    play >> complete("sun.qi", budget="100") << whatever
    play >> roles(sun_qi=("third", "fixer"))
    for person in ("li.na", "ma.chao"):
        play >> approve(person) << whatever
    play >> roles(gao_yu=("fixer",), sun_qi=("third",))
    play >> follow_directory << whatever
    play >> complete("gao.yu", budget="100") << whatever

    assert given(play, "third") == (["sun.qi"], "", [["liu.yang", "same_as"]])


def test_where_whoever_decided_it_has_left_nobody_else_does(playbook):
    """Every fallback obeys same_as too."""
    play = staffed(playbook, signing(third='same_as = "first"'), li_na=("first", "third"))
    entered(play)
    play >> approve("li.na") << whatever
    play >> approve("ma.chao") << whatever
    play >> left("li.na")
    play >> complete("sun.qi", budget="100") << whatever

    assert play.task.blocked
    assert play.posts("blocked") == ["wang.fang", "deng.tao"]


def test_same_as_a_step_that_was_never_decided_asks_nothing(playbook):
    """The case took another way."""
    process = signing(first='same_as = "fix"')
    play = staffed(playbook, process)
    entered(play)

    assert given(play, "first") == (["li.na"], "", [])


# ------------------------------------------------------------ several signers


def seats(play, node):
    """Who has the seats of a ballot, by the events that opened them."""
    return play.seen("TaskOpened", "assignee", node=node)


def test_whoever_decided_one_step_has_no_seat_in_the_other(playbook):
    """And is passed over with the reason."""
    process = signing(second='signers = "role:second"\nnot_same_as = ["first"]')
    play = staffed(
        playbook, process, li_na=("first", "second"), ma_chao=("second",), gao_yu=("second",)
    )
    entered(play)
    play >> approve("li.na") << whatever

    assert sorted(seats(play, "second")) == ["gao.yu", "ma.chao"]
    assert play.seen("BallotOpened", "passed_over") == [[["li.na", "not_same_as"]]]


def test_whoever_signed_among_several_does_not_decide_the_step_that_is_apart(playbook):
    process = signing(first='signers = "role:first"', second='not_same_as = ["first"]')
    play = staffed(playbook, process, li_na=("first", "second"), gao_yu=("first",))
    play >> roles(ma_chao=("second",))
    entered(play)
    for task, person in zip(("t2", "t3"), seats(play, "first"), strict=True):
        play >> approve(person, task) << whatever

    assert given(play, "second") == (["ma.chao"], "", [["li.na", "not_same_as"]])
