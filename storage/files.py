"""The store of the records of uploads. `filesystem.py` stores their bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    RowMapping,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from storage import tables as t
from storage.columns import storable
from storage.statements import upsert
from workflows.moments import Moment
from workflows.records import StoredFile

_PUT = insert(t.files)
_GET = select(t.files).where(t.files.c.id == bindparam("id"))
_ATTACH = (
    update(t.files)
    .where(t.files.c.id.in_(bindparam("ids", expanding=True)), t.files.c.case_id == "")
    .values(case_id=bindparam("case"))
)
_OF_CASE = (
    select(t.files)
    .where(t.files.c.case_id == bindparam("case"))
    .order_by(t.files.c.at, t.files.c.id)
)
_BY_OWNER = (
    select(t.files)
    .where(t.files.c.owner == bindparam("owner"))
    .order_by(t.files.c.at, t.files.c.id)
)
_FORGET = delete(t.files).where(t.files.c.id.in_(bindparam("ids", expanding=True)))
_SENT_SINCE = select(func.count(), func.coalesce(func.sum(t.files.c.size), 0)).where(
    t.files.c.owner == bindparam("owner"), t.files.c.at > bindparam("since", type_=BigInteger)
)
_UNUSED = (
    select(t.files.c.id, t.files.c.owner)
    .where(t.files.c.case_id == "", t.files.c.at < bindparam("before", type_=BigInteger))
    .order_by(t.files.c.id)
)
_KNOWN = select(t.files.c.id).where(t.files.c.id.in_(bindparam("ids", expanding=True)))
_DOOM = upsert(t.doomed_files)
_DOOMED = select(t.doomed_files.c.id).order_by(t.doomed_files.c.id)
_REMOVED = delete(t.doomed_files).where(t.doomed_files.c.id.in_(bindparam("ids", expanding=True)))


class FileRecords:
    """The store of the records of uploads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, file: StoredFile) -> None:
        """Store a record."""
        values = {name: getattr(file, name) for name in StoredFile.__dataclass_fields__}
        values |= {"case_id": file.case_id or "", "name": storable(file.name)}
        self._connection.execute(_PUT, values)

    def get(self, file_id: str) -> StoredFile | None:
        """Return the record with this id, or None."""
        row = self._connection.execute(_GET, {"id": file_id}).mappings().first()
        return None if row is None else _file(row)

    def attach(self, file_ids: Sequence[str], *, case_id: str) -> None:
        """Assign uploads to a case. An upload that has a case already keeps it."""
        self._connection.execute(_ATTACH, {"ids": list(file_ids), "case": case_id})

    def of_case(self, case_id: str) -> tuple[StoredFile, ...]:
        """Return the uploads of a case, oldest first."""
        rows = self._connection.execute(_OF_CASE, {"case": case_id}).mappings()
        return tuple(_file(row) for row in rows)

    def by_owner(self, person: str) -> tuple[StoredFile, ...]:
        """Return the uploads of a person, oldest first."""
        rows = self._connection.execute(_BY_OWNER, {"owner": person}).mappings()
        return tuple(_file(row) for row in rows)

    def sent_since(self, person: str, since: Moment) -> tuple[int, int]:
        """Return the number and the total size in bytes of a person's uploads since a time."""
        row = {"owner": person, "since": since}
        count, size = self._connection.execute(_SENT_SINCE, row).one()
        return int(count), int(size)

    def unused(self, *, before: Moment) -> tuple[tuple[str, str], ...]:
        """Return (id, owner) of uploads older than `before` that belong to no case."""
        rows = self._connection.execute(_UNUSED, {"before": before})
        return tuple((row.id, row.owner) for row in rows)

    def known(self, file_ids: Sequence[str]) -> frozenset[str]:
        """Return which of these ids have a record."""
        rows = self._connection.execute(_KNOWN, {"ids": list(file_ids)})
        return frozenset(rows.scalars())

    def forget(self, file_ids: Sequence[str]) -> None:
        """Delete records; their bytes are listed as to be deleted until `removed` is called."""
        if file_ids:
            self._connection.execute(_FORGET, {"ids": list(file_ids)})
            rows = [{"id": file_id} for file_id in file_ids]
            self._connection.execute(_DOOM.on(self._connection), rows)

    def doomed(self) -> tuple[str, ...]:
        """Return the ids of deleted records whose bytes are still to be deleted."""
        return tuple(self._connection.execute(_DOOMED).scalars())

    def removed(self, file_ids: Sequence[str]) -> None:
        """Report that the bytes of these uploads were deleted."""
        self._connection.execute(_REMOVED, {"ids": list(file_ids)})


def _file(row: RowMapping) -> StoredFile:
    fields: dict[str, Any] = dict(row)
    fields["case_id"] = row["case_id"] or None
    return StoredFile(**fields)
