"""The one layer through which every text passes on its way into a message.

A page is built of paragraphs; each is kept as HTML and as plain words, so that a page can be cut at
a length that readers see, and be sent as plain text when its mark-up is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from html import escape

MOST = 3500  # characters; Telegram refuses more than 4,096
ELLIPSIS = "…"
_JOINER = "\u2060"  # cannot be seen; what it parts is no mention and no command any more
_LIVE = re.compile(r"(?<![\w/])([@/])(?=\w)")


@dataclass(frozen=True, slots=True)
class Words:
    """A piece of a message: as mark-up, and as what people read."""

    html: str
    plain: str

    def __add__(self, other: Words) -> Words:
        return Words(self.html + other.html, self.plain + other.plain)

    def __bool__(self) -> bool:
        return bool(self.plain)


@dataclass(frozen=True, slots=True)
class MessagePage:
    """A whole message, short enough to be sent."""

    html: str
    plain: str


def text(value: object) -> Words:
    """Our own words: nothing in them is mark-up."""
    plain = str(value)
    return Words(escape(plain), plain)


def typed(value: object) -> Words:
    """Words of a person: nothing in them is mark-up, pings anybody or is a command to tap on."""
    return text(_LIVE.sub(rf"\1{_JOINER}", str(value)))


def bold(words: Words) -> Words:
    """In bold."""
    return Words(f"<b>{words.html}</b>", words.plain) if words else words


def italic(words: Words) -> Words:
    """In italics."""
    return Words(f"<i>{words.html}</i>", words.plain) if words else words


def quote(words: Words) -> Words:
    """As a quotation."""
    return Words(f"<blockquote>{words.html}</blockquote>", words.plain) if words else words


def moment(words: Words, at: str) -> Words:
    """A time as the card says it; clients that can show the instant in their own zone, too."""
    try:
        unix = int(datetime.fromisoformat(at).timestamp())
    except ValueError:
        return words
    return Words(f'<tg-time unix="{unix}">{words.html}</tg-time>', words.plain)


def join(parts: Iterable[Words], separator: str) -> Words:
    """The parts that say something, with words of ours between them."""
    said = [part for part in parts if part]
    between = escape(separator)
    return Words(between.join(p.html for p in said), separator.join(p.plain for p in said))


def excerpt(value: str, most: int) -> str:
    """At most so many characters; that something is missing can be seen."""
    return value if len(value) <= most else value[: most - 1].rstrip() + ELLIPSIS


def page(paragraphs: Iterable[Words], *, cut: str, most: int = MOST) -> MessagePage:
    """The paragraphs that fit; when some do not, `cut` says so at the end."""
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
