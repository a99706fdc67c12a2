"""The analysis report of a process as it is, as the Markdown that its PDF says too."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace

from handlers.as_is.document import as_is_of
from handlers.rendering.jobs import JOBS, packed
from handlers.rendering.render_md import render_md
from tests.unit.handlers.reports.test_document import PROBLEMS, filed, months, source
from tests.unit.workflows.metrics.histories import act
from workflows.directory import Directory
from workflows.metrics.history import Act, History

LADDER = {"ladder_ends": ("resolve", "closing")}


def said(histories: list[History], *, language: str = "en") -> str:
    return render_md(as_is_of(source(histories, language=language))).decode()


def decided(history: History, *acts: Act, **fields: Any) -> History:
    return replace(history, acts=acts, **fields)


def vote(person: str, node: str, outcome: str = "approve", *, after: int = 30) -> Act:
    given = act("09:00", person, outcome)
    return replace(given, node=node, had_since=given.at - after * 10**6)


def test_each_step_has_its_people_input_output_kind_limit_and_times() -> None:
    """L2.1."""
    text = said(months(14, hours=7))

    assert "| 3 Resolve and reply | work | whoever “Dispatch” chooses | Dispatch |" in text
    assert "| 2 Dispatch | branching |" in text
    assert "| Resolve and reply | 42 | 6.5 h | 7.0 h | 5.5 h | 6.0 h | 100% | 0% |" in text
    assert "Most of the time goes into “Resolve and reply”" in text


def test_pain_points_have_their_evidence() -> None:
    """L2.1: reported, waiting, late and done again."""
    cases = months(8, hours=7)
    again = [
        replace(one, stays=(*one.stays, replace(one.stays[1], again=True)), acts=())
        for one in cases[:6]
    ]
    sent_back = decided(again[0], vote("x", "resolve", "return"))
    text = said(
        [*cases[6:], *again[1:], sent_back, filed("2024-12-02", hours=4, problems=PROBLEMS)]
    )

    assert "| Resolve and reply | People report problems | 2 reports |" in text
    assert "| Resolve and reply | Cases wait long |" in text
    assert "| Resolve and reply | Limits are missed |" in text
    assert "| Resolve and reply | Work is done again | 19% of 31 visits" in text
    assert "sent cases back 1 times" in text


def test_risk_points_have_their_evidence() -> None:
    """L2.1: few people, quick and constant approvals, ladders without a result."""
    acts = (vote("x", "confirm"), vote("x", "manage"))
    cases = [decided(one, *acts, **LADDER) for one in months(10)]
    text = said(cases)

    assert (
        "| Is the customer satisfied? | One person makes all decisions | all 30 decisions" in text
    )
    assert "| Is the customer satisfied? | Always approved | 30 votes, none against" in text
    assert "| Is the customer satisfied? | Decided at once | 100% of 30 decisions" in text
    assert "| Resolve and reply | The ladder ends without a result | the last rung" in text
    assert "| Closing | The ladder ends without a result |" in text
    assert "| — | The same person decides twice | in 30 of 30 cases" in text


def test_without_a_case_it_is_the_flow_as_it_is_defined() -> None:
    text = said([])

    assert "The process has no case yet" in text
    assert "No pain point is seen" in text
    assert "| 1 Classify and grade |" in text
    assert "Times by step" not in text


@pytest.mark.parametrize(("language", "title"), [("zh", "现状流程"), ("en", "As-is")])
def test_it_is_a_pdf_and_a_word_file_in_both_languages(language: str, title: str) -> None:
    document = as_is_of(source(months(8), language=language))

    assert document.title.startswith(title)
    assert JOBS["pdf"](packed(document)).startswith(b"%PDF")
    assert JOBS["docx"](packed(document)).startswith(b"PK")


@pytest.mark.parametrize(
    ("holders", "language", "evidence"),
    [
        (0, "zh", "目前没有人担任角色“投诉受理专员”"),
        (0, "en", "nobody has the role “Complaint desk” today"),
        (1, "zh", "目前只有一人担任角色“投诉受理专员”"),
        (1, "en", "one person has the role “Complaint desk” today"),
    ],
)
def test_who_is_lacking_is_said_by_the_name_of_the_role(
    holders: int, language: str, evidence: str
) -> None:
    """L2.1: few people."""
    it = source([], language=language)
    people = dict(it.form.directory.people)
    for one in [*it.form.directory.with_role("complaint-desk")][holders:]:
        people[one.key] = dataclasses.replace(one, roles=())
    form = dataclasses.replace(it.form, directory=Directory(people=people))
    text = render_md(as_is_of(dataclasses.replace(it, form=form))).decode()

    assert evidence in text
    assert "complaint-desk" not in text
