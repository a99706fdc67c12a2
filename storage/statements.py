"""Statements that differ between SQLite and PostgreSQL, built once at import."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Executable,
    Table,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import ARRAY

from storage.tables import numbers

SQLITE = "sqlite"
POSTGRESQL = "postgresql"


class InEach:
    """A statement with one variant per dialect; `build` is called with the dialect's `insert`."""

    def __init__(self, build: Callable[[Any], Executable]) -> None:
        self._spelled = {SQLITE: build(sqlite.insert), POSTGRESQL: build(postgresql.insert)}

    def on(self, connection: Connection) -> Any:
        """Return the variant for the database of this connection."""
        return self._spelled[connection.dialect.name]


def is_postgresql(connection: Connection) -> bool:
    """Return whether the connection is to PostgreSQL, where rows must be locked explicitly."""
    return connection.dialect.name == POSTGRESQL


def numbered(insert: Any, table: Table) -> Any:
    """Build an insert into a table whose `number` comes from a sequence (PostgreSQL only)."""
    statement = insert(table)
    if insert is postgresql.insert:
        return statement.values(number=numbers.next_value())
    return statement


def upsert(table: Table, *, update: Iterable[str] = ()) -> InEach:
    """Build an insert that updates these columns when the primary key exists already.

    Without `update`, an existing row is left unchanged.
    """
    names = tuple(update)

    def build(insert: Any) -> Executable:
        statement = insert(table)
        keys = list(table.primary_key.columns)
        if not names:
            done: Executable = statement.on_conflict_do_nothing(index_elements=keys)
            return done
        new = {name: statement.excluded[name] for name in names}
        replaced: Executable = statement.on_conflict_do_update(index_elements=keys, set_=new)
        return replaced

    return InEach(build)


def one_of(column: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Return the condition that a column has one of many values, a parameter of this name."""
    if dialect == POSTGRESQL:
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    each = func.json_each(bindparam(name, type_=Text)).table_valued("value")
    return column.in_(select(each.c.value))


def many_values(values: Iterable[Any], dialect: str) -> Any:
    """Return the parameter of `one_of` for these values."""
    return list(values) if dialect == POSTGRESQL else json.dumps(list(values))
