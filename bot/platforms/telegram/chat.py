"""Telegram as the outbox sees it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

import structlog
from telegram.error import RetryAfter, TelegramError

from bot.platforms.telegram import cards, keyboards
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.errors import delivery_error, seconds_of
from bot.platforms.telegram.groups import CHANNEL, Groups
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.pace import TelegramPace
from bot.platforms.telegram.shown import Shown
from bot.platforms.telegram.voice import Voice
from handlers.conversation.one_platform import Conversation
from handlers.conversation.ports import Addressee, Delivery
from handlers.i18n import Translator, translator
from handlers.pages import Card
from workflows.errors import Permanent, Refusal, Retryable

log = structlog.stdlib.get_logger("closeloop.telegram")

NAME = "telegram"
DOCUMENTS_S = 20.0


def ref_of(chat: int, message: int) -> str:
    """The reference to a message."""
    return f"{chat}/{message}"


def read_ref(ref: str) -> tuple[int, int]:
    """Chat and message of a reference; zeros for what is none of ours."""
    chat, _, message = ref.partition("/")
    try:
        return int(chat), int(message)
    except ValueError:
        return 0, 0


class TelegramChat:
    """Keeps the promises of `handlers.conversation.ports.ChatPort`.

    What Telegram refuses because of a mistake of ours is raised as it is: a defect.
    """

    name = NAME
    silent = True

    def __init__(
        self,
        api: Api,
        pace: TelegramPace,
        voice: Voice,
        conversation: Conversation,
        shown: Shown,
        *,
        groups: Groups,
    ) -> None:
        self._api = api
        self._pace = pace
        self._voice = voice
        self._conversation = conversation
        self._shown = shown
        self._groups = groups

    def languages(self, to: Addressee) -> tuple[str, ...]:
        """The reader's own."""
        return (to.language,)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """The number of their account, which is that of their private chat, too; or of a group."""
        if person.startswith(CHANNEL):
            return self._groups.account(person.removeprefix(CHANNEL))
        account = accounts.get(NAME, "")
        return account if account.lstrip("-").isdigit() else ""

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """Until the chat's bucket, and everybody's, have room."""
        return self._pace.ask(self._place(delivery, ref))

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """What was told that it goes now does not go after all."""
        self._pace.give_back(self._place(delivery, ref))

    def _place(self, delivery: Delivery, ref: str | None) -> int:
        chat = read_ref(ref)[0] if ref is not None else int(delivery.to.account)
        return self._api.place(chat)

    async def post(self, delivery: Delivery) -> str:
        """Post the card; a closing card is followed by its documents."""
        card = delivery.cards[delivery.to.language]
        chat = self._api.place(int(delivery.to.account))
        words = translator(delivery.to.language)
        rows = self._rows(card, words)
        above = read_ref(delivery.under or "")
        under = above[1] if above[0] == chat else None
        try:
            message = await self._api.send(
                chat,
                cards.page_of(card, words),
                keyboards.markup(rows),
                under=under,
                quiet=delivery.quiet,
            )
        except TelegramError as error:
            raise self._told(chat, error, delivery.to) from None
        if card.kind == "closed":
            with suppress(TimeoutError):  # it must never look as if the card had not arrived
                async with asyncio.timeout(DOCUMENTS_S):
                    await self._documents(delivery, card, chat, message)
        return ref_of(self._api.place(chat), message)

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Change the card where it stands."""
        chat, message = read_ref(ref)
        if not message:
            raise Permanent("message_gone")
        card = delivery.cards[delivery.to.language]
        words = translator(delivery.to.language)
        rows = self._rows(card, words)
        try:
            await self._api.edit(chat, message, cards.page_of(card, words), keyboards.markup(rows))
        except TelegramError as error:
            raise self._told(chat, error, delivery.to) from None
        if card.case_id and not rows:
            await self._forget(chat, card.case_id)

    def _rows(self, card: Card, words: Translator) -> Rows:
        if card.kind != "channel":
            return keyboards.of_card(card, words, shown=False)
        if not self._api.username:
            raise Retryable("telegram_not_reached")  # nobody told us yet what we are called
        return keyboards.of_channel(card, self._api.link)

    async def _forget(self, chat: int, case_id: str) -> None:
        """Something was decided: what was shown of the case loses its buttons, too."""
        message = self._shown.take(chat, case_id)
        if message is not None:
            await self._voice.buttons(chat, message, [])

    async def _documents(self, delivery: Delivery, card: Card, chat: int, message: int) -> None:
        """The closing card is there already: a document that fails is no reason to repeat it."""
        mine = [file for file in card.files if f".{delivery.to.language}." in file.id]
        for file in mine or card.files[:1]:
            try:
                kept, content = await self._conversation.open_file(
                    person=delivery.to.person, file_id=file.id
                )
            except Refusal as refusal:
                log.warning("no_document", case=card.case_id, why=refusal.code)
                continue
            await self._voice.document(chat, kept.name, content, under=message)

    def _told(self, chat: int, error: TelegramError, to: Addressee) -> Exception:
        if isinstance(error, RetryAfter):
            self._pace.park(chat, seconds_of(error))
        told = delivery_error(error)
        if told is None:
            log.error("telegram_refused", why=error.message)
            return error
        if isinstance(told, Permanent) and told.code != "message_gone":
            self._groups.refused(to, why=error.message)
        return told
