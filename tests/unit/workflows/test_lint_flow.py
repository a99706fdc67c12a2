"""What is certain and what is possible on coming to a node."""

from __future__ import annotations

import tomllib
from pathlib import Path

from workflows.lint_flow import facts
from workflows.model.definition import Definition

EARLY = Path(__file__).parent / "definitions" / "early.toml"


def known():
    found = facts(Definition.model_validate(tomllib.loads(EARLY.read_text(encoding="utf-8"))))
    return (
        {node: {name for _, name in here} for node, here in found.certain.items()},
        {node: {name for _, name in here} for node, here in found.possible.items()},
    )


def test_certain_is_what_happened_on_every_way():
    certain, _ = known()
    assert certain == {
        "sort": {"what"},
        "work": {"what"},  # one route sets no clerk
        "check": {"what"},
        "graded": {"what", "grade", "helper", "said"},
        "last": {"what", "grade", "helper", "said", "deputy"},
        "done": {"what", "grade", "helper", "said"},
    }


def test_possible_is_what_happened_on_some_way():
    _, possible = known()
    everything = {"what", "boss", "clerk", "grade", "helper", "said", "deputy"}
    assert possible["sort"] == {"what", "boss"}
    assert possible["work"] == {"what", "boss", "clerk"}
    assert possible["check"] == possible["done"] == everything  # a case may come back to check
