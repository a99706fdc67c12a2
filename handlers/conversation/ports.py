"""What platforms are given and what they give: the line between use cases and chat platforms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.conversation.intents import Intent
from handlers.i18n import Typed
from handlers.pages import Answer, Button, Card
from workflows.records import ChatMessage, FormDraft, StoredFile

FILE_MOST = 10 * 1024 * 1024  # bytes of a file that anybody may send, on every platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a message is for, as far as a platform must know."""

    person: str  # key
    account: str  # the platform's id of that person
    language: str  # "zh" or "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to post or to change; `cards` in each language the platform asked for.

    A platform is asked about its pace before the cards are made: `cards` are empty then.
    """

    to: Addressee
    kind: str  # of its cards
    cards: Mapping[str, Card]
    token: str  # names this message for ever: for platforms that can refuse a second copy
    notify: bool  # whether a change of an existing message should be noticed
    attempt: int = 1  # how often it was taken up: an earlier attempt may have arrived unnoticed
    since: datetime | None = None  # when it was owed: no earlier attempt can be older
    under: str | None = None  # the platform's reference to the card that this is news about
    quiet: bool = False  # make no sound: the company is closed, or a digest speaks for it


class ChatPort(Protocol):
    """A platform as the outbox sees it. Raises Retryable, Permanent or Unknown, nothing else."""

    name: str
    silent: bool  # whether a message can be posted there without a sound

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """In which languages the platform wants a card for this person."""
        ...

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """This person's account on the platform, "" when there is none.

        `person` may be `#` and the name of a channel, as definitions call it.
        """
        ...

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """For how many seconds this must wait, by the platform's limits; 0: it goes now.

        What may go is counted as going. Asked before the cards are made.
        """
        ...

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """What was told that it goes now does not go after all: it does not count."""
        ...

    async def post(self, delivery: Delivery) -> str:
        """Post a new message; returns the platform's reference to it."""
        ...

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Change a message that was posted before."""
        ...


class ChatStore(Protocol):
    """The playground's own store of messages, as its adapter uses it."""

    async def add(self, message: ChatMessage) -> None: ...

    async def change(self, message_id: str, *, body: Mapping[str, Any], unread: bool) -> bool: ...


class CaseDesk(Protocol):
    """What every platform can ask of the product."""

    async def handle(self, intent: Intent) -> Answer:
        """Do what a person wants; never raises for what a person can do wrong."""
        ...

    async def upload(self, *, person: str, name: str, content: bytes) -> StoredFile:
        """Keep an upload until a form takes it; Refusal when it is too big or of a wrong type."""
        ...

    async def open_file(self, *, person: str, file_id: str) -> tuple[StoredFile, bytes]:
        """A file that this person may read; Refusal otherwise."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """A person behind an account."""

    person: str  # key
    name: str
    language: str  # "zh" or "en"
    zone: str  # IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform says of an account; "" for what it does not say."""

    account: str
    email: str = ""
    language: str = ""  # "zh", "en" or ""
    timezone: str = ""  # IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCommand:
    """Something that can be typed. `name` is without the slash; `process` if it starts a case."""

    name: str
    label: str
    hint: str
    process: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A person's own page: what waits for them, what they filed, what they can start."""

    tasks: Card
    cases: Card
    starts: tuple[Button, ...]
    away: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """An answer that is to be told: words, and something to be shown with them, perhaps."""

    to: Addressee
    keys: tuple[str, ...]  # of the interactions
    text: str
    wish: str = ""  # a command whose cards are to be shown


