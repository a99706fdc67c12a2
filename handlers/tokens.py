"""Tokens of buttons and forms: a verb, a case, a task and an argument in a short text.

A token authorises nothing: the person who presses a button is checked against the case as it is at
that time. A token has at most 64 bytes, the limit of `callback_data` in Telegram's Bot API
(`InlineKeyboardButton`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workflows.errors import Refusal

POLL = "poll"  # the verb of the button and the form of an anonymous survey
TRAINING = "training"  # the verb of the button "I have read it", and the kind of its message
REVIEW = "review"  # the verb of the button that shows a review, and the kind of its message
_MOST = 64
_TOKEN = re.compile(
    r"(?P<verb>[a-z]+)\|(?P<case_id>[A-Z0-9-]*)\|(?P<task>[a-z0-9]*)\|(?P<argument>[a-z0-9_-]*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """The parts of a token. `str()` of it is the text that a button carries."""

    verb: str
    case_id: str = ""
    task: str = ""
    argument: str = ""

    def __str__(self) -> str:
        text = f"{self.verb}|{self.case_id}|{self.task}|{self.argument}"
        assert len(text.encode()) <= _MOST, f"too long for a button: {text}"
        return text


def read_token(text: str) -> Token:
    """Parse the token of a button or a form.

    Raises Refusal `button_unknown` if the text is not a token.
    """
    token = find_token(text)
    if token is None:
        raise Refusal("button_unknown")
    return token


def find_token(text: str) -> Token | None:
    """Parse a token. Return None if the text is not one."""
    match = _TOKEN.fullmatch(text) if len(text) <= _MOST else None
    return Token(**match.groupdict()) if match is not None else None


def token_for(verb: str, *, case_id: str = "", argument: str = "") -> str:
    """Return a token for a verb and a case that a person named, such as in a link.

    Returns "" if they do not make a valid token.
    """
    text = f"{verb}|{case_id}||{argument}"
    return text if find_token(text) is not None else ""


def is_anonymous(text: str) -> bool:
    """Return whether a token is of a form whose answers are stored nowhere beside their author."""
    return text.startswith(f"{POLL}|")
