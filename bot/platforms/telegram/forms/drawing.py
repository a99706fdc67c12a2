"""Shows the forms of a dialogue in a chat, each in one message that is edited.

Drawing runs beside the handling of updates. Of several drawings of a form that wait, only the
newest is done.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from zoneinfo import ZoneInfo

from bot.platforms.telegram.forms import pages
from bot.platforms.telegram.html import MessagePage
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from bot.runtime.owing import Owing
from bot.runtime.quiet import Quiet
from handlers.conversation.dialogue.place import FormPlace
from handlers.conversation.dialogue.sessions import Session, Sessions
from handlers.conversation.one_platform import Conversation
from workflows.moments import in_zone

REMEMBERED = 2000
_Name = tuple[str, str, int]  # person, form, the update that opened it


class Drawings:
    """Implements `handlers.conversation.dialogue.talk.Face`.

    The messages of a form are known here as soon as they are sent, and stored with its draft a
    little later.
    """

    def __init__(
        self,
        conversation: Conversation,
        voice: Voice,
        sessions: Sessions,
        *,
        quiet: Quiet,
        owing: Owing,
    ) -> None:
        self._conversation = conversation
        self._voice = voice
        self._sessions = sessions
        self._quiet = quiet
        self._owing = owing
        self._wanted: dict[_Name, tuple[KnownUpdate, Session]] = {}
        self._standing: OrderedDict[_Name, FormPlace] = OrderedDict()

    def draw(self, visit: KnownUpdate, session: Session) -> None:
        """Show the current step in the form's message, or in a new one if it was deleted."""
        name = _name(visit, session.sheet.token, session.place)
        self._wanted[name] = (visit, session)
        self._voice.aside(visit.chat, lambda: self._draw(name))

    def draw_once(self, visit: KnownUpdate, form: str, draw: Callable[[], Awaitable[None]]) -> bool:
        """Call `draw` when an album is complete; return False for an update of no album."""
        if visit.message is None or not visit.message.media_group_id:
            return False
        self._quiet.after((visit.chat, form), draw)
        return True

    def put_aside(self, visit: KnownUpdate, session: Session) -> None:
        """Show that a form was set aside, with a button to continue."""
        page, rows = pages.saved(session.sheet, visit.words)
        self._say(visit, session.sheet.token, session.place, page, rows)

    def end(
        self,
        visit: KnownUpdate,
        form: str,
        place: FormPlace,
        text: str,
        *,
        good: bool = False,
        owed: bool = False,
    ) -> None:
        """Show how a form ended, without buttons.

        With `owed` the text is the pending answer of this update, whose delivery is reported.
        """
        page = pages.only(f"✅ {text}" if good else text)
        self._say(visit, form, place, page, owed=owed)

    def toast(self, press: str, text: str = "", *, alert: bool = False) -> None:
        """Answer a press."""
        self._voice.toast(press, text, alert=alert)

    def bare(self, visit: KnownUpdate, form: str, place: FormPlace) -> None:
        """Remove the buttons of a form's message, because it is continued in another one."""
        name = _name(visit, form, place)
        self._wanted.pop(name, None)

        async def change() -> None:
            there = self._where(name, place)
            if there.message:
                await self._voice.buttons(there.chat, there.message)

        self._voice.aside(visit.chat, change)

    def ask(self, visit: KnownUpdate, session: Session, asked: str) -> None:
        """Ask for a reply with the text of the answer."""
        name = _name(visit, session.sheet.token, session.place)

        async def ask() -> None:
            prompt = await self._voice.say(visit.chat, pages.only(asked), placeholder=asked)
            if prompt is not None:
                place = self._where(name, session.place)
                await self._stands(visit, name, replace(place, prompt=prompt))

        self._voice.aside(visit.chat, ask)

    def tidy(self, visit: KnownUpdate) -> None:
        """Delete an answer that was typed in a private chat, because the form shows it."""
        if visit.above and visit.private:
            self._voice.aside(visit.chat, partial(self._voice.remove, visit.chat, visit.above))

    def known(self, visit: KnownUpdate, session: Session) -> Session:
        """Return a session with the messages that its form has now."""
        name = _name(visit, session.sheet.token, session.place)
        return session.moved(self._where(name, session.place))

    # ------------------------------------------------------------------ drawing

    def _say(
        self,
        visit: KnownUpdate,
        form: str,
        place: FormPlace,
        page: MessagePage,
        rows: Rows | None = None,
        *,
        owed: bool = False,
    ) -> None:
        """Replace the form by another text, and delete the request for a reply."""
        name = _name(visit, form, place)
        self._wanted.pop(name, None)

        async def change() -> None:
            there, buttons = self._where(name, place), rows or []
            if there.prompt:
                await self._voice.remove(there.chat, there.prompt)
            arrived = bool(there.message) and await self._voice.change(
                there.chat, there.message, page, buttons
            )
            arrived = arrived or await self._voice.say(visit.chat, page, buttons) is not None
            if arrived and owed:
                self._owing.told(visit.key)

        self._voice.aside(visit.chat, change)

    async def _draw(self, name: _Name) -> None:
        wanted = self._wanted.pop(name, None)
        if wanted is None:
            return  # a newer drawing was done, or the form has ended
        visit, session = wanted
        place = self._where(name, session.place)
        today = in_zone(self._conversation.now(), ZoneInfo(visit.known.zone)).date()
        page, rows = pages.draw(session.sheet, place, visit.words, today=today)
        if place.message and await self._voice.change(place.chat, place.message, page, rows):
            if place.message != session.place.message:
                await self._stands(visit, name, place)
            return
        message = await self._voice.say(visit.chat, page, rows, under=place.under)
        if message is not None:
            await self._stands(visit, name, replace(place, chat=visit.chat, message=message))
        else:
            hint = visit.words.t("telegram.form.not_shown", title=session.sheet.title)
            await self._owing.owe(person=visit.person, key=f"{visit.key}:form", text=hint)

    async def _stands(self, visit: KnownUpdate, name: _Name, place: FormPlace) -> None:
        """Store the messages of a form, here and with its draft."""
        self._standing[name] = place
        self._standing.move_to_end(name)
        if len(self._standing) > REMEMBERED:
            self._standing.popitem(last=False)
        await self._sessions.stands(visit, name[1], place)

    def _where(self, name: _Name, place: FormPlace) -> FormPlace:
        """Return the place with the messages that the form has now."""
        there = self._standing.get(name)
        if there is None or (place.message and place.prompt):
            return place
        return replace(
            place,
            chat=place.chat if place.message else there.chat,
            message=place.message or there.message,
            prompt=place.prompt or there.prompt,
        )


def _name(visit: KnownUpdate, form: str, place: FormPlace) -> _Name:
    return visit.person, form, place.opened
