"""Answers, cards and stored messages as the page reads them: plain JSON objects."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any, TypeVar

from starlette.responses import Response

from handlers.pages import Badge, Button, Card, Fact, FileLink, Line, Tone
from workflows.records import StoredFile

T = TypeVar("T")


def as_json(value: object) -> Any:
    """The JSON form of a value: dataclasses become objects, tuples lists, times ISO 8601.

    TypeError for anything that has no such form, so that nothing leaks out by accident.
    """
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): as_json(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [as_json(inner) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"{type(value).__name__} has no JSON form")


def card_of(data: Mapping[str, Any]) -> Card:
    """The card that a stored message holds: what `as_json` made of it, read back."""
    badge = data.get("badge")
    return Card(
        kind=data["kind"],
        title=data["title"],
        case_id=data.get("case_id"),
        badge=Badge(text=badge["text"], tone=Tone(badge["tone"])) if badge else None,
        text=data.get("text", ""),
        facts=tuple(
            Fact(label=one["label"], value=one["value"], tone=Tone(one.get("tone", "neutral")))
            for one in data.get("facts", ())
        ),
        quote=data.get("quote", ""),
        lines=tuple(_record(Line, one) for one in data.get("lines", ())),
        lines_title=data.get("lines_title", ""),
        files=tuple(_record(FileLink, one) for one in data.get("files", ())),
        buttons=tuple(_record(Button, one) for one in data.get("buttons", ())),
        more=tuple(_record(Button, one) for one in data.get("more", ())),
        note=data.get("note", ""),
    )


def _record(kind: type[T], data: Mapping[str, Any]) -> T:
    """A flat record from its JSON form; what it does not know is left out."""
    known = {field.name for field in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in data.items() if name in known})


def file_json(file: StoredFile) -> dict[str, object]:
    """What the page may know about a file: not its hash, and not who else knows it."""
    return {
        "id": file.id,
        "name": file.name,
        "media_type": file.media_type,
        "size": file.size,
    }


def json_answer(value: object, *, status: int = 200) -> Response:
    """The answer that says this; it is kept nowhere."""
    return Response(
        json.dumps(as_json(value), ensure_ascii=False, separators=(",", ":")),
        status_code=status,
        media_type="application/json",
        headers={"cache-control": "no-store"},
    )
