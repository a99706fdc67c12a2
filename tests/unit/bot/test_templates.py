"""The templates of `process new`: nothing is wrong with them, and each is rehearsed whole."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot import sample
from bot.people_file import read_people
from bot.published import drafted_directory
from handlers.i18n import translator
from tests.unit.workflows.office import calendar
from workflows.lint import check
from workflows.loading import Loaded, load_definition
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode
from workflows.rehearsal.rehearse import beginning, rehearse

if TYPE_CHECKING:
    from workflows.directory import Directory

TEMPLATES = ("contract", "expense", "incident", "leave", "onboarding", "purchase")


def text(name: str) -> str:
    return (sample.TEMPLATES / f"{name}.toml").read_text(encoding="utf-8")


def read(name: str) -> Loaded:
    return load_definition(text(name), file=f"{name}.toml")


def directory() -> Directory:
    drafted = drafted_directory(read_people(sample.PEOPLE, words=translator("en")))
    admin = drafted.by_id("lin.wei")
    assert admin is not None
    return replace(drafted, admins=frozenset([admin.key]))


def shipped() -> list[Definition]:
    paths = (path for path in sample.PROCESSES.glob("*.toml") if path.suffixes == [".toml"])
    return [
        load_definition(path.read_text(encoding="utf-8"), file=path.name).definition
        for path in paths
    ]


def test_there_are_six() -> None:
    assert sample.templates() == TEMPLATES


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_rehearsal_sees_all_of_it_and_finds_nothing(name: str) -> None:
    people = directory()
    assert check(text(name), file=f"{name}.toml", directory=people, calendars=()) == ()
    days = calendar()

    report = rehearse(read(name), directory=people, calendar=days, start=beginning(days))

    assert report.complete
    assert report.findings == ()
    assert [tally.missing for tally in report.tallies if tally.missing] == []


@pytest.mark.parametrize("name", TEMPLATES)
def test_it_explains_itself(name: str) -> None:
    """Comments, help below questions, a document, and who decides where the filer would."""
    definition = read(name).definition
    fields = [field for _, field in definition.all_fields()]

    assert re.search(r"^# [^\n]+ / ", text(name)), "the first line names it in both languages"
    assert sum(field.hint is not None for field in fields) >= 2
    assert any(field.main for field in definition.forms[definition.start_form].fields)
    assert all(
        field.most_characters for field in fields if field.type.value in ("text", "long_text")
    )
    assert definition.document is not None
    if any(isinstance(node, ApprovalNode) for node in definition.nodes) and name != "incident":
        assert definition.approvals is not None
    for ladder in definition.ladders.values():
        assert any(rung.does == "escalate" for rung in ladder.rungs)


def test_no_two_processes_have_the_same_names() -> None:
    everything = [*shipped(), *(read(name).definition for name in TEMPLATES)]

    for names in zip(*((one.key, one.command, one.case_prefix) for one in everything), strict=True):
        assert len(set(names)) == len(everything), names
