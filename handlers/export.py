"""Cases and events as tables: CSV and XLSX for spreadsheets, JSON lines for programs.

A cell that a spreadsheet would take for a formula is made plain: what a person typed is text.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from handlers.casework import find
from handlers.dossier import case_fields, case_line, case_rows, history, when
from handlers.office import Office
from workflows.ports import Tx
from workflows.records import CaseQuery

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
BOM = "\ufeff"  # tells spreadsheets that this is UTF-8

CASE_COLUMNS = (
    *("id", "process", "version", "status", "node", "filer"),
    *("created_at", "due_at", "closed_at"),
)
EVENT_COLUMNS = (
    *("case", "process", "seq", "at", "actor", "on_behalf_of"),
    *("via", "type", "node", "outcome"),
)


def case_table(
    tx: Tx, office: Office, query: CaseQuery
) -> tuple[Sequence[str], list[Mapping[str, Any]]]:
    """Columns and rows of all cases that fit: what they are, and the latest value of each field."""
    directory = office.directory(tx)
    fields: dict[str, None] = {}
    rows: list[Mapping[str, Any]] = []
    for row in case_rows(tx, query):
        case = find(tx, row.id, lock=False)
        definition = office.shelf.get(tx, row.definition).definition
        values = case_fields(tx, case, definition, directory)
        fields.update(dict.fromkeys(field.id for _, field in definition.all_fields()))
        line = {**case_line(row, directory), "closed_at": when(row.closed_at)}
        rows.append(line | {f"field:{name}": value for name, value in values.items()})
    return (*CASE_COLUMNS, *(f"field:{name}" for name in fields)), rows


def event_rows(tx: Tx, office: Office, query: CaseQuery) -> Iterator[Mapping[str, Any]]:
    """All events of all cases that fit, case by case."""
    directory = office.directory(tx)
    for row in case_rows(tx, query):
        for seq, told in enumerate(history(tx, row.id, directory), start=1):
            yield {"case": row.id, "process": row.process, "seq": seq, **told}


def as_table(
    kind: str, columns: Sequence[str], rows: Iterable[Mapping[str, Any]], *, name: str
) -> bytes:
    """The content of a .csv, .xlsx or .json file; a sheet gets the name."""
    if kind == ".xlsx":
        from handlers.sheet import as_xlsx

        headings = [_heading(column) for column in columns]
        lines = ([row.get(column) for column in columns] for row in rows)
        return as_xlsx(headings, lines, name=name)
    return (as_csv(columns, rows) if kind == ".csv" else as_json_lines(rows)).encode()


def as_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    """A table as CSV that any spreadsheet opens rightly, and in which nothing is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([_cell(_heading(column)) for column in columns])
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return BOM + out.getvalue()


def as_json_lines(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def as_text(value: object) -> str:
    """A value on paper."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _heading(column: str) -> str:
    return column.removeprefix("field:")


def _cell(value: object) -> str:
    text = as_text(value)
    return f"'{text}" if text.startswith(FORMULA_SIGNS) else text
