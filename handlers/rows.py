"""Reads the rows of a field, such as the items of an order, and names their cells.

A cell of a form is named `<field>/<number>/<column>`; the first row has the number 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from workflows.errors import Refusal
from workflows.model.fields import FormField

Row = Mapping[str, object]
ReadCell = Callable[[FormField, object], object]

_EMPTY: tuple[object, ...] = (None, "", [])


def cell_name(field: str, row: int, column: str) -> str:
    """Return the name of a cell."""
    return f"{field}/{row}/{column}"


def rows_in(value: object) -> list[dict[str, object]]:
    """Return the rows of an unchecked value; [] if there are none."""
    found = value if isinstance(value, list | tuple) else ()
    return [dict(row) for row in found if isinstance(row, Mapping)]


def read_rows(field: FormField, raw: object, read: ReadCell) -> list[dict[str, object]]:
    """Return the clean rows of a field, without empty cells and rows.

    Args:
        field: a field of type rows.
        raw: a list of objects by the column's id, also as JSON text.
        read: returns the clean value of a cell, raises Refusal.

    Raises:
        Refusal: the first problem; it names the row and the column.
    """
    rows = []
    for number, row in enumerate(_listed(field, raw)):
        if all(row.get(column.id) in _EMPTY for column in field.columns):
            continue
        rows.append(_row(field, number, row, read))
    if rows and len(rows) < field.least_rows:
        raise Refusal("too_few_rows", least=field.least_rows)
    return rows


def _listed(field: FormField, raw: object) -> Sequence[Row]:
    if isinstance(raw, str) and raw.strip():
        try:
            raw = json.loads(raw)
        except (ValueError, RecursionError):
            raise Refusal("not_readable") from None
    if raw in (None, ""):
        return []
    if not isinstance(raw, list | tuple):
        raise Refusal("not_readable")
    if len(raw) > field.max_rows:
        raise Refusal("too_many_rows", most=field.max_rows, count=len(raw))
    if not all(isinstance(row, Mapping) for row in raw):
        raise Refusal("not_readable")
    return raw


def _row(field: FormField, number: int, row: Row, read: ReadCell) -> dict[str, object]:
    clean: dict[str, object] = {}
    for column in field.columns:
        try:
            value = read(column, row.get(column.id))
            if value in _EMPTY and column.required:
                raise Refusal("cell_required")
        except Refusal as problem:
            raise Refusal(
                "row_problem",
                row=number + 1,
                column=column.label,
                problem=problem,
                cell=cell_name(field.id, number, column.id),
            ) from None
        if value not in _EMPTY:
            clean[column.id] = value
    return clean
