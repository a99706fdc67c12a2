"""The playground as a chat platform: messages are added to its log in the database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from bot.platforms.playground.as_json import as_json
from handlers.conversation.ports import Addressee, Delivery
from workflows.errors import Permanent
from workflows.moments import Moment
from workflows.records import ChatMessage


class ChatStore(Protocol):
    """The playground's own store of messages."""

    async def add(self, message: ChatMessage) -> None: ...

    async def change(self, message_id: str, *, body: Mapping[str, Any], unread: bool) -> bool: ...


class PlaygroundChat:
    """Implements `handlers.conversation.ports.ChatPort`.

    Messages are stored in both languages, because a reader can switch. The id of a message is the
    token of its delivery, so that a repeated delivery changes the message and does not add another.
    """

    name = "playground"
    silent = True

    def __init__(self, log: ChatStore, *, now: Callable[[], Moment]) -> None:
        self._log = log
        self._now = now

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """Return both languages: the page shows a message in its current one."""
        return ("zh", "en")

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """Return the person's key, which is their account; "" for a channel: there are none."""
        return "" if person.startswith("#") else person

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """Return 0: there are no rate limits."""
        return 0.0

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """Do nothing: no call is counted."""

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        """Return "": there are no rate limits."""
        return ""

    def answerable(self) -> Sequence[str]:
        """Return none: every replica can write everywhere."""
        return ()

    def share(self, replicas: int) -> None:
        """Do nothing: there are no rate limits."""

    def park(self, scope: str, seconds: float) -> None:
        """Do nothing: nothing is ever refused for a while."""

    async def post(self, delivery: Delivery) -> str:
        """Add the message, or change it if this delivery was made before; return its id."""
        body = _body(delivery)
        if not await self._log.change(delivery.token, body=body, unread=True):
            await self._log.add(
                ChatMessage(
                    id=delivery.token,
                    person=delivery.to.person,
                    author="bot",
                    case_id=_case_of(delivery),
                    body=body,
                    at=self._now(),
                )
            )
        return delivery.token

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Change a message.

        Raises:
            Permanent: the message is gone, because the playground was reset.
        """
        if not await self._log.change(ref, body=_body(delivery), unread=delivery.notify):
            raise Permanent("message_gone")


def _body(delivery: Delivery) -> dict[str, Any]:
    return {"cards": as_json(delivery.cards)}


def _case_of(delivery: Delivery) -> str | None:
    return next((card.case_id for card in delivery.cards.values()), None)
