"""Builds the text of messages as HTML, and escapes everything that it contains.

A message is built of paragraphs. Each exists as HTML and as plain text: the length is counted in
the plain text, and the plain text is sent if Telegram refuses the HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

MOST = 3500  # characters; Telegram allows 4096, core.telegram.org/bots/api#sendmessage
ELLIPSIS = "…"
_JOINER = "\u2060"  # invisible; after an @ or a slash it prevents a mention or a command
_LIVE = re.compile(r"(?<![\w/])([@/])(?=\w)")


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a message, as HTML and as plain text."""

    html: str
    plain: str

    def __add__(self, other: Words) -> Words:
        return Words(self.html + other.html, self.plain + other.plain)

    def __bool__(self) -> bool:
        return bool(self.plain)


@dataclass(frozen=True, slots=True)
class MessagePage:
    """The text of a message, short enough to be sent."""

    html: str
    plain: str


def text(value: object) -> Words:
    """Escape a text of ours, in which mentions and commands are links."""
    plain = str(value)
    return Words(escape(plain), plain)


def typed(value: object) -> Words:
    """Escape a text that a person wrote, in which mentions and commands are not links."""
    return text(_LIVE.sub(rf"\1{_JOINER}", str(value)))


def bold(words: Words) -> Words:
    """Make it bold."""
    return Words(f"<b>{words.html}</b>", words.plain) if words else words


def italic(words: Words) -> Words:
    """Make it italic."""
    return Words(f"<i>{words.html}</i>", words.plain) if words else words


def quote(words: Words) -> Words:
    """Make it a quotation."""
    return Words(f"<blockquote>{words.html}</blockquote>", words.plain) if words else words


def moment(words: Words, at: str) -> Words:
    """Add the instant to a displayed time, which newer clients show in their own zone.

    `at` is an ISO 8601 time; for another text the words are returned as they are.
    """
    try:
        unix = int(datetime.fromisoformat(at).timestamp())
    except ValueError:
        return words
    return Words(f'<tg-time unix="{unix}">{words.html}</tg-time>', words.plain)


def join(parts: Iterable[Words], separator: str) -> Words:
    """Join the parts that are not empty."""
    said = [part for part in parts if part]
    between = escape(separator)
    return Words(between.join(p.html for p in said), separator.join(p.plain for p in said))


def excerpt(value: str, most: int) -> str:
    """Return at most `most` characters of a text; an ellipsis shows that it was cut."""
    return value if len(value) <= most else value[: most - 1].rstrip() + ELLIPSIS


def page(paragraphs: Iterable[Words], *, cut: str, most: int = MOST) -> MessagePage:
    """Return a page of the paragraphs that fit into `most` characters.

    `cut` is the last line if some do not fit.
    """
    shown: list[Words] = []
    room = most - len(cut) - 2
    for paragraph in paragraphs:
        if not paragraph:
            continue
        if len(paragraph.plain) + 1 > room:
            if room > len(ELLIPSIS):
                shown.append(typed(excerpt(paragraph.plain, room - 1)))
            shown.append(italic(text(cut)))
            break
        shown.append(paragraph)
        room -= len(paragraph.plain) + 1
    whole = join(shown, "\n")
    return MessagePage(whole.html, whole.plain)
