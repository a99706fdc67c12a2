"""The schema for editors agrees with the model, as far as a schema can, and helps on every key."""

from __future__ import annotations

import copy
import json
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from workflows.model.definition import Definition
from workflows.schema import definition_schema

HERE = Path(__file__).parent / "definitions"
PROCESSES = Path(__file__).parents[3] / "workflows" / "processes"
SHIPPED = sorted(path for path in PROCESSES.glob("*.toml") if path.suffixes == [".toml"])
SCHEMA = definition_schema(lambda part, key: f"{part.__name__}.{key}")
GOOD = tomllib.loads((HERE / "good.toml").read_text(encoding="utf-8"))

ACCEPTS = Draft202012Validator(SCHEMA)


def test_it_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", [HERE / "good.toml", *SHIPPED], ids=lambda path: path.stem)
def test_shipped_definitions_fit_the_schema(path):
    ACCEPTS.validate(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("owner",), None),
        (("ownr",), "x"),
        (("name", "en"), None),
        (("key",), "Order"),
        (("departments",), []),
        (("nodes",), []),
        (("nodes", 3, "due"), "2 days"),
        (("nodes", 3, "due"), 5),
        (("nodes", 3, "kind"), "job"),
        (("nodes", 1, "outcomes", "aprove"), {"to": "done"}),
        (("nodes", 1, "outcomes", "return", "at_most"), 21),
        (("nodes", 0, "routes", 0, "set"), {"Buyer": "filer"}),
        (("ladders", "step", "rungs", 2, "at"), "later"),
        (("ladders", "step", "rungs", 2, "at"), "0%"),
        (("ladders", "step", "rungs", 2, "at"), "due + 2y"),
        (("forms", "call", "fields", 0, "type"), "colour"),
        (("forms", "Call"), {}),
        (("survey",), "yes"),
    ],
)
def test_what_the_schema_refuses_the_model_refuses_too(path, value):
    tree = copy.deepcopy(GOOD)
    here = tree
    for part in path[:-1]:
        here = here[part]
    if value is None:
        del here[path[-1]]
    else:
        here[path[-1]] = value
    assert not ACCEPTS.is_valid(tree)
    with pytest.raises(ValidationError):
        Definition.model_validate(tree)


def test_spans_and_rung_times_are_texts():
    assert SCHEMA["$defs"]["TaskNode"]["properties"]["due"]["type"] == "string"
    assert SCHEMA["$defs"]["Rung"]["properties"]["at"]["type"] == "string"
    assert SCHEMA["$defs"]["Rung"]["properties"]["every"]["type"] == "string"
    assert not {"Span", "RungTime", "Unit"} & set(SCHEMA["$defs"])


def test_it_helps_on_every_key_and_knows_no_null():
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "null" not in json.dumps(SCHEMA)
    for part in (SCHEMA, *SCHEMA["$defs"].values()):
        assert all(value["description"] for value in part.get("properties", {}).values())


def test_a_draft_may_say_on_which_version_it_is_based():
    ACCEPTS.validate({"based_on": "0123456789ab", **GOOD})
    assert not ACCEPTS.is_valid({"based_on": "0123", **GOOD})
