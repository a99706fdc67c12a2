"""The reference of definitions names every key with its default, in both languages."""

import json
import re

import pytest
from pydantic.fields import FieldInfo

from tests.house import source
from workflows.model import (
    approvals,
    clocks,
    definition,
    facts,
    fields,
    nodes,
    register,
    schedules,
    signers,
    starts,
    words,
)
from workflows.model.approvals import Approvals
from workflows.model.clocks import CaseClock, Ladder, Limit, Pause, Penalties, Rung, RungTime
from workflows.model.definition import Definition, Document, Revocation, Section, Survey, Target
from workflows.model.facts import FactRule, Grade, Scorecard, ScoreItem, Table
from workflows.model.fields import FieldType, Form, FormField
from workflows.model.nodes import (
    Action,
    ApprovalNode,
    Branch,
    Copy,
    EndNode,
    ForkNode,
    GatewayNode,
    Outcome,
    ProcessNode,
    Route,
    TaskNode,
    WaitNode,
)
from workflows.model.register import Register
from workflows.model.schedules import Schedule
from workflows.model.signers import EachSigner, Sign, Signer
from workflows.model.starts import Start
from workflows.model.words import FileKind, Model, Option, Text

PAGES = {
    "en": source.ROOT / "docs" / "reference" / "definition.md",
    "zh": source.ROOT / "docs" / "zh" / "reference" / "definition.md",
}
HEADS = {"en": "| key | default | means |", "zh": "| 键 | 默认 | 含义 |"}
REQUIRED = {"en": "required", "zh": "必填"}
NONE = {"en": "none", "zh": "无"}
# The models, in the order in which the page has a table for each.
MODELS: list[type[Model]] = [
    Definition,
    Form,
    FormField,
    Option,
    Table,
    FactRule,
    Scorecard,
    ScoreItem,
    Grade,
    TaskNode,
    ApprovalNode,
    Signer,
    Approvals,
    Outcome,
    GatewayNode,
    Route,
    ForkNode,
    Branch,
    WaitNode,
    Start,
    ProcessNode,
    EndNode,
    Copy,
    CaseClock,
    Limit,
    Ladder,
    Rung,
    Action,
    Penalties,
    Pause,
    Revocation,
    Survey,
    Document,
    Section,
    Register,
    Target,
    Schedule,
]
PARTS = (
    approvals,
    clocks,
    definition,
    facts,
    fields,
    nodes,
    register,
    schedules,
    signers,
    starts,
    words,
)
NOT_TABLES = {Model, Text, RungTime, Sign, EachSigner}  # written as one value


def tables(language: str) -> list[dict[str, str]]:
    """The default of each key, for every table of keys on the page."""
    text = PAGES[language].read_text(encoding="utf-8")
    found = re.findall(
        rf"^{re.escape(HEADS[language])}\n\|---.*\n((?:\|.*\n?)+)", text, re.MULTILINE
    )
    return [dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", rows, re.MULTILINE)) for rows in found]


def default(field: FieldInfo, language: str) -> str:
    """How the page writes the default of a key."""
    if field.is_required():
        return REQUIRED[language]
    if field.default is None or field.default in ((), {}, ""):
        return NONE[language]
    return f"`{json.dumps(field.default)}`"


def test_every_part_of_a_definition_has_a_table() -> None:
    parts = {
        part
        for module in PARTS
        for part in vars(module).values()
        if isinstance(part, type) and issubclass(part, Model) and not part.__name__.startswith("_")
    }

    assert parts - NOT_TABLES == set(MODELS)


@pytest.mark.parametrize("language", PAGES)
@pytest.mark.parametrize("index", range(len(MODELS)), ids=[one.__name__ for one in MODELS])
def test_a_table_names_every_key_with_its_default(index: int, language: str) -> None:
    assert len(tables(language)) == len(MODELS)
    fields = MODELS[index].model_fields.items()

    written = {field.alias or key: default(field, language) for key, field in fields}
    assert tables(language)[index] == written


@pytest.mark.parametrize("language", PAGES)
def test_every_type_of_field_and_kind_of_file_is_named(language: str) -> None:
    text = PAGES[language].read_text(encoding="utf-8")
    kinds = FileKind.__args__  # type: ignore[attr-defined]

    assert [one for one in (*FieldType, *kinds) if f"`{one}`" not in text] == []
