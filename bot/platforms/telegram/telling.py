"""Answers that are owed, as Telegram shows them: in the private chat of whoever is owed them."""

from __future__ import annotations

from bot.platforms.telegram import cards, html
from bot.platforms.telegram.chat import NAME
from bot.platforms.telegram.keyboards import of_card
from bot.platforms.telegram.voice import Voice
from handlers.i18n import translator
from handlers.intents import Said
from handlers.pages import Answer
from handlers.ports import ChatDesk, Owed


class Teller:
    """Tells what is owed."""

    def __init__(self, desk: ChatDesk, voice: Voice) -> None:
        self._desk = desk
        self._voice = voice

    async def tell(self, owed: Owed) -> bool:
        """Whether it arrived."""
        if not owed.to.account.isdigit():
            return True  # nobody is there
        chat, words = int(owed.to.account), translator(owed.to.language)
        shown = await self._wished(owed)
        text = "\n".join(part for part in (owed.text, shown.text) if part)
        if not shown.cards:
            page = html.page([html.typed(text)], cut=words.t("telegram.cut"))
            return await self._voice.say(chat, page) is not None
        for card in shown.cards:
            page = cards.page_of(card, words, before=text)
            text = ""
            if await self._voice.say(chat, page, of_card(card, words, shown=True)) is None:
                return False
        return True

    async def _wished(self, owed: Owed) -> Answer:
        """What the person asked to see, as it is now."""
        if not owed.wish:
            return Answer()
        key = f"{owed.keys[-1]}:shown"
        return await self._desk.handle(
            Said(person=owed.to.person, via=NAME, key=key, text=owed.wish)
        )
