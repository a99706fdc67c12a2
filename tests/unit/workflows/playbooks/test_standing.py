"""Facts with options: noted on the way, read by conditions, and taken back with the decision."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.unit.workflows.deeds import approve, complete, dissatisfied, file, reject, take_back
from tests.unit.workflows.playbook import then, whatever
from workflows.case.draft import Draft
from workflows.case.events import fold
from workflows.flow import facts
from workflows.flow.preview import before_filing
from workflows.lint import lint
from workflows.loading import Loaded, load_definition

OWNER = "wang.fang"


@cache
def partner() -> Loaded:
    path = Path(__file__).parent / "partner.toml"
    return load_definition(path.read_text(encoding="utf-8"), file=path.name)


@pytest.fixture
def play(playbook):
    return playbook(partner())


def standing(play):
    return play.case.fact("standing").option


def filed(play, small="yes"):
    return play >> file("wu.min", who="ACME", small=small)


def test_the_definition_of_these_tests_can_be_published():
    assert lint(partner().definition) == ()


def test_the_first_option_is_noted_when_the_case_is_filed(play):
    filed(play) << then.CaseStarted() << then.ResultNoted(fact="standing", option="applicant")
    play << whatever
    assert play.case.fact("way") is None


def test_what_a_way_notes_is_noted_when_the_case_takes_it(play):
    """By completing, by a route, by an outcome and at an end."""
    filed(play) << whatever
    play >> complete("wu.min") << whatever
    assert (standing(play), play.case.fact("way").option) == ("prepared", "short")
    play >> approve(OWNER) << whatever
    assert standing(play) == "active"
    play >> reject(OWNER) << whatever
    assert standing(play) == "refused"
    assert [one.option for one in play.case.facts if one.name == "standing"] == [
        "applicant",
        "prepared",
        "active",
        "refused",
    ]
    assert fold(play.history) == play.case


def test_conditions_read_the_option_that_was_noted_last(play):
    filed(play, small="no") << whatever
    play >> complete("wu.min") << whatever
    assert play.case.fact("way").option == "long"
    play >> approve(OWNER) << whatever
    play >> approve(OWNER) << whatever
    assert play.case.copied == ()


def test_a_copy_reads_options_too(play):
    filed(play) << whatever
    for who, does in (("wu.min", complete), (OWNER, approve), (OWNER, approve)):
        play >> does(who) << whatever
    assert play.case.copied == ("p_wumin",)


def test_an_option_that_holds_already_is_not_noted_again(play):
    filed(play) << whatever
    play >> complete("wu.min") << whatever
    play >> dissatisfied(OWNER) << whatever
    assert standing(play) == "applicant"
    play >> complete("wu.min") << whatever
    notes = [event.body.option for event in play.history if event.body.stored == "ResultNoted"]
    assert notes == ["applicant", "prepared", "short", "applicant", "prepared"]


def test_a_return_that_is_used_up_notes_nothing(play):
    filed(play) << whatever
    play >> complete("wu.min") << whatever
    play >> dissatisfied(OWNER) << whatever
    play >> complete("wu.min") << whatever
    play >> dissatisfied(OWNER) << whatever
    assert play.case.node == "refused"
    assert "applicant" not in [one.option for one in play.case.facts[4:]]


def test_taking_a_decision_back_takes_back_what_its_way_noted(play):
    filed(play) << whatever
    play >> complete("wu.min") << whatever
    play.sleep_until(play.now + 1)
    play >> approve(OWNER) << whatever
    play >> take_back(OWNER, task="t2") << whatever
    assert standing(play) == "prepared"
    assert play.seen("FactVoided", "why") == ["taken_back"]
    play.sleep_until(play.now + 1)
    play >> approve(OWNER) << whatever
    assert standing(play) == "active"


def test_taking_back_leaves_what_another_decision_noted_at_the_same_moment(play):
    filed(play) << whatever
    play >> complete("wu.min") << whatever
    play >> approve(OWNER) << whatever
    play >> take_back(OWNER, task="t2") << whatever
    assert standing(play) == "prepared"


def test_a_preview_does_not_guess_what_will_be_noted(play):
    """A gateway whose routes read an option is shown with its conditions."""
    route = before_filing(filer="p_wumin", values={"small": "yes"}, world=play.world)
    decide = next(one for one in route if one.node == "decide")
    assert decide.ways == ((),)  # both routes lead there


def test_options_are_noted_for_a_period(play):
    filed(play) << whatever
    draft = Draft(play.case, actor="p_wumin", via="web", values={}, world=play.world)
    facts.note_options(draft, {"standing": "active"}, period="2026-Q3", task="t1")
    noted = draft.case.fact("standing")
    assert noted is not None
    assert noted.period == "2026-Q3"
