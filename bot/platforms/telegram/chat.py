"""Delivers the messages of the outbox in Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
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
    """Return the reference to a message, as it is stored."""
    return f"{chat}/{message}"


def read_ref(ref: str) -> tuple[int, int]:
    """Return the ids of the chat and the message of a reference; zeros for an invalid one."""
    chat, _, message = ref.partition("/")
    try:
        return int(chat), int(message)
    except ValueError:
        return 0, 0


class TelegramChat:
    """Implements `handlers.conversation.ports.ChatPort`.

    An error that is a defect of ours is raised as TelegramError.
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
        """Return the language of the person."""
        return (to.language,)

    def account(self, *, person: str, accounts: Mapping[str, str]) -> str:
        """Return the id of a group, or of a private chat, which is that of the account."""
        if person.startswith(CHANNEL):
            return self._groups.account(person.removeprefix(CHANNEL))
        account = accounts.get(NAME, "")
        return account if account.lstrip("-").isdigit() else ""

    def wait(self, delivery: Delivery, *, ref: str | None) -> float:
        """Return the seconds until the rate limits allow this message."""
        return self._pace.ask(self._place(delivery, ref))

    def spare(self, delivery: Delivery, *, ref: str | None) -> None:
        """Give back the place in the rate limits of a message that is not sent."""
        self._pace.give_back(self._place(delivery, ref))

    def conversation(self, delivery: Delivery, *, ref: str | None) -> str:
        """Return the chat; changes of messages count as well."""
        return str(self._place(delivery, ref))

    def answerable(self) -> Sequence[str]:
        """Return none: every replica can write everywhere."""
        return ()

    def share(self, replicas: int) -> None:
        """Keep to this part of the rate limits: there are so many replicas."""
        self._pace.share(replicas)

    def park(self, scope: str, seconds: float) -> None:
        """Let messages to this chat wait: Telegram demanded it of another replica."""
        self._pace.park(int(scope), seconds)

    def _place(self, delivery: Delivery, ref: str | None) -> int:
        chat = read_ref(ref)[0] if ref is not None else int(delivery.to.account)
        return self._api.place(chat)

    async def post(self, delivery: Delivery) -> str:
        """Send a card, and the documents of a closed case after it."""
        card = delivery.cards[delivery.to.language]
        chat = self._api.place(int(delivery.to.account))
        words = translator(delivery.to.language)
        rows = self._rows(card, words)
        above = read_ref(delivery.under or "")
        under = above[1] if above[0] == chat else 0
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
            with suppress(TimeoutError):  # the card was delivered
                async with asyncio.timeout(DOCUMENTS_S):
                    await self._documents(delivery, card, chat, message)
        return ref_of(self._api.place(chat), message)

    async def update(self, ref: str, delivery: Delivery) -> None:
        """Edit a card."""
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
            raise Retryable("telegram_not_reached")  # the user name of the bot is not known yet
        return keyboards.of_channel(card, self._api.link)

    async def _forget(self, chat: int, case_id: str) -> None:
        """Remove the buttons of a card of this case that was shown on request."""
        message = self._shown.take(chat, case_id)
        if message is not None:
            await self._voice.buttons(chat, message)

    async def _documents(self, delivery: Delivery, card: Card, chat: int, message: int) -> None:
        """Send the documents in the person's language. A document that fails is not sent again."""
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
        """Return the error for the outbox, after a rate limit or a lost group was noted."""
        if isinstance(error, RetryAfter):
            self._pace.park(chat, seconds_of(error))
        told = delivery_error(error, scope=str(chat))
        if told is None:
            log.error("telegram_refused", why=error.message)
            return error
        if isinstance(told, Permanent) and told.code != "message_gone":
            self._groups.refused(to, why=error.message)
        return told
