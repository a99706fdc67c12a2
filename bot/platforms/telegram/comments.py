"""Adds replies to a card as comments to its case. An album is one comment."""

from __future__ import annotations

from dataclasses import dataclass

from telegram import Message

from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.files import SentFiles, has_file
from bot.platforms.telegram.visit import KnownUpdate
from bot.runtime.quiet import Quiet
from handlers.conversation.albums import Albums
from handlers.conversation.one_platform import Conversation


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Adds comments with their files.

    Telegram sends an album as one message for each file, without their number.
    """

    conversation: Conversation
    answers: Answers
    files: SentFiles
    albums: Albums
    quiet: Quiet

    async def add(self, visit: KnownUpdate, case_id: str, message: Message) -> None:
        """Add a text or a file, with its caption, to a case, and show the answer."""
        text, files = message.text or message.caption or "", []
        if has_file(message):
            kept = await self.files.keep(visit, message)
            if isinstance(kept, str):
                await self.answers.say(visit, kept, under=message.message_id)
                return
            files = [kept[0]]
            if message.media_group_id:
                await self._collect(visit, case_id, message.media_group_id, text, kept[0])
                return
        answer = await self.conversation.commented(
            visit.person, case_id, text, key=visit.key, files=files
        )
        await self.answers.show(visit, answer, under=message.message_id)

    async def _collect(
        self, visit: KnownUpdate, case_id: str, album: str, text: str, file_id: str
    ) -> None:
        await self.albums.collect(
            visit.person, album, case_id=case_id, text=text, file_id=file_id, key=visit.key
        )

        async def finish() -> None:
            answer = await self.albums.finish(visit.person, album)
            if answer is not None:
                await self.answers.show(visit, answer, under=visit.above)

        self.quiet.after((visit.person, album), finish)
