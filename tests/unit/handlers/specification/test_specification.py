"""The specification of a process names everything that its definition has."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document

from handlers.reading.formatter import Formatter
from handlers.rehearsal_items import rung_time
from handlers.specification.document import content_of
from handlers.specification.source import Earlier, SpecificationSource
from tests.unit.workflows import office
from tests.unit.workflows.metrics.histories import RULER
from workflows.loading import load_definition
from workflows.model.definition import Definition
from workflows.moments import HOUR

ROOT = Path(__file__).resolve().parents[4]
SHIPPED = sorted(
    path
    for path in (ROOT / "workflows" / "processes").rglob("*.toml")
    if not path.name.endswith(".scenario.toml") and "key = " in path.read_text()
)
OURS = sorted((ROOT / "tests" / "unit" / "handlers").glob("*.toml"))
LANGUAGES = ("zh", "en")


def source(path: Path, language: str = "en") -> SpecificationSource:
    definition = load_definition(path.read_text(), file=path.name).definition
    return of(definition, language)


def of(definition: Definition, language: str = "en") -> SpecificationSource:
    return SpecificationSource(
        definition=definition,
        form=Formatter(
            directory=office.directory(), language=language, zone=RULER.zone, now=RULER.cut_off
        ),
        company="ACME",
        day=8 * HOUR,
        version=3,
        published_at=RULER.cut_off,
    )


def written(made: SpecificationSource) -> str:
    """The Markdown, without the signs that keep a text from being mark-up."""
    text = asyncio.run(content_of(made, "md")).decode()
    return re.sub(r"\\\\(.)", r"\\1", text)


def said(name: str, language: str = "en") -> str:
    return written(source(ROOT / "workflows" / "processes" / f"{name}.toml", language))


def named(made: SpecificationSource) -> Iterator[str]:
    """Everything that a definition names for people."""
    definition, text = made.definition, made.form.text
    yield text(definition.purpose)
    yield from (text(one.name) for one in definition.targets)
    yield from (text(one.name) for one in definition.nodes)
    yield from (text(one.name) for one in definition.forms.values())
    yield from (text(one.name) for one in definition.actions.values())
    yield from (text(one.name) for one in definition.clocks.values())
    yield from (text(one.name) for one in definition.alerts)
    yield from (text(one.name) for one in definition.facts.values())
    yield from (text(one.name) for one in definition.scorecards.values())
    yield from (text(one.name) for one in definition.mails)
    for _, field in definition.all_fields():
        yield text(field.label)
        yield from (text(one) for one in field.options)
        yield from (text(one.label) for one in field.columns)
    for ladder in definition.ladders.values():
        for rung in ladder.rungs:
            yield rung_time(made.words, rung.at)
            told = (rung.remind, rung.escalate, rung.reassign)
            yield from (made.people(one) for one in told if one is not None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", [*SHIPPED, *OURS], ids=lambda path: path.stem)
def test_it_names_every_target_step_field_and_rung_of_the_definition(
    path: Path, language: str
) -> None:
    """L3.1."""
    made = source(path, language)
    text = " ".join(written(made).split())
    assert [one for one in named(made) if " ".join(one.split()) not in text] == []


@pytest.mark.parametrize("path", [*SHIPPED, *OURS], ids=lambda path: path.stem)
def test_each_ladder_has_all_its_rungs_in_order(path: Path) -> None:
    made = source(path)
    text = written(made)
    for key, ladder in made.definition.ladders.items():
        part = text.split(f"“{key}”, used for", 1)[1].split("\n\n")[1]
        rows = part.splitlines()[2:]
        times = [rung_time(made.words, rung.at) for rung in ladder.rungs]
        assert [row.split(" | ")[1] for row in rows] == times


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_it_is_a_file_for_people(kind: str, language: str) -> None:
    """L3.1."""
    made = source(ROOT / "workflows" / "processes" / "complaint.toml", language)
    content = asyncio.run(content_of(made, kind))
    assert content.startswith(b"%PDF" if kind == "pdf" else b"PK")


def test_the_first_response_and_whom_its_lateness_reaches_are_said() -> None:
    """L3.1."""
    text = said("complaint")
    assert "| First response | Urgent | 2 hours | Answer to the customer | response |" in text
    assert "| 4 | 4 hours after it is due | escalate to the process owner;" in text
    assert "| 首次答复 | 紧急 | 2 小时 |" in said("complaint", "zh")


def test_duties_follow_from_the_definition() -> None:
    """L3.1."""
    text = said("launch")
    row = next(line for line in text.splitlines() if line.startswith("| R&D review | whoever of"))
    assert "the process owner" in row  # the last escalation
    assert "the others of the role “R&D reviewer”" in row
    assert "when late: the manager of whoever has the work" in row
    signed = "| Executives countersign | the role “Executive” together: all have to approve |"
    assert signed in text


def test_targets_are_said_as_numbers() -> None:
    """L3.1."""
    assert "| Handling time | Handling time (by the clock) | 10.0 d | 7.0 d |" in said("complaint")


def test_returns_rejections_and_a_filer_who_would_decide_are_said() -> None:
    """L3.1."""
    text = said("launch")
    assert (
        "| Return: Finance review | to Revise the request, R&D review, Market assessment;" in text
    )
    assert "5 times at most; another return is then refused |" in text
    assert "| The filer would decide | the other candidates decide, else" in text
    assert "| Waiting for the filer | the limit of the step stands still; an answer" in text
    own = said("complaint")  # the filer is asked, so that no rule stands in the way
    assert "The filer would decide" not in own


def test_what_rests_is_begun_again_by_the_calendar_and_by_hand() -> None:
    text = said("supplier")
    assert "| In co-operation | every quarter, 5 working days after its end |" in text
    assert "may press “Propose elimination” | Confirm the elimination |" in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_changed_since_the_version_before_is_said(language: str) -> None:
    """L3.1."""
    before = of(office.complaint().definition, language)
    after = office.variant(('due = "3wd"', 'due = "2wd"')).definition
    made = replace(of(after, language), before=Earlier(version=2, definition=before.definition))
    title, told = {
        "en": ("Changed since version 2", "| 3 working days | 2 working days |"),
        "zh": ("与第 2 版的差异", "| 3 个工作日 | 2 个工作日 |"),
    }[language]
    assert title in written(made)
    assert told in written(made).split(title)[1]
    assert title not in written(before)


def test_in_word_the_name_of_a_table_stays_on_its_page() -> None:
    content = asyncio.run(content_of(of(office.complaint().definition), "docx"))
    body = Document(BytesIO(content)).paragraphs
    (name,) = [one for one in body if one.text.startswith("“Complaint form”, filled in")]
    gap = body[body.index(name) + 1] if name in body else None
    assert name.paragraph_format.keep_with_next
    assert gap is None or gap.paragraph_format.keep_with_next


def test_a_draft_has_no_version() -> None:
    definition = office.complaint().definition
    draft = SpecificationSource(
        definition=definition, form=of(definition).form, company="ACME", day=8 * HOUR
    )
    assert "- Version: draft" in written(draft)
