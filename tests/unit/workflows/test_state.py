"""A state answers what is asked of it."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import copy_in, offer_to_deputies
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, absent, until, whatever
from tests.unit.workflows.playbooks.stages import claimed, closed, filed, graded
from workflows.case.events import SYSTEM


@pytest.fixture
def play():
    return Playbook()


def test_the_owners_of_a_task_are_its_candidates_until_one_claims_it(play):
    filed(play)
    assert play.task.owners == (key("liu.yang"), key("sun.qi"))

    claimed_play = Playbook()
    claimed(claimed_play)
    assert claimed_play.task.owners == (key("liu.yang"),)


def test_tasks_and_clocks_are_found_by_name(play):
    graded(play)

    assert [task.id for task in play.case.tasks] == ["t1", "t2"]
    assert [task.id for task in play.case.open_tasks] == ["t2"]
    assert play.case.task("t9") is None
    assert play.case.clock("nothing") is None
    assert play.case.times_at("triage") == 1
    assert play.case.times_at("archive") == 0
    assert play.case.trail == ("triage", "dispatch", "resolve")


def test_a_case_stands_at_the_visit_of_its_open_task(play):
    graded(play)
    visit = play.case.newest

    assert visit is not None
    assert (visit.id, visit.node, visit.round) == ("v3", "resolve", 1)
    assert play.case.visits == (visit,)
    assert [task.visit for task in play.case.tasks] == ["v1", "v3"]


def test_a_closed_case_stands_nowhere(play):
    closed(play)

    assert (play.case.visits, play.case.newest, play.case.node) == ((), None, "closed")


def test_timers_are_the_next_rungs_of_running_clocks(play):
    graded(play)
    timers = dict(play.case.timers())
    assert timers.keys() == {"first_response", "closing", "task:t2"}

    play >> until("2026-06-01 09:00") << whatever

    assert dict(play.case.timers()) == {}  # every ladder has ended


def test_participants_are_all_who_had_a_part_and_only_people(play):
    graded(play)
    play >> absent("li.na", "gao.yu", "2026-03-02 08:00", "2026-03-06 18:00")
    play >> offer_to_deputies << whatever
    play >> copy_in("wu.min", "chen.jing") << whatever
    play >> until("2026-03-03 09:00") << whatever

    named = ("wu.min", "liu.yang", "sun.qi", "li.na", "gao.yu", "chen.jing", "he.jun")
    assert play.case.participants == set(map(key, named))
    assert SYSTEM not in play.case.participants


def test_a_state_is_frozen(play):
    closed(play)

    with pytest.raises(AttributeError, match="immutable"):
        play.case.node = "triage"
