"""Checkpoints: the heads of all chains at one moment, signed, to be stored elsewhere.

A chain shows that no event before its head was changed. Only a copy of the head on another system
shows that no event was removed from the end. The signature shows that this deployment made the
checkpoint; its key is in a file of its own, apart from the database and the uploads, and in no
backup.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from operator import index
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from storage import tables as t
from storage.directory_audit import directory_head
from storage.errors import StorageError
from storage.journal import CHAIN
from workflows.canonical import canonical_json
from workflows.moments import Moment
from workflows.records import Head

VERSION = 2  # version 1 has no directory; it can still be read
_SHORTEST_KEY = 16

_HEADS = select(t.cases.c.id, t.cases.c.seq, t.cases.c.head).order_by(t.cases.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The head of every case's chain at a moment; `directory` is that of the directory's chain."""

    at: Moment
    heads: tuple[Head, ...]
    directory: Head | None = None

    @property
    def events(self) -> int:
        """The number of events of all chains."""
        return sum(head.seq for head in self.heads)

    @property
    def root(self) -> str:
        """One hash over all heads."""
        lines = (f"{head.case_id} {head.seq} {head.hash}\n" for head in self.heads)
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def take_checkpoint(connection: Connection, *, at: Moment) -> Checkpoint:
    """Return the current heads."""
    rows = connection.execute(_HEADS)
    return Checkpoint(
        at=at,
        heads=tuple(Head(case_id=row.id, seq=row.seq, hash=row.head) for row in rows),
        directory=directory_head(connection),
    )


def sign_checkpoint(checkpoint: Checkpoint, *, key: bytes) -> str:
    """Return the checkpoint as signed JSON text."""
    facts = _facts(checkpoint)
    return json.dumps(facts | {"signature": _signature(facts, key)}, indent=1) + "\n"


def read_checkpoint(text: str, *, key: bytes) -> Checkpoint:
    """Read a signed checkpoint.

    Raises StorageError `checkpoint_unreadable` when the text is not a checkpoint, and
    `checkpoint_forged` when it was changed or signed with another key.
    """
    try:
        facts = json.loads(text)
        signature = str(facts.pop("signature"))
        checkpoint = Checkpoint(
            at=index(facts["at"]),  # TypeError for what is no whole number
            heads=tuple(
                Head(case_id=case, seq=seq, hash=hash_) for case, seq, hash_ in facts["heads"]
            ),
            directory=_directory(facts),
        )
        known = facts["v"] == (VERSION if "directory" in facts else 1)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError) as error:
        raise StorageError("checkpoint_unreadable", why=str(error)) from error
    if not known:
        raise StorageError("checkpoint_unreadable", why=f"version {facts['v']}")
    genuine = hmac.compare_digest(signature.encode(), _signature(facts, key).encode())
    if not genuine or facts != _facts(checkpoint):
        raise StorageError("checkpoint_forged")
    return checkpoint


def signing_key(path: Path, *, new: Callable[[], str]) -> bytes:
    """Return the key in a file; if there is none, create one with `new`.

    The file is readable for its owner only. Raises StorageError `key_unreadable` when its content
    is too short.
    """
    if not path.exists():
        _keep(path, new().encode())
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)  # it may have been copied with other permissions
    key = path.read_bytes().strip()
    if len(key) < _SHORTEST_KEY:
        raise StorageError("key_unreadable", path=str(path))
    return key


def move_key(old: Path, new: Path) -> bool:
    """Move a key from the folder of uploads to its own place.

    Returns False when a different key is already there; both are left where they are.
    """
    if not old.is_file():
        return True
    key = old.read_bytes().strip()
    if not new.exists():
        new.parent.mkdir(parents=True, exist_ok=True)
        _keep(new, key)
    if new.read_bytes().strip() != key:
        return False
    old.unlink(missing_ok=True)
    return True


def _keep(path: Path, key: bytes) -> None:
    """Write the key atomically, without replacing one that another process has just written."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(key + b"\n")
        file.flush()
        os.fsync(file.fileno())
    with contextlib.suppress(FileExistsError):
        os.link(part, path)
    part.unlink()


def _facts(checkpoint: Checkpoint) -> dict[str, Any]:
    own = checkpoint.directory
    return {
        "v": 1 if own is None else VERSION,
        **({} if own is None else {"directory": [own.seq, own.hash]}),
        "at": checkpoint.at,
        "events": checkpoint.events,
        "root": checkpoint.root,
        "heads": [[head.case_id, head.seq, head.hash] for head in checkpoint.heads],
    }


def _directory(facts: dict[str, Any]) -> Head | None:
    if "directory" not in facts:
        return None
    seq, hash_ = facts["directory"]
    return Head(case_id=CHAIN, seq=seq, hash=hash_)


def _signature(facts: dict[str, Any], key: bytes) -> str:
    return "hmac-sha256:" + hmac.new(key, canonical_json(facts).encode(), "sha256").hexdigest()
