"""Forms as a person meets them: opened, tapped, typed into, put aside, sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.platforms.telegram.albums import Quiet
from bot.platforms.telegram.forms import pages, steps
from bot.platforms.telegram.forms.place import AT, Place
from bot.platforms.telegram.forms.store import Session, Store
from bot.platforms.telegram.visit import Visit
from bot.platforms.telegram.voice import Voice
from handlers.cards.model import Answer, FormSheet, Tone
from handlers.intents import Pressed, Submitted
from handlers.ports import ChatDesk, Draft

_NO_BUTTON = "form"  # a token of nothing: who presses it learns that the button is old


class FormDesk:
    """Keeps forms in one message each; only one of a chat takes what is typed."""

    def __init__(self, desk: ChatDesk, voice: Voice, *, quiet: Quiet) -> None:
        self._desk = desk
        self._voice = voice
        self._quiet = quiet
        self.store = Store(desk)

    # ------------------------------------------------------------------ beginning and ending

    async def open(self, visit: Visit, sheet: FormSheet, *, under: int = 0) -> None:
        """Show a form; one that was begun before goes on where it is open."""
        before = await self.store.place_of(visit, sheet.token)
        if before is not None and visit.update in before.seen:
            await self._draw(visit, Session(sheet=sheet, place=before))  # delivered twice
            return
        await self._set_others_aside(visit, sheet.token)
        if before is not None and before.message:
            await self._voice.buttons(before.chat, before.message, [])
        seen = before.seen if before is not None else ()
        names = before.names if before is not None else {}
        place = Place(
            chat=visit.chat, under=under, step=steps.first_open(sheet), seen=seen, names=names
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
        await self._conclude(visit, place, visit.words.t("telegram.form.cancelled"))

    async def _conclude(self, visit: Visit, place: Place, text: str) -> None:
        """The message of a form says how it ended, and asks nothing any more."""
        if place.prompt:
            await self._voice.remove(place.chat, place.prompt)
        page = pages.only(text)
        if not place.message or not await self._voice.change(place.chat, place.message, page, []):
            await self._voice.say(visit.chat, page)

    async def _set_others_aside(self, visit: Visit, token: str) -> None:
        active = await self.store.active(visit)
        if active is not None and active[0].form != token:
            await self._set_aside(visit, *active)

    async def _set_aside(self, visit: Visit, draft: Draft, place: Place) -> None:
        await self.store.set_aside(draft, place)
        session = await self.store.read(visit, draft, place)
        if isinstance(session, Answer):
            await self._conclude(visit, place, session.text)
        elif place.message:
            page, rows = pages.saved(session.sheet.title, visit.words)
            await self._voice.change(place.chat, place.message, page, rows)

    # ------------------------------------------------------------------ taps

    async def tapped(self, visit: Visit, query: str, message: int, parts: list[str]) -> None:
        """A button of a form was pressed."""
        op, step, argument = (*parts, "", "", "")[:3]
        found = await self.store.at(visit, message)
        if found is None:
            await self._nothing_there(visit, query, message)
            return
        draft, place = found
        session = await self.store.read(visit, draft, place)
        if isinstance(session, Answer):
            await self._voice.toast(query, session.text, alert=True)
            await self.store.set_aside(draft, place)
            await self._conclude(visit, place, session.text)
            return
        if visit.update in place.seen or (step != place.step and op != "o"):
            await self._voice.toast(query)
            await self._draw(visit, session)
            return
        session = session.moved(place.saw(visit.update))
        if op == "z":
            await self._voice.toast(query)
            await self._cancel(visit, draft, place)
        elif op == "v":
            await self._voice.toast(query, visit.words.t("telegram.form.saved"))
            await self._set_aside(visit, draft, session.place)
        elif op == "w":
            await self._voice.toast(query)
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
        await self.store.keep(visit, session)
        await self._voice.toast(query)
        await self._draw(visit, session)

    async def _nothing_there(self, visit: Visit, query: str, message: int) -> None:
        """The form was sent or forgotten: a repeated delivery gets the first one's answer."""
        answer = await self._desk.handle(
            Pressed(person=visit.person, via=AT, key=visit.key, token=_NO_BUTTON)
        )
        await self._voice.toast(query, answer.text, alert=answer.tone is not Tone.GOOD)
        if answer.tone is Tone.GOOD:
            await self._voice.change(visit.chat, message, pages.only(f"✅ {answer.text}"), [])
        else:
            await self._voice.buttons(visit.chat, message, [])

    async def _ask_for_reply(self, visit: Visit, session: Session) -> None:
        asked = visit.words.t("telegram.form.reply", label=session.sheet.questions[0].label)
        prompt = await self._voice.say(visit.chat, pages.only(asked), placeholder=asked)
        if prompt is not None:
            session = session.moved(replace(session.place, prompt=prompt, open=True))
        await self.store.keep(visit, session)

    # ------------------------------------------------------------------ words and files

    async def said(self, visit: Visit, text: str, draft: Draft, place: Place) -> None:
        """Words were typed for a form."""
        session = await self._taken(visit, draft, place)
        if session is None:
            return
        if pages.is_simple(session.sheet):
            answered = session.answered(session.sheet.questions[0].id, text)
            await self.store.keep(visit, answered)
            await self._send(visit, answered, None)
            return
        session = steps.said(session, text, visit.words)
        await self.store.keep(visit, session)
        if not session.place.note:  # what was not taken is left for its author
            await self._tidy(visit)
        await self._draw(visit, session)

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
        question = pages.question_at(session.sheet, session.place)
        if question is None or question.type != "files":
            note = visit.words.t("telegram.form.wants_no_file")
            session = session.moved(replace(session.place, note=note))
        else:
            kept = await fetch()
            if isinstance(kept, str):
                session = session.moved(replace(session.place, note=kept))
            else:
                session = steps.got_file(session, *kept, visit.words)
        await self.store.keep(visit, session)
        if visit.message is not None and visit.message.media_group_id:
            self._quiet.after((visit.chat, draft.form), lambda: self._draw_anew(visit, draft.form))
        else:
            await self._draw(visit, session)

    async def _taken(self, visit: Visit, draft: Draft, place: Place) -> Session | None:
        """The form, when this update was not taken into account before; else it is only shown."""
        session = await self.store.read(visit, draft, place)
        if visit.update in place.seen and isinstance(session, Session):
            await self._draw(visit, session)
            return None
        if isinstance(session, Answer):
            await self.store.set_aside(draft, place)
            await self._conclude(visit, place, session.text)
            return None
        return session.moved(replace(place.saw(visit.update), open=True))

    async def _tidy(self, visit: Visit) -> None:
        """What was typed stands in the form now."""
        if visit.message is not None and visit.private:
            await self._voice.remove(visit.chat, visit.message.message_id)

    async def _draw_anew(self, visit: Visit, form: str) -> None:
        """Draw once, when an album is complete."""
        draft = await self._desk.draft(person=visit.person, form=form)
        place = Place.of(draft)
        if draft is None or place is None:
            return
        session = await self.store.read(visit, draft, place)
        if isinstance(session, Session):
            await self._draw(visit, session)

    # ------------------------------------------------------------------ sending and drawing

    async def _send(self, visit: Visit, session: Session, query: str | None) -> None:
        values = {name: value for name, value in session.values.items() if value is not None}
        answer = await self._desk.handle(
            Submitted(
                person=visit.person,
                via=AT,
                key=visit.key,
                token=session.sheet.token,
                values=values,
            )
        )
        mended = answer.tone in (Tone.WARN, Tone.DANGER) or bool(answer.problems)
        if query is not None:
            toast = answer.text or " ".join(answer.problems.values())
            await self._voice.toast(query, toast, alert=mended)
        if not mended:
            await self._conclude(visit, session.place, f"✅ {answer.text}")
            return
        if answer.problems:
            session = steps.to_mend(session, dict(answer.problems))
        else:
            session = session.moved(replace(session.place, note=answer.text))
        await self._keep_and_draw(visit, session)

    async def _keep_and_draw(self, visit: Visit, session: Session) -> None:
        await self.store.keep(visit, session)
        await self._draw(visit, session)

    async def _draw(self, visit: Visit, session: Session) -> None:
        """Show the form where it stands; in a new message when it is not there any more."""
        zone = ZoneInfo(visit.known.zone)
        today = self._desk.now().astimezone(zone).date()
        page, rows = pages.draw(session.sheet, session.place, visit.words, today=today)
        place = session.place
        if place.message and await self._voice.change(place.chat, place.message, page, rows):
            return
        message = await self._voice.say(visit.chat, page, rows, under=place.under or None)
        if message is not None:
            placed = replace(place, chat=visit.chat, message=message)
            await self.store.keep(visit, session.moved(placed))


def _with_preset(session: Session, op: str, argument: str, visit: Visit) -> Session:
    reasons = pages.presets(session.sheet, visit.words)
    if op == "g" and argument.isdigit() and int(argument) < len(reasons):
        return session.answered(session.sheet.questions[0].id, reasons[int(argument)])
    return session
