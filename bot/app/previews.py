"""Previews: a card as another platform would send it, and what that platform cannot show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handlers.i18n import translator
from handlers.pages import Card

_INVISIBLE = str.maketrans("", "", "\u2060\u200b")


def slack(card: Card, language: str) -> Mapping[str, Any]:
    """Return what Slack would get: blocks, and the text for notifications."""
    from bot.platforms.slack.blocks import content, render

    payload = dict(content(render(card, language=language)))
    shown = "\n".join(_texts(payload["blocks"]))
    return {"payload": payload, "missing": missing(card, shown, language=language)}


def telegram(card: Card, language: str) -> Mapping[str, Any]:
    """Return what Telegram would get: HTML and a keyboard. Verbs under More are one tap away."""
    from bot.platforms.telegram import cards, keyboards

    words = translator(language)
    page = cards.page_of(card, words)
    keyboard = keyboards.markup(keyboards.of_card(card, words, shown=False))
    rows = keyboard.to_dict() if keyboard is not None else None
    payload = {"text": page.html, "parse_mode": "HTML", "reply_markup": rows}
    later = (button.label for button in card.more)
    shown = "\n".join([page.plain, *_texts(rows), *later])
    return {"payload": payload, "missing": missing(card, shown, language=language)}


PREVIEWS = {"slack": slack, "telegram": telegram}


def missing(card: Card, shown: str, *, language: str) -> list[str]:
    """Return the parts of a card that do not appear, whole, in the text that is shown."""
    there, words = _plain(shown), translator(language)

    def lost(texts: Iterable[str]) -> int:
        return sum(_plain(text) not in there for text in texts)

    found = []
    if lost([card.title]):
        found.append(words.t("preview.lost.title"))
    if lost([card.text, card.note]):
        found.append(words.t("preview.lost.text"))
    if lost([card.quote]):
        found.append(words.t("preview.lost.quote"))
    if count := sum(lost([fact.label, fact.value]) > 0 for fact in card.facts):
        found.append(words.n("preview.lost.facts", count))
    if count := sum(lost([line.when, line.text, line.quote]) > 0 for line in card.lines):
        found.append(words.n("preview.lost.lines", count))
    if count := lost(file.name for file in card.files):
        found.append(words.n("preview.lost.files", count))
    if count := lost(button.label for button in (*card.buttons, *card.more)):
        found.append(words.n("preview.lost.buttons", count))
    return found


def _plain(text: str) -> str:
    """Return a text for comparison: without invisible characters, with normalized whitespace."""
    return " ".join(text.translate(_INVISIBLE).replace("-", "_").split())


def _texts(value: Any) -> Iterator[str]:
    """Yield every text in a payload."""
    if isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name == "text" and isinstance(inner, str):
                yield inner
            else:
                yield from _texts(inner)
