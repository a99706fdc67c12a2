"""Cases and events as tables for programs, with ids, keys and ISO times; and tables as files.

`tables.py` makes the same tables for people. In a .csv nothing is a formula: what a person
typed is text, whichever separator the program that opens it believes in.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.casework import find
from handlers.office import Office
from handlers.reading.record import case_fields, case_line, case_rows, history, when
from handlers.spreadsheet import as_text, as_xlsx
from storage.unit import Tx
from workflows.records import CaseQuery

BOM = "\ufeff"  # tells spreadsheets that this is UTF-8

# Where a cell may begin for some program: here, after another's separator, on a new line. Between
# that and the sign may stand what programs pass over.
_FORMULA = re.compile(
    r"(?:\A|(?<=[;|\t\r\n\v\f\x1c-\x1e\x85\u2028\u2029]))"
    r"(?=[\s\"'\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠])|\A(?=[\t\r])"
)

CASE_COLUMNS = (
    *("id", "process", "version", "status", "node", "filer"),
    *("created_at", "due_at", "closed_at"),
)
EVENT_COLUMNS = (
    *("case", "process", "seq", "at", "actor", "on_behalf_of"),
    *("via", "type", "node", "outcome"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: the headings, and the cells of each row under them."""

    headings: Sequence[str]
    rows: Iterable[Sequence[object]]


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


def as_sheet(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Rows for programs under their columns."""
    headings = [column.removeprefix("field:") for column in columns]
    return Sheet(headings=headings, rows=([row.get(one) for one in columns] for row in rows))


def as_file(kind: str, sheet: Sheet, *, name: str) -> bytes:
    """The content of a .csv or .xlsx file; the sheet of a workbook gets the name."""
    if kind == ".xlsx":
        return as_xlsx(sheet.headings, sheet.rows, name=name)
    return as_csv(sheet).encode()


def as_csv(sheet: Sheet) -> str:
    """A table as CSV that any spreadsheet opens rightly, and in which nothing is a formula."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(map(_cell, sheet.headings))
    for row in sheet.rows:
        writer.writerow(map(_cell, row))
    return BOM + out.getvalue()


def as_json(kind: str, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The content of a .json file, one list of objects, or of a .jsonl file, an object a line."""
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    if kind == ".jsonl":
        return "".join(f"{line}\n" for line in lines).encode()
    return ("[\n" + ",\n".join(lines) + "\n]\n").encode()


def _cell(value: object) -> str:
    return as_text(value) if isinstance(value, int | float) else _FORMULA.sub("'", as_text(value))
