"""Personal content on its way into storage: salted, digested, apart from the events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.office import Office
from workflows.canonical import content_digest
from workflows.ports import Tx
from workflows.records import Content


def keep(
    tx: Tx, office: Office, *, case_id: str, kind: str, author: str, body: Mapping[str, Any]
) -> Content:
    """Store a piece of content in this transaction and return it, with the reference for events."""
    salt = office.ids.salt()
    content = Content(
        id=office.ids.new("k"),
        case_id=case_id,
        kind=kind,
        author=author,
        at=office.clock.now(),
        salt=salt,
        body=body,
        digest=content_digest(salt=salt, body=body),
    )
    tx.contents.put(content)
    return content
