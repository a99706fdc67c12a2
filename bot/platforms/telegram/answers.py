"""What a person gets back at once: words, a form, cards to look at."""

from __future__ import annotations

from bot.platforms.telegram import callbacks, cards, html, keyboards
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.html import MessagePage
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.shown import Shown
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import TOAST_MOST, Voice
from bot.runtime.owing import Owing
from handlers.conversation.dialogue.talk import Dialogue
from handlers.pages import Answer, Card, Tone

BAD = (Tone.WARN, Tone.DANGER)


class Answers:
    """Shows answers where they belong: what is personal in the private chat only."""

    def __init__(
        self, api: Api, voice: Voice, forms: Dialogue[KnownUpdate], shown: Shown, *, owing: Owing
    ) -> None:
        self._api = api
        self._voice = voice
        self._forms = forms
        self._shown = shown
        self._owing = owing

    async def show(
        self, visit: KnownUpdate, answer: Answer, *, under: int = 0, wish: str = ""
    ) -> None:
        """Everything that an answer holds, in the private chat of whoever asked.

        `wish` is the command that asked for its cards.
        """
        if answer.text:
            await self.say(visit, answer.text, under=under, owed=answer.owed)
        for problem in answer.problems.values():
            await self.say(visit, problem, under=under)
        for card in answer.cards:
            await self.card(visit, card, wish=wish)
        if answer.form is not None:
            await self._forms.open(visit, answer.form, under=under)

    async def say(
        self, visit: KnownUpdate, text: str, *, under: int = 0, owed: bool = False
    ) -> None:
        """A few words; they are told later when they cannot be said now."""
        page = html.page([html.typed(text)], cut=visit.words.t("telegram.cut"))

        async def say() -> None:
            arrived = await self._voice.say(visit.chat, page, under=under or None)
            await self._said(visit, text, arrived=arrived is not None, owed=owed)

        if not self._voice.aside(visit.chat, say) and not owed:
            await self._said(visit, text, arrived=False, owed=False)

    async def _said(self, visit: KnownUpdate, text: str, *, arrived: bool, owed: bool) -> None:
        """Report what was owed and arrived; owe what did not, and is not owed anyway."""
        if arrived and owed:
            self._owing.told(visit.key)
        elif not arrived and not owed:
            await self._owing.owe(person=visit.person, key=visit.key, text=text)

    async def card(
        self, visit: KnownUpdate, card: Card, *, before: str = "", wish: str = ""
    ) -> None:
        """A card that was asked for; an older one of the same case loses its buttons."""
        page, rows = self.drawn(visit, card, before=before)

        async def show() -> None:
            message = await self._voice.say(visit.chat, page, rows)
            asked = wish or (f"/case {card.case_id}" if card.case_id else "")
            if message is None and asked:
                await self._owing.owe(person=visit.person, key=visit.key, text="", wish=asked)
            if message is not None and card.case_id is not None:
                older = self._shown.put(visit.chat, card.case_id, message)
                if older is not None:
                    await self._voice.buttons(visit.chat, older, [])

        self._voice.aside(visit.chat, show)

    def drawn(
        self, visit: KnownUpdate, card: Card, *, before: str = ""
    ) -> tuple[MessagePage, Rows]:
        """A card as it is shown on request."""
        page = cards.page_of(card, visit.words, before=before)
        return page, keyboards.of_card(card, visit.words, shown=True)

    async def toast(self, visit: KnownUpdate, query: str, answer: Answer, token: str) -> None:
        """Answer a click: within the toast what fits, and the rest in the private chat."""
        if not visit.private and (answer.form is not None or answer.cards):
            self._voice.toast(query, url=self.link(callbacks.payload_of(token)))
            return
        text = answer.text or " ".join(answer.problems.values())
        is_long = visit.private and len(text) > TOAST_MOST

        async def toast() -> None:
            arrived = await self._voice.answer(query, text, alert=answer.tone in BAD)
            if arrived and answer.owed and not is_long:
                self._owing.told(visit.key)
            elif not arrived and text and not is_long and visit.private:
                await self.say(visit, text, owed=answer.owed)

        self._voice.beside(toast)
        if not visit.private:
            return
        if is_long:
            await self.say(visit, text, owed=answer.owed)
        for card in answer.cards:
            await self.card(visit, card)
        if answer.form is not None:
            under = visit.message.message_id if visit.message is not None else 0
            await self._forms.open(visit, answer.form, under=under)

    async def point(self, visit: KnownUpdate, payload: str) -> None:
        """In a group: go on in the private chat."""
        rows: Rows = [[keyboards.link(visit.words.t("telegram.group.open"), self.link(payload))]]
        page = html.page([html.text(visit.words.t("telegram.group.private"))], cut="")
        under = visit.message.message_id if visit.message is not None else 0

        async def say() -> None:
            await self._voice.say(visit.chat, page, rows, under=under or None)

        self._voice.aside(visit.chat, say)

    def link(self, payload: str = "") -> str:
        """A link that opens the private chat."""
        return self._api.link(payload)
