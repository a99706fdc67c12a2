"""Lint of schedules: what they file has to be complete, since nobody is asked for the rest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from workflows.durations import Unit
from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.schedules import Filled, Schedule
from workflows.said import said
from workflows.toml_lines import Path

_TEXTS = {
    FieldType.TEXT,
    FieldType.LONG_TEXT,
    FieldType.EMAIL,
    FieldType.DATE,
    FieldType.TIME,
    FieldType.CHOICE,
    FieldType.PERSON,
    FieldType.DEPARTMENT,
}
_NUMBERS = {FieldType.NUMBER, FieldType.MONEY}


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the schedules of a definition; none before its start form is known."""
    if definition.start_form not in definition.forms:
        return
    seen: set[str] = set()
    for index, schedule in enumerate(definition.schedules):
        path: Path = ("schedules", index)
        if schedule.id in seen:
            problem = said("two_schedules", 'there are two schedules "{id}"', id=schedule.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=(*path, "id"), problem=problem, hint=hint)
        seen.add(schedule.id)
        if schedule.after is not None and schedule.after.unit is not Unit.WORKING_DAYS:
            problem = said(
                "after_working_days", '"{after}" is not working days', after=schedule.after
            )
            hint = said("write_working_days", 'Write working days: "5wd"')
            yield Flaw(path=(*path, "after"), problem=problem, hint=hint)
        yield from _values(definition, schedule, path)


def misfits(form: Form, values: Mapping[str, Filled], path: Path) -> Iterator[Flaw]:
    """Yield a flaw for each value at this path that is not an answer to a field of the form."""
    fields = {field.id: field for field in form.fields}
    for name, value in values.items():
        place: Path = (*path, name)
        if name not in fields:
            problem = said("no_start_field", 'the start form has no field "{field}"', field=name)
            otherwise = said("the_fields", "The fields are {known}", known=", ".join(fields))
            yield Flaw(path=place, problem=problem, hint=nearest(name, fields, otherwise=otherwise))
        elif not _fits(fields[name], value):
            yield Flaw(
                path=place,
                problem=said(
                    "value_misfit",
                    "{value} does not fit a field of type {type}",
                    value=json.dumps(value, ensure_ascii=False),
                    type=fields[name].type,
                ),
                hint=said("as_answered", "Write what somebody would answer; an option by its id"),
            )


def _values(definition: Definition, schedule: Schedule, path: Path) -> Iterator[Flaw]:
    form = definition.forms[definition.start_form]
    yield from misfits(form, schedule.values, (*path, "values"))
    for field in form.fields:
        if field.always and field.id not in schedule.values:
            yield Flaw(
                path=path,
                problem=said(
                    "value_missing", '"{field}" is required, and nobody is asked', field=field.id
                ),
                hint=said("add_schedule_value", 'Add "{field}" to its values', field=field.id)
                if field.type is not FieldType.FILES
                else said("no_files_alone", "A schedule has no files: let the field be optional"),
            )


def _fits(field: FormField, value: Filled) -> bool:
    match field.type:
        case FieldType.CHOICE:
            return isinstance(value, str) and field.option(value) is not None
        case FieldType.CHOICES:
            return isinstance(value, tuple) and all(field.option(one) for one in value)
        case kind if kind in _NUMBERS:
            return isinstance(value, int | float | str) and not isinstance(value, bool)
        case kind if kind in _TEXTS:
            return isinstance(value, str)
        case _:
            return False
