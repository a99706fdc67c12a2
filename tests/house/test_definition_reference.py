"""The reference of definitions names every key with its default, in both languages."""

import tomllib
from typing import Any

import pytest
from pydantic.fields import FieldInfo

from scripts import definition_reference as reference
from workflows.model import (
    alerts,
    approvals,
    clocks,
    definition,
    employee_survey,
    facts,
    fields,
    mails,
    nodes,
    register,
    review,
    schedules,
    signers,
    starts,
    training,
    web_form,
    words,
)
from workflows.model.approvals import Approvals
from workflows.model.clocks import CaseClock, Ladder, Pause, Penalties, Rung, RungTime
from workflows.model.definition import Definition, Document, Revocation, Survey, Target
from workflows.model.employee_survey import EmployeeSurvey
from workflows.model.facts import FactRule, Scorecard, Table
from workflows.model.fields import FieldType, Form
from workflows.model.mails import Mail
from workflows.model.nodes import Action, EndNode
from workflows.model.register import Register
from workflows.model.review import Review
from workflows.model.schedules import Schedule
from workflows.model.signers import EachSigner, Sign
from workflows.model.training import Training
from workflows.model.web_form import WebForm
from workflows.model.words import FileKind, Model, Text

MODULES = (
    alerts,
    approvals,
    clocks,
    definition,
    employee_survey,
    facts,
    fields,
    mails,
    nodes,
    register,
    review,
    schedules,
    signers,
    starts,
    training,
    web_form,
    words,
)
HEADED: dict[str, type[Model]] = {
    "schedules": Schedule,
    "mails": Mail,
    "alerts": alerts.CaseAge,
    "web_form": WebForm,
    "revoke": Revocation,
    "targets": Target,
    "approvals": Approvals,
    "forms": Form,
    "tables": Table,
    "facts": FactRule,
    "scorecards": Scorecard,
    "actions": Action,
    "clocks": CaseClock,
    "ladders": Ladder,
    "penalties": Penalties,
    "pause": Pause,
    "nodes": EndNode,
    "survey": Survey,
    "employee_survey": EmployeeSurvey,
    "review": Review,
    "training": Training,
    "document": Document,
    "register": Register,
}
PURPOSES = {"remind", "escalate", "reassign", "outcome", "points"}
REMINDS = {"remind": "assignee"}
NOT_TABLES = {Model, Text, mails.MailText, RungTime, Sign, EachSigner}  # written as one value
NOT_TABLES |= {alerts.Watched, alerts.Told}  # of several tables


def table(part: type[Model]) -> dict[str, Any]:
    """A part with its required keys, each as in its example."""
    found: dict[str, Any] = {}
    for name, field in part.model_fields.items():
        if field.is_required():
            found |= example(part, name, field)
    return found


def example(part: type[Model], name: str, field: FieldInfo) -> dict[str, Any]:
    """A key with the value of its example; a header such as `[forms.request]` gets a table."""
    read = tomllib.loads(reference.example(part, name))
    inner = HEADED.get(field.alias or name) if part is Definition else None
    return read if inner is None else {key: _filled(one, inner) for key, one in read.items()}


def _filled(value: Any, inner: type[Model]) -> Any:
    if value == {}:
        return table(inner)
    if isinstance(value, list):
        return [_filled(one, inner) for one in value] * 2  # a process has at least two nodes
    return {key: _filled(one, inner) for key, one in value.items()}


def test_every_part_of_a_definition_has_a_table() -> None:
    parts = {
        part
        for module in MODULES
        for part in vars(module).values()
        if isinstance(part, type) and issubclass(part, Model) and not part.__name__.startswith("_")
    }

    assert parts - NOT_TABLES == set(reference.PARTS)


@pytest.mark.parametrize("language", reference.PAGES)
def test_the_page_is_current(language: str) -> None:
    """After a change of the model, its texts or its examples: make reference."""
    text = reference.PAGES[language].read_text(encoding="utf-8")

    assert len(reference.TABLE[language].findall(text)) == len(reference.PARTS)
    assert text == reference.page(language)


@pytest.mark.parametrize("part", reference.PARTS, ids=lambda part: part.__name__)
def test_every_example_is_read(part: type[Model]) -> None:
    for name, field in part.model_fields.items():
        one = example(part, name, field)
        purpose = REMINDS if part is Rung and not {*one} & PURPOSES else {}
        part.model_validate({**table(part), **purpose, **one})


@pytest.mark.parametrize("language", reference.PAGES)
def test_every_type_of_field_and_kind_of_file_is_named(language: str) -> None:
    text = reference.PAGES[language].read_text(encoding="utf-8")
    kinds = FileKind.__args__  # type: ignore[attr-defined]

    assert [one for one in (*FieldType, *kinds) if f"`{one}`" not in text] == []
