"""The schema for editors agrees with the model, as far as a schema can, and helps on every key."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from workflows.definition import Definition
from workflows.schema import definition_schema

HERE = Path(__file__).parent / "definitions"
PROCESSES = Path(__file__).parents[3] / "workflows" / "processes"
SHIPPED = sorted(path for path in PROCESSES.glob("*.toml") if path.suffixes == [".toml"])
SCHEMA = definition_schema()
GOOD = tomllib.loads((HERE / "good.toml").read_text(encoding="utf-8"))

TYPES: dict[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}
SIZES: dict[str, Callable[[Any, Any], bool]] = {
    "minLength": lambda value, limit: len(value) >= limit,
    "maxLength": lambda value, limit: len(value) <= limit,
    "minItems": lambda value, limit: len(value) >= limit,
    "maxItems": lambda value, limit: len(value) <= limit,
    "minProperties": lambda value, limit: len(value) >= limit,
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "pattern": lambda value, limit: re.search(limit, value) is not None,
    "enum": lambda value, limit: value in limit,
    "const": lambda value, limit: value == limit,
    "required": lambda value, limit: set(limit) <= set(value),
}
SAID = {"type", "title", "description", "examples", "default", "discriminator", "$schema", "$defs"}


def matching(patterns, key):
    return [schema for pattern, schema in patterns.items() if re.search(pattern, key)]


def accepts(schema, value: Any):
    """The part of JSON Schema that the schema uses; a word it does not know is an error."""
    if "$ref" in schema:
        return accepts(SCHEMA["$defs"][schema["$ref"].removeprefix("#/$defs/")], value)
    if "oneOf" in schema:
        return sum(accepts(one, value) for one in schema["oneOf"]) == 1
    is_typed = isinstance(value, TYPES[schema["type"]])
    return is_typed and all(fits(schema, word, value) for word in schema)


def fits(schema, word, value: Any):
    limit = schema[word]
    named = schema.get("properties", {})
    patterns = schema.get("patternProperties", {})
    if word in SIZES:
        return SIZES[word](value, limit)
    if word == "properties":
        return all(accepts(limit[key], value[key]) for key in limit.keys() & value.keys())
    if word == "additionalProperties":
        others = [key for key in value if key not in named and not matching(patterns, key)]
        return all(limit and accepts(limit, value[key]) for key in others)
    if word == "patternProperties":
        return all(accepts(one, value[key]) for key in value for one in matching(limit, key))
    if word == "propertyNames":
        return all(accepts({"type": "string"} | limit, key) for key in value)
    if word == "items":
        return all(accepts(limit, item) for item in value)
    assert word in SAID, word
    return True


@pytest.mark.parametrize("path", [HERE / "good.toml", *SHIPPED], ids=lambda path: path.stem)
def test_shipped_definitions_fit_the_schema(path):
    assert accepts(SCHEMA, tomllib.loads(path.read_text(encoding="utf-8")))


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
    assert not accepts(SCHEMA, tree)
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
