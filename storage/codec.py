"""The text form of events and snapshots, and the hash chain over the texts of a case.

An event is stored once, as the canonical JSON over which its hash is computed, and is never
rewritten::

    {"actor":"p_1","at":1767225600000000,"body":{…},"case":"C-2026-0001","on_behalf_of":null,
     "seq":1,"type":"CaseStarted","v":1,"via":"web"}

`v` is the schema version of the body. The functions in `UPCASTS` convert older versions when an
event is read; the stored text is not changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from typing import Any

from msgspec import MsgspecError, Raw, Struct, convert, json

from storage.errors import StorageError
from workflows.case.events import SCHEMA_VERSION, Body, Event
from workflows.case.state import Case
from workflows.moments import Moment
from workflows.registry import EVENTS

# Version 1 had none, and counted rounds, returns and actions in the case itself; version 2 had a
# reference to every content of the case.
SNAPSHOT_VERSION = 5
_VERSION = f'{{"v":{SNAPSHOT_VERSION},'

Upcast = Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]

# Version n → converts (type, body) of version n to version n + 1.
UPCASTS: dict[int, Upcast] = {}


class _Written(Struct, kw_only=True):
    """An event as it is written."""

    v: int
    case: str
    seq: int
    at: Moment
    actor: str
    on_behalf_of: str | None
    via: str
    type: str
    body: Body


class _Read(Struct, kw_only=True):
    """An event as it is read; the type tells how to decode the body."""

    v: int
    seq: int
    at: Moment
    actor: str
    on_behalf_of: str | None
    via: str
    type: str
    body: Raw


_WRITE = json.Encoder(order="sorted")  # sorted keys and no blanks, as `canonical_json` has them
_READ = json.Decoder(_Read)
_WRITE_CASE = json.Encoder()
_READ_CASE = json.Decoder(Case)


def event_text(case_id: str, event: Event) -> str:
    """Return the canonical text of an event, which is stored and hashed.

    Raises ValueError for a lone surrogate, which could not be stored.
    """
    written = _Written(
        v=SCHEMA_VERSION,
        case=case_id,
        seq=event.seq,
        at=event.at,
        actor=event.actor,
        on_behalf_of=event.on_behalf_of,
        via=event.via,
        type=event.body.stored,
        body=event.body,
    )
    return _WRITE.encode(written).decode()


def event_from(text: str) -> Event:
    """Read an event from its stored text. Raises StorageError `event_unreadable`."""
    try:
        read = _READ.decode(text)
        return Event(
            seq=read.seq,
            at=read.at,
            actor=read.actor,
            on_behalf_of=read.on_behalf_of,
            via=read.via,
            body=_body(read),
        )
    except (KeyError, ValueError, MsgspecError) as error:
        raise StorageError("event_unreadable", why=f"{type(error).__name__}: {error}") from error


def state_text(case: Case) -> str:
    """Return the snapshot of a case as JSON, with the version of its shape."""
    return _VERSION + _WRITE_CASE.encode(case).decode()[1:]


def state_from(text: str) -> Case | None:
    """Read a case from its stored snapshot; None when that has the shape of another version.

    Then the case is folded from its events, which any version can do.
    """
    if not text.startswith(_VERSION):
        return None
    return _READ_CASE.decode("{" + text.removeprefix(_VERSION))


def _body(read: _Read) -> Body:
    if read.v == SCHEMA_VERSION:
        return _decoder(read.type).decode(read.body)
    if not 1 <= read.v < SCHEMA_VERSION:
        raise ValueError(f"version {read.v} of an event is not known here")
    kind, body = read.type, json.decode(read.body)
    for step in range(read.v, SCHEMA_VERSION):
        kind, body = UPCASTS[step](kind, body)
    return convert(body, EVENTS[kind])


@cache
def _decoder(kind: str) -> json.Decoder[Body]:
    return json.Decoder(EVENTS[kind])


# ---------------------------------------------------------------------------- hash chain


def genesis(case_id: str) -> str:
    """Return the hash that precedes the first event of a case."""
    return hashlib.sha256(case_id.encode()).hexdigest()


def link(previous: str, text: str) -> str:
    """Return the hash of an event: over the previous hash and the event's canonical text."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
