"""Renders cards as Block Kit. Pure: the same card results in the same blocks.

What a person may have typed is only in `plain_text` and `rich_text` objects, in which Slack reads
no markup, so it cannot become a mention, a link or formatting. The budgets below are the limits of
docs.slack.dev/reference/block-kit with a margin, because it does not define what a character is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.platforms.slack.text import cut, escape
from handlers.i18n import Translator, translator
from handlers.pages import Button, Card, Fact, FileLink, Line, Tone

Block = dict[str, Any]

HEADER, FIELD, LABEL, NOTE, SUMMARY = 140, 900, 70, 1500, 1500
TEXT, QUOTE, LINE, LINE_QUOTE = 2500, 2200, 300, 400
ITEM_QUOTE = 200
ITEMS = 100  # the number of the button of the first line of a list
ITEM = 700  # the detail of an entry of a list
LINES_TEXT = 3500  # all lines of a history together
LINES, FACTS, FILES = 30, 30, 10
IN_A_ROW, FIELDS, OVERFLOW, OPTIONS = 5, 10, 5, 25
MESSAGE = 10_000  # all texts of a message together
_TIGHTER = (600, 250, 100, 60)  # characters per text, tried in order if a message is too long
EVENT = "closeloop_card"
DIGEST = "digest"
PRESS, MORE, FILE = "cl:press", "cl:more", "cl:file"
_SIGNS = {Tone.DANGER: "⚠️ ", Tone.WARN: "⏳ "}
_KILO = 1024


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message: its blocks, and the text for notifications and screen readers."""

    text: str
    blocks: list[Block]


def render(card: Card, *, language: str) -> Rendered:
    """Render a card as a message."""
    return Rendered(summary(card), within(card_blocks(card, language=language)))


def render_all(cards: Sequence[Card], *, text: str = "", link: str = "", language: str) -> Rendered:
    """Render an answer, a text and cards, as one message within all limits; at most three cards.

    `link` is an address of ours, which is shown as a link below the text.
    """
    parts: list[Block] = [plain_section(text)] if text else []
    if link:
        parts.append({"type": "section", "text": {"type": "mrkdwn", "text": f"<{link}>"}})
    for number, card in enumerate(cards[:3]):
        parts += [{"type": "divider"}] if parts else []
        parts += card_blocks(card, language=language, spare=len(cards), number=number)
    words = [text, *(card.summary for card in cards)]
    return Rendered(
        cut(escape(" · ".join(filter(None, words))), SUMMARY), within(unique(parts[:48]))
    )


def summary(card: Card) -> str:
    """Return one line that identifies the case."""
    line = card.summary
    if card.case_id and card.case_id not in line:
        line = f"{line} · {card.case_id}"
    return cut(escape(line), SUMMARY)


