"""Statements that SQLite and PostgreSQL spell differently, built once at import."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import numbers

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


class InEach:
    """One statement in each dialect: `build` gets the dialect's `insert`."""

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        self._spelled = {SQLITE: build(sqlite.insert), POSTGRESQL: build(postgresql.insert)}

    def on(self, connection: Connection) -> Any:
        """The statement as this connection's database understands it."""
        return self._spelled[connection.dialect.name]


def is_postgresql(connection: Connection) -> bool:
    """Whether rows are locked one by one, and so have to be."""
    return connection.dialect.name == POSTGRESQL


def numbered(insert: Any, table: Table) -> Any:
    """An insert into a table with a `number`, which is given by the sequence where there is one."""
    statement = insert(table)
    if insert is postgresql.insert:
        return statement.values(number=numbers.next_value())
    return statement


def upsert(table: Table, *, update: Iterable[str] = ()) -> InEach:
    """Insert a row; where its primary key is there already, replace these columns."""
    names = tuple(update)

    def build(insert: Any) -> Executable:
        statement = numbered(insert, table) if "number" in table.c else insert(table)
        keys = list(table.primary_key.columns)
        if not names:
            done: Executable = statement.on_conflict_do_nothing(index_elements=keys)
            return done
        new = {name: statement.excluded[name] for name in names}
        replaced: Executable = statement.on_conflict_do_update(index_elements=keys, set_=new)
        return replaced

    return InEach(build)
