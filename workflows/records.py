"""Rows of the database as frozen records, as use cases and storage exchange them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.case.events import Event
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.metrics.alerting import Series
from workflows.moments import Moment

FORM = "form:"  # prefix of the kind of a content that is a submitted form
HASHES = "sha256"  # key in the body of a content: the hash of each of its files, by file id


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Personal content, stored apart from the events: form values, comments, reasons.

    `body` is a JSON object, e.g. {"values": {...}} for forms or {"text": "…"} for comments. It is
    None once erased. `digest` is SHA-256 over the salt and the canonical JSON of the body.
    """

    id: str
    case_id: str
    kind: str  # "form:<key>", "comment", "problem", "question", "answer", "reason", "survey", …
    author: str  # a person's key
    at: Moment
    salt: str
    body: Mapping[str, Any] | None
    digest: str

    @property
    def ref(self) -> ContentRef:
        """The reference that events store."""
        return ContentRef(id=self.id, digest=self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """An uploaded or generated file. Its bytes are stored on disk under `id`.

    `name` is only displayed; it is never used as a path.
    """

    id: str
    case_id: str | None  # None until the form with the file is accepted
    name: str
    media_type: str
    size: int
    sha256: str
    owner: str  # a person's key
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDefinition:
    """A published version of a definition. `hash` is SHA-256 of `text`, its TOML."""

    key: str
    version: int
    hash: str
    text: str
    published_at: Moment
    published_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One row of a list of cases."""

    id: str
    process: str
    version: int
    definition: str
    status: str
    node: str
    filer: str
    created_at: Moment
    due_at: Moment | None  # the earliest due time of a running clock
    closed_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One line of a worklist: an open task that one of the given people may act on."""

    case_id: str
    task: str
    node: str
    process: str
    definition: str
    owners: tuple[str, ...]
    claimed: bool
    opened_at: Moment
    due_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchWord:
    """A word of a search: in the number, in a form value, or in the name of these processes."""

    word: str
    processes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseQuery:
    """The filter of a list of cases: all given conditions apply.

    Newest first; with `overdue_at` the earliest due time first, with `oldest` the first filed.
    """

    process: str | None = None
    processes: tuple[str, ...] | None = None  # any of these
    status: str | None = None
    node: str | None = None  # the node that it entered last, or of one of its open tasks
    ended: bool | None = None  # whether it has ended
    filer: str | None = None
    filers: tuple[str, ...] | None = None  # any of these
    participant: str | None = None
    decided_by: str | None = None  # a task of it, also through a deputy
    copied_to: str | None = None
    watched_by: str | None = None
    held_by: tuple[str, ...] | None = None  # any of these has an open task of it, or may claim it
    overdue_at: Moment | None = None  # only those that are overdue then
    in_time_at: Moment | None = None  # only those that are not
    filed_since: Moment | None = None
    closed_since: Moment | None = None
    words: tuple[SearchWord, ...] = ()
    oldest: bool = False
    limit: int = 50
    skip: int = 0
    before: str | None = None  # a case id: the page begins after it


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainedEvent:
    """An event with its stored canonical text and its position in the case's hash chain."""

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
    due_at: Moment
    attempts: int = 0  # how often handling it failed


@dataclass(frozen=True, slots=True, kw_only=True)
class OutboxRow:
    """A message to be posted or updated. A newer one replaces it; `revision` increases."""

    id: str
    case_id: str | None
    to: str
    slot: str
    kind: str
    lane: int
    task: str | None
    args: Mapping[str, str]
    created_at: Moment
    next_at: Moment
    attempts: int
    revision: int
    refresh_only: bool  # updates a message that was sent before, never posts one
    tried: tuple[str, ...] = ()  # platforms on which this person could not be reached
    claim: int = 0  # the number of claims that may have had an effect, and this one; the lease


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMessage:
    """A message that was sent to a person, and what it showed last."""

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
    sent_at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestLine:
    """One line of a digest: a task of a case. `digest` is the slot of the digest."""

    case_id: str
    to: str
    digest: str
    task: str
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert of a process at its last check; `subject` is the person whom it is about, or "".

    `value` is when the oldest case was filed, a number of tasks, or of a rate how many of `n`
    count. `told` got its message when it fired last, and `managers` got it later.
    """

    process: str
    alert: str
    subject: str = ""
    series: Series = field(default_factory=Series)
    value: int = 0
    n: int = 0
    fired_at: Moment | None = None
    told: tuple[str, ...] = ()
    managers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormDraft:
    """A form that a person began to fill in. `values` are raw answers by field id."""

    person: str
    form: str  # the token of its sheet
    values: Mapping[str, Any]
    place: Mapping[str, Any]  # where it is filled in, in a format of the platform
    via: str
    at: Moment
    sent: bool = False  # submitted; its files are still being downloaded


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemedCode:
    """The person of a one-time code that was used, and whether it was made by an operator."""

    person: str
    by_operator: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginLink:
    """A link by which its person opens the dashboard once, until it ends."""

    person: str
    ends_at: Moment
    used_at: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkNotice:
    """An account that was linked by a code, for notices to the people who may object."""

    id: str
    person: str
    platform: str
    account: str
    former: str  # the account that was linked before, "" for none
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedAnswer:
    """An answer to an interaction whose delivery no platform has confirmed yet."""

    key: str  # of the interaction
    person: str
    answer: Mapping[str, Any]
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An interaction, message or timer that failed finally, kept for an operator to replay."""

    id: str
    what: str  # "interaction" | "message" | "timer" | "webhook" | "mail"
    source: str
    payload: Mapping[str, Any]
    error: str
    at: Moment
    attempts: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookMessage:
    """A message to another system, about one event of a case.

    `target` is the id of the system's address. `claim` is the number of the claim, by which whoever
    sends it reports what came of it.
    """

    target: str
    case_id: str
    seq: int
    type: str
    body: Mapping[str, Any]
    created_at: Moment
    attempts: int = 0
    claim: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryEntry:
    """A user or a group of the directory that people come from.

    `id` is the one that the source never changes. `external` is an id that a client of ours gave.
    """

    source: str  # "ldap" or "scim"
    id: str
    kind: str  # "user" or "group"
    name: str  # in lower case
    external: str = ""
    person: str | None = None  # the key of whoever it is here
    data: Mapping[str, Any] = field(default_factory=dict)
    created_at: Moment = 0
    changed_at: Moment = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OwedMail:
    """A mail that waits to be sent, to somebody outside or to a person whom no chat reaches.

    Args:
        thread: mails of one thread of a case are sent in order; those to outside have "".
        seq: the number of the event that it was written with; 0 for one to a person.
        person: the person's key; None for somebody outside.
        what: ids that it is made from: of its content, or of the card for a person.
        claim: the number of the claim, by which whoever sends it reports what came of it.
    """

    case_id: str
    thread: str
    seq: int
    person: str | None
    what: Mapping[str, Any]
    created_at: Moment
    attempts: int = 0
    claim: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatMessage:
    """A message in the playground's chat. `body` is JSON: cards by language, or a text."""

    id: str
    person: str  # whose conversation it is in
    author: str  # "bot" or a person's key
    case_id: str | None
    body: Mapping[str, Any]
    at: Moment
    edited_at: Moment | None = None
    read: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last event of a case's hash chain, as a checkpoint stores it."""

    case_id: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The result of a decision for a case: the new state and the events that led to it."""

    case: Case
    events: tuple[Event, ...]
    new: bool = False
