"""Every update, from either source: who it is from, what it is, and that it blocks nobody."""

from __future__ import annotations

import asyncio
import traceback
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import structlog
from telegram import CallbackQuery, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType
from telegram.error import TelegramError

from bot.platforms.telegram import commands
from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.clicks import Clicks
from bot.platforms.telegram.groups import Groups
from bot.platforms.telegram.lanes import ChatLanes
from bot.platforms.telegram.messages import WrittenMessages
from bot.platforms.telegram.parts import Parts
from bot.platforms.telegram.shape import what_is_wrong
from bot.platforms.telegram.strangers import Strangers
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import collected
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import KnownPerson

log = structlog.stdlib.get_logger("closeloop.telegram")

TRIES = 2
AGAIN_S = 0.5
REMEMBERED = 5000


class Intake:
    """Takes updates. When `take` returns, what was decided is durable; it may be confirmed."""

    def __init__(
        self,
        api: Api,
        conversation: Conversation,
        *,
        strangers: Strangers,
        messages: WrittenMessages,
        clicks: Clicks,
        groups: Groups,
        bot_id: int,
        pause: Callable[[float], Awaitable[None]],
        quiet: Quiet,
        returned: Callable[[KnownUpdate], Awaitable[None]],
    ) -> None:
        self._api = api
        self._conversation = conversation
        self._strangers = strangers
        self._messages = messages
        self._clicks = clicks
        self._groups = groups
        self._bot_id = bot_id
        self._pause = pause
        self._lanes = ChatLanes()
        self._parts = Parts(api, conversation, quiet)
        self._taken: OrderedDict[int, None] = OrderedDict()
        self._returned = returned

    async def take(self, raw: Mapping[str, Any]) -> Sequence[asyncio.Task[None]]:
        """Handle an update, in turn; raises when not even its failure could be kept.

        Returns when what was decided is durable, with what is still being said.
        """
        saying = collected()
        await self._lanes.run(_lane(raw), lambda: self._once(raw))
        return tuple(saying)

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
            except TelegramError as error:  # what was decided is kept; an answer was not
                log.warning("reaction_not_shown", why=error.message)
                break
            except Exception as error:  # noqa: BLE001 - whatever it is, it blocks nobody
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
        try:
            await self._conversation.bury(payload={"update": dict(raw)}, error=error)
        except Exception:
            self._strangers.unsaved(raw)  # it comes again; until then, nothing is pretended
            raise

    async def _react(self, update: Update) -> None:
        if update.callback_query is not None:
            await self._click(update.update_id, update.callback_query)
        elif update.message is not None:
            await self._message(update.update_id, update.message)
        elif update.edited_message is not None:
            await self._edited(update.update_id, update.edited_message)
        elif update.my_chat_member is not None:
            await self._membership(update.update_id, update.my_chat_member)

    async def _known(self, user: User) -> KnownPerson | None:
        """Accounts are known by their number, never by their name."""
        return await self._conversation.known(str(user.id))

    # ------------------------------------------------------------------ kinds

    async def _click(self, number: int, query: CallbackQuery) -> None:
        known = await self._known(query.from_user)
        if known is None:
            await self._strangers.pressed(query)
            return
        message = query.message
        chat = message.chat if message is not None else None
        visit = KnownUpdate(
            known=known,
            chat=chat.id if chat is not None else query.from_user.id,
            private=chat is None or chat.type == ChatType.PRIVATE,
            bot=self._bot_id,
            update=number,
            message=message if isinstance(message, Message) else None,
        )
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
        if not private and not self._is_for_us(message):
            return
        if not private:
            self._groups.seen(message.chat)
        known = await self._known(user)
        if known is None:
            await self._strangers.wrote(user, message, private=private)
            return
        visit = KnownUpdate(
            known=known,
            chat=message.chat.id,
            private=private,
            bot=self._bot_id,
            update=number,
            message=message,
        )
        whole = await self._parts.whole(visit, message, self._later(visit, message))
        if whole is not None:
            await self._said(*whole)
            await self._parts.done(visit, last=number)

    async def recover(self) -> None:
        """Texts of which a part had come when the process ended."""
        for number, message in await self._parts.recover():
            known = await self._known(message.from_user) if message.from_user else None
            if known is not None:
                visit = KnownUpdate(
                    known=known,
                    chat=message.chat.id,
                    private=message.chat.type == ChatType.PRIVATE,
                    bot=self._bot_id,
                    update=number,
                    message=message,
                )
                self._parts.wait(visit, self._later(visit, message))

    def _later(self, visit: KnownUpdate, message: Message) -> Callable[[], Awaitable[None]]:
        """What is done, in turn, when no further part of a text comes."""
        user = message.from_user.id if message.from_user is not None else 0

        async def handle() -> None:
            whole = self._parts.left(visit, message)
            if whole is not None:
                await self._said(*whole)
                await self._parts.done(visit, last=visit.update)

        return lambda: self._lanes.run((user, message.chat.id), handle)

    async def _said(self, visit: KnownUpdate, message: Message) -> None:
        react = self._messages.private if visit.private else self._messages.group
        await react(visit, message, us=self._bot_id)

    async def _edited(self, number: int, message: Message) -> None:
        """Somebody corrected what they wrote, which was handled already."""
        user, private = message.from_user, message.chat.type == ChatType.PRIVATE
        if user is None or user.is_bot or not (private or self._is_for_us(message)):
            return
        known = await self._known(user)
        if known is not None:
            visit = KnownUpdate(
                known=known,
                chat=message.chat.id,
                private=private,
                bot=self._bot_id,
                update=number,
                message=message,
            )
            await self._messages.edited(visit, message, us=self._bot_id)

    def _is_for_us(self, message: Message) -> bool:
        """Whether something in a group is a command of ours or a reply to us."""
        command = commands.read(message.text or "")
        if command is not None:
            return command.bot in ("", self._api.username.lower())
        replied = message.reply_to_message
        author = replied.from_user if replied is not None else None
        return author is not None and author.id == self._bot_id

    async def _membership(self, number: int, change: ChatMemberUpdated) -> None:
        """We were blocked, freed, added or removed. The outbox learns it from its next message."""
        status = change.new_chat_member.status
        log.info("membership", chat=change.chat.id, type=change.chat.type, status=status)
        if change.chat.type != ChatType.PRIVATE:
            self._groups.changed(change.chat, status)
            return
        if status != change.new_chat_member.MEMBER:
            return
        known = await self._known(change.from_user)
        if known is not None:
            await self._returned(
                KnownUpdate(
                    known=known,
                    chat=change.chat.id,
                    private=True,
                    bot=self._bot_id,
                    update=number,
                )
            )


def _lane(raw: Mapping[str, Any]) -> tuple[int, int]:
    """Who and where; updates without either share a lane."""
    for kind in ("message", "edited_message", "callback_query", "my_chat_member"):
        payload = raw.get(kind)
        if isinstance(payload, dict):
            place = payload.get("message") or payload
            return _number(payload.get("from")), _number(place, "chat")
    return 0, 0


def _number(found: object, *names: str) -> int:
    """The id in an object, however odd the object is."""
    for name in (*names, "id"):
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, int) else 0
