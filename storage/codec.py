"""The text form of events and snapshots.

An event is stored once, as the canonical JSON over which its hash is computed, and is never
rewritten::

    {"actor":"p_1","at":1767225600000000,"body":{…},"case":"C-2026-0001","on_behalf_of":null,
     "seq":1,"type":"CaseStarted","v":1,"via":"web"}

`v` is the schema version of the body. The functions in `UPCASTS` convert older versions when an
event is read; the stored text is not changed.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from storage.errors import StorageError
from workflows.canonical import canonical_json
from workflows.case.events import SCHEMA_VERSION, Event
from workflows.case.state import Case
from workflows.registry import EVENTS

SNAPSHOT_VERSION = 2  # 1 had no version, and counted rounds, returns and actions in the case itself
_VERSION = f'{{"v":{SNAPSHOT_VERSION},'

Upcast = Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]

# Version n → converts (type, body) of version n to version n + 1.
UPCASTS: dict[int, Upcast] = {}


def event_text(case_id: str, event: Event) -> str:
    """Return the canonical text of an event, which is stored and hashed."""
    name = event.body.stored
    return canonical_json(
        {
            "v": SCHEMA_VERSION,
            "case": case_id,
            "seq": event.seq,
            "at": event.at,
            "actor": event.actor,
            "on_behalf_of": event.on_behalf_of,
            "via": event.via,
            "type": name,
            "body": _adapter(name).dump_python(event.body, mode="json"),
        }
    )


def event_from(text: str) -> Event:
    """Read an event from its stored text. Raises StorageError `event_unreadable`."""
    try:
        record = json.loads(text)
        kind, body = _upcast(record["v"], record["type"], record["body"])
        return Event(
            seq=record["seq"],
            at=record["at"],
            actor=record["actor"],
            on_behalf_of=record["on_behalf_of"],
            via=record["via"],
            body=_body(kind, body),
        )
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise StorageError("event_unreadable", why=f"{type(error).__name__}: {error}") from error


def state_text(case: Case) -> str:
    """Return the snapshot of a case as JSON, with the version of its shape."""
    return _VERSION + _case_adapter().dump_json(case).decode()[1:]


def state_from(text: str) -> Case | None:
    """Read a case from its stored snapshot; None when that has the shape of another version.

    Then the case is folded from its events, which any version can do.
    """
    if not text.startswith(_VERSION):
        return None
    return _case_adapter().validate_json("{" + text.removeprefix(_VERSION))


def _upcast(version: int, kind: str, body: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    if not 1 <= version <= SCHEMA_VERSION:
        raise ValueError(f"version {version} of an event is not known here")
    for step in range(version, SCHEMA_VERSION):
        kind, body = UPCASTS[step](kind, body)
    return kind, body


def _body(kind: str, body: dict[str, Any]) -> Any:
    unknown = set(body) - _fields(kind)
    if unknown:
        raise ValueError(f"{kind} has no {', '.join(sorted(unknown))}")
    return _adapter(kind).validate_python(body)


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(EVENTS[kind])


@cache
def _fields(kind: str) -> frozenset[str]:
    return frozenset(field.name for field in dataclasses.fields(EVENTS[kind]))


@cache
def _case_adapter() -> TypeAdapter[Case]:
    return TypeAdapter(Case)
