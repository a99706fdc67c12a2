"""Words and files in reply to a card: comments on its case. An album is one comment."""

from __future__ import annotations

from telegram import Message

from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.files import SentFiles, has_file
from bot.platforms.telegram.visit import KnownUpdate
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer
from workflows.records import FormDraft

_ALBUM = "album:"


class Comments:
    """Turns replies into comments."""

    def __init__(
        self,
        conversation: Conversation,
        answers: Answers,
        files: SentFiles,
        *,
        quiet: Quiet,
    ) -> None:
        self._conversation = conversation
        self._answers = answers
        self._files = files
        self.quiet = quiet

    async def add(self, visit: KnownUpdate, case_id: str, message: Message) -> None:
        """Comment on a case with what was written or sent."""
        text = message.text or message.caption or ""
        files: tuple[str, ...] = ()
        if has_file(message):
            kept = await self._files.keep(visit, message)
            if isinstance(kept, str):
                await self._answers.say(visit, kept, under=message.message_id)
                return
            files = (kept[0],)
            if message.media_group_id:
                await self._collect(visit, case_id, message.media_group_id, text, kept[0])
                return
        await self.say(visit, case_id, text, files=files, under=message.message_id)

    async def say(
        self,
        visit: KnownUpdate,
        case_id: str,
        text: str,
        *,
        files: tuple[str, ...] = (),
        under: int,
    ) -> None:
        """Comment on a case with these words."""
        answer = await self._conversation.commented(
            visit.person, case_id, text, key=visit.key, files=files
        )
        await self._answers.show(visit, answer, under=under)

    # ------------------------------------------------------------------ albums

    async def _collect(
        self, visit: KnownUpdate, case_id: str, album: str, text: str, file_id: str
    ) -> None:
        """Keep a part of an album; the comment is made when nothing more comes."""
        form = f"{_ALBUM}{album}"
        before = await self._conversation.draft(person=visit.person, form=form)
        files = list(before.values["files"]) if before is not None else []
        words = before.values["text"] if before is not None else ""
        await self._conversation.keep(
            visit.person,
            form,
            {"files": list(dict.fromkeys([*files, file_id])), "text": words or text},
            place={"case": case_id, "key": before.place["key"] if before else visit.key},
            sent=True,
        )
        self.quiet.after(form, lambda: self._comment(visit, form))

    async def _comment(self, visit: KnownUpdate, form: str) -> None:
        draft = await self._conversation.draft(person=visit.person, form=form)
        if draft is not None:
            answer = await self._finish(draft)
            under = visit.message.message_id if visit.message is not None else 0
            await self._answers.show(visit, answer, under=under)

    async def recover(self) -> None:
        """Albums that came just before the process ended."""
        for draft in await self._conversation.handed_in():
            if draft.form.startswith(_ALBUM):
                await self._finish(draft)

    async def _finish(self, draft: FormDraft) -> Answer:
        answer = await self._conversation.commented(
            draft.person,
            str(draft.place["case"]),
            str(draft.values["text"]),
            key=str(draft.place["key"]),
            files=draft.values["files"],
        )
        await self._conversation.drop_draft(person=draft.person, form=draft.form)
        return answer
