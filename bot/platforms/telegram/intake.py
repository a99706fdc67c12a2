"""Handles updates from either source: validates them, finds the person, and calls the handlers."""

from __future__ import annotations

import asyncio
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.platforms.telegram import commands
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.clicks import Clicks
from bot.platforms.telegram.groups import Groups
from bot.platforms.telegram.messages import WrittenMessages
from bot.platforms.telegram.parts import Parts
from bot.platforms.telegram.shape import what_is_wrong
from bot.platforms.telegram.strangers import Strangers
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import collected
from bot.runtime.keyed_lanes import KeyedLanes
from handlers.conversation.one_platform import Conversation

log = structlog.stdlib.get_logger("closeloop.telegram")

TRIES = 2
AGAIN_S = 0.5
REMEMBERED = 5000


class Intake:
    """Handles updates of one person in one chat in order, others beside them.

    `returned` is called when a person has unblocked the bot.
    """

    def __init__(
        self,
        api: Api,
        conversation: Conversation,
        *,
        strangers: Strangers,
        messages: WrittenMessages,
        clicks: Clicks,
        groups: Groups,
        parts: Parts,
        bot_id: int,
        pause: Callable[[float], Awaitable[None]],
        returned: Callable[[KnownUpdate], Awaitable[None]],
    ) -> None:
        self._api = api
        self._conversation = conversation
        self._strangers = strangers
        self._messages = messages
        self._clicks = clicks
        self._groups = groups
        self._parts = parts
        self._bot_id = bot_id
        self._pause = pause
        self._returned = returned
        self._lanes = KeyedLanes()
        self._taken: OrderedDict[int, None] = OrderedDict()  # the last updates that were handled

    async def take(self, raw: Mapping[str, Any]) -> Sequence[asyncio.Task[None]]:
        """Handle an update. When this returns, the results are durable.

        Returns the messages that are still being sent. An update whose handling fails twice is
        stored as a dead letter; raises if that fails too, and the update must be received again.
        """
        saying = collected()
        await self._lanes.run(_lane(raw), lambda: self._once(raw))
        return tuple(saying)

    async def recover(self) -> None:
        """Continue with the parts of long texts that waited when the process ended."""
        for number, message in await self._parts.recover():
            visit = await self._visit(number, message.from_user, message)
            if visit is not None:
                self._parts.wait(visit, self._later(visit, message))

    async def _once(self, raw: Mapping[str, Any]) -> None:
        number = int(raw["update_id"])
        if number in self._taken:
            return
        await self._tried(raw)
        self._taken[number] = None
        if len(self._taken) > REMEMBERED:
            self._taken.popitem(last=False)

    async def _tried(self, raw: Mapping[str, Any]) -> None:
        why, update = what_is_wrong(raw), None
        if not why:
            try:
                update = Update.de_json(dict(raw), self._api.bot)
            except Exception as error:  # noqa: BLE001 - whatever the client library cannot read
                why = f"{type(error).__name__}: {error}"
        if update is None:
            log.warning("update_unreadable", update=raw["update_id"], why=why[:200])
            await self._keep_dead(raw, self._api.struck(why))
            return
        for attempt in range(1, TRIES + 1):
            try:
                await self._react(update)
                break
            except TelegramError as error:  # the decision is durable, only an answer was not sent
                log.warning("reaction_not_shown", why=error.message)
                break
            except Exception as error:  # noqa: BLE001 - no update may block the others
                if attempt == TRIES:
                    await self._bury(raw, error)
                else:
                    await self._pause(AGAIN_S)

    async def _bury(self, raw: Mapping[str, Any], error: Exception) -> None:
        log.error("update_failed", update=raw["update_id"], exc_info=error)
        trace = self._api.struck("".join(traceback.format_exception(error)))
        await self._keep_dead(raw, trace[-4000:])
        query = raw.get("callback_query")
        if isinstance(query, dict) and "id" in query:
            language = str((query.get("from") or {}).get("language_code", ""))
            self._strangers.sorry(str(query["id"]), language)

    async def _keep_dead(self, raw: Mapping[str, Any], error: str) -> None:
        update = dict(raw)
        if self._conversation.is_anonymous_in(_chat_of(raw)):  # it may be an answer
            update = {"update_id": raw.get("update_id")}
        try:
            await self._conversation.bury(payload={"update": update}, error=error)
        except Exception:
            self._strangers.unsaved(raw)
            raise

    # ------------------------------------------------------------------ kinds of updates

    async def _react(self, update: Update) -> None:
        if update.callback_query is not None:
            await self._click(update.update_id, update.callback_query)
        elif update.message is not None:
            await self._message(update.update_id, update.message)
        elif update.edited_message is not None:
            await self._edited(update.update_id, update.edited_message)
        elif update.my_chat_member is not None:
            await self._membership(update.update_id, update.my_chat_member)

    async def _visit(
        self, number: int, user: User | None, message: Message | None, *, chat: Chat | None = None
    ) -> KnownUpdate | None:
        """Return the update of a known account, or None.

        Accounts are known by their id, never by their name. Without a chat, which a very old
        message does not have, it is the private one.
        """
        known = await self._conversation.known(str(user.id)) if user is not None else None
        if user is None or known is None:
            return None
        chat = chat or (message.chat if message is not None else None)
        return KnownUpdate(
            known=known,
            chat=chat.id if chat is not None else user.id,
            private=chat is None or chat.type == ChatType.PRIVATE,
            bot=self._bot_id,
            update=number,
            message=message,
        )

    async def _click(self, number: int, query: CallbackQuery) -> None:
        message = query.message
        whole = message if isinstance(message, Message) else None
        chat = message.chat if message is not None else None
        visit = await self._visit(number, query.from_user, whole, chat=chat)
        if visit is None:
            await self._strangers.pressed(query)
        else:
            await self._clicks.pressed(visit, query)

    async def _message(self, number: int, message: Message) -> None:
        if message.migrate_to_chat_id is not None:
            self._api.follow(message.chat.id, message.migrate_to_chat_id)
            return
        user, private = message.from_user, message.chat.type == ChatType.PRIVATE
        if message.sender_chat is not None and message.sender_chat.id == message.chat.id:
            if await self._messages.is_command(message, us=self._api.username):
                self._strangers.hidden(message)
            return
        if user is None or user.is_bot or message.sender_chat is not None:
            return
        if not private:
            if not self._is_for_us(message):
                return
            self._groups.seen(message.chat)
        visit = await self._visit(number, user, message)
        if visit is None:
            await self._strangers.wrote(user, message, private=private)
            return
        whole = await self._parts.whole(visit, message, self._later(visit, message))
        if whole is not None:
            await self._said(*whole)
            await self._parts.done(visit, last=number)

    def _later(self, visit: KnownUpdate, message: Message) -> Callable[[], Awaitable[None]]:
        """Return what handles the parts of a text when no other part follows, in order."""
        user = message.from_user.id if message.from_user is not None else 0

        async def handle() -> None:
            whole = self._parts.left(visit)
            if whole is not None:
                await self._said(*whole)
                await self._parts.done(visit, last=visit.update)

        return lambda: self._lanes.run((user, message.chat.id), handle)

    async def _said(self, visit: KnownUpdate, message: Message) -> None:
        react = self._messages.private if visit.private else self._messages.group
        await react(visit, message, us=self._bot_id)

    async def _edited(self, number: int, message: Message) -> None:
        user, private = message.from_user, message.chat.type == ChatType.PRIVATE
        if user is None or user.is_bot or not (private or self._is_for_us(message)):
            return
        visit = await self._visit(number, user, message)
        if visit is not None:
            await self._messages.edited(visit, message, us=self._bot_id)

    def _is_for_us(self, message: Message) -> bool:
        """Return whether a message in a group is a command for this bot or a reply to it."""
        command = commands.read(message.text or "")
        if command is not None:
            return command.bot in ("", self._api.username.lower())
        replied = message.reply_to_message
        author = replied.from_user if replied is not None else None
        return author is not None and author.id == self._bot_id

    async def _membership(self, number: int, change: ChatMemberUpdated) -> None:
        """Handle that the bot was blocked, unblocked, added to a group or removed.

        The outbox learns that a person has blocked the bot from its next message.
        """
        status = change.new_chat_member.status
        log.info("membership", chat=change.chat.id, type=change.chat.type, status=status)
        if change.chat.type != ChatType.PRIVATE:
            self._groups.changed(change.chat, status)
        elif status == change.new_chat_member.MEMBER:
            visit = await self._visit(number, change.from_user, None, chat=change.chat)
            if visit is not None:
                await self._returned(visit)


def _lane(raw: Mapping[str, Any]) -> tuple[int, int]:
    """Return the account and the chat of an update; zeros for what it does not have."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        payload = raw.get(kind)
        if isinstance(payload, dict):
            place = payload.get("message") or payload
            return _number(payload.get("from")), _number(place, "chat")
    return 0, 0


def _number(found: object, *names: str) -> int:
    """Return the id in an object that was not validated; 0 without one."""
    for name in (*names, "id"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, int) else 0


def _chat_of(raw: Mapping[str, Any]) -> int:
    """Return the number of the chat of an update that may not be readable; 0 if it has none."""
    query = raw.get("callback_query")
    inner = query if isinstance(query, dict) else raw
    for name in ("message", "edited_message"):
        message = inner.get(name)
        chat = message.get("chat") if isinstance(message, dict) else None
        if isinstance(chat, dict) and isinstance(chat.get("id"), int):
            return int(chat["id"])
    return 0
