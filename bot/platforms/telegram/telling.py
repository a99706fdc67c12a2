"""Delivers pending answers in private chats."""

from __future__ import annotations

from bot.platforms.telegram import cards, html
from bot.platforms.telegram.keyboards import of_card
from bot.platforms.telegram.voice import Voice
from handlers.conversation.ports import Owed
from handlers.i18n import translator
from handlers.pages import Answer


async def tell(voice: Voice, owed: Owed, answer: Answer) -> bool:
    """Deliver an answer in the private chat of its recipient; return whether it was delivered.

    An account that is not a number can receive nothing, and its answer counts as delivered.
    """
    if not owed.to.account.isdigit():
        return True
    chat, words = int(owed.to.account), translator(owed.to.language)
    text = answer.text
    if not answer.cards:
        page = html.page([html.typed(text)], cut=words.t("telegram.cut"))
        return await voice.say(chat, page) is not None
    for card in answer.cards:
        page = cards.page_of(card, words, before=text)
        text = ""
        if await voice.say(chat, page, of_card(card, words, shown=True)) is None:
            return False
    return True
