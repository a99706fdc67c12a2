"""Ascending numbers for rows, for SQLite, which has no sequences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects import sqlite

from storage.prepared import Prepared
from storage.statements import is_postgresql
from storage.tables import counters

_count_on = sqlite.insert(counters).values(name="numbers", value=bindparam("count"))
_LAST_NUMBER = Prepared(
    _count_on.on_conflict_do_update(
        index_elements=[counters.c.name], set_={"value": counters.c.value + bindparam("count")}
    ).returning(counters.c.value)
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
