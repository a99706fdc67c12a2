"""What a button says when it is pressed: a verb, a case, a task and an argument, in a short text.

A token is no proof of anything: whoever presses it is checked against the case as it stands then.
It stays under 64 bytes, which is all that Telegram carries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workflows.errors import Refusal

_MOST = 64
_TOKEN = re.compile(
    r"(?P<verb>[a-z]+)\|(?P<case_id>[A-Z0-9-]*)\|(?P<task>[a-z0-9]*)\|(?P<argument>[a-z0-9_-]*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A pressed button or a sent form, read back."""

    verb: str
    case_id: str = ""
    task: str = ""
    argument: str = ""

    def __str__(self) -> str:
        text = f"{self.verb}|{self.case_id}|{self.task}|{self.argument}"
        assert len(text.encode()) <= _MOST, f"too long for a button: {text}"
        return text


def read_token(text: str) -> Token:
    """Read a token; Refusal `button_unknown` for anything that no card of ours carries."""
    token = find_token(text)
    if token is None:
        raise Refusal("button_unknown")
    return token


def find_token(text: str) -> Token | None:
    """Read a token; None for anything that no card of ours carries."""
    match = _TOKEN.fullmatch(text) if len(text) <= _MOST else None
    return Token(**match.groupdict()) if match is not None else None


def token_for(verb: str, *, case_id: str = "", argument: str = "") -> str:
    """The token of what somebody named, such as in a link; "" when no card of ours carries it."""
    text = f"{verb}|{case_id}||{argument}"
    return text if find_token(text) is not None else ""
