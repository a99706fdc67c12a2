"""The JSON that the playground's page reads: one record for each of its types.

The records become JSON objects with the same keys. A test compares them with the types of
docs/reference/playground-api.md, which says what each key means; cards, buttons and files are
those of `handlers.pages`. Times are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from handlers.diagram.view import DrawnDiagram
from handlers.pages import Button, Card, FileLink, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class PageName:
    """A person or a process, by key and name."""

    key: str
    name: str


# ---------------------------------------------------------------------------- the world


@dataclass(frozen=True, slots=True, kw_only=True)
class PageNext:
    """The next reminder or escalation of any case."""

    at: str
    at_text: str
    in_text: str
    text: str
    case: str
    person: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLate:
    """The number of overdue cases as a text, and the oldest of them."""

    text: str
    case: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePerson:
    """A persona."""

    key: str
    id: str
    name: str
    title: str
    department: str
    initials: str
    hue: int  # of the avatar, 0 to 359
    unread: int
    tasks: int
    away: bool
    away_text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCommand:
    """A command that can be typed."""

    text: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageExample:
    """A case that the page files for a persona before it makes an offer."""

    person: str
    token: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOffer:
    """A proposal to a new user: a command of a persona, a move of the clock, or sample data."""

    id: str
    text: str
    person: str | None = None
    command: str = ""
    move: str = ""
    sample: str = ""
    example: PageExample | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCaseLine:
    """A case in the list of all cases."""

    id: str
    title: str
    status: str
    status_text: str
    node_text: str
    due_at: str | None
    due_text: str
    tone: Tone
    filer_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWorld:
    """The simulated world."""

    now: str
    now_text: str
    day_text: str
    zone: str
    office: Literal["open", "closed", "holiday"]
    office_text: str
    next: PageNext | None
    late: PageLate | None
    idle_text: str
    file_most: int
    revision: int
    company: str
    people: tuple[PagePerson, ...]
    commands: tuple[PageCommand, ...]
    offers: tuple[PageOffer, ...]
    processes: tuple[PageName, ...]
    cases: tuple[PageCaseLine, ...]
    sample: str = ""
    previews: tuple[str, ...] = ()
    drafts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMoved:
    """What happened while the clock was moved."""

    now: str
    happened: tuple[str, ...]


# ---------------------------------------------------------------------------- a chat


@dataclass(frozen=True, slots=True, kw_only=True)
class PageConversation:
    """A conversation: about one case, or with every message (`case` is None)."""

    case: str | None
    title: str
    preview: str
    at: str | None
    at_text: str
    unread: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PageMessage:
    """A message in a chat; `author` is "bot" or the key of a person."""

    id: str
    author: str
    author_name: str
    case: str | None
    at: str
    at_text: str
    edited: bool
    edited_text: str
    unread: bool
    text: str
    card: Card | None
    files: tuple[FileLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageChat:
    """The chat of a persona with the bot."""

    person: PagePerson
    conversations: tuple[PageConversation, ...]
    messages: tuple[PageMessage, ...]


# ---------------------------------------------------------------------------- a case


@dataclass(frozen=True, slots=True, kw_only=True)
class PageHidden:
    """The reason why a persona may not read a case."""

    hidden: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageClock:
    """A clock of a case; `share` is the elapsed part of its limit, 0 to 1."""

    key: str
    name: str
    status: str
    due_at: str
    due_text: str
    left_text: str
    share: float
    tone: Tone
    provisional_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageTask:
    """A task of a case; `people` may act on it, or decided it."""

    id: str
    node: str
    title: str
    people: tuple[PageName, ...]
    status: str
    status_text: str
    due_at: str | None
    due_text: str
    tone: Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class PageAhead:
    """A planned event of a case."""

    at: str
    at_text: str
    in_text: str
    text: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEvent:
    """An entry of the history of a case; `message` is the id of the message about it, or ""."""

    seq: int
    at: str
    at_text: str
    who: str
    text: str
    quote: str
    kind: str
    node: str
    message: str
    files: tuple[FileLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageField:
    """A filled field of a case."""

    label: str
    value: str
    files: tuple[FileLink, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageDocument:
    """A link to a document of a case."""

    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageCase:
    """A case as a persona may see it."""

    id: str
    title: str
    process: str
    status: str
    status_text: str
    tone: Tone
    filer: PageName
    created_text: str
    may: tuple[Button, ...]
    diagram: DrawnDiagram
    clocks: tuple[PageClock, ...]
    tasks: tuple[PageTask, ...]
    ahead: tuple[PageAhead, ...]
    history: tuple[PageEvent, ...]
    fields: tuple[PageField, ...]
    documents: tuple[PageDocument, ...]
