"""Forms that are being filled in: a draft, its sheet as it is now, and its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, FormSheet
from workflows.records import FormDraft


@dataclass(frozen=True, kw_only=True)
class Session:
    """A form that is being filled in; the sheet's questions carry the answers so far."""

    sheet: FormSheet
    place: FormPlace

    def answered(self, question: str, value: object) -> Session:
        """The same with another answer; a problem that was told is told no more."""
        questions = tuple(
            replace(one, value=value) if one.id == question else one for one in self.sheet.questions
        )
        left = {name: why for name, why in self.place.problems.items() if name != question}
        place = replace(self.place, problems=left)
        return Session(sheet=replace(self.sheet, questions=questions), place=place)

    def moved(self, place: FormPlace) -> Session:
        """The same at another place."""
        return replace(self, place=place)

    @property
    def values(self) -> Mapping[str, object]:
        """The answers, by question."""
        return {one.id: one.value for one in self.sheet.questions}


def mark_of(form: str) -> str:
    """A form's short name in its buttons."""
    return hashlib.sha256(form.encode()).hexdigest()[:6]


class Visitor(Protocol):
    """Somebody, and the chat in which they fill in a form."""

    @property
    def person(self) -> str:
        """Their key."""
        ...

    @property
    def chat(self) -> int:
        """The platform's number of the chat."""
        ...


class Sessions:
    """Finds and keeps forms. Whether a form may still be filled in is asked every time."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._desk = conversation.desk
        self._at = conversation.platform

    async def keep(self, visit: Visitor, session: Session) -> None:
        """Keep what was answered and how far it is."""
        place = session.place.kept(at=self._at)
        await self._conversation.keep(
            visit.person, session.sheet.token, session.values, place=place
        )

    async def place_of(self, visit: Visitor, form: str) -> FormPlace | None:
        """Where this form is being filled in here."""
        return self.place(await self._desk.draft(person=visit.person, form=form))

    async def at(
        self, visit: Visitor, message: int, mark: str
    ) -> tuple[FormDraft, FormPlace] | None:
        """The form of a message, which its buttons name, too: a copy is in no record."""
        for draft, place in await self.mine(visit):
            if place.message == message:
                return draft, place
        found = await self.named(visit, mark)
        return (found[0], replace(found[1], message=message, chat=visit.chat)) if found else None

    async def named(self, visit: Visitor, mark: str) -> tuple[FormDraft, FormPlace] | None:
        """The form of this short name."""
        for draft, place in await self.mine(visit):
            if mark and mark == mark_of(draft.form):
                return draft, place
        return None

    async def active(self, visit: Visitor) -> tuple[FormDraft, FormPlace] | None:
        """The form that words in this chat are for."""
        for draft, place in await self.mine(visit):
            if place.open and place.chat == visit.chat:
                return draft, place
        return None

    async def asked_by(self, visit: Visitor, prompt: int) -> tuple[FormDraft, FormPlace] | None:
        """The form that a message asks for a reply to."""
        for draft, place in await self.mine(visit):
            if prompt in (place.prompt, place.message):
                return draft, place
        return None

    async def read(self, visit: Visitor, draft: FormDraft, place: FormPlace) -> Session | Answer:
        """The form as it is now; an answer that says why it cannot be filled in any more."""
        answer = await self._conversation.look(visit.person, draft.form)
        if answer.form is None:
            return answer
        return Session(sheet=answer.form, place=place)

    async def stands(self, visit: Visitor, form: str, place: FormPlace) -> bool:
        """Keep where a form's messages are, however far it is; False when it is over."""
        known = {"chat": place.chat, "message": place.message, "prompt": place.prompt}
        same = {"opened": place.opened} if place.opened else {}
        return await self._desk.mark_draft(person=visit.person, form=form, place=known, while_=same)

    async def drop(self, visit: Visitor, form: str) -> None:
        """Forget a form."""
        await self._desk.drop_draft(person=visit.person, form=form)

    async def set_aside(self, draft: FormDraft, place: FormPlace) -> None:
        """Words in the chat are not for this form any more."""
        closed = replace(place, open=False, prompt=0)
        there = closed.kept(at=self._at)
        await self._desk.keep_draft(replace(draft, place=there, via=self._at))

    async def mine(self, visit: Visitor) -> list[tuple[FormDraft, FormPlace]]:
        """A person's forms here, the newest first."""
        drafts = await self._desk.drafts(person=visit.person)
        return [(draft, place) for draft in drafts if (place := self.place(draft)) is not None]

    def place(self, draft: FormDraft | None) -> FormPlace | None:
        """The place of a draft; None when it is being filled in elsewhere."""
        return FormPlace.of(draft, at=self._at)
