"""Adds replies to a card as comments to its case. An album is one comment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from telegram import Message

from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.files import SentFiles, has_file
from bot.platforms.telegram.visit import KnownUpdate
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer
from workflows.records import FormDraft

_ALBUM = "album:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comments:
    """Adds comments with their files.

    Telegram sends an album as one message for each file, without their number. The files are
    collected in a draft until no other comes.
    """

    conversation: Conversation
    answers: Answers
    files: SentFiles
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

    async def recover(self) -> None:
        """Add the albums that were being collected when the process ended."""
        for draft in await self.conversation.handed_in():
            if draft.form.startswith(_ALBUM):
                await self._finish(draft)

    async def _collect(
        self, visit: KnownUpdate, case_id: str, album: str, text: str, file_id: str
    ) -> None:
        form = f"{_ALBUM}{album}"
        before = await self.conversation.draft(person=visit.person, form=form)
        files: Sequence[str] = before.values["files"] if before is not None else ()
        words = before.values["text"] if before is not None else ""
        await self.conversation.keep(
            visit.person,
            form,
            {"files": list(dict.fromkeys([*files, file_id])), "text": words or text},
            place={"case": case_id, "key": before.place["key"] if before else visit.key},
            sent=True,
        )

        async def finish() -> None:
            draft = await self.conversation.draft(person=visit.person, form=form)
            if draft is not None:
                await self.answers.show(visit, await self._finish(draft), under=visit.above)

        self.quiet.after(form, finish)

    async def _finish(self, draft: FormDraft) -> Answer:
        answer = await self.conversation.commented(
            draft.person,
            str(draft.place["case"]),
            str(draft.values["text"]),
            key=str(draft.place["key"]),
            files=draft.values["files"],
        )
        await self.conversation.drop_draft(person=draft.person, form=draft.form)
        return answer
