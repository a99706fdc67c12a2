"""What is ahead is what then happens."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import ask, file
from tests.unit.workflows.office import local
from tests.unit.workflows.playbook import Playbook, absent, left, roles, until, whatever
from tests.unit.workflows.playbooks.stages import (
    archived,
    claimed,
    closed,
    filed,
    graded,
    resolved,
)
from workflows.actions.fire_timers import Escalated, Reminded
from workflows.flow.outlook import at_top, outlook, overdue


@pytest.fixture
def play():
    return Playbook()


def ahead(play, *, most=100):
    """The outlook as (local time, kind, clock, to)."""
    return [
        (local(one.at), one.kind, one.clock, play.plain(one.to))
        for one in outlook(play.case, play.world, most=most)
    ]


@pytest.mark.parametrize("stage", [filed, claimed, graded, resolved, archived])
def test_if_nobody_does_anything_what_was_ahead_happens(play, stage):
    """L3.1, T4: every reminder and escalation at its time, to whom it was foretold."""
    stage(play)
    foretold = [row for row in ahead(play) if row[1] in ("reminder", "escalation")]
    known = len(play.history)

    play >> until("2026-06-01 09:00") << whatever

    kinds: dict[type, str] = {Reminded: "reminder", Escalated: "escalation"}
    happened = [
        (local(event.at), kinds[type(event.body)], event.body.clock, play.plain(event.body.to))
        for event in play.history[known:]
    ]
    assert sorted(happened) == sorted(foretold)


def test_deputies_are_foretold_too(play):
    play >> absent("liu.yang", "ma.chao", "2026-03-02 08:00", "2026-03-06 18:00")
    filed(play)

    assert ahead(play, most=1) == [
        ("2026-03-02 11:00", "reminder", "task:t1", ["liu.yang", "sun.qi", "ma.chao"])
    ]


def test_due_times_are_ahead_until_they_pass(play):
    filed(play)
    due = ("2026-03-02 13:00", "due", "task:t1", ["liu.yang", "sun.qi"])
    assert due in ahead(play)

    play >> until("2026-03-02 13:01") << whatever

    assert due not in ahead(play)


def test_the_end_of_a_pause_is_ahead_and_the_paused_clock_is_not(play):
    graded(play)
    play >> ask("li.na") << whatever

    assert ("2026-03-09 18:00", "lapse", "cap:t2", []) in ahead(play)
    assert "task:t2" not in [row[2] for row in ahead(play)]


def test_nothing_is_ahead_of_a_case_that_ended(play):
    closed(play)

    assert ahead(play) == []


def test_only_so_many_are_told_the_earliest_first(play):
    graded(play)
    rows = ahead(play)

    assert ahead(play, most=3) == rows[:3]
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_where_nobody_could_be_told_nobody_is_foretold(play):
    play >> file("wu.min") << whatever
    play >> left(*(person.id for person in play.directory.people.values()))

    assert {tuple(row[3]) for row in ahead(play) if row[1] != "due"} == {()}


def late(play):
    """The clocks that are overdue, and those of them whose ladder has said all."""
    now = play.world.now
    return (
        {clock.key for clock in overdue(play.case, now=now)},
        {clock.key for clock in at_top(play.case, now=now)},
    )


def test_a_ladder_is_at_its_top_when_its_last_rung_has_fired(play):
    graded(play)
    assert late(play) == (set(), set())

    play >> until("2026-03-03 09:00") << whatever
    assert late(play) == ({"first_response"}, set())

    play >> until("2026-06-01 09:00") << whatever
    running, top = late(play)
    assert running == top == {"first_response", "closing", "task:t2"}


def test_a_question_is_watched_by_the_cap_on_its_pause_and_not_by_its_ladder_alone(play):
    graded(play)
    play >> ask("li.na") << whatever
    play >> until("2026-03-05 18:00") << whatever

    assert "wait:t2" not in late(play)[1]


def test_what_tells_nobody_new_is_nothing_to_announce(play):
    """The owner leads the department and has the task: after the boss nobody is left to tell."""
    play >> roles(zhou_wei=("complaint-desk", "complaint-manager"), liu_yang=(), sun_qi=())
    play >> roles(wang_fang=())
    play >> file("wu.min") << whatever
    foretold = [one for one in outlook(play.case, play.world, most=100) if one.clock == "task:t1"]
    rungs = [one for one in foretold if one.kind == "escalation"]

    assert [play.plain(one.to) for one in rungs] == [["chen.jing"], [], []]
    assert [one.matters for one in rungs] == [True, False, False]
