"""Seals a text with a key that is not in the database: a copy of the database tells nothing.

The text is padded and encrypted with a stream of HMAC-SHA256 in counter mode, and authenticated by
HMAC-SHA256 over all of it (encrypt-then-MAC, as in RFC 7366). Each sealing has a nonce of its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from itertools import count

STEP = 64 * 1024  # bytes: texts up to this length have the same length once sealed
_LENGTH, _MAC, _BLOCK = 4, 32, 32


class SealBroken(Exception):
    """The text was sealed with another key, or changed since."""


def key_of(secret: bytes, purpose: str) -> bytes:
    """Return a key for one purpose, from which the others cannot be computed."""
    return hmac.new(secret, purpose.encode(), hashlib.sha256).digest()


def seal(text: bytes, *, key: bytes, nonce: str) -> str:
    """Return a sealed text; `nonce` must never be used twice with the same key."""
    padded = len(text).to_bytes(_LENGTH) + text
    padded += bytes(-len(padded) % STEP)
    hidden = _mixed(padded, key_of(key, "stream"), nonce)
    mac = hmac.new(key_of(key, "mac"), nonce.encode() + hidden, hashlib.sha256).digest()
    return f"{nonce}.{base64.b64encode(mac + hidden).decode()}"


def unseal(sealed: str, *, key: bytes) -> bytes:
    """Return the text. Raises SealBroken."""
    nonce, _, rest = sealed.partition(".")
    whole = base64.b64decode(rest)
    mac, hidden = whole[:_MAC], whole[_MAC:]
    known = hmac.new(key_of(key, "mac"), nonce.encode() + hidden, hashlib.sha256).digest()
    if not hmac.compare_digest(mac, known):
        raise SealBroken
    padded = _mixed(hidden, key_of(key, "stream"), nonce)
    length = int.from_bytes(padded[:_LENGTH])
    return padded[_LENGTH : _LENGTH + length]


def _mixed(text: bytes, key: bytes, nonce: str) -> bytes:
    """Return the text combined with the stream of a key and a nonce; twice gives the text again."""
    blocks = (
        hmac.new(key, nonce.encode() + number.to_bytes(8), hashlib.sha256).digest()
        for number, _ in zip(count(), range(0, len(text), _BLOCK), strict=False)
    )
    stream = b"".join(blocks)[: len(text)]
    return (int.from_bytes(text) ^ int.from_bytes(stream)).to_bytes(len(text))
