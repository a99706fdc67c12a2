"""Statements that SQLite and PostgreSQL spell differently, built once at import."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import Connection, Executable, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import counters, numbers

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


def upsert(table: Table, *, update: Iterable[str] = ()) -> InEach:
    """Insert a row; where its primary key is there already, replace these columns."""
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


_COUNT_ON = InEach(
    lambda insert: (
        insert(counters)
        .values(name="numbers", value=bindparam("count"))
        .on_conflict_do_update(
            index_elements=[counters.c.name], set_={"value": counters.c.value + bindparam("count")}
        )
        .returning(counters.c.value)
    )
)
_NEXT = select(numbers.next_value()).select_from(func.generate_series(1, bindparam("count")))


def take_numbers(connection: Connection, count: int) -> list[int]:
    """So many numbers that were never given before, ascending."""
    if is_postgresql(connection):
        return sorted(connection.execute(_NEXT, {"count": count}).scalars())
    last = connection.execute(_COUNT_ON.on(connection), {"count": count}).scalar_one()
    return list(range(last - count + 1, last + 1))
