"""A long text comes in parts: the client cuts it, and no part of it counts alone.

A part that is as long as a message can be waits a moment for the next one. What waits is kept, so
that it is one text after a restart, too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Message

from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.visit import KnownUpdate
from handlers.conversation.one_platform import Conversation

FULL = 4096  # what a client puts into one message at most
NEARLY = 3500  # it cuts between words, so that a part may be shorter
WAIT_S = 1.2
PARTS_MOST = 16
_FORM = "parts:"
React = Callable[[KnownUpdate, Message], Awaitable[None]]


@dataclass(frozen=True)
class _Waiting:
    texts: tuple[str, ...]
    update: int
    message: dict[str, object]


class Parts:
    """Puts texts together."""

    def __init__(self, api: Api, conversation: Conversation, quiet: Quiet) -> None:
        self._api = api
        self._conversation = conversation
        self._quiet = quiet
        self._waiting: dict[str, dict[str, _Waiting]] = {}
        self._counted: set[int] = set()  # last parts, which may come again after a restart

    async def recover(self) -> list[tuple[int, Message]]:
        """What waited when the process ended: each first part with the number of its update."""
        found = []
        for draft in await self._conversation.handed_in():
            if not draft.form.startswith(_FORM):
                continue
            if draft.place.get("last"):
                self._counted.add(int(draft.place["last"]))
            else:
                waiting = _Waiting(
                    tuple(draft.values["texts"]), draft.place["update"], draft.place["message"]
                )
                self._waiting.setdefault(draft.person, {})[draft.form] = waiting
                found.append((waiting.update, self._message(waiting, "")))
        return found

    def wait(self, visit: KnownUpdate, later: Callable[[], Awaitable[None]]) -> None:
        """Call `later` when nothing more comes for a moment."""
        self._quiet.after((visit.person, f"{_FORM}{visit.chat}"), later, seconds=WAIT_S)

    async def whole(
        self, visit: KnownUpdate, message: Message, later: Callable[[], Awaitable[None]]
    ) -> tuple[KnownUpdate, Message] | None:
        """The whole text that a message ends; None while more may come, and `later` is called."""
        text = message.text or ""
        form = f"{_FORM}{visit.chat}"
        before = self._waiting.get(visit.person, {}).get(form)
        if visit.update in self._counted:
            return None
        if before is None and len(text) < NEARLY:
            return visit, message
        if before is not None and (visit.update == before.update or not text):
            self.wait(visit, later)
            return None if text else (visit, message)
        waiting = _with(before, text, visit, message)
        if len(text) >= NEARLY and len(waiting.texts) < PARTS_MOST:
            await self._keep(visit, form, waiting, last=0)
            self._waiting.setdefault(visit.person, {})[form] = waiting
            self.wait(visit, later)
            return None
        self._waiting.setdefault(visit.person, {})[form] = waiting
        return self._joined(visit, message, waiting)

    def left(self, visit: KnownUpdate, message: Message) -> tuple[KnownUpdate, Message] | None:
        """What waits although nothing more came."""
        waiting = self._waiting.get(visit.person, {}).get(f"{_FORM}{visit.chat}")
        return self._joined(visit, message, waiting) if waiting is not None else None

    async def done(self, visit: KnownUpdate, *, last: int) -> None:
        """The text was handled; its last part may come once more."""
        form = f"{_FORM}{visit.chat}"
        waiting = self._waiting.get(visit.person, {}).pop(form, None)
        if waiting is not None:
            empty = replace(waiting, texts=(), message={})
            await self._keep(visit, form, empty, last=last)

    async def _keep(self, visit: KnownUpdate, form: str, waiting: _Waiting, *, last: int) -> None:
        place = {"update": waiting.update, "message": waiting.message, "last": last}
        texts = {"texts": list(waiting.texts)}
        await self._conversation.keep(visit.person, form, texts, place=place, sent=True)

    def _joined(
        self, visit: KnownUpdate, message: Message, waiting: _Waiting
    ) -> tuple[KnownUpdate, Message]:
        """The first part with the text of all of them."""
        text = ""
        for part in waiting.texts:
            text += part if len(text) % FULL == 0 else f"\n{part}"
        whole = self._message(waiting, text)
        return replace(visit, update=waiting.update, message=whole), whole

    def _message(self, waiting: _Waiting, text: str) -> Message:
        return Message.de_json({**waiting.message, "text": text}, self._api.bot)


def _with(before: _Waiting | None, text: str, visit: KnownUpdate, message: Message) -> _Waiting:
    if before is None:
        kept = {k: v for k, v in message.to_dict().items() if k not in ("text", "entities")}
        return _Waiting((text,), visit.update, kept)
    return replace(before, texts=(*before.texts, text))
