"""Stores text that people wrote, apart from the events, with a salted digest for the event.

The digest covers the text, its author and time, and the hash of every file that it refers to, so
that a file that is replaced later, with its record, no longer matches the event.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from handlers.office import Office
from storage.unit import Tx
from workflows.canonical import canonical_json, sealed_digest
from workflows.records import HASHES, Content

_FILE = "f_"  # the prefix of a file's id


def keep(
    tx: Tx, office: Office, *, case_id: str, kind: str, author: str, body: Mapping[str, Any]
) -> Content:
    """Store a piece of content in this transaction and return it.

    Args:
        kind: what it is, such as `form:<key>`.
        author: the key of the person who wrote it.
        body: the content, as JSON values.

    Returns:
        The content; its `ref` is the reference for an event.
    """
    salt, at = office.ids.salt(), office.clock.now()
    hashes = dict(_hashes(tx, body))
    sealed = {**body, HASHES: hashes} if hashes else body
    content_id = office.ids.new("k")
    facts = {
        "id": content_id,
        "case": case_id,
        "kind": kind,
        "author": author,
        "at": at,
    }
    content = Content(
        id=content_id,
        case_id=case_id,
        kind=kind,
        author=author,
        at=at,
        salt=salt,
        body=sealed,
        digest=sealed_digest(salt=salt, facts=facts, text=canonical_json(sealed)),
    )
    tx.contents.put(content)
    return content


def _hashes(tx: Tx, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the id and the hash of every file whose id is in the body."""
    for text in _texts(body):
        file = tx.files.get(text) if text.startswith(_FILE) else None
        if file is not None:
            yield file.id, file.sha256


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, Sequence):
        for part in value:
            yield from _texts(part)
