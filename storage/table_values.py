"""The store of numbers that were given to tables after their definition was published."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, bindparam, func, insert, select

from storage import tables as t
from storage.directory_rows import table_value as row_of
from storage.journal import Journal
from workflows.moments import Moment
from workflows.tables import TableValue

_values = t.table_values.c
_OF_PROCESS = (
    select(t.table_values)
    .where(_values.process == bindparam("process"))
    .order_by(_values.name, _values.version)
)
_LAST = select(func.max(_values.version)).where(
    _values.process == bindparam("process"), _values.name == bindparam("name")
)
_ADD = insert(t.table_values)


class TableValues:
    """The store of values of tables; a value never changes, a later one takes its place."""

    def __init__(self, connection: Connection, *, journal: Journal | None = None) -> None:
        self._connection = connection
        self._journal = journal or Journal(connection)

    def of(self, process: str) -> Mapping[str, tuple[TableValue, ...]]:
        """Return the values that were given to the tables of a process, by table."""
        found: dict[str, tuple[TableValue, ...]] = {}
        for row in self._connection.execute(_OF_PROCESS, {"process": process}):
            value = TableValue(
                table=row.name,
                version=row.version,
                option=row.option,
                value=Decimal(row.value),
                holds_from=date.fromisoformat(row.holds_from),
                set_by=row.set_by,
                set_at=row.set_at,
            )
            found[row.name] = (*found.get(row.name, ()), value)
        return found

    def add(
        self,
        *,
        process: str,
        table: str,
        option: str,
        value: Decimal,
        holds_from: date,
        at: Moment,
        by: str,
    ) -> TableValue:
        """Give an option of a table a number from a date on, and return it with its version."""
        self._journal.begin()  # one after the other: the version counts on
        last = self._connection.execute(_LAST, {"process": process, "name": table}).scalar()
        new = TableValue(
            table=table,
            version=(last or 0) + 1,
            option=option,
            value=value,
            holds_from=holds_from,
            set_by=by,
            set_at=at,
        )
        self._connection.execute(
            _ADD,
            {
                "process": process,
                "name": table,
                "version": new.version,
                "option": option,
                "value": str(value),
                "holds_from": holds_from.isoformat(),
                "set_at": at,
                "set_by": by,
            },
        )
        names = [row_of(process, table, new.version)]
        self._journal.record("TableValueSet", by=by, names=names)
        return new
