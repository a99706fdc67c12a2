"""Ascending numbers for rows: a counter on SQLite, which has no sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select, text
from sqlalchemy.dialects import sqlite

from storage.prepared import Prepared
from storage.statements import is_postgresql
from storage.tables import counters, numbers

_count_on = sqlite.insert(counters).values(name="numbers", value=bindparam("count"))
_LAST_NUMBER = Prepared(
    _count_on.on_conflict_do_update(
        index_elements=[counters.c.name], set_={"value": counters.c.value + bindparam("count")}
    ).returning(counters.c.value)
)

_GIVEN = select(counters.c.value).where(counters.c.name == "numbers")
_GIVEN_BY_SEQUENCE = text(
    f"SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM {numbers.name}"  # noqa: S608 - a constant
)


def last_number(connection: Connection, count: int) -> int:
    """Reserve `count` numbers and return the last of them."""
    last: int = _LAST_NUMBER.scalar(connection, count=count)
    return last


def number_rows(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Set `number` of rows to new ascending numbers, unless the database has a sequence."""
    if is_postgresql(connection):
        return
    last = last_number(connection, len(rows))
    for number, row in enumerate(rows, start=last - len(rows) + 1):
        row["number"] = number


def given_so_far(connection: Connection) -> int:
    """Return the last number that was given in this database, 0 for none."""
    statement = _GIVEN_BY_SEQUENCE if is_postgresql(connection) else _GIVEN
    return int(connection.execute(statement).scalar() or 0)


def go_on_after(connection: Connection, last: int) -> None:
    """Let the numbers of an empty database go on after the last one given in another."""
    if is_postgresql(connection):  # RESTART is undone with the transaction, unlike setval
        connection.execute(text(f"ALTER SEQUENCE {numbers.name} RESTART WITH {last + 1}"))
    elif last:
        last_number(connection, last)
