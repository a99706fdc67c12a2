"""Sees that somebody did something, or was sent something: their Home tab may say otherwise now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from handlers.conversation.intents import Intent
from handlers.conversation.ports import Addressee, ChatDesk, ChatPort, Delivery
from handlers.pages import Answer

Told = Callable[[str], None]  # a person's key


class _Desk:
    """A desk that says for whom it did something; all else is as it was."""

    def __init__(self, desk: ChatDesk, told: Told) -> None:
        self._desk = desk
        self._told = told

    async def handle(self, intent: Intent) -> Answer:
        answer = await self._desk.handle(intent)
        self._told(intent.person)
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._desk, name)


def watched_desk(desk: ChatDesk, told: Told) -> ChatDesk:
    """The desk; `told` hears after each interaction whose it was."""
    return cast("ChatDesk", _Desk(desk, told))


class WatchedChat:
    """A chat that says to whom it delivered something."""

    def __init__(self, chat: ChatPort, told: Told) -> None:
        self._chat = chat
        self._told = told
        self.name = chat.name
        self.silent = chat.silent

    def languages(self, to: Addressee) -> tuple[str, ...]:
        return self._chat.languages(to)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        return self._chat.account(person=person, accounts=accounts)

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        return self._chat.wait(delivery, ref=ref)

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        self._chat.spare(delivery, ref=ref)

    async def post(self, delivery: Delivery) -> str:
        ref = await self._chat.post(delivery)
        self._told(delivery.to.person)
        return ref

    async def update(self, ref: str, delivery: Delivery) -> None:
        await self._chat.update(ref, delivery)
        self._told(delivery.to.person)
