"""Finds and stores the open forms: a draft, its present sheet, and its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from handlers.conversation.dialogue.cells import with_cell
from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, FormSheet
from workflows.records import FormDraft


@dataclass(frozen=True, kw_only=True)
class Session:
    """An open form; the questions of the sheet contain the answers so far."""

    sheet: FormSheet
    place: FormPlace

    def answered(self, question: str, value: object) -> Session:
        """Return the session with another answer, and without the problem of this question.

        A cell of a row is given by its name, see `handlers.rows`.
        """
        if "/" in question:
            questions = with_cell(self.sheet.questions, question, value)
        else:
            questions = tuple(
                replace(one, value=value) if one.id == question else one
                for one in self.sheet.questions
            )
        whole = question.partition("/")[0]
        left = {name: why for name, why in self.place.problems.items() if name != whole}
        place = replace(self.place, problems=left)
        return Session(sheet=replace(self.sheet, questions=questions), place=place)

    def moved(self, place: FormPlace) -> Session:
        """Return the session at another place."""
        return replace(self, place=place)

    @property
    def values(self) -> Mapping[str, object]:
        """The answers by the question's id, with those to questions that are not asked now."""
        return self.sheet.values


def mark_of(form: str) -> str:
    """Return the short name of a form that its buttons contain: 6 hexadecimal digits."""
    return hashlib.sha256(form.encode()).hexdigest()[:6]


class Visitor(Protocol):
    """A person and the chat in which they fill in a form."""

    @property
    def person(self) -> str:
        """The person's key."""
        ...

    @property
    def chat(self) -> int:
        """The platform's number of the chat."""
        ...


class Sessions:
    """Finds and stores forms. Every call checks whether the form may still be filled in."""

    def __init__(self, conversation: Conversation) -> None:
        self._conversation = conversation
        self._at = conversation.platform

    async def keep(self, visit: Visitor, session: Session) -> None:
        """Store the answers and the place of a form."""
        place = session.place.kept(at=self._at)
        await self._conversation.keep(
            visit.person, session.sheet.token, session.values, place=place
        )

    async def place_of(self, visit: Visitor, form: str) -> FormPlace | None:
        """Return the place of a form; None if it is not open on this platform."""
        return self.place(await self._conversation.draft(person=visit.person, form=form))

    async def at(
        self, visit: Visitor, message: int, mark: str
    ) -> tuple[FormDraft, FormPlace] | None:
        """Return the form of a message, by its number or by the short name in its buttons.

        A second copy of the message has another number, which no draft contains.
        """
        for draft, place in await self.mine(visit):
            if place.message == message:
                return draft, place
        found = await self.named(visit, mark)
        return (found[0], replace(found[1], message=message, chat=visit.chat)) if found else None

    async def named(self, visit: Visitor, mark: str) -> tuple[FormDraft, FormPlace] | None:
        """Return the form with this short name, see `mark_of`; None if there is none."""
        for draft, place in await self.mine(visit):
            if mark and mark == mark_of(draft.form):
                return draft, place
        return None

    async def active(self, visit: Visitor) -> tuple[FormDraft, FormPlace] | None:
        """Return the form that a text in this chat is for, or None."""
        for draft, place in await self.mine(visit):
            if place.open and place.chat == visit.chat:
                return draft, place
        return None

    async def asked_by(self, visit: Visitor, prompt: int) -> tuple[FormDraft, FormPlace] | None:
        """Return the form whose message, or request for a reply, has this number; or None."""
        for draft, place in await self.mine(visit):
            if prompt in (place.prompt, place.message):
                return draft, place
        return None

    async def read(self, visit: Visitor, draft: FormDraft, place: FormPlace) -> Session | Answer:
        """Return the form as it is now; an answer with the reason if it cannot be opened."""
        answer = await self._conversation.look(visit.person, draft.form)
        if answer.form is None:
            return answer
        return Session(sheet=answer.form, place=place)

    async def settled(self, visit: Visitor, session: Session) -> Session:
        """Return the form with the questions that follow from its answers."""
        answer = await self._conversation.refill(visit.person, session.sheet.token, session.values)
        return session if answer.form is None else replace(session, sheet=answer.form)

    async def stands(self, visit: Visitor, form: str, place: FormPlace) -> bool:
        """Store the numbers of a form's messages; return False if the form is not open."""
        known = {"chat": place.chat, "message": place.message, "prompt": place.prompt}
        same = {"opened": place.opened} if place.opened else {}
        return await self._conversation.mark_draft(
            person=visit.person, form=form, place=known, while_=same
        )

    async def drop(self, visit: Visitor, form: str) -> None:
        """Delete the draft of a form."""
        await self._conversation.drop_draft(person=visit.person, form=form)

    async def set_aside(self, draft: FormDraft, place: FormPlace) -> None:
        """Store that a text in the chat is not for this form any more."""
        closed = replace(place, open=False, prompt=0)
        there = closed.kept(at=self._at)
        await self._conversation.keep_draft(replace(draft, place=there, via=self._at))

    async def mine(self, visit: Visitor) -> list[tuple[FormDraft, FormPlace]]:
        """Return a person's forms on this platform, newest first."""
        drafts = await self._conversation.drafts(person=visit.person)
        return [(draft, place) for draft in drafts if (place := self.place(draft)) is not None]

    def place(self, draft: FormDraft | None) -> FormPlace | None:
        """Return the place of a draft; None if it is open on another platform."""
        return FormPlace.of(draft, at=self._at)