def card_blocks(card: Card, *, language: str, spare: int = 1, number: int = 0) -> list[Block]:
    """Return the blocks of a card.

    Args:
        card: the card.
        language: of the labels that Slack adds, such as that of the menu.
        spare: the number of cards that share the message.
        number: the position of this card among them, from 0.
    """
    words = translator(language)
    share = 1 if spare <= 1 else min(spare, 3)
    ending = words.t("slack.cut")
    mark = f"{revision(card)}:{number}"
    return [
        {"type": "header", "text": plain_text(card.title, HEADER)},
        *_opening(card),
        *_facts(card.facts[: FACTS // share]),
        *_quote(card.quote, QUOTE // share, ending),
        *_body(card, words, mark, share),
        *_note(card.note),
    ]


def _body(card: Card, words: Translator, mark: str, share: int) -> Iterator[Block]:
    """Yield lines, files and buttons; in a digest the buttons are those of its first lines."""
    if card.kind == DIGEST:
        yield from _pressable(card, words, mark)
        yield from button_blocks((), card.more, words=words, mark=mark)
        return
    yield from _items(card, words, mark)
    yield from _lines(card, words, LINES_TEXT // share, words.t("slack.cut"))
    yield from _files(card, words, mark)
    yield from button_blocks(card.buttons, card.more, words=words, mark=mark)


def _items(card: Card, words: Translator, mark: str) -> Iterator[Block]:
    """Yield the lines of a list that is worked through, each with its own button."""
    if card.items_title:
        yield _rich(_paragraph(_words(cut(card.items_title, LINE), bold=True)))
    for number, item in enumerate(card.items):
        said = f"{cut(item.text, LINE)}\n{cut(item.detail, ITEM)}"
        if item.quote:
            said += f"\n“{cut(item.quote, ITEM_QUOTE, ending=words.t('slack.cut'))}”"
        block: Block = {**plain_section(said), "block_id": f"cl:item:{mark}:{number}"}
        if item.button is not None:
            block["accessory"] = _button(item.button, ITEMS + number, words)
        yield block


def _pressable(card: Card, words: Translator, mark: str) -> Iterator[Block]:
    for number, line in enumerate(card.lines):
        said = f"{cut(line.when, LABEL)}\n{cut(line.text, LINE)}".strip()
        block: Block = {**plain_section(said), "block_id": f"cl:line:{mark}:{number}"}
        if number < len(card.buttons):
            block["accessory"] = _button(card.buttons[number], number, words)
        yield block


def unique(blocks: list[Block]) -> list[Block]:
    """Return the blocks of several cards with an `action_id` that is unique on the surface."""
    seen: set[str] = set()
    found = []
    for block in blocks:
        elements = []
        for element in block.get("elements", ()):
            name = element.get("action_id")
            while name in seen:
                name = f"{name}-"
            if name is not None:
                seen.add(name)
            elements.append(element if name is None else {**element, "action_id": name})
        found.append({**block, "elements": elements} if elements else block)
    return found


def within(blocks: list[Block]) -> list[Block]:
    """Return the blocks with at most `MESSAGE` characters: the longest texts are cut first."""
    for most in _TIGHTER:
        if _length(blocks) <= MESSAGE:
            return blocks
        blocks = _shorter(blocks, most)
    while _length(blocks) > MESSAGE:
        blocks = blocks[:-1]
    return blocks


def _length(shown: Any) -> int:
    if isinstance(shown, list):
        return sum(map(_length, shown))
    if isinstance(shown, dict):
        own = shown.get("text")
        return (len(own) if isinstance(own, str) else 0) + sum(map(_length, shown.values()))
    return 0


def _shorter(shown: Any, most: int) -> Any:
    if isinstance(shown, list):
        return [_shorter(one, most) for one in shown]
    if isinstance(shown, dict):
        return {
            name: cut(inner, most)
            if name == "text" and isinstance(inner, str)
            else _shorter(inner, most)
            for name, inner in shown.items()
        }
    return shown


def revision(card: Card) -> str:
    """Return a short hash of a card's content, for block ids, which Slack must not reuse."""
    return hashlib.sha256(repr(asdict(card)).encode()).hexdigest()[:10]


def metadata(token: str) -> dict[str, Any]:
    """Return the metadata of a message, by which it is found again; it contains no content."""
    return {"event_type": EVENT, "event_payload": {"token": token}}


# ------------------------------------------------------------------ pieces


def plain_text(text: str, most: int) -> Block:
    """Return a text object without markup, with at most `most` characters."""
    return {"type": "plain_text", "text": cut(text, most) or "–", "emoji": False}


def plain_section(text: str, most: int = TEXT) -> Block:
    """Return a paragraph without markup, with at most `most` characters."""
    return {"type": "section", "text": plain_text(text, most)}


def small(text: str) -> Block:
    """Return a line in small grey letters, without markup."""
    return {"type": "context", "elements": [plain_text(text, NOTE)]}


def titled(title: str, lines: Sequence[Line]) -> Block:
    """Return a paragraph with a title and lines, without markup."""
    return plain_section("\n".join((title, *(f"{line.when}  {line.text}" for line in lines))))


def _words(text: str, *, bold: bool = False) -> Block:
    style = {"style": {"bold": True}} if bold else {}
    return {"type": "text", "text": text or "–", **style}


def _rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": list(elements)}


def _paragraph(*words: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(words)}


def _opening(card: Card) -> Iterator[Block]:
    words: list[Block] = []
    if card.badge is not None:
        words.append(_words(f"{_SIGNS.get(card.badge.tone, '')}{card.badge.text}", bold=True))
    if card.text:
        words.append(_words(f"{'  ' if words else ''}{cut(card.text, TEXT)}"))
    if words:
        yield _rich(_paragraph(*words))


def _facts(facts: Sequence[Fact]) -> Iterator[Block]:
    fields = [
        plain_text(f"{cut(fact.label, LABEL)}\n{_SIGNS.get(fact.tone, '')}{fact.value}", FIELD)
        for fact in facts
    ]
    for first in range(0, len(fields), FIELDS):
        yield {"type": "section", "fields": fields[first : first + FIELDS]}


def _quote(text: str, most: int, ending: str) -> Iterator[Block]:
    if text.strip():
        words = _words(cut(text, most, ending=ending))
        yield _rich({"type": "rich_text_quote", "elements": [words]})


def _lines(card: Card, words: Translator, budget: int, ending: str) -> Iterator[Block]:
    if not card.lines:
        return
    shown = _fitting(card.lines, budget, newest=card.kind != "list")
    left = len(card.lines) - len(shown)
    elements: list[Block] = []
    if card.lines_title:
        elements.append(_paragraph(_words(cut(card.lines_title, LINE), bold=True)))
    more = _paragraph(_words(words.n("slack.lines_left", left))) if left else None
    if more and card.kind != "list":
        elements.append(more)
    for line in shown:
        when = [_words(f"{cut(line.when, LABEL)}  ", bold=True)] if line.when else []
        elements.append(_paragraph(*when, _words(cut(line.text, LINE) or "–")))
        if line.quote:
            said = _words(cut(line.quote, LINE_QUOTE, ending=ending))
            elements.append({"type": "rich_text_quote", "elements": [said]})
    if more and card.kind == "list":
        elements.append(more)
    yield _rich(*elements)


def _fitting(lines: Sequence[Line], budget: int, *, newest: bool) -> list[Line]:
    """Return as many lines as fit: the last ones of a history, the first ones of a list."""
    found: list[Line] = []
    for line in reversed(lines) if newest else lines:
        budget -= min(len(line.text), LINE) + min(len(line.quote), LINE_QUOTE) + len(line.when)
        if found and (budget < 0 or len(found) >= LINES):
            break
        found.append(line)
    return found[::-1] if newest else found


def _files(card: Card, words: Translator, mark: str) -> Iterator[Block]:
    """Yield a button for each file, which posts it; only names if the card has no other buttons."""
    files = card.files[:FILES]
    heading = _paragraph(_words(words.t("slack.files"), bold=True))
    if files and not (card.buttons or card.more):
        items = [_paragraph(_words(_file_label(one))) for one in files]
        yield _rich(heading, {"type": "rich_text_list", "style": "bullet", "elements": items})
    elif files:
        elements = [
            {
                "type": "button",
                "action_id": f"{FILE}:{number}",
                "text": plain_text(_file_label(one), LABEL),
                "value": one.id,
            }
            for number, one in enumerate(files)
        ]
        yield _rich(heading)
        yield {"type": "actions", "block_id": f"cl:files:{mark}", "elements": elements}


def _file_label(file: FileLink) -> str:
    """Return name and size of a file; a name that is cut keeps its ending."""
    told = f" · {size(file.size)}" if file.size else ""
    room = LABEL - len(told)
    if len(file.name) <= room:
        return f"{file.name}{told}"
    ending = file.name.rpartition(".")[2][:8]
    return f"{cut(file.name, room - len(ending))}{ending}{told}"


def size(number: int) -> str:
    """Return a size in bytes as people read it."""
    if number < _KILO:
        return f"{number} B"
    if number < _KILO * _KILO:
        return f"{number / _KILO:.0f} KB"
    return f"{number / _KILO / _KILO:.1f} MB"


def _note(note: str) -> Iterator[Block]:
    if note:
        yield small(note)


# ------------------------------------------------------------------ what can be pressed


def button_blocks(
    buttons: Iterable[Button], more: Iterable[Button] = (), *, words: Translator, mark: str
) -> Iterator[Block]:
    """Yield the buttons: five beside each other, the others in a menu.

    A button with a confirmation is never in the menu, because options cannot ask for one.
    """
    rarer = list(more)
    first = [*buttons, *(one for one in rarer if one.confirm)]
    rest = [*first[IN_A_ROW:], *(one for one in rarer if not one.confirm)]
    asking = [one for one in rest if one.confirm]
    rest = [one for one in rest if not one.confirm]
    elements = [_button(one, number, words) for number, one in enumerate(first[:IN_A_ROW])]
    elements += [_button(one, IN_A_ROW + n, words) for n, one in enumerate(asking)]
    if rest:
        elements.append(_menu(rest, words))
    if elements:
        yield {"type": "actions", "block_id": f"cl:verbs:{mark}", "elements": elements[:25]}


def _button(button: Button, number: int, words: Translator) -> Block:
    shown: Block = {
        "type": "button",
        "action_id": f"{PRESS}:{number}",
        "text": plain_text(button.label, LABEL),
        "value": button.token,
    }
    if button.style != "default":
        shown["style"] = button.style
    if button.confirm:
        shown["confirm"] = {
            "title": plain_text(button.label, 90),
            "text": plain_text(button.confirm, 280),
            "confirm": plain_text(button.label, 28),
            "deny": plain_text(words.t("slack.back"), 28),
        }
    return shown


def _menu(rest: Sequence[Button], words: Translator) -> Block:
    each = {one.token: one for one in rest}  # the values of a menu must be unique
    options = [option(token, one.label) for token, one in [*each.items()][:OPTIONS]]
    if len(options) <= OVERFLOW:
        return {"type": "overflow", "action_id": f"{MORE}:0", "options": options}
    return {
        "type": "static_select",
        "action_id": f"{MORE}:0",
        "placeholder": plain_text(words.t("slack.more"), 100),
        "options": options,
    }


def option(value: str, label: str) -> Block:
    """Return one option of a menu."""
    return {"text": plain_text(label, LABEL), "value": value}


def content(shown: Rendered) -> Mapping[str, Any]:
    """Return the arguments of a call that contain a message."""
    return {"text": shown.text, "blocks": shown.blocks}
