"""Neutral input: what a person did, on whatever platform, before anybody decided what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from handlers.i18n import Typed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intent:
    person: str  # a person's key: the platform has proved who it is
    via: str  # "playground", "slack", "telegram", "cli"
    key: str  # names this interaction: the same key again is a repeated delivery
    owed: bool = False  # its answer is told by the platform, which reports that it was
    language: str = ""  # "zh" or "en" where the platform knows better than the directory
    typed: Typed | None = None  # how commands are typed there, where it is not a slash and the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(_Intent):
    """Somebody typed something: a /command, or words under a case."""

    text: str
    case_id: str | None = None  # the thread it was typed in
    files: tuple[str, ...] = ()  # ids of uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(_Intent):
    """Somebody pressed a button."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(_Intent):
    """Somebody sent a filled form. Values are raw: text, lists of text, ids of files."""

    token: str
    values: Mapping[str, object] = field(default_factory=dict)


Intent = Said | Pressed | Submitted

# The names in dead letters. They never change, whatever the classes are called.
STORED: Mapping[str, type[Intent]] = MappingProxyType(
    {"Said": Said, "Pressed": Pressed, "Submitted": Submitted}
)


def payload_of(intent: Intent) -> dict[str, Any]:
    """An intent as a dead letter keeps it: its stored name as `type`, and its fields.

    TypeError, with its class, for an intent that has no stored name.
    """
    for name, kind in STORED.items():
        if type(intent) is kind:
            kept = asdict(intent)
            del kept["typed"]  # only the answer needs it, and nobody waits for that of a letter
            return {"type": name, **kept}
    raise TypeError(f"{type(intent).__name__} has no stored name in {__name__}.STORED")


def intent_from(payload: Mapping[str, Any]) -> Intent | None:
    """The intent in a dead letter; None when the letter holds none, such as raw input that no
    platform could read.
    """
    kind = STORED.get(str(payload.get("type")))
    given = {name: value for name, value in payload.items() if name != "type"}
    if kind is None or not given.keys() <= {one.name for one in fields(kind)}:
        return None
    if "files" in given:
        given["files"] = tuple(given["files"])
    try:
        return kind(**given)
    except TypeError:  # a field is missing
        return None
