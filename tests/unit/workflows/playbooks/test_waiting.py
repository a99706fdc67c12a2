"""Waiting for the customer or a supplier: the clocks of the task stand still, up to the cap."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import answer, ask, claim, complete, file, replan, transfer, urge
from tests.unit.workflows.office import calendar, key
from tests.unit.workflows.playbook import Playbook, Step, left, refused, then, until, whatever
from tests.unit.workflows.rehearsal.rehearsed import rehearsed
from workflows.actions.carry_on import CarryOn
from workflows.actions.follow_directory import FollowDirectory
from workflows.actions.wait_for import WaitFor
from workflows.case.clock import ClockStatus
from workflows.case.events import SYSTEM, fold
from workflows.loading import Loaded, load_definition
from workflows.model.clocks import Outside

HOUR = 3600 * 10**6


@cache
def process() -> Loaded:
    path = Path(__file__).parent / "waiting.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


@pytest.fixture
def play(playbook) -> Playbook:
    """Filed on Monday 2026-03-02 at nine, due on Wednesday 4 March at six; li.na has it."""
    one: Playbook = playbook(process())
    one >> file("wu.min") << whatever
    one >> claim("li.na") << whatever
    one >> until("2026-03-02 10:00")
    return one


def wait(person: str, on: Outside = "customer", *, day: str = "") -> Step:
    return lambda play: play.give(
        WaitFor(
            actor=key(person),
            via="web",
            task=play.task.id,
            on=on,
            content=play.content(),
            until=date.fromisoformat(day) if day else None,
        )
    )


def carry_on(person: str) -> Step:
    return lambda play: play.give(CarryOn(actor=key(person), via="web", task=play.task.id))


def standing(play: Playbook) -> dict[str, str]:
    return {
        clock.key: clock.status.value
        for clock in play.case.clocks
        if clock.status is not ClockStatus.STOPPED
    }


def test_waiting_pauses_the_step_and_the_clocks_that_pause_and_no_other(play):
    play >> wait("li.na") << then.WaitingBegan(task="t1", on="customer", actor="li.na")
    play << then.ClockPaused(clock="task:t1", left="1 day, 2:00:00 working")
    (
        play
        << then.ClockPaused(clock="repair")
        << then.ClockPlanned(clock="wait:t1", due_at="2026-03-03 18:00")
    )
    play << then.ClockPlanned(clock="cap:t1", due_at="2026-03-05 18:00")
    assert standing(play) == {
        "response": "running",  # what the customer was promised never stands still
        "repair": "paused",
        "task:t1": "paused",
        "wait:t1": "running",
        "cap:t1": "running",
    }


def test_carrying_on_leaves_the_working_time_that_was_left(play):
    play >> wait("li.na", "supplier") << whatever
    play >> until("2026-03-03 10:00")
    play >> carry_on("li.na") << then.WaitingEnded(paused=9 * HOUR, actor="li.na") << whatever
    assert play.due("task:t1") == "2026-03-05 18:00"  # a working day later
    assert fold(play.history) == play.case


def test_pausing_outside_working_time_is_harmless(play):
    play >> until("2026-03-02 19:00")
    play >> wait("li.na") << whatever
    play >> until("2026-03-03 08:00")
    play >> carry_on("li.na") << then.WaitingEnded(paused=0) << whatever
    assert play.due("task:t1") == "2026-03-04 18:00"


def test_the_assignee_is_reminded_to_look_after_it(play):
    play >> wait("li.na") << whatever
    play >> until("2026-03-03 17:59")
    play >> until("2026-03-03 18:00") << then.Reminded(clock="wait:t1", to=["li.na"])


def test_whoever_has_the_task_by_now_is_reminded(play):
    play >> wait("li.na") << whatever
    play >> transfer("li.na", "gao.yu") << whatever
    play >> until("2026-03-03 18:00") << then.Reminded(clock="wait:t1", to=["gao.yu"])
    play >> carry_on("li.na") << refused("not_your_task")
    play >> carry_on("gao.yu") << whatever


def test_with_a_day_the_reminder_comes_when_work_begins_on_it(play):
    (
        play
        >> wait("li.na", day="2026-03-05")
        << then.WaitingBegan(until="2026-03-05 09:00")
        << whatever
    )
    play >> until("2026-03-05 08:59")
    play >> until("2026-03-05 09:00") << then.Reminded(clock="wait:t1", to=["li.na"])


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-01"])
def test_a_day_that_is_over_is_refused(play, day):
    play >> wait("li.na", day=day) << refused("waiting_day_past")


def test_all_waiting_together_has_a_cap(play):
    """Two days with the customer leave one for the supplier."""
    play >> wait("li.na") << whatever
    play >> until("2026-03-04 10:00") << whatever
    play >> carry_on("li.na") << whatever
    play >> wait("li.na", "supplier") << whatever
    assert play.due("cap:t1") == "2026-03-05 18:00"
    play >> until("2026-03-05 17:59")
    play >> until("2026-03-05 18:00") << whatever
    assert play.posts("lapsed") == ["li.na"]
    assert standing(play) == {"response": "running", "repair": "running", "task:t1": "running"}
    play >> wait("li.na") << refused("pause_used_up", cap="3wd")


def test_a_task_waits_for_one_thing_at_a_time(play):
    play >> wait("li.na") << whatever
    play >> wait("li.na", "supplier") << refused("already_waiting")
    play >> ask("li.na") << refused("already_waiting")
    play >> answer("wu.min") << refused("nothing_asked")
    play >> urge("wu.min") << refused("urge_while_paused")


def test_nobody_carries_on_where_nothing_is_awaited(play):
    play >> carry_on("li.na") << refused("nothing_awaited")


def test_only_the_parties_of_the_definition_are_waited_for(play, playbook):
    play >> ask("li.na") << refused("questions_not_offered")
    other = playbook()
    other >> file("wu.min") << whatever
    other >> claim("liu.yang") << whatever
    other >> wait("liu.yang") << refused("waiting_not_offered")
    other >> ask("liu.yang") << whatever
    other >> wait("liu.yang") << refused("already_asked")
    other >> carry_on("liu.yang") << refused("nothing_awaited")


def test_completing_the_task_ends_the_waiting(play):
    play >> wait("li.na") << whatever
    play >> complete("li.na") << whatever
    assert standing(play) == {}


def test_whoever_waits_and_leaves_does_not_end_it(play):
    """Nobody was asked who could have left."""
    play >> wait("li.na") << whatever
    play >> left("li.na")
    play >> (lambda play: play.give(FollowDirectory(actor=SYSTEM, via="timer")))
    play.news.clear()
    assert play.case.known_task("t1").question is not None


def test_a_day_off_moves_the_cap_and_not_the_expected_day(play):
    play >> wait("li.na", day="2026-03-05") << whatever
    play.calendar = calendar(off=frozenset({date(2026, 3, 4)}))
    play >> replan << whatever
    assert play.due("cap:t1") == "2026-03-06 18:00"
    assert play.due("wait:t1") == "2026-03-05 09:00"


def test_a_rehearsal_waits_for_each_party_and_goes_on():
    report = rehearsed(process())
    assert report.complete
    assert {tally.kind: tally.missing for tally in report.tallies if tally.missing} == {}


def test_a_rehearsal_of_questions_alone_waits_for_nobody_outside():
    loaded = process()
    pause = loaded.definition.pause
    assert pause is not None
    filer = pause.model_copy(update={"on": ("filer",)})
    only = replace(loaded, definition=loaded.definition.model_copy(update={"pause": filer}))
    deeds = next(tally for tally in rehearsed(only).tallies if tally.kind == "deed")
    assert [item.of for item in deeds.all] == ["asked", "answered", "withdrawn"]
