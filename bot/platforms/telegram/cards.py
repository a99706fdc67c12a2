"""Renders the text of a card; `keyboards` renders its buttons."""

from __future__ import annotations

from collections.abc import Iterator

from bot.platforms.telegram import html
from bot.platforms.telegram.html import MessagePage, Words
from handlers.i18n import Translator
from handlers.pages import Card, Fact, Line, Tone

QUOTE_MOST = 1200
LINE_QUOTE_MOST = 400
ITEM_QUOTE_MOST = 120
FACT_MOST = 1500
NOTE_MOST = 500
_SIGNS = {Tone.GOOD: "✅ ", Tone.WARN: "⚠️ ", Tone.DANGER: "🔴 "}


def page_of(card: Card, words: Translator, *, before: str = "") -> MessagePage:
    """Return the page of a card, with the text `before` as its first paragraph."""
    return html.page(_paragraphs(card, words, before), cut=words.t("telegram.cut"))


def _paragraphs(card: Card, words: Translator, before: str) -> Iterator[Words]:
    if before:
        yield html.text(before)
    badge = card.badge
    if badge is not None:
        yield html.text(f"{_SIGNS.get(badge.tone, '')}[{badge.text}]")
    yield html.bold(html.typed(card.title) if card.case_id else html.text(card.title))
    if card.text:
        yield html.text(card.text)
    for fact in card.facts:
        yield _fact(fact, words)
    if card.quote:
        yield html.quote(html.typed(html.excerpt(card.quote, QUOTE_MOST)))
    if card.items_title:
        yield html.bold(html.text(card.items_title))
    for item in card.items:
        yield html.join((html.bold(html.typed(item.text)), html.text(item.detail)), "\n")
        if item.quote:
            yield html.quote(html.typed(html.excerpt(item.quote, ITEM_QUOTE_MOST)))
    if card.lines_title:
        yield html.bold(html.text(card.lines_title))
    for line in card.lines:
        yield from _line(line)
    if card.files:
        names = ", ".join(file.name for file in card.files)
        yield html.typed(f"📎 {html.excerpt(names, NOTE_MOST)}")
    if card.note:
        yield html.italic(html.typed(html.excerpt(card.note, NOTE_MOST)))


def _fact(fact: Fact, words: Translator) -> Words:
    value = html.typed(html.excerpt(fact.value, FACT_MOST))
    if fact.at:
        value = html.moment(value, fact.at)
    if fact.tone is Tone.DANGER:
        value = html.bold(value)
    label = words.t("telegram.labelled", label=fact.label, value="")
    several = "\n" in fact.value  # lines, which begin below the label
    return html.text(f"{label.rstrip()}\n" if several else label) + value


def _line(line: Line) -> Iterator[Words]:
    if line.when.startswith("/"):  # a command, which is a link
        yield html.text(f"{line.when.replace('-', '_')} {line.text}".strip())
        return
    yield html.join((html.italic(html.text(line.when)), html.typed(line.text)), " ")
    if line.quote:
        yield html.quote(html.typed(html.excerpt(line.quote, LINE_QUOTE_MOST)))
