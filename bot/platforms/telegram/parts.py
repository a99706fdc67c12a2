"""Joins a long text, which Telegram's apps send as several messages.

A message that is nearly as long as possible waits a moment for the next one. Waiting parts are
stored, so that they are joined after a restart too.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from telegram import Message

from bot.platforms.telegram.api import Api
from bot.platforms.telegram.visit import KnownUpdate
from bot.runtime.quiet import Quiet
from handlers.conversation.one_platform import Conversation

FULL = 4096  # characters of a message, core.telegram.org/bots/api#message
NEARLY = 3500  # the apps cut between words, so a part may be shorter
WAIT_S = 1.2
PARTS_MOST = 16
_FORM = "parts:"
Later = Callable[[], Awaitable[None]]


@dataclass(frozen=True)
class _Waiting:
    texts: tuple[str, ...]
    update: int  # the number of the first part's update
    message: dict[str, object]  # the first part without its text, as JSON


class Parts:
    """Collects the parts of texts by person and chat."""

    def __init__(self, api: Api, conversation: Conversation, quiet: Quiet) -> None:
        self._api = api
        self._conversation = conversation
        self._quiet = quiet
        self._waiting: dict[tuple[str, str], _Waiting] = {}  # by person and form
        self._counted: set[int] = set()  # last parts, which may be received again after a restart

    async def recover(self) -> list[tuple[int, Message]]:
        """Load the parts that waited when the process ended.

        Returns the number of the update and the message of each first part.
        """
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
                self._waiting[draft.person, draft.form] = waiting
                found.append((waiting.update, self._message(waiting, "")))
        return found

    def wait(self, visit: KnownUpdate, later: Later) -> None:
        """Call `later` when no other part was received for a moment."""
        self._quiet.after(_name(visit), later, seconds=WAIT_S)

    async def whole(
        self, visit: KnownUpdate, message: Message, later: Later
    ) -> tuple[KnownUpdate, Message] | None:
        """Return the whole text that ends with this message.

        Returns None if another part may follow; `later` is called if none does.
        """
        text, name = message.text or "", _name(visit)
        before = self._waiting.get(name)
        if visit.update in self._counted:
            return None
        if before is None and len(text) < NEARLY:
            return visit, message
        if before is not None and (visit.update == before.update or not text):
            self.wait(visit, later)
            return None if text else (visit, message)
        waiting = _with(before, text, visit, message)
        is_whole = len(text) < NEARLY or len(waiting.texts) >= PARTS_MOST
        if not is_whole:
            await self._keep(visit, waiting, last=0)
        self._waiting[name] = waiting
        if is_whole:
            return self._joined(visit, waiting)
        self.wait(visit, later)
        return None

    def left(self, visit: KnownUpdate) -> tuple[KnownUpdate, Message] | None:
        """Return the text of the waiting parts, because no other follows."""
        waiting = self._waiting.get(_name(visit))
        return self._joined(visit, waiting) if waiting is not None else None

    async def done(self, visit: KnownUpdate, *, last: int) -> None:
        """Delete the parts of a handled text; `last` is the update of its last part."""
        waiting = self._waiting.pop(_name(visit), None)
        if waiting is not None:
            await self._keep(visit, replace(waiting, texts=(), message={}), last=last)

    async def _keep(self, visit: KnownUpdate, waiting: _Waiting, *, last: int) -> None:
        person, form = _name(visit)
        place = {"update": waiting.update, "message": waiting.message, "last": last}
        texts = {"texts": list(waiting.texts)}
        await self._conversation.keep(person, form, texts, place=place, sent=True)

    def _joined(self, visit: KnownUpdate, waiting: _Waiting) -> tuple[KnownUpdate, Message]:
        """Return the first part with the text of all parts."""
        text = ""
        for part in waiting.texts:
            text += part if len(text) % FULL == 0 else f"\n{part}"
        whole = self._message(waiting, text)
        return replace(visit, update=waiting.update, message=whole), whole

    def _message(self, waiting: _Waiting, text: str) -> Message:
        return Message.de_json({**waiting.message, "text": text}, self._api.bot)


def _name(visit: KnownUpdate) -> tuple[str, str]:
    return visit.person, f"{_FORM}{visit.chat}"


def _with(before: _Waiting | None, text: str, visit: KnownUpdate, message: Message) -> _Waiting:
    if before is None:
        kept = {k: v for k, v in message.to_dict().items() if k not in ("text", "entities")}
        return _Waiting((text,), visit.update, kept)
    return replace(before, texts=(*before.texts, text))
