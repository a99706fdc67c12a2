"""Converts answers, cards and stored messages to the JSON objects that the page reads."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

from starlette.responses import Response

from workflows.records import StoredFile


def as_json(value: object) -> Any:
    """Return the JSON form of a value.

    Dataclasses become objects, tuples become lists.

    Raises:
        TypeError: the value has no JSON form, so that nothing is published by accident.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [as_json(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def file_json(file: StoredFile) -> dict[str, object]:
    """Return what the page may know about a file; its hash is left out."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
    }


def json_answer(value: object, *, status: int = 200) -> Response:
    """Return a response with a value in its JSON form, which browsers do not cache."""
    return Response(
        json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":")),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
