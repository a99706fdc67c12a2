"""What the outbox asks of a platform, and the records that desk and platforms exchange."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from handlers.pages import Card
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """The recipient of a message."""

    person: str  # key
    account: str  # the platform's id of that person
    language: str  # "zh" or "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to post or to change, with its card in each language the platform asked for.

    `cards` is empty in calls of `ChatPort.wait` and `spare`, which come before the cards are built.
    """

    to: Addressee
    kind: str  # the kind of its cards
    cards: Mapping[str, Card]
    token: str  # the idempotency key of the message, for platforms that can refuse a second copy
    notify: bool  # whether a change of an existing message should be noticed
    attempt: int = 1  # from 1; an earlier attempt may have been delivered without a report
    since: Moment | None = None  # when it was enqueued; no attempt is older
    under: str | None = None  # the platform's reference to the card of which this is news
    quiet: bool = False  # without a sound: outside working hours, or a digest mentions it


class ChatPort(Protocol):
    """What the outbox calls of a platform.

    `post` and `update` raise Retryable, Permanent or Unknown (`workflows.errors`). Any other
    exception is treated as a defect of the program.
    """

    name: str
    silent: bool  # whether a message can be posted without a sound

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """Return the languages in which the platform needs a card for this person."""
        ...

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """Return the account of a person on the platform; "" if there is none.

        Args:
            person: the person's key, or `#` and the name of a channel in a definition.
            accounts: the person's accounts, by the name of the platform.
        """
        ...

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """Return the seconds until the rate limits of the platform allow the message; 0 for now.

        0 reserves a place within the limits. Called before the cards are built.

        Args:
            ref: the reference of the message to change, None for a new message.
        """
        ...

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """Give back the place that `wait` has reserved for a message that is not sent."""
        ...

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        """Return the conversation in which one replica at a time should write; "" for none.

        That is the one in whose rate limit the message counts, or the message that is changed.

        Args:
            ref: the reference of the message to change, None for a new message.
        """
        ...

    def answerable(self) -> Sequence[str]:
        """Return in which conversations only this replica can write beside the rate limits.

        Those since the last call, because somebody has clicked there.
        """
        ...

    def share(self, replicas: int) -> None:
        """Keep to this part of the rate limits from now on: there are so many replicas."""
        ...

    def park(self, scope: str, seconds: float) -> None:
        """Let messages of a scope wait: the platform demanded it of another replica.

        Args:
            scope: that of a Retryable, as the platform raised it there.
            seconds: for how long.
        """
        ...

    async def post(self, delivery: Delivery) -> str:
        """Post a new message and return the platform's reference to it."""
        ...

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Change the message with this reference."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownPerson:
    """The person of an account."""

    person: str  # key
    name: str
    language: str  # "zh" or "en"
    zone: str  # IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform knows of an account; a field is "" if it does not know it."""

    account: str
    email: str = ""
    language: str = ""  # "zh", "en" or ""
    timezone: str = ""  # IANA name


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedCommand:
    """A command in the list of commands.

    `name` is without the slash; `process` is true if the command starts a case.
    """

    name: str
    label: str
    hint: str
    process: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """Pending answers to one person, claimed for delivery as one message."""

    to: Addressee
    keys: tuple[str, ...]  # the idempotency keys of the interactions
    text: str
    wish: str = ""  # a command whose cards are shown with the text; "" for none
