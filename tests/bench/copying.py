"""One case again and again, under other numbers, by plain SQL that both databases understand.

The events of a copy keep the hashes of the first, so a copy can be decided on and not verified.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import text

from storage.tables import metadata

ALL = ("cases", "events", "contents", "participants", "tasks", "task_people", "timers")
_NUMBERS = (
    "WITH RECURSIVE s(n) AS (SELECT CAST(:low AS INTEGER)"
    " UNION ALL SELECT n + 1 FROM s WHERE n < CAST(:high AS INTEGER))"
)
_PADDED = "substr('0000', length(CAST(n AS TEXT)) + 1) || CAST(n AS TEXT)"
_NUMBERED = {"id": "cases", "case_id": "", "state": "cases", "text": "events"}


Execute = Callable[[str, Mapping[str, Any]], object]


def executing(connection: Any) -> Execute:
    """How a connection of SQLAlchemy executes a text."""
    return lambda statement, values: connection.execute(text(statement), values)


def copy_case(
    execute: Execute, case_id: str, *, low: int, high: int, tables: Sequence[str] = ALL
) -> None:
    """Copy a case under the numbers from `low` to `high`; nothing when there are none."""
    another = f"replace({{column}}, '{case_id}', '{case_id[:-4]}' || {_PADDED})"
    for name in tables if low <= high else ():
        columns = [column.name for column in metadata.tables[name].c]
        copied = [
            another.format(column=column) if _NUMBERED.get(column) in ("", name) else column
            for column in columns
        ]
        key = "id" if name == "cases" else "case_id"
        statement = (
            f"INSERT INTO {name} ({', '.join(columns)}) {_NUMBERS}"
            f" SELECT {', '.join(copied)} FROM {name}, s WHERE {key} = :case_id"
        )
        execute(statement, {"low": low, "high": high, "case_id": case_id})
