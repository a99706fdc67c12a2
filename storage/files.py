"""Records of files. Their bytes are kept by `filesystem.py`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, bindparam, delete, insert, select, update

from storage import tables as t
from storage.columns import storable
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


class FileRecords:
    """Records of files. Keeps the promises of `workflows.ports.FileStore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, file: StoredFile) -> None:
        """Keep a record."""
        values = {name: getattr(file, name) for name in StoredFile.__dataclass_fields__}
        values |= {"case_id": file.case_id or "", "name": storable(file.name)}
        self._connection.execute(_PUT, values)

    def get(self, file_id: str) -> StoredFile | None:
        """The record with this id."""
        row = self._connection.execute(_GET, {"id": file_id}).mappings().first()
        return None if row is None else _file(row)

    def attach(self, file_ids: Sequence[str], *, case_id: str) -> None:
        """Bind uploaded files to a case. A file that belongs to a case already stays there."""
        self._connection.execute(_ATTACH, {"ids": list(file_ids), "case": case_id})

    def of_case(self, case_id: str) -> tuple[StoredFile, ...]:
        """All files of a case, oldest first."""
        rows = self._connection.execute(_OF_CASE, {"case": case_id}).mappings()
        return tuple(_file(row) for row in rows)

    def by_owner(self, person: str) -> tuple[StoredFile, ...]:
        """All files that a person sent, oldest first."""
        rows = self._connection.execute(_BY_OWNER, {"owner": person}).mappings()
        return tuple(_file(row) for row in rows)

    def forget(self, file_ids: Sequence[str]) -> None:
        """Remove these records."""
        self._connection.execute(_FORGET, {"ids": list(file_ids)})


def _file(row: RowMapping) -> StoredFile:
    fields: dict[str, Any] = dict(row)
    fields["case_id"] = row["case_id"] or None
    return StoredFile(**fields)
