"""What our buttons say when they are pressed: at most 64 bytes.

A button of a card carries the product's own token. What only concerns the chat begins with a mark
that no token begins with.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from handlers.tokens import find_token

MOST = 64
PAYLOAD_MOST = 64

SHOWN = "!"  # a token on a card that was only shown: it is in no record of messages
ASK = "?"  # a token that counts at the second tap
MORE = "~m"  # show the rarer verbs of a case
LESS = "~l"  # and hide them
NO = "~n"  # the second tap was not meant
FILE = "~f"  # send a file
WORDS = "~w"  # what words that belonged nowhere are for
FORM = "~q"  # something in a form
NOTHING = "~x"  # a button that only says something
_BETWEEN = "|"

LINK, CASE, DO, NEW = "link_", "case_", "do_", "new_"  # how the payload of a deep link begins
OLDER = "t_"  # in links that older versions sent


@dataclass(frozen=True, slots=True)
class Callback:
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


def read(data: str) -> Callback:
    """What a button said; whatever it is, it can be read."""
    if data[:1] in (SHOWN, ASK):
        return Callback(data[:1], data[1:])
    if data[:1] == "~":
        return Callback(data[:2], data[3:])
    return Callback("", data)


def payload_of(token: str) -> str:
    """What a deep link says in the place of a button: what to open, and never to press it.

    Anybody can write a link, and whoever follows it has pressed nothing.
    """
    read = find_token(token)
    if read is None:
        return ""
    if read.case_id:
        return f"{CASE}{read.case_id}"
    return f"{NEW}{read.argument}" if read.verb == "start" and read.argument else ""


def modern(payload: str) -> str:
    """The payload of a deep link as it is written today; an older one carried a whole token."""
    if not payload.startswith(OLDER):
        return payload
    text = payload.removeprefix(OLDER)
    try:
        token = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    return payload_of(token)
