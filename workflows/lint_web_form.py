"""Lint of the web form: what a customer sees and what is filled in must make a complete form."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.lint_schedules import misfits
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.web_form import WebForm
from workflows.said import said
from workflows.toml_lines import Path

_OF_THE_COMPANY = (FieldType.PERSON, FieldType.DEPARTMENT)
"""Their choices are the directory, which customers do not get to see."""


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the web form of a definition; none before its start form is known."""
    if definition.web_form is None or definition.start_form not in definition.forms:
        return
    form, web = definition.forms[definition.start_form], definition.web_form
    yield from _shown(form, web)
    yield from misfits(form, web.values, ("web_form", "values"))
    for field in form.written:
        if _may_be_required(field) and field.id not in {*web.fields, *web.values}:
            yield Flaw(
                path=("web_form", "fields"),
                problem=said(
                    "web_form_lacks",
                    '"{field}" may be required, and the customer does not see it',
                    field=field.id,
                ),
                hint=said(
                    "web_form_add", 'Add "{field}" to the fields or to the values', field=field.id
                ),
            )


def _may_be_required(field: FormField) -> bool:
    return field.required or field.required_when is not None


def _shown(form: Form, web: WebForm) -> Iterator[Flaw]:
    fields = {field.id: field for field in form.written}
    seen: set[str] = set()
    for index, name in enumerate(web.fields):
        place: Path = ("web_form", "fields", index)
        if name not in fields:
            problem = said("no_start_field", 'the start form has no field "{field}"', field=name)
            otherwise = said("the_fields", "The fields are {known}", known=", ".join(fields))
            yield Flaw(path=place, problem=problem, hint=nearest(name, fields, otherwise=otherwise))
        elif name in seen:
            problem = said("web_form_twice", '"{field}" is named twice', field=name)
            yield Flaw(path=place, problem=problem, hint=said("name_once", "Name it once"))
        elif name in web.values:
            yield Flaw(
                path=place,
                problem=said("web_form_both", '"{field}" is also among the values', field=name),
                hint=said("web_form_one", "Leave it out of the fields or of the values"),
            )
        elif fields[name].type in _OF_THE_COMPANY:
            yield Flaw(
                path=place,
                problem=said(
                    "web_form_people",
                    'customers cannot answer "{field}": they do not see the directory',
                    field=name,
                ),
                hint=said("web_form_preset", "Write it among the values, or let it be optional"),
            )
        seen.add(name)
