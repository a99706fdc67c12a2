"""Shows the answer to an update: texts, cards, forms, and the answer to a press."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Shows answers in private chats; in a group, what is personal is replaced by a link.

    In all methods, `under` is the message to reply to, and `owed` is whether the text is stored as
    the pending answer of its interaction, whose delivery is then reported. An undelivered answer
    that is not stored yet is stored to be delivered later.
    """

    api: Api
    voice: Voice
    forms: Dialogue[KnownUpdate]
    shown: Shown
    owing: Owing

    async def show(
        self, visit: KnownUpdate, answer: Answer, *, under: int = 0, wish: str = ""
    ) -> None:
        """Show all parts of an answer. `wish` is the command that shows its cards again."""
        if answer.link:
            text = f"{answer.text}\n{answer.link}"
            await self.say(visit, text, under=under, owed=answer.owed, kept=answer.again)
        elif answer.text:
            await self.say(visit, answer.text, under=under, owed=answer.owed)
        for problem in answer.problems.values():
            await self.say(visit, problem, under=under)
        for card in answer.cards:
            self.card(visit, card, wish=wish)
        if answer.form is not None:
            await self.forms.open(visit, answer.form, under=under)

    async def say(
        self, visit: KnownUpdate, text: str, *, under: int = 0, owed: bool = False, kept: str = ""
    ) -> None:
        """Show a text. `kept` is stored instead of a text with a secret that cannot be shown."""
        page = html.page([html.typed(text)], cut=visit.words.t("telegram.cut"))

        async def say() -> None:
            arrived = await self.voice.say(visit.chat, page, under=under) is not None
            if arrived and owed:
                self.owing.told(visit.key)
            elif not arrived and not owed:
                await self._owe(visit, kept or text)

        if not self.voice.aside(visit.chat, say) and not owed:
            await self._owe(visit, kept or text)

    async def _owe(self, visit: KnownUpdate, text: str, *, wish: str = "") -> None:
        await self.owing.owe(person=visit.person, key=visit.key, text=text, wish=wish)

    def card(self, visit: KnownUpdate, card: Card, *, wish: str = "") -> None:
        """Show a card and remove the buttons of an older one of the same case.

        `wish` is the command that shows it again.
        """
        page, rows = self.drawn(visit, card)

        async def show() -> None:
            message = await self.voice.say(visit.chat, page, rows)
            asked = wish or (f"/case {card.case_id}" if card.case_id else "")
            if message is None and asked:
                await self._owe(visit, "", wish=asked)
            if message is not None and card.case_id is not None:
                older = self.shown.put(visit.chat, card.case_id, message)
                if older is not None:
                    await self.voice.buttons(visit.chat, older)

        self.voice.aside(visit.chat, show)

    def drawn(self, visit: KnownUpdate, card: Card) -> tuple[MessagePage, Rows]:
        """Return the message of a card that is shown on request."""
        return cards.page_of(card, visit.words), keyboards.of_card(card, visit.words, shown=True)

    async def toast(self, visit: KnownUpdate, query: str, answer: Answer, token: str) -> None:
        """Answer a press: with a short text at the button, and the rest in the private chat.

        In a group, a form or a card is replaced by a link that opens it in the private chat.
        """
        if not visit.private and (answer.form is not None or answer.cards):
            self.voice.toast(query, url=self.api.link(callbacks.payload_of(token)))
            return
        text = answer.text or " ".join(answer.problems.values())
        is_long = visit.private and len(text) > TOAST_MOST

        async def toast() -> None:
            arrived = await self.voice.answer(query, text, alert=answer.tone in BAD)
            if arrived and answer.owed and not is_long:
                self.owing.told(visit.key)
            elif not arrived and text and not is_long and visit.private:
                await self.say(visit, text, owed=answer.owed)

        self.voice.beside(toast)
        if not visit.private:
            return
        if is_long:
            await self.say(visit, text, owed=answer.owed)
        for card in answer.cards:
            self.card(visit, card)
        if answer.form is not None:
            await self.forms.open(visit, answer.form, under=visit.above)

    def point(self, visit: KnownUpdate, payload: str = "") -> None:
        """Reply in a group with a button that opens the private chat."""
        label = visit.words.t("telegram.group.open")
        rows: Rows = [[keyboards.link(label, self.api.link(payload))]]
        page = html.page([html.text(visit.words.t("telegram.group.private"))], cut="")
        say = partial(self.voice.say, visit.chat, page, rows, under=visit.above)
        self.voice.aside(visit.chat, say)
