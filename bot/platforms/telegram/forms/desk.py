"""Forms as a person meets them: opened, tapped, typed into, put aside, sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.forms import pages
from bot.platforms.telegram.forms.drawing import Drawings
from bot.platforms.telegram.visit import Visit
from bot.platforms.telegram.voice import Voice
from bot.runtime.owing import Owing
from handlers.conversation.dialogue import steps
from handlers.conversation.dialogue.place import Place
from handlers.conversation.dialogue.sessions import Session, Sessions
from handlers.conversation.one_platform import Conversation
from handlers.pages import Answer, FormSheet, Tone
from workflows.records import Draft

_ENDED = "form"  # stands for a form that is not known any more


class FormDesk:
    """Keeps forms in one message each; only one of a chat takes what is typed.

    When a method returns, what was answered is durable; what the chat shows follows beside.
    """

    def __init__(
        self, conversation: Conversation, voice: Voice, *, quiet: Quiet, owing: Owing
    ) -> None:
        self._conversation = conversation
        self._voice = voice
        self._quiet = quiet
        self.store = Sessions(conversation)
        self._drawings = Drawings(conversation.desk, voice, self.store, owing=owing)

    # ------------------------------------------------------------------ beginning and ending

    async def open(self, visit: Visit, sheet: FormSheet, *, under: int = 0) -> None:
        """Show a form; one that was begun before goes on where it is open."""
        before = await self.store.place_of(visit, sheet.token)
        if before is not None and visit.update in before.seen:
            self._drawings.draw(visit, Session(sheet=sheet, place=before))  # delivered twice
            return
        await self._set_others_aside(visit, sheet.token)
        if before is not None:
            self._drawings.bare(visit, sheet.token, before)
        place = Place(
            chat=visit.chat,
            under=under,
            opened=visit.update,
            step=steps.first_open(sheet),
            seen=before.seen if before is not None else (),
            names=before.names if before is not None else {},
        )
        await self._keep_and_draw(visit, Session(sheet=sheet, place=place.saw(visit.update)))

    async def keep_aside(self, visit: Visit, sheet: FormSheet) -> None:
        """Keep what a form holds already, to be opened later."""
        place = Place(chat=visit.chat, open=False)
        await self.store.keep(visit, Session(sheet=sheet, place=place))

    async def cancel(self, visit: Visit) -> bool:
        """Forget the form that is open in this chat; whether there was one."""
        active = await self.store.active(visit)
        if active is None:
            return False
        await self._cancel(visit, *active)
        return True

    async def _cancel(self, visit: Visit, draft: Draft, place: Place) -> None:
        await self.store.drop(visit, draft.form)
        self._conclude(visit, draft.form, place, visit.words.t("telegram.form.cancelled"))

    def _conclude(
        self, visit: Visit, form: str, place: Place, text: str, *, owed: bool = False
    ) -> None:
        """The message of a form says how it ended, and asks nothing any more."""
        self._drawings.say(visit, form, place, pages.only(text), owed=owed)

    async def _set_others_aside(self, visit: Visit, token: str) -> None:
        active = await self.store.active(visit)
        if active is not None and active[0].form != token:
            await self._set_aside(visit, *active)

    async def _set_aside(self, visit: Visit, draft: Draft, place: Place) -> None:
        await self.store.set_aside(draft, place)
        session = await self.store.read(visit, draft, place)
        if isinstance(session, Answer):
            self._conclude(visit, draft.form, place, session.text)
        else:
            page, rows = pages.saved(session.sheet, visit.words)
            self._drawings.say(visit, draft.form, place, page, rows)

    async def waiting(self, visit: Visit) -> list[Session]:
        """The forms that are being filled in here and could take words, the newest first."""
        found = []
        for draft, place in await self.store.mine(visit):
            session = await self.store.read(visit, draft, place)
            if isinstance(session, Session) and steps.question_at(session.sheet, place):
                found.append(session)
        return found

    # ------------------------------------------------------------------ taps

    async def tapped(self, visit: Visit, query: str, message: int, parts: list[str]) -> None:
        """A button of a form was pressed."""
        op, step, argument, mark = (*parts, "", "", "", "")[:4]
        found = await self.store.at(visit, message, mark)
        if found is None:
            await self._nothing_there(visit, query, message)
            return
        draft, place = found
        session = await self.store.read(visit, draft, place)
        if isinstance(session, Answer):
            self._voice.toast(query, session.text, alert=True)
            await self.store.set_aside(draft, place)
            self._conclude(visit, draft.form, place, session.text)
            return
        if visit.update in place.seen or (step != place.step and op != "o"):
            self._voice.toast(query)
            self._drawings.draw(visit, session)
            return
        session = session.moved(place.saw(visit.update))
        if op == "z":
            self._voice.toast(query)
            await self._cancel(visit, draft, place)
        elif op == "v":
            self._voice.toast(query, visit.words.t("telegram.form.saved"))
            await self._set_aside(visit, draft, session.place)
        elif op == "w":
            self._voice.toast(query)
            await self._ask_for_reply(visit, session)
        elif op in ("s", "g"):
            await self._send(visit, _with_preset(session, op, argument, visit), query)
        else:
            await self._step(visit, session, op, argument, query)

    async def _step(
        self, visit: Visit, session: Session, op: str, argument: str, query: str
    ) -> None:
        if op == "o":
            await self._set_others_aside(visit, session.sheet.token)
            place = session.place.at(steps.first_open(session.sheet))
            session = session.moved(replace(place, open=True))
        else:
            session = steps.tapped(session, op, argument)
        self._voice.toast(query)
        await self._keep_and_draw(visit, session)

    async def _nothing_there(self, visit: Visit, query: str, message: int) -> None:
        """The form was sent or forgotten: a repeated delivery gets the first one's answer."""
        answer = await self._conversation.answered(visit.key)
        place = Place(chat=visit.chat, message=message, opened=visit.update)
        if answer is None:
            self._voice.toast(query, visit.words.t("refusal.button_unknown"), alert=True)
            self._drawings.bare(visit, _ENDED, place)
        else:
            self._voice.toast(query, answer.text)
            self._conclude(visit, _ENDED, place, f"✅ {answer.text}", owed=answer.owed)

    async def _ask_for_reply(self, visit: Visit, session: Session) -> None:
        """Telegram's own way to ask: whether it arrives or not, what is typed is taken."""
        asked = visit.words.t("telegram.form.reply", label=session.sheet.questions[0].label)
        await self._keep(visit, session.moved(replace(session.place, open=True)))
        self._drawings.ask(visit, session, asked)

    # ------------------------------------------------------------------ words and files

    async def said(self, visit: Visit, text: str, draft: Draft, place: Place) -> None:
        """Words were typed for a form."""
        session = await self._taken(visit, draft, place)
        if session is None:
            return
        if steps.is_simple(session.sheet):  # it is sent in one unit: before that, it is no answer
            await self._send(visit, session.answered(session.sheet.questions[0].id, text), None)
            return
        session = steps.said(session, text, visit.words)
        await self._keep_and_draw(visit, session)
        if not session.place.note:  # what was not taken is left for its author
            self._tidy(visit)

    async def got_file(
        self,
        visit: Visit,
        fetch: Callable[[], Awaitable[tuple[str, str] | str]],
        draft: Draft,
        place: Place,
    ) -> None:
        """A file came for a form; `fetch` gives its id and name, or why it was not kept."""
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
        if visit.message is not None and visit.message.media_group_id:
            self._quiet.after((visit.chat, draft.form), lambda: self._draw_anew(visit, draft.form))
        else:
            self._drawings.draw(visit, session)

    async def _taken(self, visit: Visit, draft: Draft, place: Place) -> Session | None:
        """The form, when this update was not taken into account before; else it is only shown."""
        session = await self.store.read(visit, draft, place)
        if visit.update in place.seen and isinstance(session, Session):
            self._drawings.draw(visit, session)
            return None
        if isinstance(session, Answer):
            await self.store.set_aside(draft, place)
            self._conclude(visit, draft.form, place, session.text)
            return None
        return session.moved(replace(place.saw(visit.update), open=True))

    def _tidy(self, visit: Visit) -> None:
        """What was typed stands in the form now."""
        if visit.message is not None and visit.private:
            self._drawings.remove(visit, visit.message.message_id)

    async def _draw_anew(self, visit: Visit, form: str) -> None:
        """Draw once, when an album is complete."""
        draft = await self._conversation.desk.draft(person=visit.person, form=form)
        place = self.store.place(draft)
        if draft is None or place is None:
            return
        session = await self.store.read(visit, draft, place)
        if isinstance(session, Session):
            self._drawings.draw(visit, session)

    # ------------------------------------------------------------------ sending and drawing

    async def _send(self, visit: Visit, session: Session, query: str | None) -> None:
        values = {name: value for name, value in session.values.items() if value is not None}
        answer = await self._conversation.submitted(
            visit.person, session.sheet.token, values, key=visit.key, owed=True
        )
        mended = answer.tone in (Tone.WARN, Tone.DANGER) or bool(answer.problems)
        if query is not None:
            toast = answer.text or " ".join(answer.problems.values())
            self._voice.toast(query, toast, alert=mended)
        if not mended:
            form, told = session.sheet.token, f"✅ {answer.text}"
            self._conclude(visit, form, session.place, told, owed=answer.owed)
            return
        if answer.problems:
            session = steps.to_mend(session, dict(answer.problems))
        else:
            session = session.moved(replace(session.place, note=answer.text))
        await self._keep_and_draw(visit, session)

    async def _keep(self, visit: Visit, session: Session) -> None:
        await self.store.keep(visit, self._drawings.known(visit, session))

    async def _keep_and_draw(self, visit: Visit, session: Session) -> None:
        await self._keep(visit, session)
        self._drawings.draw(visit, session)


def _with_preset(session: Session, op: str, argument: str, visit: Visit) -> Session:
    reasons = pages.presets(session.sheet, visit.words)
    if op == "g" and argument.isdigit() and int(argument) < len(reasons):
        return session.answered(session.sheet.questions[0].id, reasons[int(argument)])
    return session
