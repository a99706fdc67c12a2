"""Intents: what a person did on a platform, in a form that is the same for all platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from types import MappingProxyType
from typing import Any

from handlers.i18n import Typed
from handlers.tokens import is_anonymous


@dataclass(frozen=True, slots=True, kw_only=True)
class _Intent:
    person: str  # the person's key, which the platform has verified
    via: str  # "playground", "slack", "telegram", "cli"
    key: str  # the idempotency key: the same for every delivery of the interaction
    owed: bool = False  # whether its answer is pending until the platform reports its delivery
    language: str = ""  # "zh" or "en" if the platform overrides the directory
    typed: Typed | None = None  # how commands are typed there, if not as a slash and the name


@dataclass(frozen=True, slots=True, kw_only=True)
class Said(_Intent):
    """A person typed a command, a text, or a comment on a case."""

    text: str
    case_id: str | None = None  # the case of a comment
    files: tuple[str, ...] = ()  # ids of uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed(_Intent):
    """A person pressed a button."""

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(_Intent):
    """A person submitted a form. Values are raw: text, lists of text, ids of uploads."""

    token: str
    values: Mapping[str, object] = field(default_factory=dict)


Intent = Said | Pressed | Submitted

# The names in dead letters. They never change, even if a class is renamed.
STORED: Mapping[str, type[Intent]] = MappingProxyType(
    {"Said": Said, "Pressed": Pressed, "Submitted": Submitted}
)


def payload_of(intent: Intent) -> dict[str, Any]:
    """Return an intent as stored in a dead letter: its stored name as `type`, and its fields.

    The answers of an anonymous form are left out.

    Raises:
        TypeError: its class has no stored name.
    """
    for name, kind in STORED.items():
        if type(intent) is kind:
            kept = asdict(intent)
            del kept["typed"]  # only for the answer, which nobody reads after a replay
            if is_anonymous(kept.get("token", "")) and "values" in kept:
                kept["values"] = {}
            return {"type": name, **kept}
    raise TypeError(f"{type(intent).__name__} has no stored name in {__name__}.STORED")


def intent_from(payload: Mapping[str, Any]) -> Intent | None:
    """Return the intent in a dead letter; None if it has none, such as unreadable raw input."""
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
