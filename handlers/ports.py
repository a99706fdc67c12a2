"""What platforms are given and what they give: the line between use cases and chat platforms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from handlers.cards.model import Answer, Card
from handlers.intents import Intent
from workflows.errors import DeliveryError, Permanent, Refusal, Retryable, Unknown
from workflows.records import ChatMessage, StoredFile

__all__ = [
    "Addressee",
    "CaseDesk",
    "ChatLog",
    "ChatMessage",
    "ChatPort",
    "Delivery",
    "DeliveryError",
    "Desk",
    "Permanent",
    "Refusal",
    "Retryable",
    "StoredFile",
    "Unknown",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """Whom a message is for, as far as a platform must know."""

    person: str  # key
    account: str  # the platform's id of that person
    language: str  # "zh" or "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to post or to change; `cards` in each language the platform asked for."""

    to: Addressee
    cards: Mapping[str, Card]
    token: str  # names this message for ever: for platforms that can refuse a second copy
    notify: bool  # whether a change of an existing message should be noticed


class ChatPort(Protocol):
    """A platform as the outbox sees it. Raises Retryable, Permanent or Unknown, nothing else."""

    name: str

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """In which languages the platform wants a card for this person."""
        ...

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """This person's account on the platform, "" when there is none."""
        ...

    async def post(self, delivery: Delivery) -> str:
        """Post a new message; returns the platform's reference to it."""
        ...

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Change a message that was posted before."""
        ...


class ChatLog(Protocol):
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
