"""Tables of past cases as other programs write them, and what is read of them."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime

from handlers.imports.known import KnownNames
from handlers.imports.mapping import ColumnMapping, propose
from handlers.imports.reading import PastCases, completed, read_cases
from handlers.imports.tables import PastTable, read_past_table
from workflows.moments import moment_of

NOW = moment_of(datetime.fromisoformat("2026-12-01T00:00:00+08:00"))
ZONE = "Asia/Shanghai"
NAMES = KnownNames(
    nodes={"triage": "triage", "定级": "triage"},
    grades={"一般": "normal"},
    grade_headings=("grade", "投诉等级"),
    departments={"客服部": "customer-service"},
    people={"王芳": "p_wang"},
    department_of={"p_wang": "customer-service"},
)


def at(text: str) -> int:
    """A moment of the company's zone."""
    return moment_of(datetime.fromisoformat(f"{text}+08:00"))


def opened(text: str | bytes, *, encoding: str = "utf-8") -> PastTable:
    """A table with this content, in its encoding."""
    content = text if isinstance(text, bytes) else text.encode(encoding)
    return read_past_table("past.csv", lambda: io.BytesIO(content))


def proposed(table: PastTable) -> ColumnMapping:
    """The whole mapping that is proposed for a table."""
    rows: Sequence[Sequence[str]] = [row.cells for row in table.first]
    given = propose(
        table.columns,
        rows,
        grades=NAMES.grade_headings,
        zone=ZONE,
        encoding=table.encoding,
        repeats=table.repeats,
    )
    return completed(table, given, NAMES)


def read(text: str | bytes, mapping: ColumnMapping | None = None) -> PastCases:
    """What is read of a table, by the mapping or the one that is proposed."""
    table = opened(text)
    return read_cases(table, mapping or proposed(table), NAMES, now=NOW)


def wrong(found: PastCases) -> list[tuple[int, str, str]]:
    """The problems as row, column and kind."""
    return [(one.line, one.column, one.code) for one in found.problems.first]
