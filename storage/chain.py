"""The hash chain of a case: each event includes the hash of the one before it."""

from __future__ import annotations

import hashlib


def genesis(case_id: str) -> str:
    """Return the hash that precedes the first event of a case."""
    return hashlib.sha256(case_id.encode()).hexdigest()


def link(previous: str, text: str) -> str:
    """Return the hash of an event: over the previous hash and the event's canonical text."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
