"""The rows of a decision as plain SQL: what the database itself can do at best.

Read the case, update it if it still has the version that was read, and write every other row with
one statement a table: the same tables, indexes and values, and nothing between them and the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.decisions import Decision, Row, columns, key_columns

Mark = Callable[[int], str]  # how the driver writes its n-th value
_REPLACED = {"tasks", "task_people", "timers", "outbox", "participants"}


@dataclass(frozen=True, slots=True)
class Statements:
    """A decision as it is handed to the driver."""

    case_id: str
    seq: int
    update: Row
    each: Sequence[tuple[str, Sequence[Row]]]


@dataclass(frozen=True, slots=True)
class Spelling:
    """The statements of one database."""

    mark: Mark
    lock: str = ""

    @property
    def select(self) -> str:
        """Read the case."""
        return f"SELECT seq, head, state FROM cases WHERE id = {self.mark(1)}{self.lock}"

    @property
    def update(self) -> str:
        """Write the case, if nobody else has."""
        names = columns("cases")[1:]
        sets = ", ".join(f"{name} = {self.mark(n)}" for n, name in enumerate(names, start=1))
        where = f"id = {self.mark(len(names) + 1)} AND seq = {self.mark(len(names) + 2)}"
        return f"UPDATE cases SET {sets} WHERE {where}"

    def statements(self, decision: Decision) -> Statements:
        """A decision in this spelling."""
        (case,) = decision.written["cases"]
        return Statements(
            case_id=case[0],
            seq=decision.seq,
            update=(*case[1:], case[0], decision.seq),
            each=[*self._inserts(decision), *self._deletes(decision)],
        )

    def _inserts(self, decision: Decision) -> Iterator[tuple[str, Sequence[Row]]]:
        for table, rows in decision.written.items():
            if table != "cases":
                yield self._insert(table), rows

    def _insert(self, table: str) -> str:
        names = [f'"{name}"' for name in columns(table)]
        marks = ", ".join(self.mark(n) for n in range(1, len(names) + 1))
        text = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        if table in _REPLACED:
            keys = [f'"{name}"' for name in key_columns(table)]
            sets = ", ".join(f"{name} = excluded.{name}" for name in names if name not in keys)
            done = f"UPDATE SET {sets}" if sets else "NOTHING"
            text += f" ON CONFLICT ({', '.join(keys)}) DO {done}"
        return text

    def _deletes(self, decision: Decision) -> Iterator[tuple[str, Sequence[Row]]]:
        for table, keys in decision.removed.items():
            names = key_columns(table)
            where = " AND ".join(f'"{name}" = {self.mark(n)}' for n, name in enumerate(names, 1))
            yield f"DELETE FROM {table} WHERE {where}", keys


def on_sqlite(connection: Any, spelling: Spelling, decision: Statements) -> None:
    """One decision, one commit."""
    execute = connection.execute
    execute("BEGIN IMMEDIATE")
    seq, _, _ = execute(spelling.select, (decision.case_id,)).fetchone()
    assert seq == decision.seq
    assert execute(spelling.update, decision.update).rowcount == 1
    for text, rows in decision.each:
        if len(rows) == 1:
            execute(text, rows[0])
        else:
            connection.executemany(text, rows)
    execute("COMMIT")


async def on_postgresql(connection: Any, spelling: Spelling, decision: Statements) -> None:
    """One decision, one commit."""
    async with connection.transaction():
        row = await connection.fetchrow(spelling.select, decision.case_id)
        assert row["seq"] == decision.seq
        assert await connection.execute(spelling.update, *decision.update) == "UPDATE 1"
        for text, rows in decision.each:
            if len(rows) == 1:
                await connection.execute(text, *rows[0])
            else:
                await connection.executemany(text, rows)
