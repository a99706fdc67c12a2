"""Words and files in reply to a card: comments on its case. An album is one comment."""

from __future__ import annotations

import re

from telegram import Message

from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.chat import NAME, ref_of
from bot.platforms.telegram.files import Files, has_file
from bot.platforms.telegram.visit import Visit
from handlers.conversation.intents import Said
from handlers.conversation.ports import ChatDesk
from handlers.pages import Answer
from workflows.records import Draft

_ALBUM = "album:"
_CASE = re.compile(r"\b[A-Z]{1,4}-[0-9]{4}-[0-9]{4,10}\b", re.ASCII)


class Comments:
    """Turns replies into comments."""

    def __init__(
        self,
        desk: ChatDesk,
        answers: Answers,
        files: Files,
        *,
        quiet: Quiet,
    ) -> None:
        self._desk = desk
        self._answers = answers
        self._files = files
        self.quiet = quiet

    async def case_of(self, card: Message) -> str | None:
        """The case that a message of ours is about: as recorded, else as its first lines say."""
        ref = ref_of(card.chat.id, card.message_id)
        recorded = await self._desk.case_at(platform=NAME, ref=ref)
        if recorded is not None:
            return recorded
        text = (card.text or card.caption or "").split("\n")[:2]
        found = _CASE.search(" ".join(text))
        return found[0] if found is not None else None

    async def add(self, visit: Visit, case_id: str, message: Message) -> None:
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
        self, visit: Visit, case_id: str, text: str, *, files: tuple[str, ...] = (), under: int
    ) -> None:
        """Comment on a case with these words."""
        answer = await self._desk.handle(
            Said(
                person=visit.person,
                via=NAME,
                key=visit.key,
                text=text.lstrip("/／"),
                case_id=case_id,
                files=files,
                owed=True,
            )
        )
        await self._answers.show(visit, answer, under=under)

    # ------------------------------------------------------------------ albums

    async def _collect(
        self, visit: Visit, case_id: str, album: str, text: str, file_id: str
    ) -> None:
        """Keep a part of an album; the comment is made when nothing more comes."""
        form = f"{_ALBUM}{album}"
        before = await self._desk.draft(person=visit.person, form=form)
        files = list(before.values["files"]) if before is not None else []
        words = before.values["text"] if before is not None else ""
        draft = Draft(
            person=visit.person,
            form=form,
            values={"files": list(dict.fromkeys([*files, file_id])), "text": words or text},
            place={"case": case_id, "key": before.place["key"] if before else visit.key},
            via=NAME,
            at=self._desk.now(),
            sent=True,
        )
        await self._desk.keep_draft(draft)
        self.quiet.after(form, lambda: self._comment(visit, form))

    async def _comment(self, visit: Visit, form: str) -> None:
        draft = await self._desk.draft(person=visit.person, form=form)
        if draft is not None:
            answer = await self._finish(draft)
            under = visit.message.message_id if visit.message is not None else 0
            await self._answers.show(visit, answer, under=under)

    async def recover(self) -> None:
        """Albums that came just before the process ended."""
        for draft in await self._desk.handed_in(platform=NAME):
            if draft.form.startswith(_ALBUM):
                await self._finish(draft)

    async def _finish(self, draft: Draft) -> Answer:
        answer = await self._desk.handle(
            Said(
                person=draft.person,
                via=NAME,
                key=str(draft.place["key"]),
                text=str(draft.values["text"]).lstrip("/／"),
                case_id=str(draft.place["case"]),
                files=tuple(draft.values["files"]),
                owed=True,
            )
        )
        await self._desk.drop_draft(person=draft.person, form=draft.form)
        return answer
