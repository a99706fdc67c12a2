"""Files that are made when they are opened: who opens one, and its record."""

from __future__ import annotations

import hashlib

from handlers.office import Office
from storage.unit import Tx
from workflows.directory import Person
from workflows.errors import Refusal
from workflows.moments import Moment
from workflows.records import StoredFile


def opener(tx: Tx, office: Office, person: str) -> Person:
    """Return the person who opens a file. Raises Refusal `not_known` unless they are active."""
    reader = office.directory(tx).get(person)
    if reader is None or not reader.active:
        raise Refusal("not_known")
    return reader


def made_file(
    content: bytes,
    *,
    id: str,
    name: str,
    media_type: str,
    owner: str,
    at: Moment,
    case_id: str = "",
) -> StoredFile:
    """Return the record of a file with this content, which is not stored."""
    return StoredFile(
        id=id,
        case_id=case_id,
        name=name,
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        owner=owner,
        at=at,
    )
