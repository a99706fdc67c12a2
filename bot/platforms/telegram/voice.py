"""Sends what is not in the outbox: answers to updates, forms, cards on request.

Failures are logged and not raised. An answer that must arrive is stored as pending (`Owing`), and
what is not an answer is in the outbox.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from functools import partial
from typing import TypeVar

import structlog
from telegram import ForceReply, InlineKeyboardMarkup
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.platforms.telegram import html
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.errors import is_gone, seconds_of, was_not_sent
from bot.platforms.telegram.html import MessagePage
from bot.platforms.telegram.keyboards import Row, markup
from bot.platforms.telegram.pace import TelegramPace
from bot.runtime.keyed_lanes import KeyedLanes

log = structlog.stdlib.get_logger("closeloop.telegram")
T = TypeVar("T")
Work = Callable[[], Awaitable[object]]

TOAST_MOST = 200  # core.telegram.org/bots/api#answercallbackquery
PROMPT_MOST = 64  # core.telegram.org/bots/api#forcereply
PHOTO_MOST, PHOTO_SIDES, PHOTO_RATIO = 10 * 1024 * 1024, 10_000, 20
PATIENCE_S = 10.0
_PNG_SIZES = (16, 20)  # where a PNG has its width and its height, in pixels
TRIES = 3
MOST_CHATS = 1000  # chats in which something is sent, or waits for a rate limit, at once
MOST_WAITING = 30  # waiting messages of one chat; a flood is not answered for minutes

_collected: ContextVar[list[asyncio.Task[None]] | None] = ContextVar("collected", default=None)


def collected() -> list[asyncio.Task[None]]:
    """Return a list to which each message is added that is begun from now on, in this task."""
    tasks: list[asyncio.Task[None]] = []
    _collected.set(tasks)
    return tasks


class Voice:
    """Sends within the rate limits, and in each chat in order.

    Chats and messages are given by their ids.
    """

    def __init__(self, api: Api, pace: TelegramPace) -> None:
        self.api = api
        self.pace = pace
        self._chats = KeyedLanes(MOST_CHATS)
        self._queues = KeyedLanes(MOST_CHATS)
        self._waiting: Counter[int] = Counter()
        self._asides: set[asyncio.Task[None]] = set()

    # ------------------------------------------------------------------ beside updates

    def aside(self, chat: int, work: Work, *, awaited: bool = True) -> bool:
        """Run work after all earlier work of this chat, while updates are handled.

        Returns False, and does not run it, when too much waits in this chat. With `awaited` the
        work is added to what `collected` returned.
        """
        if self._waiting[chat] >= MOST_WAITING:
            log.warning("not_said", what="aside", chat=chat, why="too much to say")
            return False
        self._waiting[chat] += 1

        async def in_turn() -> None:
            try:
                await self._queues.run(chat, work)
            finally:
                self._waiting[chat] -= 1
                if not self._waiting[chat]:
                    del self._waiting[chat]

        self.beside(in_turn, awaited=awaited)
        return True

    def beside(self, work: Work, *, awaited: bool = True) -> None:
        """Run work in no order with other work, such as the answer to a press."""
        task = asyncio.create_task(_logged(work))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        tasks = _collected.get()
        if tasks is not None and awaited:
            tasks.append(task)

    def toast(
        self, query: str, words: str = "", *, alert: bool = False, url: str | None = None
    ) -> None:
        """Answer a press beside the handling of updates."""
        self.beside(partial(self.answer, query, words, alert=alert, url=url))

    async def aclose(self) -> None:
        """Cancel what was not sent."""
        tasks = list(self._asides)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    # ------------------------------------------------------------------ at once

    async def say(
        self,
        chat: int,
        page: MessagePage,
        rows: Sequence[Row] | None = None,
        *,
        under: int = 0,
        placeholder: str = "",
    ) -> int | None:
        """Send a message and return its id; None if it could not be sent.

        `under` is the message that it replies to. With a `placeholder`, the person is asked for a
        reply, and the placeholder is shown where it is typed.
        """
        board: InlineKeyboardMarkup | ForceReply | None = markup(rows or [])
        if placeholder:
            board = ForceReply(input_field_placeholder=placeholder[:PROMPT_MOST])
        return await self._try(
            chat, lambda: self.api.send(chat, page, board, under=under), what="say"
        )

    async def change(self, chat: int, message: int, page: MessagePage, rows: Sequence[Row]) -> bool:
        """Edit a message; return False if it does not exist any more."""
        edit = partial(self.api.edit, chat, message, page, markup(rows))
        try:
            await self._try(chat, edit, what="change", told=is_gone)
        except TelegramError:
            return False
        return True

    async def buttons(self, chat: int, message: int, rows: Sequence[Row] = ()) -> None:
        """Replace the buttons of a message, or remove them."""
        edit = partial(self.api.keyboard, chat, message, markup(rows))
        await self._try(chat, edit, what="buttons")

    async def answer(
        self, query: str, words: str = "", *, alert: bool = False, url: str | None = None
    ) -> bool:
        """Answer a press; return False if it was too late or Telegram was not reached."""
        shown = html.excerpt(words, TOAST_MOST)
        try:
            await self.api.safely(
                partial(self.api.bot.answer_callback_query, query, shown, alert, url)
            )
        except TelegramError as error:
            log.info("click_not_answered", why=error.message)
            return False
        return True

    async def remove(self, chat: int, message: int) -> None:
        """Delete a message if that is still possible."""
        with suppress(TelegramError):
            await self.api.safely(partial(self.api.bot.delete_message, chat, message))

    async def document(self, chat: int, name: str, content: bytes, *, under: int = 0) -> None:
        """Send a file."""
        send = partial(self.api.document, chat, name, content, under=under)
        await self._try(chat, send, what="document")

    async def picture(self, chat: int, name: str, content: bytes, *, under: int = 0) -> None:
        """Send a PNG as a picture; as a file if it is too large for one or Telegram refuses it."""
        if is_photo(content):
            send = partial(self.api.picture, chat, name, content, under=under)
            try:
                await self._try(chat, send, what="picture", told=_refused)
                return
            except BadRequest as error:
                log.warning("picture_refused", chat=chat, why=error.message)
        await self.document(chat, name, content, under=under)

    async def _try(
        self,
        chat: int,
        call: Callable[[], Awaitable[T]],
        *,
        what: str,
        told: Callable[[TelegramError], bool] = lambda _: False,
    ) -> T | None:
        """Call in the order of the chat; retry a call that was certainly not carried out.

        Returns None when it failed. Raises only the errors that `told` selects.
        """
        return await self._chats.run(chat, lambda: self._in_turn(chat, call, what, told))

    async def _in_turn(
        self,
        chat: int,
        call: Callable[[], Awaitable[T]],
        what: str,
        told: Callable[[TelegramError], bool],
    ) -> T | None:
        for _ in range(TRIES):
            if not await self.pace.turn(chat, most=PATIENCE_S):
                break
            try:
                return await self.api.safely(call)
            except RetryAfter as error:
                self.pace.park(chat, seconds_of(error))
            except TelegramError as error:
                if told(error):
                    raise
                if not was_not_sent(error):
                    log.warning("not_said", what=what, chat=chat, why=error.message)
                    return None
        log.warning("not_said", what=what, chat=chat, why="busy or not reached")
        return None


def is_photo(content: bytes) -> bool:
    """Return whether a PNG keeps to Telegram's limits (core.telegram.org/bots/api#sendphoto)."""
    width, height = (int.from_bytes(content[at : at + 4]) for at in _PNG_SIZES)
    if min(width, height) < 1 or len(content) > PHOTO_MOST:
        return False
    return width + height <= PHOTO_SIDES and max(width, height) <= PHOTO_RATIO * min(width, height)


def _refused(error: TelegramError) -> bool:
    return isinstance(error, BadRequest)


async def _logged(work: Work) -> None:
    try:
        await work()
    except Exception:
        log.exception("not_said")
