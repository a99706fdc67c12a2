"""Handles what a person does to a form: opens, taps, types, sends a file, saves, submits.

When a method returns, the answers are stored. The platform shows them asynchronously.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Generic, Protocol, TypeVar

from handlers.conversation.dialogue import steps
from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.dialogue.sessions import Session, Sessions, Visitor
from handlers.conversation.dialogue.taps import Op, Tap
from handlers.conversation.one_platform import Conversation
from handlers.i18n import Translator
from handlers.pages import Answer, FormSheet, Tone
from workflows.records import FormDraft

_ENDED = "form"  # the name of a form whose draft does not exist any more


class Guest(Visitor, Protocol):
    """A person who does something in a chat."""

    @property
    def key(self) -> str:
        """The idempotency key of the interaction."""
        ...

    @property
    def update(self) -> int:
        """The platform's number of the interaction."""
        ...

    @property
    def words(self) -> Translator:
        """The translator to the person's language."""
        ...


G = TypeVar("G", bound=Guest)
G_contra = TypeVar("G_contra", bound=Guest, contravariant=True)


class Face(Protocol[G_contra]):
    """How a platform shows forms, each in one message.

    The methods return at once; the platform sends asynchronously.
    """

    def draw(self, visit: G_contra, session: Session) -> None:
        """Show the form in its message; in a new one if that was deleted."""
        ...

    def draw_once(self, visit: G_contra, form: str, draw: Callable[[], Awaitable[None]]) -> bool:
        """Call `draw` after the last file of an album; return False if this is not an album."""
        ...

    def put_aside(self, visit: G_contra, session: Session) -> None:
        """Show that the form is saved, and how to continue it."""
        ...

    def end(
        self,
        visit: G_contra,
        form: str,
        place: FormPlace,
        text: str,
        *,
        good: bool = False,
        owed: bool = False,
    ) -> None:
        """Show the result of a form instead of its questions.

        Args:
            form: the token of the sheet.
            good: whether the form was accepted.
            `owed`: whether the text is the stored answer, whose delivery must be reported.
        """
        ...

    def bare(self, visit: G_contra, form: str, place: FormPlace) -> None:
        """Remove the buttons from the message of a form that continues in another message."""
        ...

    def ask(self, visit: G_contra, session: Session, asked: str) -> None:
        """Ask for a reply with the text `asked`."""
        ...

    def tidy(self, visit: G_contra) -> None:
        """Remove the person's message, whose text is in the form now, where possible."""
        ...

    def toast(self, press: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a press."""
        ...

    def known(self, visit: G_contra, session: Session) -> Session:
        """Return the form with the numbers of the messages that it has by now."""
        ...


class Dialogue(Generic[G]):
    """The open forms of a platform; in each chat, a text is for at most one of them."""

    def __init__(self, conversation: Conversation, sessions: Sessions, face: Face[G]) -> None:
        self._conversation = conversation
        self.sessions = sessions
        self._face = face

    # ------------------------------------------------------------------ beginning and ending

    async def open(self, visit: G, sheet: FormSheet, *, under: int = 0) -> None:
        """Open a form, with its draft if there is one, and save the one that was open before.

        Args:
            under: the number of the card from which it was opened; 0 for none.
        """
        before = await self.sessions.place_of(visit, sheet.token)
        if before is not None and visit.update in before.seen:
            self._face.draw(visit, Session(sheet=sheet, place=before))  # delivered twice
            return
        await self._set_others_aside(visit, sheet.token)
        if before is not None:
            self._face.bare(visit, sheet.token, before)
        place = FormPlace(
            chat=visit.chat,
            under=under,
            opened=visit.update,
            step=steps.first_open(sheet),
            seen=before.seen if before is not None else (),
            names=before.names if before is not None else {},
        )
        await self._keep_and_draw(visit, Session(sheet=sheet, place=place.saw(visit.update)))

    async def keep_aside(self, visit: G, sheet: FormSheet) -> None:
        """Store the values that a form has already, to be opened later."""
        place = FormPlace(chat=visit.chat, open=False)
        await self.sessions.keep(visit, Session(sheet=sheet, place=place))

    async def cancel(self, visit: G) -> bool:
        """Delete the form that is open in this chat; return whether there was one."""
        active = await self.sessions.active(visit)
        if active is None:
            return False
        await self._cancel(visit, *active)
        return True

    async def _cancel(self, visit: G, draft: FormDraft, place: FormPlace) -> None:
        await self.sessions.drop(visit, draft.form)
        self._face.end(visit, draft.form, place, visit.words.t("dialogue.cancelled"))

    async def _set_others_aside(self, visit: G, token: str) -> None:
        active = await self.sessions.active(visit)
        if active is not None and active[0].form != token:
            await self._set_aside(visit, *active)

    async def _set_aside(self, visit: G, draft: FormDraft, place: FormPlace) -> None:
        await self.sessions.set_aside(draft, place)
        session = await self.sessions.read(visit, draft, place)
        if isinstance(session, Answer):
            self._face.end(visit, draft.form, place, session.text)
        else:
            self._face.put_aside(visit, session)

    async def waiting(self, visit: G) -> list[Session]:
        """Return the forms on this platform that take a text now, newest first."""
        found = []
        for draft, place in await self.sessions.mine(visit):
            session = await self.sessions.read(visit, draft, place)
            if isinstance(session, Session) and steps.question_at(session.sheet, place):
                found.append(session)
        return found

    # ------------------------------------------------------------------ taps

    async def tapped(self, visit: G, query: str, message: int, tap: Tap) -> None:
        """Handle a tap on a button of a form.

        Args:
            query: the platform's id of the tap, for its confirmation.
            message: the number of the message with the button.
            tap: what the button carries.
        """
        found = await self.sessions.at(visit, message, tap.form)
        if found is None:
            await self._nothing_there(visit, query, message)
            return
        draft, place = found
        session = await self.sessions.read(visit, draft, place)
        if isinstance(session, Answer):
            self._face.toast(query, session.text, alert=True)
            await self.sessions.set_aside(draft, place)
            self._face.end(visit, draft.form, place, session.text)
            return
        if visit.update in place.seen or (tap.step != place.step and tap.op != Op.OPEN):
            self._face.toast(query)
            self._face.draw(visit, session)
            return
        session = session.moved(place.saw(visit.update))
        if tap.op == Op.CANCEL:
            self._face.toast(query)
            await self._cancel(visit, draft, place)
        elif tap.op == Op.SAVE:
            self._face.toast(query, visit.words.t("dialogue.saved"))
            await self._set_aside(visit, draft, session.place)
        elif tap.op == Op.WRITE:
            self._face.toast(query)
            await self._ask_for_reply(visit, session)
        elif tap.op in (Op.SUBMIT, Op.PRESET):
            await self._send(visit, _with_preset(visit, session, tap), query)
        else:
            await self._step(visit, session, tap, query)

    async def _step(self, visit: G, session: Session, tap: Tap, query: str) -> None:
        if tap.op == Op.OPEN:
            await self._set_others_aside(visit, session.sheet.token)
            place = session.place.at(steps.first_open(session.sheet))
            session = session.moved(replace(place, open=True))
        else:
            session = await self._follow(visit, session, steps.tapped(session, tap))
        self._face.toast(query)
        await self._keep_and_draw(visit, session)

    async def _follow(self, visit: G, before: Session, after: Session) -> Session:
        """Return the form after an answer, with the questions that follow from it."""
        if after.values == before.values:
            return after
        anew = await self.sessions.settled(visit, after)
        return steps.asked_anew(before, after, anew.sheet)

    async def _nothing_there(self, visit: G, query: str, message: int) -> None:
        """Answer a tap on a form without a draft: a repeated delivery, or a form that ended."""
        answer = await self._conversation.answered(visit.key)
        place = FormPlace(chat=visit.chat, message=message, opened=visit.update)
        if answer is None:
            self._face.toast(query, visit.words.t("refusal.button_unknown"), alert=True)
            self._face.bare(visit, _ENDED, place)
        else:
            self._face.toast(query, answer.text)
            self._face.end(visit, _ENDED, place, answer.text, good=True, owed=answer.owed)

    async def _ask_for_reply(self, visit: G, session: Session) -> None:
        """Ask for a reply, and take the next text as the answer even if the request is lost."""
        asked = visit.words.t("dialogue.reply", label=session.sheet.questions[0].label)
        await self._keep(visit, session.moved(replace(session.place, open=True)))
        self._face.ask(visit, session, asked)

    # ------------------------------------------------------------------ words and files

    async def said(self, visit: G, text: str, draft: FormDraft, place: FormPlace) -> None:
        """Handle a text for a form."""
        session = await self._taken(visit, draft, place)
        if session is None:
            return
        if steps.is_simple(session.sheet):  # submitted at once, so the answer is not stored before
            await self._send(visit, session.answered(session.sheet.questions[0].id, text), None)
            return
        session = await self._follow(visit, session, steps.said(session, text, visit.words))
        await self._keep_and_draw(visit, session)
        if not session.place.note:  # a text that was not accepted remains in the chat
            self._face.tidy(visit)

    async def got_file(
        self,
        visit: G,
        fetch: Callable[[], Awaitable[tuple[str, str] | str]],
        draft: FormDraft,
        place: FormPlace,
    ) -> None:
        """Handle a file for a form.

        Args:
            fetch: stores the file as an upload and returns its id and name, or why it failed.
        """
        session = await self._taken(visit, draft, place)
        if session is None:
            return
        question = steps.files_question(session.sheet, session.place)
        if question is None:
            note = visit.words.t("dialogue.wants_no_file")
            session = session.moved(replace(session.place, note=note))
        else:
            kept = await fetch()
            if isinstance(kept, str):
                session = session.moved(replace(session.place, note=kept))
            else:
                session = steps.got_file(session, question, *kept, visit.words)
        await self._keep(visit, session)
        form = draft.form
        if not self._face.draw_once(visit, form, lambda: self._draw_anew(visit, form)):
            self._face.draw(visit, session)

    async def _taken(self, visit: G, draft: FormDraft, place: FormPlace) -> Session | None:
        """Return the form if it can take this update; else show it as it is and return None."""
        session = await self.sessions.read(visit, draft, place)
        if visit.update in place.seen and isinstance(session, Session):
            self._face.draw(visit, session)
            return None
        if isinstance(session, Answer):
            await self.sessions.set_aside(draft, place)
            self._face.end(visit, draft.form, place, session.text)
            return None
        return session.moved(replace(place.saw(visit.update), open=True))

    async def _draw_anew(self, visit: G, form: str) -> None:
        """Draw a form again from its draft, after the last file of an album."""
        draft = await self._conversation.draft(person=visit.person, form=form)
        place = self.sessions.place(draft)
        if draft is None or place is None:
            return
        session = await self.sessions.read(visit, draft, place)
        if isinstance(session, Session):
            self._face.draw(visit, session)

    # ------------------------------------------------------------------ sending and drawing

    async def _send(self, visit: G, session: Session, query: str | None) -> None:
        values = {name: value for name, value in session.values.items() if value is not None}
        answer = await self._conversation.submitted(
            visit.person, session.sheet.token, values, key=visit.key, owed=True
        )
        mended = answer.tone in (Tone.WARN, Tone.DANGER) or bool(answer.problems)
        if query is not None:
            toast = answer.text or answer.words
            self._face.toast(query, toast, alert=mended)
        if not mended:
            form, place = session.sheet.token, session.place
            self._face.end(visit, form, place, answer.text, good=True, owed=answer.owed)
            return
        if answer.problems:
            if answer.form is not None:
                session = replace(session, sheet=answer.form)
            session = steps.to_mend(session, dict(answer.problems))
        else:
            session = session.moved(replace(session.place, note=answer.text))
        await self._keep_and_draw(visit, session)

    async def _keep(self, visit: G, session: Session) -> None:
        await self.sessions.keep(visit, self._face.known(visit, session))

    async def _keep_and_draw(self, visit: G, session: Session) -> None:
        await self._keep(visit, session)
        self._face.draw(visit, session)


def _with_preset(visit: Guest, session: Session, tap: Tap) -> Session:
    reasons = steps.presets(session.sheet, visit.words)
    number = tap.number(below=len(reasons)) if tap.op == Op.PRESET else None
    if number is None:
        return session
    return session.answered(session.sheet.questions[0].id, reasons[number])
