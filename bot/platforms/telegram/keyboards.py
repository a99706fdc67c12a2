"""Renders the buttons of cards, and changes the buttons of a message after a press."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.platforms.telegram import callbacks
from handlers.conversation.dialogue.taps import Op
from handlers.i18n import Translator
from handlers.pages import Button, Card, Item

Row = Sequence[InlineKeyboardButton]
Rows = list[list[InlineKeyboardButton]]

ROW_WIDTH = 30  # in half-width characters, as a telephone shows a row
ROW_MOST = 5
ROWS_MOST = 24
LABEL_MOST = 60
FILES_MOST = 6
_YES = "✔ "


def markup(rows: Iterable[Row]) -> InlineKeyboardMarkup | None:
    """Return the rows as a keyboard; None without a button."""
    kept = [list(row) for row in rows if row]
    return InlineKeyboardMarkup(kept) if kept else None


def press(label: str, data: str, style: str = "") -> InlineKeyboardButton:
    """Return a button that sends `data` when it is pressed.

    `style` is "primary", "success" or "danger" (core.telegram.org/bots/api#inlinekeyboardbutton).
    """
    return InlineKeyboardButton(_short(label), callback_data=data, style=style or None)


def tap(op: Op, step: str, argument: str, label: str, style: str = "") -> InlineKeyboardButton:
    """Return a button that answers a question of a form, or moves in it."""
    return press(label, callbacks.said(callbacks.FORM, op, step, argument), style)


def link(label: str, url: str) -> InlineKeyboardButton:
    """Return a button that opens a URL."""
    return InlineKeyboardButton(_short(label), url=url)


def packed(buttons: Iterable[InlineKeyboardButton], *, width: int = ROW_WIDTH) -> Rows:
    """Distribute buttons over rows of at most `width`."""
    rows: Rows = []
    used = 0
    for button in buttons:
        wide = _width(button.text) + 4
        if not rows or used + wide > width or len(rows[-1]) >= ROW_MOST:
            rows.append([])
            used = 0
        rows[-1].append(button)
        used += wide
    return rows


def of_card(card: Card, words: Translator, *, shown: bool) -> Rows:
    """Return the keyboard of a card; empty for a card without an action.

    `shown` is for a card that was shown on request, of which no record is kept.
    """
    on_items = any(item.button is not None for item in card.items)
    if not (card.buttons or card.more or on_items):
        return []
    rows = packed(_of_item(item, shown=shown) for item in card.items if item.button is not None)
    rows += packed(_of_button(button, shown=shown) for button in card.buttons)
    for file in card.files[:FILES_MOST]:
        data = callbacks.said(callbacks.FILE, file.id)
        if callbacks.fits(data):
            rows.append([press(f"📎 {file.name}", data)])
    last: list[InlineKeyboardButton] = []
    if card.more:
        data = callbacks.said(_more(shown=shown), card.case_id or "")
        if card.case_id and callbacks.fits(data):
            last.append(press(words.t("telegram.more"), data))
        else:
            rows += packed(_of_button(button, shown=shown) for button in card.more)
    if card.case_id:
        last.append(InlineKeyboardButton(card.case_id, copy_text=CopyTextButton(card.case_id)))
    return [*rows, last][:ROWS_MOST]


def of_channel(card: Card, link_to: Callable[[str], str]) -> Rows:
    """Return the keyboard of a card in a group; its buttons open the private chat.

    `link_to` returns the URL of a payload.
    """
    case_id = card.case_id or ""
    rows = packed(
        link(button.label, link_to(callbacks.payload_of(button.token) or callbacks.CASE + case_id))
        for button in card.buttons
    )
    return [*rows, [InlineKeyboardButton(case_id, copy_text=CopyTextButton(case_id))]]


def with_more(rows: Sequence[Row], card: Card, details: Button | None, words: Translator) -> Rows:
    """Add the less frequent actions of `card`, and a button that hides them."""
    kept = [list(row) for row in rows[:-1]]
    there = {callbacks.read(str(b.callback_data or "")).rest for row in rows for b in row}
    known = (*card.buttons, *card.more, *((details,) if details is not None else ()))
    shown = details is None
    new = packed(_of_button(b, shown=shown) for b in known if b.token not in there)
    last = [press(words.t("telegram.less"), callbacks.said(callbacks.LESS, len(kept)))]
    return [*kept, *new, [*last, *_copies(rows)]]


def without_more(
    rows: Sequence[Row], kept: int, case_id: str, words: Translator, *, shown: bool
) -> Rows:
    """Return the first `kept` rows, and the button that shows the other actions."""
    back = press(words.t("telegram.more"), callbacks.said(_more(shown=shown), case_id))
    return [*(list(row) for row in rows[:kept]), [back, *_copies(rows)]]


def _more(*, shown: bool) -> str:
    return callbacks.SHOWN_MORE if shown else callbacks.MORE


def asking(rows: Sequence[Row], token: str, words: Translator) -> Rows:
    """Replace the button of a token by its confirmation and a button that does not confirm."""
    found: Rows = []
    for row in rows:
        mine = [b for b in row if b.callback_data == callbacks.marked(callbacks.ASK, token)]
        others = [b for b in row if b not in mine]
        if mine:
            yes = press(f"{_YES}{mine[0].text}", token, "danger")
            found.append([yes, press(words.t("telegram.no"), callbacks.NO)])
        if others:
            found.append(others)
    return found


def not_asking(rows: Sequence[Row]) -> Rows:
    """Replace a confirmation by the button that asked for it."""
    return [
        [
            press(
                button.text.removeprefix(_YES),
                callbacks.marked(callbacks.ASK, str(button.callback_data)),
                "danger",
            )
            if button.text.startswith(_YES)
            else button
            for button in row
            if button.callback_data != callbacks.NO
        ]
        for row in rows
    ]


def _of_item(item: Item, *, shown: bool) -> InlineKeyboardButton:
    """Return the button of a line of a list, which has the name of the line."""
    assert item.button is not None, "asked before"
    return _of_button(replace(item.button, label=item.text), shown=shown)


def _of_button(button: Button, *, shown: bool) -> InlineKeyboardButton:
    style = {"primary": "primary", "danger": "danger"}.get(button.style, "")
    if button.verb == "approve":
        style = "success"
    if button.confirm:
        data = callbacks.marked(callbacks.ASK, button.token)
    else:
        data = callbacks.marked(callbacks.SHOWN, button.token) if shown else button.token
    return press(button.label, data, style)


def _copies(rows: Sequence[Row]) -> list[InlineKeyboardButton]:
    return [button for row in rows for button in row if button.copy_text is not None]


def _short(label: str) -> str:
    return label if len(label) <= LABEL_MOST else label[: LABEL_MOST - 1] + "…"


def _width(label: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in label)
