"""Reply markup as the server checks it."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.telegram.errors import bad

Markup = dict[str, Any]

ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
INLINE_FIELDS = {"text", "style", "icon_custom_emoji_id", *ACTIONS}
STYLES = {"", "default", "primary", "danger", "success"}
MAX_BUTTONS = 100
MAX_PER_ROW = 8
MAX_DATA = 64
MAX_PLACEHOLDER = 64
MAX_COPIED = 256
MAX_MARKUP = 10_000
INLINE = {"inline_keyboard"}
REPLY = {
    "keyboard",
    "is_persistent",
    "resize_keyboard",
    "one_time_keyboard",
    "input_field_placeholder",
    "selective",
}
REMOVE = {"remove_keyboard", "selective"}
FORCE = {"force_reply", "input_field_placeholder", "selective"}


def read(source: str, *, private: bool) -> Markup | None:
    """The markup of a message; None when there is none."""
    if not source:
        return None
    try:
        markup = json.loads(source)
    except ValueError:
        raise bad("can't parse reply keyboard markup JSON object") from None
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    kinds = [kind for kind in (INLINE, REPLY, REMOVE, FORCE) if kind >= set(markup) and markup]
    if not kinds:
        raise bad(f"unknown fields in the reply markup: {sorted(markup)}")
    if "inline_keyboard" in markup:
        return _inline(markup, private=private)
    if len(markup.get("input_field_placeholder") or "") > MAX_PLACEHOLDER:
        raise bad("REPLY_MARKUP_PLACEHOLDER_TOO_LONG")
    if "keyboard" in markup:
        _reply(markup)
    return markup


def _rows(markup: Markup, field: str) -> list[list[Any]]:
    rows = markup[field]
    if not isinstance(rows, list):
        raise bad(f'Field "{field}" must be of type Array')
    if not all(isinstance(row, list) for row in rows):
        of = " of the InlineKeyboardMarkup" if field == "inline_keyboard" else ""
        raise bad(f'Field "{field}"{of} must be an Array of Arrays')
    if sum(map(len, rows)) > MAX_BUTTONS:
        raise bad("reply markup is too long")
    if any(len(row) > MAX_PER_ROW for row in rows):
        raise bad("BUTTONS_IN_ROW_TOO_MUCH")
    return rows


def _inline(markup: Markup, *, private: bool) -> Markup | None:
    rows = _rows(markup, "inline_keyboard")
    if len(json.dumps(markup, ensure_ascii=False).encode()) > MAX_MARKUP:
        raise bad("reply markup is too long")
    rows = [row for row in rows if row]
    for row in rows:
        for button in row:
            _inline_button(button, private=private)
    return {"inline_keyboard": rows} if rows else None


def _inline_button(button: Any, *, private: bool) -> None:
    where = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad(where + "InlineKeyboardButton must be an Object")
    if unknown := set(button) - INLINE_FIELDS:
        raise bad(f"{where}unknown fields {sorted(unknown)}")
    if "text" not in button:
        raise bad(where + 'Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise bad(where + 'Field "text" must be of type String')
    if str(button.get("style", "")).lower() not in STYLES:
        raise bad(where + "invalid button style specified")
    actions = [action for action in ACTIONS if button.get(action)]
    if not actions:
        raise bad(where + "Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1 or not button["text"].strip():
        raise bad("BUTTON_TYPE_INVALID" if len(actions) > 1 else "BUTTON_TEXT_INVALID")
    _action(actions[0], button[actions[0]], private=private)


def _action(action: str, value: Any, *, private: bool) -> None:
    if action == "callback_data":
        if not isinstance(value, str) or len(value.encode()) > MAX_DATA:
            raise bad("BUTTON_DATA_INVALID")
    elif action == "url":
        if not _is_url(value):
            raise bad("BUTTON_URL_INVALID")
    elif action == "copy_text":
        if not 1 <= len(value.get("text", "")) <= MAX_COPIED:
            raise bad("BUTTON_COPY_TEXT_INVALID")
    elif action == "web_app":
        if not private:
            raise bad("BUTTON_TYPE_INVALID")
        if urlsplit(value.get("url", "")).scheme != "https":
            raise bad(
                "inline keyboard button Web App URL "
                f"'{value.get('url', '')}' is invalid: Only HTTPS links are allowed"
            )


def _is_url(value: Any) -> bool:
    parts = urlsplit(value if isinstance(value, str) else "")
    if parts.scheme == "tg":
        return bool(parts.netloc)
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and bool(re.fullmatch(r"[\w-]+(\.[\w-]+)+", host))


def _reply(markup: Markup) -> None:
    for row in _rows(markup, "keyboard"):
        for button in row:
            text = button if isinstance(button, str) else (button or {}).get("text")
            if not isinstance(text, str):
                raise bad(
                    "can't parse keyboard button: KeyboardButton must be a String or an Object"
                )
            if not text:
                raise bad("can't parse keyboard button: text is empty")


def buttons(markup: Markup | None) -> list[dict[str, Any]]:
    """All buttons of a keyboard, row after row."""
    rows = (markup or {}).get("inline_keyboard") or (markup or {}).get("keyboard") or []
    return [{"text": b} if isinstance(b, str) else b for row in rows for b in row]
