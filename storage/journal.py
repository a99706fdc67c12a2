"""The chain of the directory: what was imported, linked, published, set and erased, and by whom.

As a case has its events, the directory has its own: each is bound to the one before it and says,
for every row that it changed, a salted digest of what the row was from then on. The digests in
force stand beside the chain (`directory_rows`), as a snapshot does beside the events of a case. A
salt goes when its row changes, so what remains of somebody who was erased can be guessed by nobody.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from storage import tables as t
from storage.chain import genesis, link
from storage.directory_rows import digest, read_rows
from storage.statements import is_postgresql, upsert
from workflows.canonical import canonical_json
from workflows.case.events import SYSTEM
from workflows.moments import to_micros

CHAIN = "directory"  # its name; no case has such a number
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


def _never() -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC)


def _no_salt() -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """Where the time and the salts of the chain come from; a test may do without."""

    now: Callable[[], datetime] = _never
    salt: Callable[[], str] = _no_salt


UNSEALED = Seal()


class Journal:
    """The chain of the directory; the other stores write it when they change a row of it."""

    def __init__(self, connection: Connection, *, seal: Seal = UNSEALED) -> None:
        self._connection = connection
        self._seal = seal
        self._head: tuple[int, str] | None = None

    def begun(self) -> bool:
        """Whether there is a chain."""
        return self._connection.execute(_HEAD).first() is not None

    def begin(self) -> None:
        """Take everything that is in force into the chain, if there is none yet.

        Called before every change; others that change something wait for the end of this unit.
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
        """Append an event about these rows, as they are now; None: about all rows.

        Nothing is appended where nothing changed and no facts are given.
        """
        self.begin()
        changed = self._changed(None if names is None else sorted(set(names)))
        if changed or facts:
            self._append(kind, by, changed, facts or {})

    @property
    def _locking(self) -> Any:
        return _LOCKED_HEAD if is_postgresql(self._connection) else _HEAD

    def _changed(self, names: list[str] | None) -> dict[str, str | None]:
        """The rows that are not what the chain says of them, with what it is to say now."""
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
                "at": to_micros(at),
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
