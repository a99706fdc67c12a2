"""The writes of one decision, sent together.

On PostgreSQL each statement is a round trip to the server, so the writes of a decision into all
tables are sent as one statement: an UPDATE that asserts the version, and inserts that take effect
only if it found its row. On SQLite the statements are executed one by one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection

from storage.prepared import Prepared, fetch
from storage.statements import is_postgresql

_NUMBER = re.compile(r"\$(\d+)")
_INSERT = re.compile(r"(INSERT INTO \w+ \([^)]*\)) VALUES \(([^)]*)\)(.*)", re.DOTALL)

Values = Mapping[str, Any]


class AtOnce:
    """Collects the writes of a decision. Each statement is added once, with all its rows."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._writes: list[tuple[Prepared, Sequence[Values]]] = []

    def add(self, statement: Prepared, rows: Sequence[Values]) -> None:
        """Add a statement with these rows; no rows add nothing."""
        if rows:
            self._writes.append((statement, rows))

    def send(self) -> None:
        """Execute all writes."""
        for statement, rows in self._writes:
            statement.each(self._connection, rows)

    def send_if(self, update: Prepared, values: Values) -> bool:
        """Execute all writes if this update changes its one row; return whether it did."""
        if not is_postgresql(self._connection):
            changed = update.change(self._connection, values) == 1
            if changed:
                self.send()
            return changed
        first = update.on(self._connection, values)
        texts, given = [first.sql], [*first.values(values)]
        for statement, rows in self._writes:
            text = statement.on(self._connection, rows[0])
            if _INSERT.fullmatch(text.sql):
                texts.append(text.sql)
                given += map(list, zip(*map(text.values, rows), strict=True))
            else:
                for row in rows:
                    texts.append(text.sql)
                    given += text.values(row)
        sql = _together(tuple(texts))
        return bool(fetch(self._connection, sql, tuple(given))[0][0])


@cache
def _together(texts: tuple[str, ...]) -> str:
    """Combine several statements: an UPDATE, then inserts of many rows and deletes of one."""
    parts, used = [f"first AS ({texts[0]} RETURNING 1)"], _values_of(texts[0])
    for number, text in enumerate(texts[1:]):
        moved = _NUMBER.sub(lambda found, by=used: f"${int(found[1]) + by}", text)  # type: ignore[misc]
        used += _values_of(text)
        parts.append(f"then_{number} AS ({_many(moved)})")
    return f"WITH {', '.join(parts)} SELECT count(*) FROM first"  # noqa: S608 - our own texts


def _many(text: str) -> str:
    found = _INSERT.fullmatch(text)
    if found is None:
        return text
    head, values, rest = found.groups()
    arrays = ", ".join(f"{value.strip()}[]" for value in values.split(","))
    return f"{head} SELECT new.* FROM unnest({arrays}) AS new, first{rest}"  # noqa: S608 - as above


def _values_of(text: str) -> int:
    return len(set(_NUMBER.findall(text)))
