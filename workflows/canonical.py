"""The one way in which anything that is hashed is written as text, and the digest of content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEALED = "2:"  # before a digest that covers the facts, too

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: Any) -> str:
    """JSON with sorted keys and without blanks: equal values give equal text.

    ValueError for what JSON cannot say: a number that is not finite, half a character.
    """
    text = _JSON.encode(value)
    text.encode()  # half of a surrogate pair cannot be stored: better said here than later
    return text


def content_digest(*, salt: str, body: Mapping[str, Any]) -> str:
    """What an event of before kept of a piece of content: over its salt and its canonical JSON."""
    return text_digest(salt=salt, text=canonical_json(body))


def sealed_digest(*, salt: str, facts: Mapping[str, Any], text: str) -> str:
    """What an event keeps of a piece of content: over its salt, its canonical JSON and its facts.

    The facts are of which case and kind it is, who wrote it, and when. It begins with the version
    of the digest, so that content of before is still checked by what its event kept.
    """
    sealed = f"{salt}\n{canonical_json(facts)}\n{text}"
    return SEALED + hashlib.sha256(sealed.encode()).hexdigest()


def text_digest(*, salt: str, text: str) -> str:
    """The same for content that is canonical JSON already."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
