"""What is said to people at once, outside the outbox: nothing here ever fails what was decided.

An answer that cannot be delivered is logged and left; what a person must learn in any case is a
message that is owed, and those go through the outbox.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from contextvars import ContextVar
from typing import TypeVar

import structlog
from telegram import ForceReply, InlineKeyboardMarkup
from telegram.error import RetryAfter, TelegramError

from bot.platforms.telegram import html
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.errors import is_gone, seconds_of, was_not_sent
from bot.platforms.telegram.html import MessagePage
from bot.platforms.telegram.keyboards import Row, markup
from bot.platforms.telegram.lanes import ChatLanes
from bot.platforms.telegram.pace import TelegramPace

log = structlog.stdlib.get_logger("closeloop.telegram")
T = TypeVar("T")
Work = Callable[[], Awaitable[None]]

TOAST_MOST = 200
PATIENCE_S = 10.0
TRIES = 3
MOST_CHATS = 1000  # that are spoken to, or wait for their pace, at once
MOST_WAITING = 30  # things to be said in one chat: whoever floods us is not answered for minutes


_collected: ContextVar[list[asyncio.Task[None]] | None] = ContextVar("collected", default=None)


def collected() -> list[asyncio.Task[None]]:
    """What is said aside from now on, in this task: whoever must know that it was said waits."""
    tasks: list[asyncio.Task[None]] = []
    _collected.set(tasks)
    return tasks


class Voice:
    """Says things in chats, at the pace that Telegram allows, and in order in each of them."""

    def __init__(self, api: Api, pace: TelegramPace) -> None:
        self.api = api
        self.pace = pace
        self._chats = ChatLanes(MOST_CHATS)
        self._queues = ChatLanes(MOST_CHATS)
        self._waiting: Counter[int] = Counter()
        self._asides: set[asyncio.Task[None]] = set()

    def aside(
        self, chat: int, work: Callable[[], Awaitable[None]], *, awaited: bool = True
    ) -> bool:
        """Say something in a chat after all that is to be said there already; nobody waits for it.

        False when too much waits there. `awaited`: whoever `collected` what is being said waits.
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
        """Do something that is in no order with anything else, as the answer to a click."""
        task = asyncio.create_task(_kept_going(work))
        self._asides.add(task)
        task.add_done_callback(self._asides.discard)
        tasks = _collected.get()
        if tasks is not None and awaited:
            tasks.append(task)

    async def aclose(self) -> None:
        """Say no more."""
        tasks = list(self._asides)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def say(
        self,
        chat: int,
        page: MessagePage,
        rows: Sequence[Row] | None = None,
        *,
        under: int | None = None,
        placeholder: str = "",
    ) -> int | None:
        """A new message; its id, None when it could not be sent. `placeholder` asks for a reply."""
        board: InlineKeyboardMarkup | ForceReply | None = markup(rows or [])
        if placeholder:
            board = ForceReply(input_field_placeholder=placeholder[:64])
        return await self._try(
            chat, lambda: self.api.send(chat, page, board, under=under), what="say"
        )

    async def change(self, chat: int, message: int, page: MessagePage, rows: Sequence[Row]) -> bool:
        """Change a message; False when it is not there any more."""
        try:
            await self._try(
                chat,
                lambda: self.api.edit(chat, message, page, markup(rows)),
                what="change",
                told=is_gone,
            )
        except TelegramError:
            return False
        return True

    async def buttons(self, chat: int, message: int, rows: Sequence[Row]) -> None:
        """Change the buttons of a message; an empty list takes them away."""
        await self._try(
            chat, lambda: self.api.keyboard(chat, message, markup(rows)), what="buttons"
        )

    def toast(
        self, query: str, words: str = "", *, alert: bool = False, url: str | None = None
    ) -> None:
        """Answer a click, so that its button stops spinning; nobody waits for it."""

        async def answer() -> None:
            await self.answer(query, words, alert=alert, url=url)

        self.beside(answer)

    async def answer(
        self, query: str, words: str = "", *, alert: bool = False, url: str | None = None
    ) -> bool:
        """Answer a click; False when it was too late, or Telegram was not reached."""
        try:
            await self.api.safely(
                lambda: self.api.bot.answer_callback_query(
                    query, html.excerpt(words, TOAST_MOST), show_alert=alert, url=url
                )
            )
        except TelegramError as error:
            log.info("click_not_answered", why=error.message)
            return False
        return True

    async def remove(self, chat: int, message: int) -> None:
        """Delete a message, if that is still possible."""
        with suppress(TelegramError):
            await self.api.safely(lambda: self.api.bot.delete_message(chat, message))

    async def document(
        self, chat: int, name: str, content: bytes, *, under: int | None = None
    ) -> None:
        """Send a file."""
        await self._try(
            chat,
            lambda: self.api.document(chat, name, content, under=under),
            what="document",
        )

    async def _try(
        self,
        chat: int,
        call: Callable[[], Awaitable[T]],
        *,
        what: str,
        told: Callable[[TelegramError], bool] = lambda _: False,
    ) -> T | None:
        """Try, and again where that cannot double anything; raises only what is to be `told`."""
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


async def _kept_going(work: Work) -> None:
    try:
        await work()
    except Exception:
        log.exception("not_said")
