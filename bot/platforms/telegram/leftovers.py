"""Asks what a text is for that answers no form and no card, and handles the choice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from itertools import groupby

from telegram import CallbackQuery, InlineKeyboardButton

from bot.platforms.telegram import callbacks, html, keyboards
from bot.platforms.telegram.answers import Answers
from bot.platforms.telegram.keyboards import Rows
from bot.platforms.telegram.visit import KnownUpdate
from bot.platforms.telegram.voice import Voice
from handlers.conversation.unplaced import Suggestion, UnplacedTexts, Use

SHOWN_MOST = 200  # characters of the text in the question


@dataclass(frozen=True, slots=True, kw_only=True)
class Leftovers:
    """Shows the suggestions of `UnplacedTexts` as buttons."""

    voice: Voice
    answers: Answers
    texts: UnplacedTexts[KnownUpdate]

    async def offer(self, visit: KnownUpdate, text: str) -> bool:
        """Store a text and ask what it is for; return False if it can be for nothing."""
        rows: Rows = []
        suggestions = await self.texts.suggest(visit, text)
        for use, several in groupby(suggestions, lambda one: one.use):
            buttons = [_button(visit, one) for one in several]
            rows += keyboards.packed(buttons) if use is Use.COMMENT else [[one] for one in buttons]
        if not rows:
            return False
        told = visit.words.t("dialogue.words.kept", text=html.excerpt(text, SHOWN_MOST))
        page = html.page([html.typed(told)], cut="")
        ask = partial(self.voice.say, visit.chat, page, rows, under=visit.above)
        self.voice.aside(visit.chat, ask)
        return True

    async def chosen(self, visit: KnownUpdate, query: CallbackQuery, parts: list[str]) -> None:
        """Do what was chosen; `parts` are the arguments of the pressed button."""
        use, update, target = (*parts, "", "", "")[:3]
        used = await self.texts.use(visit, update, use=use, target=target)
        await self.answers.toast(visit, query.id, used.answer, "")
        if used.result is None or not visit.above:
            return
        if used.result:
            page = html.page([html.typed(used.result)], cut="")
            change = partial(self.voice.change, visit.chat, visit.above, page, [])
            self.voice.aside(visit.chat, change)
        else:
            self.voice.aside(visit.chat, partial(self.voice.buttons, visit.chat, visit.above))


def _button(visit: KnownUpdate, one: Suggestion) -> InlineKeyboardButton:
    parts = [one.use, visit.update, *([one.target] if one.target else [])]
    return keyboards.press(one.label, callbacks.said(callbacks.WORDS, *parts))
