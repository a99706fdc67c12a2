"""The text of a new definition: from answers, or from a template."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import sample
from bot.new_process import (
    KINDS,
    LINE_MANAGER,
    Answers,
    Asked,
    adapted,
    drafted,
    field_of,
    prefix_of,
    quoted,
    texts,
)
from tests.unit.bot.test_templates import directory
from tests.unit.workflows.office import calendar
from workflows.lint import check
from workflows.loading import load_definition
from workflows.rehearsal.rehearse import beginning, rehearse

if TYPE_CHECKING:
    from workflows.rehearsal.report import Report

ANSWERS = Answers(
    key="equipment",
    zh="设备借用",
    en="Borrow equipment",
    command="equipment",
    prefix="EQ",
    owner="person:chen.jing",
    department="management",
    fields=(Asked(zh="设备", en="Item"), Asked(zh="用途", en="What for?", kind="long_text")),
    deciders=(LINE_MANAGER, "role:hr"),
    hours=8,
    document=True,
)


def rehearsed(text: str) -> Report:
    days = calendar()
    loaded = load_definition(text, file="draft.toml")
    return rehearse(loaded, directory=directory(), calendar=days, start=beginning(days))


@pytest.mark.parametrize(
    "deciders",
    [(LINE_MANAGER,), ("role:hr",), (LINE_MANAGER, "role:hr"), ("role:hr", "head(sales)")],
)
def test_a_draft_has_no_errors_and_its_rehearsal_finds_nothing(deciders: tuple[str, ...]) -> None:
    text = drafted(replace(ANSWERS, deciders=deciders))

    assert check(text, file="draft.toml", directory=directory()) == ()
    assert rehearsed(text).findings == ()


def test_a_draft_asks_what_was_answered() -> None:
    every = tuple(Asked(zh=f"问{kind}", en=f"Ask {kind}", kind=kind) for kind in KINDS)
    definition = load_definition(drafted(replace(ANSWERS, fields=every)), file="d").definition
    form = definition.forms["request"]

    assert [field.type.value for field in form.fields] == [*KINDS]
    assert form.main_field is not None
    assert form.main_field.type.value == "long_text"
    assert definition.document is not None
    assert definition.document.sections[0].fields == tuple(field.id for field in form.fields)
    assert str(definition.work_node("approval_1").due) == "8wh"


def test_without_a_document_there_is_none() -> None:
    text = drafted(replace(ANSWERS, document=False))

    assert load_definition(text, file="d").definition.document is None


def test_what_was_typed_cannot_break_the_file() -> None:
    nasty = '"]\nowner = "me" # \\ \x01\x7f'
    fields = (Asked(zh="\\d \\1", en='Really "7"?'), Asked(zh="设备", en="设备"))
    it = replace(ANSWERS, zh=nasty, en=nasty, fields=(*fields, *fields))
    read = tomllib.loads(drafted(it))

    assert read["name"] == {"zh": nasty, "en": nasty}
    asked = read["forms"]["request"]["fields"]
    assert [one["id"] for one in asked] == ["really_7", "field_2", "really_7_3", "field_4"]
    assert asked[0]["label"]["zh"] == "\\d \\1"


def test_the_draft_is_explained_in_both_languages() -> None:
    comments = [line for line in drafted(ANSWERS).splitlines() if "#" in line]

    assert len(comments) > 10
    assert any("提醒与升级" in line for line in comments)


def test_a_question_has_two_labels_and_a_known_type() -> None:
    assert field_of("设备|Item") == Asked(zh="设备", en="Item", kind="text")
    assert field_of(" 日期 | Day | date ") == Asked(zh="日期", en="Day", kind="date")
    for wrong in ("", "设备", "设备|", "|Item", "设备|Item|colour"):
        with pytest.raises(ValueError, match="^" + wrong.replace("|", r"\|")):
            field_of(wrong)


def test_letters_before_a_number_are_those_of_nobody_else() -> None:
    assert prefix_of("leave") == "LE"
    assert prefix_of("leave", taken=["LE", "LEA"]) == "LEAV"
    assert prefix_of("leave", taken=["LE", "LEA", "LEAV"]) == "LEAA"
    assert prefix_of("9") == "P"


@pytest.mark.parametrize("template", sample.templates())
def test_a_template_is_renamed_at_its_top_and_keeps_its_comments(template: str) -> None:
    before = (sample.TEMPLATES / f"{template}.toml").read_text(encoding="utf-8")
    top = {
        "key": quoted("mine"),
        "name": texts("我的 \\1", "Mine"),
        "command": quoted("my-own"),
        "case_prefix": quoted("M"),
        "owner": quoted("person:lin.wei"),
        "departments": '["sales"]',
    }
    text = adapted(template, top=top, roles={"hr": "person:gao.feng", "it-desk": "role:buyer"})
    definition = load_definition(text, file="mine.toml").definition

    assert (definition.key, definition.command, definition.case_prefix) == ("mine", "my-own", "M")
    assert (definition.name.zh, definition.name.en) == ("我的 \\1", "Mine")
    assert (definition.owner, definition.departments) == ("person:lin.wei", ("sales",))
    assert "role:hr" not in text
    assert text.count("#") == before.count("#")
    assert adapted(template, top={}, roles={}) == before
