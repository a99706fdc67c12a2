"""The client of the Bot API (core.telegram.org/bots/api)."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import structlog
from telegram import (
    Bot,
    ForceReply,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from bot.platforms.telegram.errors import is_gone, is_markup, is_unmodified, says
from bot.platforms.telegram.html import MessagePage
from bot.platforms.telegram.settings import TelegramSettings

log = structlog.stdlib.get_logger("closeloop.telegram")
T = TypeVar("T")
Markup = InlineKeyboardMarkup | ForceReply
os.environ.setdefault("PTB_TIMEDELTA", "true")  # durations are timedelta, without a warning

ALLOWED = ("message", "edited_message", "callback_query", "my_chat_member")
POOL = 32
POLL_S = 30  # of a long poll
STRUCK_OUT = "[token]"
MOVED_HINT = "where [telegram] groups has the old number, write the new one"


class _Bot(Bot):
    """The client of the library, and updates as JSON: one that is invalid must not stop others."""

    async def raw_updates(self, *, offset: int, hold: int) -> list[dict[str, Any]]:
        """Return the waiting updates from `offset` on, and confirm those below it.

        `hold` is the most seconds to wait for one.
        """
        data = {"offset": offset, "timeout": hold, "allowed_updates": list(ALLOWED)}
        found = await self._post("getUpdates", data)
        return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


class Api:
    """The methods that the adapter uses. They raise TelegramError, whose text has no token."""

    def __init__(self, settings: TelegramSettings) -> None:
        for name in ("httpx", "httpcore", "telegram"):  # they log URLs, which contain the token
            logging.getLogger(name).setLevel(logging.WARNING)
        root = settings.api_url.rstrip("/")
        secure = root.startswith("https:")
        self._token = settings.token
        self._requests = (
            _request(POOL, read=20.0, secure=secure),
            _request(2, read=POLL_S + 10.0, secure=secure),
        )
        self.bot = _Bot(
            settings.token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self.username = ""
        self.moved: dict[int, int] = {}  # the id of the supergroup that a group became
        self.refused = False  # whether the token was refused by the last call

    async def hello(self) -> None:
        """Call getMe, which checks the token, and store the user name of the bot."""
        me = await self.safely(self.bot.get_me)
        self.username = me.username or ""

    async def aclose(self) -> None:
        """Close the connections."""
        for request in self._requests:
            await request.shutdown()

    def struck(self, words: str) -> str:
        """Return a text without the token."""
        secret = self._token.partition(":")[2] or self._token
        return words.replace(self._token, STRUCK_OUT).replace(secret, STRUCK_OUT)

    async def safely(self, call: Callable[[], Awaitable[T]]) -> T:
        """Call, and return the result. Raises TelegramError without the token in its text."""
        try:
            result = await call()
        except TelegramError as error:
            if isinstance(error, InvalidToken) and says(error, "unauthorized"):
                self.refused = True
            if self.struck(error.message) != error.message:
                raise type(error)(self.struck(error.message)) from None
            raise
        self.refused = False
        return result

    def place(self, chat: int) -> int:
        """Return the id that a chat has now."""
        return self.moved.get(chat, chat)

    def follow(self, old: int, new: int) -> None:
        """Note that a group became a supergroup, which has another id and none of its messages."""
        if self.place(old) != new:
            log.warning("telegram_group_moved", old=old, new=new, hint=MOVED_HINT)
        self.moved[old] = new

    def link(self, payload: str = "") -> str:
        """Return a link that opens the private chat and sends `/start` with the payload."""
        return f"https://t.me/{self.username}?start={payload}"

    # ------------------------------------------------------------------ messages

    async def send(
        self,
        chat: int,
        page: MessagePage,
        markup: Markup | None,
        *,
        under: int = 0,
        quiet: bool = False,
    ) -> int:
        """Send a message and return its id.

        `under` is the message that it replies to, and `quiet` sends it without a sound.
        """

        async def post(*, html: bool) -> Message:
            return await self.bot.send_message(
                self.place(chat),
                page.html if html else page.plain,
                parse_mode=ParseMode.HTML if html else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=markup,
                reply_parameters=_reply(under),
                disable_notification=quiet,
            )

        return (await self._formatted(chat, post)).message_id

    async def edit(
        self, chat: int, message: int, page: MessagePage, markup: InlineKeyboardMarkup | None
    ) -> None:
        """Edit a message; an edit that changes nothing counts as done."""

        async def change(*, html: bool) -> object:
            if chat in self.moved:  # the id is that of another message there
                raise BadRequest("Message to edit not found")
            return await self.bot.edit_message_text(
                page.html if html else page.plain,
                chat_id=chat,
                message_id=message,
                parse_mode=ParseMode.HTML if html else None,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=markup,  # None removes the buttons
            )

        try:
            await self._formatted(chat, change)
        except BadRequest as error:
            if not is_unmodified(error):
                raise

    async def keyboard(self, chat: int, message: int, markup: InlineKeyboardMarkup | None) -> None:
        """Replace the buttons of a message, or remove them if `markup` is None."""
        if chat in self.moved:
            return
        try:
            await self.safely(
                lambda: self.bot.edit_message_reply_markup(
                    chat_id=chat,
                    message_id=message,
                    reply_markup=markup,
                )
            )
        except BadRequest as error:
            if not is_unmodified(error) and not is_gone(error):
                raise

    async def document(self, chat: int, name: str, content: bytes, *, under: int = 0) -> None:
        """Send a file in reply to the message `under`."""
        await self.safely(
            lambda: self.bot.send_document(
                self.place(chat),
                InputFile(content, filename=name),
                reply_parameters=_reply(under),
            )
        )

    async def picture(self, chat: int, name: str, content: bytes, *, under: int = 0) -> None:
        """Send a picture that the chat shows, with its name below, in reply to `under`."""
        await self.safely(
            lambda: self.bot.send_photo(
                self.place(chat),
                InputFile(content, filename=name),
                caption=name,
                reply_parameters=_reply(under),
            )
        )

    async def fetch(self, file_id: str) -> bytes:
        """Return the content of a file. Its URL contains the token and is not stored."""
        found = await self.safely(lambda: self.bot.get_file(file_id))
        return bytes(await self.safely(found.download_as_bytearray))

    async def _formatted(self, chat: int, call: Callable[..., Awaitable[T]]) -> T:
        """Call with HTML; with plain text if it is refused, or again after a group has moved."""
        try:
            return await self.safely(lambda: call(html=True))
        except ChatMigrated as error:
            self.follow(chat, error.new_chat_id)
            return await self.safely(lambda: call(html=True))
        except BadRequest as error:
            if not is_markup(error):
                raise
            log.log(logging.ERROR, "markup_refused", why=error.message)
            return await self.safely(lambda: call(html=False))


def _reply(under: int) -> ReplyParameters | None:
    """Return the reference to the message to reply to, which may be deleted; None for 0."""
    if not under:
        return None
    return ReplyParameters(message_id=under, allow_sending_without_reply=True)


def _request(pool: int, *, read: float, secure: bool) -> HTTPXRequest:
    """Return a client with a read timeout in seconds.

    TLS contexts take long to create, so a client for an address without TLS has none.
    """
    return HTTPXRequest(
        connection_pool_size=pool,
        read_timeout=read,
        write_timeout=20.0,
        connect_timeout=10.0,
        pool_timeout=10.0,
        media_write_timeout=60.0,
        httpx_kwargs={} if secure else {"verify": False},
    )
