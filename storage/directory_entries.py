"""The store of users and groups of the directory that people come from.

An entry binds the id that somebody has there to their key here, so that a changed user name does
not make another person of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, func, select

from storage import tables as t
from storage.statements import upsert
from workflows.records import DirectoryEntry

_FIELDS = tuple(DirectoryEntry.__dataclass_fields__)
_row = t.directory_entries.c
_ENTRIES = select(t.directory_entries)
_OF_SOURCE = _row.source == bindparam("of_source")
_OF_KIND = _row.kind == bindparam("of_kind")
_ALL = _ENTRIES.where(_OF_SOURCE, _OF_KIND).order_by(_row.created_at, _row.id)
_ONE = _ENTRIES.where(_OF_SOURCE, _row.id == bindparam("of_id"))
_BOUND = select(_row.id, _row.person).where(_OF_SOURCE, _row.person.is_not(None))
_OF_PERSON = _ENTRIES.where(_row.person == bindparam("of_person")).order_by(_row.source)
_COUNT = select(func.count()).select_from(t.directory_entries).where(_OF_SOURCE, _OF_KIND)
_PUT = upsert(
    t.directory_entries, update=(name for name in _FIELDS if name not in {"source", "id"})
)
_REMOVE = delete(t.directory_entries).where(_OF_SOURCE, _row.id == bindparam("of_id"))
_FORGET = delete(t.directory_entries).where(_row.person == bindparam("of_person"))


class DirectoryEntries:
    """The entries of all sources; those of one are found by its name."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, source: str, kind: str) -> tuple[DirectoryEntry, ...]:
        """Return the entries of a kind, "user" or "group", oldest first."""
        rows = self._connection.execute(_ALL, {"of_source": source, "of_kind": kind})
        return tuple(DirectoryEntry(**row) for row in rows.mappings())

    def page(
        self, source: str, kind: str, *, offset: int, limit: int
    ) -> tuple[DirectoryEntry, ...]:
        """Return a part of these entries."""
        statement = _ALL.offset(offset).limit(limit)
        rows = self._connection.execute(statement, {"of_source": source, "of_kind": kind})
        return tuple(DirectoryEntry(**row) for row in rows.mappings())

    def count(self, source: str, kind: str) -> int:
        """Return how many entries of a kind there are."""
        found = self._connection.execute(_COUNT, {"of_source": source, "of_kind": kind})
        return int(found.scalar_one())

    def get(self, source: str, entry_id: str) -> DirectoryEntry | None:
        """Return an entry, or None."""
        given = {"of_source": source, "of_id": entry_id}
        row = self._connection.execute(_ONE, given).mappings().first()
        return None if row is None else DirectoryEntry(**row)

    def find(self, source: str, kind: str, **values: str) -> tuple[DirectoryEntry, ...]:
        """Return the entries whose columns have these values, such as `name` or `external`."""
        statement = _ALL.where(*(_row[name] == value for name, value in values.items()))
        rows = self._connection.execute(statement, {"of_source": source, "of_kind": kind})
        return tuple(DirectoryEntry(**row) for row in rows.mappings())

    def bound(self, source: str) -> Mapping[str, str]:
        """Return the keys of people by the ids of their entries."""
        rows = self._connection.execute(_BOUND, {"of_source": source})
        return {row.id: row.person for row in rows}

    def of_person(self, key: str) -> tuple[DirectoryEntry, ...]:
        """Return the entries of a person in all sources."""
        rows = self._connection.execute(_OF_PERSON, {"of_person": key})
        return tuple(DirectoryEntry(**row) for row in rows.mappings())

    def put(self, entries: Iterable[DirectoryEntry]) -> None:
        """Store entries; those with the same source and id are replaced."""
        rows: Sequence[dict[str, object]] = [
            {name: getattr(one, name) for name in _FIELDS} for one in entries
        ]
        if rows:
            self._connection.execute(_PUT.on(self._connection), rows)

    def remove(self, source: str, entry_id: str) -> None:
        """Delete an entry."""
        self._connection.execute(_REMOVE, {"of_source": source, "of_id": entry_id})

    def forget(self, person: str) -> None:
        """Delete the entries of a person."""
        self._connection.execute(_FORGET, {"of_person": person})
