"""Files that people send.

They are downloaded at once: Telegram guarantees its link to a file for one hour only
(core.telegram.org/bots/api#getfile).
"""

from __future__ import annotations

import structlog
from telegram import Document, Message, PhotoSize
from telegram.error import TelegramError

from bot.platforms.telegram.api import Api
from bot.platforms.telegram.errors import says
from bot.platforms.telegram.visit import KnownUpdate
from handlers.conversation.one_platform import Conversation
from handlers.conversation.refused import refusal_text
from handlers.pages import FILE_MOST
from workflows.errors import Refusal

log = structlog.stdlib.get_logger("closeloop.telegram")

MEGABYTE = 1024 * 1024
TOO_BIG = "file is too big"  # Telegram's answer above 20 MB, core.telegram.org/bots/api#getfile


def has_file(message: Message) -> bool:
    """Return whether a message holds an attachment of any kind, also one that is not kept."""
    attached = message.effective_attachment
    return bool(attached) and not isinstance(attached, str)


class SentFiles:
    """Downloads attachments and stores them as uploads of their sender."""

    def __init__(self, api: Api, conversation: Conversation) -> None:
        self._api = api
        self._conversation = conversation

    async def keep(self, visit: KnownUpdate, message: Message) -> tuple[str, str] | str:
        """Store the document, photo or video of a message.

        Returns the id and the name of the upload, or a text that says why it was refused: its kind,
        its size (`FILE_MOST`, as on every platform), or that Telegram did not return it. A file
        whose size is given in the message is refused before it is downloaded.
        """
        words = visit.words
        sent = message.document or message.video or (message.photo[-1] if message.photo else None)
        if sent is None:
            return words.t("telegram.file.kind")
        if isinstance(sent, PhotoSize):
            name = f"photo-{message.message_id}"
        else:
            kind = "file" if isinstance(sent, Document) else "video"
            name = sent.file_name or f"{kind}-{message.message_id}"
        try:
            if (sent.file_size or 0) > FILE_MOST:
                raise _too_big()
            content = await self._fetch(sent.file_id)
            kept = await self._conversation.upload(person=visit.person, name=name, content=content)
        except TelegramError as error:
            log.warning("file_not_fetched", why=error.message)
            return words.t("telegram.file.not_fetched")
        except Refusal as refusal:
            return refusal_text(refusal, words)
        return kept.id, kept.name

    async def _fetch(self, file_id: str) -> bytes:
        try:
            return await self._api.fetch(file_id)
        except TelegramError as error:
            if says(error, TOO_BIG):
                raise _too_big() from None
            raise


def _too_big() -> Refusal:
    return Refusal("file_too_big", most=FILE_MOST // MEGABYTE)
