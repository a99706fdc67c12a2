"""Who may read a case (rules: who may read)."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import copy_in, transfer
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, absent, until, whatever
from tests.unit.workflows.playbooks.stages import graded
from workflows.case.people import owners_of
from workflows.flow.authority import may_read


@pytest.fixture
def play():
    """li.na had the complaint, ma.chao has it with xu.ke as deputy, gao.yu was copied in."""
    play = Playbook()
    graded(play)
    play >> absent("ma.chao", "xu.ke", "2026-03-02 08:00", "2026-03-02 18:00")
    play >> transfer("li.na", "ma.chao") << whatever
    play >> copy_in("wu.min", "gao.yu") << whatever
    return play


@pytest.mark.parametrize(
    ("person", "why"),
    [
        ("wu.min", "filer"),
        ("liu.yang", "past assignee"),
        ("sun.qi", "candidate"),
        ("li.na", "assignee before the transfer"),
        ("ma.chao", "assignee"),
        ("xu.ke", "deputy"),
        ("gao.yu", "copied in"),
        ("wang.fang", "owner"),
        ("deng.tao", "administrator"),
    ],
)
def test_who_has_a_part_in_a_case_may_read_it(play, person, why):
    assert may_read(play.case, person=key(person), world=play.world), why


@pytest.mark.parametrize("person", ["feng.lei", "zheng.hao", "he.jun", "chen.jing", "zhou.wei"])
def test_others_may_not(play, person):
    assert not may_read(play.case, person=key(person), world=play.world)


def test_whom_it_was_escalated_to_may_read_it(play):
    play >> until("2026-03-03 09:00") << whatever

    assert may_read(play.case, person=key("he.jun"), world=play.world)


def test_a_deputy_who_was_never_offered_the_task_reads_while_the_absence_lasts(play):
    play >> transfer("xu.ke", "li.na") << whatever
    play >> absent("li.na", "feng.lei", "2026-03-02 08:00", "2026-03-02 18:00")

    assert may_read(play.case, person=key("feng.lei"), world=play.world)
    play >> until("2026-03-02 18:00")
    assert not may_read(play.case, person=key("feng.lei"), world=play.world)


def test_the_owners_are_those_whom_the_definition_names(play):
    assert owners_of(play.case, play.world) == (key("wang.fang"),)
