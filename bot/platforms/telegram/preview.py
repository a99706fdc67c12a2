"""A card as Telegram would get it, for the playground."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.platforms.telegram import cards, keyboards
from handlers.i18n import translator
from handlers.pages import Card


def preview(card: Card, language: str) -> tuple[Mapping[str, Any], Any]:
    """Return the message, HTML and a keyboard, and what of it is displayed.

    The buttons under More are displayed after one tap.
    """
    words = translator(language)
    page = cards.page_of(card, words)
    keyboard = keyboards.markup(keyboards.of_card(card, words, shown=False))
    rows = keyboard.to_dict() if keyboard is not None else None
    payload = {"text": page.html, "parse_mode": "HTML", "reply_markup": rows}
    later = [button.label for button in card.more]
    return payload, [{"text": text} for text in (page.plain, *later)] + [rows]
