"""The `callback_data` of buttons, and the payload of deep links.

The data of a card's button is a token of the product. Data that only this adapter reads begins with
a mark, with which no token begins. Telegram allows 64 bytes
(core.telegram.org/bots/api#inlinekeyboardbutton) and 64 characters of a payload
(core.telegram.org/bots/features#deep-linking).
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from handlers.tokens import find_token

MOST = 64
PAYLOAD_MOST = 64

SHOWN = "!"  # a token on a card that was shown on request, of which there is no record
ASK = "?"  # a token that is pressed after a confirmation
MORE = "~m"  # show the less frequent actions of a case
SHOWN_MORE = "~s"  # the same, on a card that was shown on request
LESS = "~l"  # hide them
NO = "~n"  # do not confirm
FILE = "~f"  # send a file
WORDS = "~w"  # say what a text without a place is for
FORM = "~q"  # answer a question of a form
NOTHING = "~x"  # a label
_BETWEEN = "|"

LINK, CASE, DO, NEW = "link_", "case_", "do_", "new_"  # prefixes of payloads
OLDER = "t_"  # in links of older versions


@dataclass(frozen=True, slots=True)
class Callback:
    """The data of a pressed button: its mark, "" for a token, and the rest."""

    mark: str
    rest: str = ""

    @property
    def parts(self) -> list[str]:
        """The arguments in the rest."""
        return self.rest.split(_BETWEEN)


def fits(data: str) -> bool:
    """Return whether data is neither empty nor too long for a button."""
    return 0 < len(data.encode()) <= MOST


def said(mark: str, *rest: object) -> str:
    """Return the data of a mark with arguments."""
    return _BETWEEN.join((mark, *map(str, rest)))


def marked(mark: str, token: str) -> str:
    """Return a token with a mark, or without it if it were too long."""
    return mark + token if fits(mark + token) else token


def read(data: str) -> Callback:
    """Read the data of a pressed button; any text can be read."""
    if data[:1] in (SHOWN, ASK):
        return Callback(data[:1], data[1:])
    if data[:1] == "~":
        return Callback(data[:2], data[3:])
    return Callback("", data)


def payload_of(token: str) -> str:
    """Return the payload that opens what a token is about: a case, or the form that starts one.

    A link never presses a button: anybody can write a link, and another person may follow it.
    Returns "" for a token without either.
    """
    read = find_token(token)
    if read is None:
        return ""
    if read.case_id:
        return f"{CASE}{read.case_id}"
    return f"{NEW}{read.argument}" if read.verb == "start" and read.argument else ""


def modern(payload: str) -> str:
    """Return a payload in the present form; older versions put a whole token into it."""
    if not payload.startswith(OLDER):
        return payload
    text = payload.removeprefix(OLDER)
    try:
        token = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except (binascii.Error, ValueError):
        return ""
    return payload_of(token)
