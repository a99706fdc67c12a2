"""The hash chain of a case: every event is bound to the one before it, the first to the case."""

from __future__ import annotations

import hashlib


def genesis(case_id: str) -> str:
    """What the first event of a case is bound to."""
    return hashlib.sha256(case_id.encode()).hexdigest()


def link(previous: str, text: str) -> str:
    """The hash of an event with this canonical text, after the event with the hash `previous`."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()
