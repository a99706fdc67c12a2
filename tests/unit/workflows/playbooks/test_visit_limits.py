"""Several signers have a deadline together, beside that of each seat."""

from __future__ import annotations

import pytest

from tests.unit.workflows import office
from tests.unit.workflows.deeds import answer, ask, closed_on, take_back, withdraw
from tests.unit.workflows.playbook import until, whatever
from tests.unit.workflows.playbooks.seated import filed, process, seat, states, vote
from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.effects import watched_tasks
from workflows.rehearsal.items import items
from workflows.rehearsal.rehearse import rehearse

LIMIT = (("all", "visit_due", '"2wd"'), ("all", "visit_ladder", '"step"'))
LAZY = (("all", "due", '"20wd"'), *LIMIT)
TURNS = (("turn", "visit_due", '"2wd"'), ("turn", "visit_ladder", '"step"'))


def whole(play):
    """The clock of all signers, of the first ballot."""
    return next(clock for clock in play.case.clocks if clock.kind is ClockKind.VISIT)


@pytest.fixture
def play(playbook):
    return filed(playbook, "all", *LAZY)


def test_all_signers_together_have_a_deadline_from_when_they_are_asked(play):
    """features.md §5, sequential: optional overall node limit."""
    clock = whole(play)
    assert (clock.key, clock.limit, clock.ladder) == ("visit:v2", "2wd", "step")
    assert clock.due_at == office.moment("2026-03-04 18:00")


def test_its_rungs_reach_those_who_have_not_signed_yet(play):
    play >> vote("gao.yu", "approve") << whatever
    play >> until("2026-03-03 14:00") << whatever
    assert play.seen("Reminded", "clock", "to") == [("visit:v2", ["li.na", "ma.chao", "xu.ke"])]

    play >> until("2026-03-04 18:00") << whatever
    assert play.seen("Escalated", "clock", "level") == [("visit:v2", 1)]
    assert all(task.rescuers for task in play.case.open_tasks)
    assert watched_tasks(play.case, "visit:v2") == tuple(one.id for one in play.case.open_tasks)


def test_it_is_met_with_the_last_vote(play):
    for signer in ("gao.yu", "li.na", "ma.chao", "xu.ke"):
        assert whole(play).status is ClockStatus.RUNNING
        play >> vote(signer, "approve") << whatever
    assert (whole(play).status, whole(play).met) == (ClockStatus.STOPPED, True)


def test_it_is_met_by_the_vote_that_decides_although_others_have_not_signed(play):
    play >> vote("gao.yu", "reject") << whatever
    assert (whole(play).status, whole(play).met) == (ClockStatus.STOPPED, True)


def test_it_ends_with_the_case(play):
    play >> withdraw("wu.min") << whatever
    assert (whole(play).status, whole(play).met) == (ClockStatus.STOPPED, None)


def test_taking_back_the_vote_that_decided_runs_it_on_to_the_same_time(play):
    due = whole(play).due_at
    play >> vote("gao.yu", "return") << whatever
    assert whole(play).status is ClockStatus.STOPPED
    play >> take_back("gao.yu", seat(play, "gao.yu")) << whatever
    assert (whole(play).status, whole(play).due_at) == (ClockStatus.RUNNING, due)


def test_a_question_of_one_signer_pauses_it_until_no_signer_waits(play):
    mine, other = seat(play, "gao.yu"), seat(play, "li.na")
    play >> ask("gao.yu", mine) << whatever
    assert whole(play).status is ClockStatus.PAUSED
    play >> ask("li.na", other) << whatever

    play >> until("2026-03-02 12:00")
    play >> answer("wu.min", mine) << whatever
    assert whole(play).status is ClockStatus.PAUSED
    play >> answer("wu.min", other) << whatever
    assert (whole(play).status, whole(play).due_at) == (
        ClockStatus.RUNNING,
        office.moment("2026-03-05 12:00"),
    )


def test_it_moves_with_the_calendar(play):
    play >> closed_on("2026-03-03") << whatever
    assert whole(play).due_at == office.moment("2026-03-05 18:00")


def test_signers_in_turn_share_it_while_each_has_their_own_time(playbook):
    play = filed(playbook, "turn", *TURNS)
    due = whole(play).due_at
    play >> until("2026-03-02 17:00")
    first = play.case.open_tasks[0]
    play >> vote(play.plain(first.owners)[0], "approve", first.id) << whatever

    assert [state for _, state, _ in states(play)].count("open") == 1
    assert (whole(play).status, whole(play).due_at) == (ClockStatus.RUNNING, due)


def test_a_rehearsal_covers_its_rungs():
    loaded = process(*LIMIT)
    named = {item.name for item in items(loaded.definition) if item.of == "all"}
    assert {"0", "1", "2", "visit 0", "visit 1", "visit 2"} <= named

    report = rehearse(
        loaded,
        directory=office.directory(),
        calendar=office.calendar(),
        start=office.moment("2026-03-02 09:00"),
    )
    assert [str(item) for one in report.tallies for item in one.missing] == []
