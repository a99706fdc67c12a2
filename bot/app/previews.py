"""Previews: a card as another platform would send it, and what that platform cannot show."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from bot.app.platforms import KINDS, PlatformKind
from handlers.i18n import translator
from handlers.pages import Card

_INVISIBLE = str.maketrans("", "", "\u2060\u200b")


def _preview(kind: PlatformKind, card: Card, language: str) -> Mapping[str, Any]:
    payload, displayed = kind.preview(card, language)
    shown = "\n".join(_texts(displayed))
    return {"payload": payload, "missing": missing(card, shown, language=language)}


# By the name of the platform: the message that it would get, and the names of what it cannot show.
PREVIEWS: Mapping[str, Callable[[Card, str], Mapping[str, Any]]] = MappingProxyType(
    {name: partial(_preview, kind) for name, kind in KINDS.items()}
)


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
