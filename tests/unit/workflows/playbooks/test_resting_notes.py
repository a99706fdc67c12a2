"""What a start notes holds from when it is due, whatever its branch waits for (rules: resting)."""

from __future__ import annotations

import pytest

from tests.unit.workflows.deeds import begin, complete, decide, take_back
from tests.unit.workflows.playbook import downtime_until, until, whatever
from tests.unit.workflows.playbooks.test_resting import resting, signed, targets

FACTS = (
    "[ladders.step]",
    """[facts.state]
name = { zh = "状态", en = "State" }
options = [
  { id = "ok", zh = "正常", en = "All right" },
  { id = "looked", zh = "考核中", en = "Looked at" },
  { id = "over", zh = "已到期", en = "Run out" },
  { id = "doubt", zh = "存疑", en = "In doubt" },
]
first = "ok"

[ladders.step]""",
)
BUTTON = 'label = { zh = "提出终止", en = "Propose to end it" }, to = "end"'
NOTED = (
    FACTS,
    ('"5wd", to = "assess"', '"5wd", to = "assess", note = { state = "looked" }'),
    ('"ends + 1d", to = "renew"', '"ends + 1d", to = "renew", note = { state = "over" }'),
    (BUTTON, f'{BUTTON}, note = {{ state = "doubt" }}'),
)


def state(play):
    return play.case.fact("state").option


def noted(play) -> list[tuple[str, str]]:
    return [(fact.option, fact.period) for fact in play.case.facts if fact.name == "state"]


@pytest.fixture
def play(playbook):
    return signed(playbook(resting(*NOTED)), ends="2026-08-31")


def test_a_start_of_a_period_notes_when_it_is_due_with_its_period(play):
    assert state(play) == "ok"
    play >> until("2026-07-06 18:00")
    assert state(play) == "ok"
    play >> until("2026-07-07 09:00") << whatever

    assert (state(play), targets(play)) == ("looked", ["assess"])
    assert noted(play) == [("ok", ""), ("looked", "2026-Q2")]


def test_a_start_on_a_day_notes_when_its_day_has_come(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="no") << whatever
    play >> until("2026-09-01 09:00") << whatever

    assert (state(play), targets(play)) == ("over", ["renew"])


def test_it_notes_although_its_branch_has_to_wait(play):
    """Rulings, wait node: the notes of a start apply when it is due."""
    play >> until("2026-07-07 09:00") << whatever
    play >> begin("wang.fang", "part") << whatever
    assert state(play) == "doubt"
    play >> until("2026-09-01 09:00") << whatever

    assert play.seen("StartDue", "start") == ["ending"]
    assert (state(play), targets(play)) == ("over", ["assess", "end"])


def test_its_branch_does_not_note_it_again_when_it_begins(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> begin("wang.fang", "part") << whatever
    play >> until("2026-09-01 09:00") << whatever
    before = noted(play)
    task = next(task.id for task in play.case.open_tasks if task.node == "end")
    play >> decide("gao.yu", "reject", task) << whatever

    assert "renew" in targets(play)
    assert noted(play) == before


def test_a_button_notes_when_it_is_pressed(play):
    play >> begin("wang.fang", "part") << whatever

    assert (state(play), targets(play)) == ("doubt", ["end"])


def test_after_a_downtime_the_last_one_that_was_due_holds(play):
    play >> downtime_until("2026-09-02 10:00") << whatever

    assert noted(play) == [("ok", ""), ("looked", "2026-Q2"), ("over", "2026-09-01")]


def test_an_option_that_holds_already_is_not_noted_again(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> complete("li.na", bad="no") << whatever
    before = noted(play)
    play >> until("2026-10-13 09:00") << whatever  # the day in between has noted another
    assert [one for one, _ in noted(play)[len(before) :]] == ["over", "looked"]


def test_taking_back_a_decision_of_the_branch_leaves_what_its_start_noted(play):
    play >> until("2026-07-07 09:00") << whatever
    play >> until("2026-07-07 11:00")
    play >> complete("li.na", bad="yes") << whatever
    task = next(task.id for task in play.case.tasks if task.node == "assess")
    play >> take_back("li.na", task) << whatever

    assert (state(play), targets(play)) == ("looked", ["assess"])
