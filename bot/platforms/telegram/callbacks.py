"""What our buttons say when they are pressed: at most 64 bytes.

A button of a card carries the product's own token. What only concerns the chat begins with a mark
that no token begins with.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

MOST = 64
PAYLOAD_MOST = 64

SHOWN = "!"  # a token on a card that was only shown: it is in no record of messages
ASK = "?"  # a token that counts at the second tap
MORE = "~m"  # show the rarer verbs of a case
LESS = "~l"  # and hide them
NO = "~n"  # the second tap was not meant
FILE = "~f"  # send a file
FORM = "~q"  # something in a form
NOTHING = "~x"  # a button that only says something
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Pressed:
    """Read back: `mark` says what it is about, "" for the product's own token."""

    mark: str
    rest: str = ""

    @property
    def parts(self) -> list[str]:
        """The rest in its pieces."""
        return self.rest.split(_BETWEEN)


def fits(data: str) -> bool:
    """Whether a button can carry it."""
    return 0 < len(data.encode()) <= MOST


def said(mark: str, *rest: object) -> str:
    """A button's words that concern the chat only."""
    return _BETWEEN.join((mark, *map(str, rest)))


def marked(mark: str, token: str) -> str:
    """A token with a mark, where there is room for one."""
    return mark + token if fits(mark + token) else token


def read(data: str) -> Pressed:
    """What a button said; whatever it is, it can be read."""
    if data[:1] in (SHOWN, ASK):
        return Pressed(data[:1], data[1:])
    if data[:1] == "~":
        return Pressed(data[:2], data[3:])
    return Pressed("", data)


def payload(token: str) -> str:
    """A token for a deep link, "" when it is too long."""
    packed = "t_" + base64.urlsafe_b64encode(token.encode()).decode().rstrip("=")
    return packed if len(packed) <= PAYLOAD_MOST else ""


def unpacked(packed: str) -> str:
    """The token of a deep link, "" for nonsense."""
    text = packed.removeprefix("t_")
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
