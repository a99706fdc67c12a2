"""Files that people send: fetched at once, because Telegram's link to them does not last."""

from __future__ import annotations

import structlog
from telegram import Message
from telegram.error import TelegramError

from bot.platforms.telegram.api import Api
from bot.platforms.telegram.visit import KnownUpdate
from handlers.conversation.ports import ChatDesk
from handlers.conversation.refused import refusal_text
from workflows.errors import Refusal

log = structlog.stdlib.get_logger("closeloop.telegram")

MEGABYTE = 1024 * 1024
MOST = 20 * MEGABYTE  # that a bot may fetch


def has_file(message: Message) -> bool:
    """Whether something was sent that could be a file."""
    attached = message.effective_attachment
    return bool(attached) and not isinstance(attached, str)


class SentFiles:
    """Fetches what was sent and hands it to the product."""

    def __init__(self, api: Api, desk: ChatDesk) -> None:
        self._api = api
        self._desk = desk

    async def keep(self, visit: KnownUpdate, message: Message) -> tuple[str, str] | str:
        """Id and name of the kept file; a text that says why it was not kept."""
        words = visit.words
        if message.document is not None:
            file_id, size = message.document.file_id, message.document.file_size
            name = message.document.file_name or f"file-{message.message_id}"
        elif message.photo:
            file_id, size = message.photo[-1].file_id, message.photo[-1].file_size
            name = f"photo-{message.message_id}"
        elif message.video is not None:
            file_id, size = message.video.file_id, message.video.file_size
            name = message.video.file_name or f"video-{message.message_id}"
        else:
            return words.t("telegram.file.kind")
        if size is not None and size > MOST:
            return words.t("telegram.file.too_big", most=MOST // MEGABYTE)
        try:
            content = await self._api.fetch(file_id)
        except TelegramError as error:
            log.warning("file_not_fetched", why=error.message)
            return words.t("telegram.file.not_fetched")
        try:
            kept = await self._desk.upload(person=visit.person, name=name, content=content)
        except Refusal as refusal:
            return refusal_text(refusal, words)
        return kept.id, kept.name
