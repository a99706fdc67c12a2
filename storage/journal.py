"""The hash chain of the directory: imports, links, publications, settings and erasures.

The chain works like that of a case. Each event has the hash of the previous one and, for every row
that it changed, a salted digest of the new row. The digests in force are in `directory_rows`, as
the snapshot of a case is beside its events. The salt of a row is deleted when the row changes, so
the remaining digests of an erased person cannot be matched with guessed values.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage import tables as t
from storage.codec import genesis, link
from storage.directory_rows import digest, read_rows
from storage.statements import is_postgresql, upsert
from workflows.canonical import canonical_json
from workflows.case.events import SYSTEM
from workflows.moments import Moment

CHAIN = "directory"  # its name, which cannot be a case number
VERSION = 1

_PAGE = 500
_HEAD = select(t.chain_heads.c.seq, t.chain_heads.c.head).where(t.chain_heads.c.name == CHAIN)
_LOCKED_HEAD = _HEAD.with_for_update()
_FIRST_HEAD = upsert(t.chain_heads)
_MOVE_HEAD = (
    update(t.chain_heads)
    .where(t.chain_heads.c.name == CHAIN)
    .values(seq=bindparam("to_seq"), head=bindparam("to_head"))
)
_APPEND = insert(t.directory_events)
_KEPT = select(t.directory_rows)
_KEEP = upsert(t.directory_rows, update=("salt", "digest"))
_DROP = delete(t.directory_rows).where(
    t.directory_rows.c.name.in_(bindparam("names", expanding=True))
)


def _never() -> Moment:
    return 0


def _no_salt() -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """The sources of time and salts for new events; the defaults are fixed values for tests."""

    now: Callable[[], Moment] = _never
    salt: Callable[[], str] = _no_salt


UNSEALED = Seal()


class Journal:
    """The hash chain of the directory; stores append to it when they change one of its rows."""

    def __init__(self, connection: Connection, *, seal: Seal = UNSEALED) -> None:
        self._connection = connection
        self._seal = seal
        self._head: tuple[int, str] | None = None

    def begun(self) -> bool:
        """Return whether the chain has an event."""
        return self._connection.execute(_HEAD).first() is not None

    def begin(self) -> None:
        """Lock the chain, and start it with all existing rows if it is empty.

        Must be called before a row of the directory is changed: on PostgreSQL it locks the head of
        the chain until the end of the transaction, so that changes are made one after the other.
        """
        if self._head is not None:
            return
        row = self._connection.execute(self._locking).first()
        if row is None:
            first = {"name": CHAIN, "seq": 0, "head": genesis(CHAIN)}
            self._connection.execute(_FIRST_HEAD.on(self._connection), first)
            row = self._connection.execute(self._locking).one()
        self._head = (row.seq, row.head)
        if row.seq == 0:
            self._append("DirectoryBegun", SYSTEM, self._changed(None), {})

    def record(
        self,
        kind: str,
        *,
        by: str,
        names: Iterable[str] | None,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        """Append an event with the current digests of the named rows; `names=None` means all rows.

        `by` is the key of the actor and `facts` are added to the event. Nothing is appended when no
        row differs from its digest and no facts are given.
        """
        self.begin()
        changed = self._changed(None if names is None else sorted(set(names)))
        if changed or facts:
            self._append(kind, by, changed, facts or {})

    @property
    def _locking(self) -> Any:
        return _LOCKED_HEAD if is_postgresql(self._connection) else _HEAD

    def _changed(self, names: list[str] | None) -> dict[str, str | None]:
        """Update `directory_rows` and return the new digest of each changed row.

        The digest of a deleted row is None.
        """
        rows = read_rows(self._connection, names)
        kept = self._kept(names)
        salt = self._seal.salt()
        changed: dict[str, str | None] = {}
        for name in sorted(rows.keys() | kept.keys()):
            row, known = rows.get(name), kept.get(name)
            if row is None:
                changed[name] = None
            elif known is None or digest(name, row, salt=known[0]) != known[1]:
                own = hashlib.sha256(f"{salt}\n{name}".encode()).hexdigest()[:32]
                changed[name] = digest(name, row, salt=own)
                values = {"name": name, "salt": own, "digest": changed[name]}
                self._connection.execute(_KEEP.on(self._connection), values)
        gone = [name for name, value in changed.items() if value is None]
        if gone:
            self._connection.execute(_DROP, {"names": gone})
        return changed

    def _kept(self, names: list[str] | None) -> dict[str, tuple[str, str]]:
        if names is None:
            return {row.name: (row.salt, row.digest) for row in self._connection.execute(_KEPT)}
        found: dict[str, tuple[str, str]] = {}
        for start in range(0, len(names), _PAGE):
            page = t.directory_rows.c.name.in_(names[start : start + _PAGE])
            for row in self._connection.execute(_KEPT.where(page)):
                found[row.name] = (row.salt, row.digest)
        return found

    def _append(
        self, kind: str, by: str, changed: Mapping[str, str | None], facts: Mapping[str, Any]
    ) -> None:
        assert self._head is not None, "the chain was begun"
        seq, previous = self._head[0] + 1, self._head[1]
        at = self._seal.now()
        text = canonical_json(
            {
                "v": VERSION,
                "seq": seq,
                "at": at,
                "actor": by,
                "type": kind,
                "body": {"changed": changed, **facts},
            }
        )
        head = link(previous, text)
        self._connection.execute(
            _APPEND,
            {
                "seq": seq,
                "type": kind,
                "actor": by,
                "at": at,
                "text": text,
                "previous": previous,
                "hash": head,
            },
        )
        self._connection.execute(_MOVE_HEAD, {"to_seq": seq, "to_head": head})
        self._head = (seq, head)
