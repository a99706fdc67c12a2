"""Comments whose files are received one by one, such as the photos of an album.

A platform that does not announce the number of files collects them here, and adds the comment when
no other file came for a while. What was collected is stored in a draft, so that a restart loses
nothing.
"""

from __future__ import annotations

from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer
from workflows.records import FormDraft

_FORM = "album:"


class Albums:
    """Collects the files of comments; `name` identifies an album of a person on the platform."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation

    async def collect(
        self, person: str, name: str, *, case_id: str, text: str, file_id: str, key: str
    ) -> None:
        """Store one more file of an album.

        The text of the comment is the first caption. Its idempotency key is that of the first
        file.

        Args:
            file_id: the id of the upload; one that was stored before is not added again.
        """
        before = await self._conversation.draft(person=person, form=f"{_FORM}{name}")
        files = before.values["files"] if before is not None else ()
        words = before.values["text"] if before is not None else ""
        await self._conversation.keep(
            person,
            f"{_FORM}{name}",
            {"files": list(dict.fromkeys([*files, file_id])), "text": words or text},
            place={"case": case_id, "key": before.place["key"] if before is not None else key},
            sent=True,
        )

    async def finish(self, person: str, name: str) -> Answer | None:
        """Add the comment with all files and return the answer; None if nothing was collected."""
        draft = await self._conversation.draft(person=person, form=f"{_FORM}{name}")
        return await self._add(draft) if draft is not None else None

    async def recover(self) -> None:
        """Add the comments that were being collected when the process ended."""
        for draft in await self._conversation.handed_in():
            if draft.form.startswith(_FORM):
                await self._add(draft)

    async def _add(self, draft: FormDraft) -> Answer:
        answer = await self._conversation.commented(
            draft.person,
            str(draft.place["case"]),
            str(draft.values["text"]),
            key=str(draft.place["key"]),
            files=draft.values["files"],
        )
        await self._conversation.drop_draft(person=draft.person, form=draft.form)
        return answer