class ChatDesk(CaseDesk, Protocol):
    """What a chat platform can ask on top: who somebody is, what was typed where, drafts, leases.

    A draft is one for each person and sheet, on all platforms together. Where an answer has a form,
    its questions carry the draft's values already; an accepted form drops its draft.
    """

    async def known(self, *, platform: str, account: str) -> KnownPerson | None:
        """The active person behind an account, or None."""
        ...

    async def enrol(self, *, platform: str, profile: Profile) -> KnownPerson | None:
        """Link an account by its e-mail address and keep its language and zone.

        None when nobody, or more than one, has this address, or their account is another one.
        """
        ...

    async def left(self, *, platform: str, account: str) -> None:
        """An account was switched off: its person cannot be reached there any more."""
        ...

    async def link(
        self,
        *,
        platform: str,
        account: str,
        code: str,
        language: str,
        typed: Typed | None = None,
    ) -> Answer:
        """Link an account by a one-time code; what to tell whoever typed it.

        `typed` is how commands are typed there, where it is not a slash and the name.
        """
        ...

    async def object(
        self, *, platform: str, account: str, token: str, language: str
    ) -> Answer | None:
        """An account that is nobody's any more pressed a button of ours.

        Who lost their account to somebody else by a code may say so; None for anything else.
        """
        ...

    async def case_at(self, *, platform: str, ref: str) -> str | None:
        """The case that a message of ours is about."""
        ...

    async def look(self, *, platform: str, person: str, token: str) -> Answer:
        """What a token shows now, as a sheet or a card; else why it does not.

        Only read: nothing is decided and nothing counts as handled.
        """
        ...

    async def handled(self, *, platform: str, key: str) -> Answer | None:
        """What an interaction was answered when it was handled; None when it was not."""
        ...

    async def draft(self, *, person: str, form: str) -> FormDraft | None:
        """What this person has filled in of a sheet so far."""
        ...

    async def keep_draft(self, draft: FormDraft) -> None:
        """Keep it, instead of what was there; its time is set here."""
        ...

    async def mark_draft(
        self, *, person: str, form: str, place: Mapping[str, Any], while_: Mapping[str, Any]
    ) -> bool:
        """Change some of a draft's place, and nothing else of it.

        False when there is no such draft any more, or its place is not as `while_` says.
        """
        ...

    async def drop_draft(self, *, person: str, form: str) -> None:
        """Forget it."""
        ...

    async def drafts(self, *, person: str) -> tuple[FormDraft, ...]:
        """All of a person's drafts, the newest first."""
        ...

    async def handed_in(self, *, platform: str) -> tuple[FormDraft, ...]:
        """Drafts that were handed in on a platform and are not dealt with, after a restart."""
        ...

    async def commands(self, *, language: str) -> tuple[ListedCommand, ...]:
        """Everything that can be typed, the processes' own first."""
        ...

    async def home(self, *, person: str, language: str) -> Home:
        """A person's own page."""
        ...

    async def waiting(self, *, platform: str) -> tuple[tuple[Addressee, Card], ...]:
        """Everybody on a platform who has open tasks, each with the list of them."""
        ...

    async def told(self, *, platform: str, keys: Sequence[str]) -> None:
        """The answers to these interactions reached their people."""
        ...

    async def owe(self, *, platform: str, person: str, key: str, text: str, wish: str = "") -> None:
        """Keep an answer that could not be told and is not kept with its interaction."""
        ...

    async def owed(self, *, platform: str) -> tuple[Owed, ...]:
        """Answers to be told now, one for each person; nobody else is given them for a minute."""
        ...

    async def take_lease(self, name: str, *, owner: str, seconds: float) -> bool:
        """Whether `owner` alone does what `name` names for so long, anew or still."""
        ...

    async def end_lease(self, name: str, *, owner: str) -> None:
        """Give a lease back."""
        ...

    async def bury(self, *, source: str, payload: Mapping[str, Any], error: str) -> None:
        """Keep what could not even be read as a dead letter."""
        ...

    def now(self) -> datetime:
        """The instant of now."""
        ...


class Desk(CaseDesk, Protocol):
    """What the playground can ask on top: to see everything and to move the clock.

    The views are JSON objects as described in docs/reference/playground-api.md.
    """

    async def world(self, *, language: str) -> Mapping[str, Any]: ...

    async def chat(self, *, person: str, language: str) -> Mapping[str, Any]: ...

    async def case(self, *, case_id: str, person: str, language: str) -> Mapping[str, Any]: ...

    async def mark_read(self, *, person: str, case_id: str | None) -> None: ...

    async def move_clock(self, *, move: str, language: str) -> Mapping[str, Any]: ...

    async def reset(self) -> None: ...

    async def changed(self, *, after: int) -> int:
        """Waits until something changed after this revision; returns the new revision."""
        ...

    def now(self) -> datetime: ...
