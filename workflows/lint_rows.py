"""Lint of fields of type rows: their columns, and the sum of one of them."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import CELLS, FieldType, FormField
from workflows.said import said
from workflows.toml_lines import Path

_PLAIN = ("when", "required_when", "unique", "main")  # keys of a field that a column does not have
_SUMMED = (FieldType.NUMBER, FieldType.MONEY)


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in all fields of type rows."""
    ids = {field.id for _, field in definition.all_fields()}
    for key, form in definition.forms.items():
        for index, field in enumerate(form.written):
            if field.type is not FieldType.ROWS:
                continue
            path: Path = ("forms", key, "fields", index)
            yield from _rows(field, path)
            for number, column in enumerate(field.columns):
                yield from _column(column, field, (*path, "columns", number))
            if field.sum_name in ids:
                problem = said(
                    "sum_name",
                    '"{name}" is the sum of "{field}"',
                    name=field.sum_name,
                    field=field.id,
                )
                hint = said("rename_other", "Rename the other field")
                yield Flaw(path=(*path, "sum"), problem=problem, hint=hint)


def _rows(field: FormField, path: Path) -> Iterator[Flaw]:
    if not field.columns:
        problem = said("no_columns", '"{field}" has no columns', field=field.id)
        yield Flaw(path=path, problem=problem, hint=said("add_columns", "Add columns"))
    if field.min_rows > field.max_rows:
        yield Flaw(
            path=(*path, "max_rows"),
            problem=said(
                "no_rows_fit",
                "at least {least} and at most {most} rows: no table fits",
                least=field.min_rows,
                most=field.max_rows,
            ),
            hint=said("exchange", "Exchange the two"),
        )
    summed = [column.id for column in field.columns if column.type in _SUMMED]
    if field.sum is not None and field.sum not in summed:
        problem = said("no_sum", '"{column}" is no column with numbers', column=field.sum)
        otherwise = said("name_number_column", "Name a column of type number or money")
        hint = nearest(field.sum, summed, otherwise=otherwise)
        yield Flaw(path=(*path, "sum"), problem=problem, hint=hint)


def _column(column: FormField, field: FormField, path: Path) -> Iterator[Flaw]:
    if column.type not in CELLS:
        problem = said("column_type", "a column cannot be of type {type}", type=column.type)
        hint = said("column_types", "Its type is one of {types}", types=", ".join(CELLS))
        yield Flaw(path=(*path, "type"), problem=problem, hint=hint)
    for key in _PLAIN:
        if key in column.model_fields_set:
            problem = said("column_key", '"{key}" means nothing for a column', key=key)
            yield Flaw(path=(*path, key), problem=problem, hint=said("leave_out", "Leave it out"))
    for key in ("min", "max", "not_before", "not_after"):
        bound = getattr(column, key)
        named = bound if isinstance(bound, str) else getattr(bound, "field", None)
        if named is not None:
            problem = said("column_bound", "a column is compared with no field")
            hint = said("plain_bound", 'Write a number, or "today" with days')
            yield Flaw(path=(*path, key), problem=problem, hint=hint)
    if [one.id for one in field.columns].index(column.id) != path[-1]:
        problem = said("two_columns", 'there are two columns "{column}"', column=column.id)
        hint = said("rename_one", "Rename one of them")
        yield Flaw(path=(*path, "id"), problem=problem, hint=hint)
