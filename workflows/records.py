"""Rows as the shell sees them: frozen records that cross the line between use cases and storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workflows.case.events import Event
from workflows.case.state import Case, ContentRef

HASHES = "sha256"  # in the body of a content: by the id of every file in it, its hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Personal content, apart from the proof: form values, comments, reasons.

    `body` is a JSON object, e.g. {"values": {...}} for forms or {"text": "…"} for comments. It is
    None once erased. `digest` is SHA-256 over the salt and the canonical JSON of the body.
    """

    id: str
    case_id: str
    kind: str  # "form:<key>", "comment", "question", "answer", "reason", "survey"
    author: str  # a person's key
    at: datetime
    salt: str
    body: Mapping[str, Any] | None
    digest: str

    @property
    def ref(self) -> ContentRef:
        """The reference that events hold."""
        return ContentRef(id=self.id, digest=self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded or produced file. The bytes lie on disk under `id`; `name` is only text."""

    id: str
    case_id: str | None  # None until the form that carries it was accepted
    name: str
    media_type: str
    size: int
    sha256: str
    owner: str  # a person's key
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefinition:
    """A published version of a definition. `hash` is SHA-256 of `text`, the TOML as published."""

    key: str
    version: int
    hash: str
    text: str
    published_at: datetime
    published_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One line of a list of cases."""

    id: str
    process: str
    version: int
    definition: str
    status: str
    node: str
    filer: str
    created_at: datetime
    due_at: datetime | None  # the earliest due time of a running clock
    closed_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One line of a worklist: an open task that one of the asked people may act on."""

    case_id: str
    task: str
    node: str
    process: str
    definition: str
    owners: tuple[str, ...]
    claimed: bool
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWord:
    """A word that a case has: in its number, in a filled form, or by being of these processes."""

    word: str
    processes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """Which cases to list: every given condition must hold. Newest first."""

    process: str | None = None
    status: str | None = None
    filer: str | None = None
    participant: str | None = None
    words: tuple[SearchWord, ...] = ()
    limit: int = 50
    before: str | None = None  # a case id, to page on


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent:
    """An event with its stored canonical text and its place in the case's hash chain."""

    case_id: str
    event: Event
    text: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DueTimer:
    """A clock of a case whose next rung is due."""

    case_id: str
    clock: str
    due_at: datetime
    attempts: int = 0  # how often it could not be handled


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message to be posted or brought up to date. A newer one replaces it; `revision` grows."""

    id: str
    case_id: str | None
    to: str
    slot: str
    kind: str
    lane: int
    task: str | None
    args: Mapping[str, str]
    created_at: datetime
    next_at: datetime
    attempts: int
    revision: int
    refresh_only: bool  # never posts anew, only updates what is already there
    tried: tuple[str, ...] = ()  # platforms on which this person could not be reached
    claim: int = 0  # how often it was claimed: proves that it is still the caller's


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that a person has: where it is, what it showed last."""

    case_id: str | None
    to: str
    slot: str
    kind: str
    task: str | None
    args: Mapping[str, str]
    platform: str
    ref: str  # the platform's own reference to the message
    content_hash: str
    revision: int
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """A line of a digest: a task of a case that its reader is told of. `digest` is its slot."""

    case_id: str
    to: str
    digest: str
    task: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A form that somebody began to fill in. `values` are raw answers by question."""

    person: str
    form: str  # the token of its sheet
    values: Mapping[str, Any]
    place: Mapping[str, Any]  # where it is being filled in, in words of the platform
    via: str
    at: datetime
    sent: bool = False  # handed in; what it needs from outside is still being fetched


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemedCode:
    """Whose one-time code was used, and whether it was made at the command line."""

    person: str
    by_operator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNotice:
    """An account that was linked by a code, for those who may object to it."""

    id: str
    person: str
    platform: str
    account: str
    former: str  # the account of before, "" for none
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedAnswer:
    """An answer to an interaction that nobody said was told."""

    key: str  # of the interaction
    person: str
    answer: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An interaction or message that could not be handled; kept to be looked at and replayed."""

    id: str
    what: str  # "interaction" | "message" | "timer"
    source: str
    payload: Mapping[str, Any]
    error: str
    at: datetime
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A message in the playground's chat. `body` is JSON: cards by language, or what was said."""

    id: str
    person: str  # whose conversation it is in
    author: str  # "bot" or a person's key
    case_id: str | None
    body: Mapping[str, Any]
    at: datetime
    edited_at: datetime | None = None
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The end of a case's chain: what a checkpoint keeps."""

    case_id: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What one decision does to a case: the new state and the events that led there."""

    case: Case
    events: tuple[Event, ...]
    new: bool = False
