"""Every action is shown: what it lacks is said here, before somebody misses it in a chat."""

from __future__ import annotations

import pkgutil

import pytest

from handlers import actions
from handlers.history import FLOW
from handlers.i18n import LANGUAGES, translator
from handlers.registry import SENTENCES, VERBS, VIEWS
from workflows.registry import ACTIONS, EVENTS, FLOW_EVENTS

# A form of the definition opens "start", by a command or the home page; the other case is decided
# by its own people.
WITHOUT_BUTTON = {"finish_work", "follow_other_case", "start"}


def test_every_module_of_actions_shows_the_action_of_its_name() -> None:
    assert {module.name for module in pkgutil.iter_modules(actions.__path__)} == set(VIEWS)
    assert set(VIEWS) <= set(ACTIONS)


@pytest.mark.parametrize("name", [name for name, action in ACTIONS.items() if action.does])
def test_whatever_people_do_has_a_button_that_does_something(name: str) -> None:
    assert name in VIEWS, f"handlers/actions/{name}.py is missing"
    verbs = VIEWS[name].verbs
    assert verbs or name in WITHOUT_BUTTON, f"{name} has no button"
    for verb, does in verbs.items():
        assert does.acts or does.sends, f"the button {verb} of {name} changes nothing"
        assert does.acts or does.opens, f"nobody can open the form of {verb}"


def test_no_two_actions_have_a_verb_of_the_same_name() -> None:
    assert len(VERBS) == sum(len(view.verbs) for view in VIEWS.values())


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_is_told_in_one_place_or_left_out_on_purpose(name: str) -> None:
    kind = EVENTS[name]
    where = FLOW if kind in FLOW_EVENTS else SENTENCES
    assert kind in where, f"{name} has no sentence in the history"
    assert (kind in FLOW) + (kind in SENTENCES) == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", sorted(VERBS))
def test_every_form_of_a_verb_has_its_words(name: str, language: str) -> None:
    words = translator(language)
    own_form = VERBS[name].sends is not None and words.has(f"sheet.{name}.title")
    of_the_definition = {"act", "complete", "approve", "resubmit"}
    if VERBS[name].sends is not None and name not in of_the_definition:
        assert own_form, f"sheet.{name}.title is missing in {language}"
        assert words.has(f"sheet.{name}.submit"), f"sheet.{name}.submit is missing in {language}"
