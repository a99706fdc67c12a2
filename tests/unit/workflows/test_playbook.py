"""The playbook keeps what it promises: what is not expected, or not as expected, fails."""

from __future__ import annotations

import pytest
from msgspec import structs

from tests.unit.workflows import laws, office
from tests.unit.workflows.deeds import claim, file
from tests.unit.workflows.playbook import Playbook, nothing, refused, then, until, whatever
from workflows.case.events import Event, fold
from workflows.flow.clocks import ClockPlanned
from workflows.flow.ending import CaseClosed, TaskCancelled


@pytest.fixture
def play():
    return Playbook()


def test_a_script_reads_as_what_happens(play):
    play >> file("wu.min") << then.CaseStarted(filer="wu.min", at="2026-03-02 09:00") << whatever
    play >> claim("sun.qi") << then.TaskClaimed(by="sun.qi") << nothing
    play.end()


def test_an_event_that_nobody_expected_fails_the_next_step(play):
    play >> file("wu.min") << then.CaseStarted()

    with pytest.raises(AssertionError, match=r"nobody expected:\nClockPlanned"):
        play >> claim("sun.qi")
    with pytest.raises(AssertionError, match="nobody expected"):
        play.end()
    with pytest.raises(AssertionError, match="nobody expected"):
        play << nothing


def test_a_refusal_that_nobody_expected_fails_the_script(play):
    play >> file("wu.min") << whatever
    play >> claim("li.na")

    with pytest.raises(AssertionError, match=r"refused not_your_task .*liu.yang"):
        play.end()
    with pytest.raises(AssertionError, match="but no refusal"):
        play << whatever
    with pytest.raises(AssertionError, match="TaskClaimed was expected, this happened: refused"):
        play << then.TaskClaimed()


def test_a_field_that_differs_is_shown(play):
    play >> file("wu.min")

    with pytest.raises(AssertionError, match=r"- filer = 'li.na'(.|\n)*\+ filer = 'wu.min'"):
        play << then.CaseStarted(filer="li.na")


def test_another_event_than_expected_is_shown(play):
    play >> file("wu.min")

    with pytest.raises(AssertionError, match="TaskOpened was expected, this happened: CaseStarted"):
        play << then.TaskOpened()


def test_an_event_or_a_field_that_does_not_exist_is_an_error():
    with pytest.raises(KeyError):
        _ = then.TaskEaten
    with pytest.raises(AssertionError, match=r"TaskClaimed has no \['colour'\]"):
        then.TaskClaimed(colour="red")


def test_an_expected_refusal_is_compared_with_its_facts(play):
    play >> file("wu.min") << whatever
    play >> claim("li.na")

    with pytest.raises(AssertionError, match="owners"):
        play << refused("not_your_task", owners=["li.na"])
    play >> claim("li.na") << refused("not_your_task", owners=["liu.yang", "sun.qi"])
    play >> claim("sun.qi")
    with pytest.raises(AssertionError, match="a refusal was expected: TaskClaimed"):
        play << refused("not_your_task")


@pytest.mark.parametrize("expected", [then.TaskClaimed(), refused("not_your_task"), whatever])
def test_nothing_where_something_was_expected_fails(play, expected):
    with pytest.raises(AssertionError, match="nothing"):
        play << expected


def test_time_runs_forward_and_fires_timers_at_their_time(play):
    play >> file("wu.min") << whatever

    play >> until("2026-03-02 12:00") << then.Reminded(at="2026-03-02 11:00")

    assert office.local(play.now) == "2026-03-02 12:00"
    with pytest.raises(AssertionError, match="backwards"):
        play.sleep_until(office.moment("2026-03-01 09:00"))


def test_a_case_that_was_not_filed_is_not_looked_at(play):
    with pytest.raises(AssertionError, match="nothing was filed"):
        _ = play.case
    play >> file("wu.min") << whatever
    with pytest.raises(AssertionError, match="no clock"):
        play.due("task:t9")


# ---------------------------------------------------------------------------- the laws notice


def test_the_laws_notice_a_state_that_events_do_not_add_up_to(play):
    play >> file("wu.min") << whatever

    with pytest.raises(AssertionError, match="do not add up"):
        laws.check_state(play.history, structs.replace(play.case, filer="p_somebody"))


@pytest.mark.parametrize(
    ("body", "law"),
    [
        (CaseClosed(status="completed"), "a closed case has no work"),
        (TaskCancelled(task="t1", reason="returned"), "a running case stands somewhere"),
        (
            ClockPlanned(
                clock="wait:t1",
                why="started",
                started_at=office.moment("2026-03-02 09:00"),
                limit="8wh",
                ladder="question",
                due_at=office.moment("2026-03-02 17:00"),
                rungs=(),
            ),
            "wait:t1 outlived its question",
        ),
    ],
)
def test_the_laws_notice_events_that_leave_loose_ends(play, body, law):
    play >> file("wu.min") << whatever
    stray = Event(
        seq=play.case.seq + 1, at=play.now, actor="system", on_behalf_of=None, via="rule", body=body
    )
    history = (*play.history, stray)

    with pytest.raises(AssertionError, match=law):
        laws.check_state(history, fold(history))


def test_the_laws_notice_a_message_to_nobody(play):
    play >> file("wu.min") << whatever
    stranger = structs.replace(play.effects[0], to="p_stranger")

    with pytest.raises(AssertionError, match="nobody"):
        laws.check_effects(play.case, [stranger], play.world)
    with pytest.raises(AssertionError, match="two messages in one place"):
        laws.check_effects(play.case, [play.effects[0], play.effects[0]], play.world)
