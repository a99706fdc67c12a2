"""What a person gets back at once: words, a form, cards to look at."""

from __future__ import annotations

from bot.platforms.telegram import callbacks, cards, html, keyboards
from bot.platforms.telegram.api import Api
from bot.platforms.telegram.forms.desk import FormDesk
from bot.platforms.telegram.html import Page
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.shown import Shown
from bot.platforms.telegram.visit import Visit
from bot.platforms.telegram.voice import TOAST_MOST, Voice
from handlers.cards.model import Answer, Card, Tone

BAD = (Tone.WARN, Tone.DANGER)


class Answers:
    """Shows answers where they belong: what is personal in the private chat only."""

    def __init__(self, api: Api, voice: Voice, forms: FormDesk, shown: Shown) -> None:
        self._api = api
        self._voice = voice
        self._forms = forms
        self._shown = shown

    async def show(self, visit: Visit, answer: Answer, *, under: int = 0) -> None:
        """Everything that an answer holds, in the private chat of whoever asked."""
        if answer.text:
            await self.say(visit, answer.text, under=under)
        for problem in answer.problems.values():
            await self.say(visit, problem, under=under)
        for card in answer.cards:
            await self.card(visit, card)
        if answer.form is not None:
            await self._forms.open(visit, answer.form, under=under)

    async def say(self, visit: Visit, text: str, *, under: int = 0) -> None:
        """A few words."""
        page = html.page([html.typed(text)], cut=visit.words.t("telegram.cut"))
        self._say(visit.chat, page, [], under)

    def _say(self, chat: int, page: Page, rows: Rows, under: int) -> None:
        async def say() -> None:
            await self._voice.say(chat, page, rows, under=under or None)

        self._voice.aside(chat, say)

    async def card(self, visit: Visit, card: Card, *, before: str = "") -> None:
        """A card that was asked for; an older one of the same case loses its buttons."""
        page, rows = self.drawn(visit, card, before=before)

        async def show() -> None:
            message = await self._voice.say(visit.chat, page, rows)
            if message is not None and card.case_id is not None:
                older = self._shown.put(visit.chat, card.case_id, message)
                if older is not None:
                    await self._voice.buttons(visit.chat, older, [])

        self._voice.aside(visit.chat, show)

    def drawn(self, visit: Visit, card: Card, *, before: str = "") -> tuple[Page, Rows]:
        """A card as it is shown on request."""
        page = cards.page_of(card, visit.words, before=before)
        return page, keyboards.of_card(card, visit.words, shown=True)

    async def toast(self, visit: Visit, query: str, answer: Answer, token: str) -> None:
        """Answer a click: within the toast what fits, and the rest in the private chat."""
        if not visit.private and (answer.form is not None or answer.cards):
            self._voice.toast(query, url=self.link(callbacks.payload_of(token)))
            return
        text = answer.text or " ".join(answer.problems.values())
        self._voice.toast(query, text, alert=answer.tone in BAD)
        if not visit.private:
            return
        if len(text) > TOAST_MOST:
            await self.say(visit, text)
        for card in answer.cards:
            await self.card(visit, card)
        if answer.form is not None:
            under = visit.message.message_id if visit.message is not None else 0
            await self._forms.open(visit, answer.form, under=under)

    async def point(self, visit: Visit, payload: str) -> None:
        """In a group: go on in the private chat."""
        rows: Rows = [[keyboards.link(visit.words.t("telegram.group.open"), self.link(payload))]]
        page = html.page([html.text(visit.words.t("telegram.group.private"))], cut="")
        under = visit.message.message_id if visit.message is not None else 0
        self._say(visit.chat, page, rows, under)

    def link(self, payload: str = "") -> str:
        """A link that opens the private chat."""
        return self._api.link(payload)
