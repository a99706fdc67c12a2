"""The playground as the outbox sees it: messages go to the playground's own log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.platforms.playground.as_json import as_json
from handlers.conversation.ports import Addressee, Delivery
from workflows.errors import Permanent
from workflows.records import ChatMessage


class ChatStore(Protocol):
    """The playground's own store of messages."""

    async def add(self, message: ChatMessage) -> None: ...

    async def change(self, message_id: str, *, body: Mapping[str, Any], unread: bool) -> bool: ...


class PlaygroundChat:
    """Delivers into the playground's log, in both languages, since a reader may switch.

    The id of a message is its delivery's token. So a second post of the same delivery, after a
    crash or a lost reply, changes the message that is there, and there is never a second copy.
    """

    name = "playground"
    silent = True

    def __init__(self, log: ChatStore, *, now: Callable[[], datetime]) -> None:
        self._log = log
        self._now = now

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """Both: the page shows a message in the language it is in now."""
        return ("zh", "en")

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """Everybody has an account, the person's own key; there are no channels."""
        return "" if person.startswith("#") else person

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """Never: there are no limits here."""
        return 0.0

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """Nothing is counted."""

    async def post(self, delivery: Delivery) -> str:
        """Adds the message, or changes it when this delivery was made before."""
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
        """Changes a message; Permanent when the playground was reset and it is gone."""
        if not await self._log.change(ref, body=_body(delivery), unread=delivery.notify):
            raise Permanent("message_gone")


def _body(delivery: Delivery) -> dict[str, Any]:
    return {"cards": as_json(delivery.cards)}


def _case_of(delivery: Delivery) -> str | None:
    return next((card.case_id for card in delivery.cards.values()), None)
