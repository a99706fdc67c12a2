"""Every action and every event is registered, under a name that does not follow its class."""

from __future__ import annotations

import pkgutil
from inspect import isabstract
from typing import Any

import pytest

from workflows import actions
from workflows.case.action_type import Untried
from workflows.case.command import Command
from workflows.case.events import Body, FirstBody
from workflows.registry import ACTIONS, EVENTS, FLOW_EVENTS

NOTHING: Any = None


class _Unfinished(Body, frozen=True, kw_only=True):
    """A type of event that says nothing of the state."""


class _UnfinishedStart(FirstBody, frozen=True, kw_only=True):
    """The same of a first event."""


def below(kind: type) -> set[str]:
    """The names of what is made of a class and can be made; slots make each class twice."""
    kinds: list[type] = kind.__subclasses__()
    made = [one for one in kinds if not isabstract(one) and one is not FirstBody]
    named = {one.__name__ for one in made if "tests" not in one.__module__}
    own = {name for name in named if not name.startswith("_")}  # others are bases
    return own.union(*map(below, kinds))


def test_every_module_of_actions_is_registered_under_its_own_name() -> None:
    assert {module.name for module in pkgutil.iter_modules(actions.__path__)} == set(ACTIONS)


def test_every_command_belongs_to_one_action() -> None:
    commands = [action.command.__name__ for action in ACTIONS.values()]

    assert sorted(commands) == sorted(below(Command))


def test_every_event_has_one_stored_name() -> None:
    listed = [*FLOW_EVENTS, *(one for action in ACTIONS.values() for one in action.events)]

    assert sorted(one.__name__ for one in listed) == sorted(below(Body))
    assert len(EVENTS) == len(listed)


def test_every_event_can_be_applied() -> None:
    """A record has no abstract methods, so nothing else finds one that lacks its method."""
    for kind in EVENTS.values():
        assert issubclass(kind, FirstBody) or kind.apply is not Body.apply, kind
        assert not issubclass(kind, FirstBody) or kind.begin is not FirstBody.begin, kind
    with pytest.raises(NotImplementedError):
        _Unfinished().apply(NOTHING, NOTHING)
    with pytest.raises(NotImplementedError):
        _UnfinishedStart().begin(NOTHING)


def test_every_action_is_tried_by_a_rehearsal_or_says_why_not() -> None:
    for action in ACTIONS.values():
        tried = action.rehearsal
        if isinstance(tried, Untried):
            assert tried.why, f"{action.name} is not rehearsed and does not say why"
        else:
            assert action.does, f"{action.name} has no word for scenarios"
