"""Canonical JSON, over which everything is hashed, and the digests of content."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEALED = "2:"  # prefix of a digest that covers the facts as well

_JSON = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys and without blanks, so that equal values give equal text.

    Raises ValueError for a number that is not finite and for a lone surrogate.
    """
    text = _JSON.encode(value)
    text.encode()  # raises for a lone surrogate, which could not be stored later
    return text


def content_digest(*, salt: str, body: Mapping[str, Any]) -> str:
    """Return the digest of content in its first version, for older events.

    It is SHA-256, in hexadecimal, over the salt and the canonical JSON of the body.
    """
    return text_digest(salt=salt, text=canonical_json(body))


def sealed_digest(*, salt: str, facts: Mapping[str, Any], text: str) -> str:
    """Return the digest of content: over its salt, its canonical JSON and its facts.

    `text` is the canonical JSON of the body; `facts` are the case, the kind, the author and the
    time. The digest begins with its version, so that older content is still verified by the digest
    in its event.
    """
    sealed = f"{salt}\n{canonical_json(facts)}\n{text}"
    return SEALED + hashlib.sha256(sealed.encode()).hexdigest()


def text_digest(*, salt: str, text: str) -> str:
    """Return `content_digest` of content that is canonical JSON already."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
