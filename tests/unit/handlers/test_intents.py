"""Intents are kept in dead letters under names from a table, and read back by it."""

from dataclasses import dataclass
from typing import Any, get_args

import pytest

from handlers.intents import (
    STORED,
    Intent,
    Pressed,
    Said,
    Submitted,
    intent_from,
    payload_of,
)

WHO: dict[str, Any] = {"person": "p_1", "via": "slack", "key": "k"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Unnamed:
    """What nobody gave a stored name."""


def test_every_intent_has_one_stored_name() -> None:
    kinds = set(get_args(Intent))
    without = sorted(kind.__name__ for kind in kinds - set(STORED.values()))

    assert without == [], "give them names in handlers/intents.py"
    assert len(STORED) == len(kinds)


def test_an_intent_without_a_stored_name_is_an_error_that_names_it() -> None:
    known = r"Unnamed has no stored name in handlers\.intents"
    with pytest.raises(TypeError, match=known):
        payload_of(Unnamed())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "intent",
    [
        Said(**WHO, text="/mine", files=("f_1",)),
        Pressed(**WHO, token="claim|C-2026-0001|t1|", owed=True),
        Submitted(**WHO, token="start|||complaint", values={"a": ["b"]}, language="en"),
    ],
)
def test_an_intent_survives_being_buried(intent: Intent) -> None:
    assert intent_from(payload_of(intent)) == intent


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"update": {"update_id": 1}},  # raw, as no platform could read it
        {"type": "block_actions", "user": {"id": "U1"}},
        {"type": "annotations"},  # a name that the module has, and no intent
        {"type": ["Said"]},
        {"type": "Said", **WHO},  # no text
        {"type": "Said", **WHO, "text": "", "mood": "bad"},
    ],
)
def test_a_letter_without_an_intent_holds_none(payload: dict[str, object]) -> None:
    assert intent_from(payload) is None
