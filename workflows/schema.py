"""The JSON Schema of a definition file, for completion and help in editors.

It is generated from the model, so that it is always up to date. It checks less than `lint.py` (no
schema can require that a node is reachable), but everything that it refuses is refused by loading
as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from workflows.loading import BASE_DIGITS
from workflows.model.definition import Definition
from workflows.model.words import Model

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def definition_schema(meaning: Callable[[type[Model], str], str]) -> dict[str, Any]:
    """Return the schema of a definition file, draft 2020-12.

    `meaning` describes a key of a part of the model; its text is the help on the key.
    """
    schema = Definition.model_json_schema()
    parts = {"Definition": schema, **schema["$defs"]}
    models = {one.__name__: one for one in model_parts()}
    for name, part in parts.items():
        for key, value in part.get("properties", {}).items():
            part["properties"][key] = _for_editors(value) | {
                "description": meaning(models[name], key)
            }
    base = {"type": "string", "pattern": f"^[0-9a-f]{{{BASE_DIGITS}}}$"}
    base["description"] = meaning(Definition, "based_on")
    schema["properties"] = {"based_on": base, **schema["properties"]}
    return {"$schema": DIALECT, **schema, "title": "closeloop process definition"}


def model_parts(base: type[Model] = Model) -> Iterator[type[Model]]:
    """Yield every part of which a definition is made, as classes of the model."""
    for one in base.__subclasses__():
        yield one
        yield from model_parts(one)


def _for_editors(value: dict[str, Any]) -> dict[str, Any]:
    """Return a property without null, which TOML does not have, and with closed tables."""
    kept = {key: part for key, part in value.items() if key != "default" or part is not None}
    choices = [choice for choice in kept.pop("anyOf", []) if choice != {"type": "null"}]
    if choices:
        (only,) = choices
        kept |= only
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    return kept
