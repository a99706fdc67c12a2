"""What the outbox asks of a platform, and the records that desk and platforms exchange."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from handlers.pages import Card


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
class Owed:
    """An answer that is to be told: words, and something to be shown with them, perhaps."""

    to: Addressee
    keys: tuple[str, ...]  # of the interactions
    text: str
    wish: str = ""  # a command whose cards are to be shown
