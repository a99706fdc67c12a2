"""What a replay of a quarter has shown, in words and as a document (L5.3)."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from xml.etree import ElementTree as ET

import pytest

from handlers.reading.formatter import Formatter
from handlers.rendering.jobs import JOBS, packed
from handlers.rendering.model import Chart, Paragraph, Table
from handlers.rendering.render_md import render_md
from handlers.what_if.document import WhatIfSource, what_if_document, what_if_lines, what_if_section
from handlers.what_if.quarter import ReadQuarter
from tests.unit.workflows import office
from tests.unit.workflows.what_if.quarters import (
    CHECK,
    MONDAY,
    past,
    process,
    quarter,
    really,
    task,
)
from workflows.durations import parse_span
from workflows.what_if.comparing import Checked, WhatIf, what_if
from workflows.what_if.distances import Measure

LOADED = process()
AUDIT = """
[[nodes]]
id = "audit"
kind = "task"
name = { zh = "复核", en = "Audit" }
assignee = "owner"
due = "1wd"
ladder = "step"
next = "done"
"""
NEW = process(
    CHECK.replace('#: start = "check"', '#: start = "do"').replace(
        'next = "done"', 'next = "audit"'
    )
    + AUDIT
)
QUARTER = quarter(really(LOADED), LOADED)


@cache
def shown() -> WhatIf:
    return what_if(QUARTER, NEW)


def source(result: WhatIf, language: str = "en", others: int = 0) -> WhatIfSource:
    form = Formatter(
        directory=office.directory(),
        language=language,
        zone=office.ZONE,
        now=office.moment("2026-04-30 18:00"),
    )
    return WhatIfSource(
        result=result,
        read=ReadQuarter(quarter=QUARTER, since=MONDAY, others=others),
        before=LOADED.definition,
        after=NEW.definition,
        form=form,
        names=("version 1", "draft new.toml"),
    )


def tables(one: WhatIfSource) -> list[list[list[str]]]:
    blocks = what_if_section(one).blocks
    return [
        [[cell.text for cell in row] for row in block.rows]
        for block in blocks
        if isinstance(block, Table)
    ]


def said(one: WhatIfSource) -> str:
    blocks = what_if_section(one).blocks
    return "\n".join(block.words.text for block in blocks if isinstance(block, Paragraph))


def test_the_draft_is_beside_the_unchanged_replay_with_the_difference() -> None:
    check, figures, tasks = tables(source(shown()))
    assert [row[0] for row in check] == [
        "Times of cases",
        "Beginnings of steps",
        "Ways through the steps",
    ]
    median = figures[0]
    assert median[0] == "Handling time, median"
    assert median[1].endswith(")")
    assert " h (" in median[2]
    assert " to " in median[2]
    approvals = next(row for row in figures if row[0] == "Approvals per case")
    assert approvals[2] == "0.00 (0.00 to 0.00)"
    assert approvals[3].startswith("−")
    audit = next(row for row in tasks if row[0] == "Audit")
    assert audit[4].startswith("+")
    assert next(row for row in tasks if row[0] == "Check")[3].startswith("0.00")


def test_what_is_assumed_is_said() -> None:
    words = said(source(shown()))
    assert "A shorter limit does not make anybody quicker" in words
    assert "“Audit” has no history: it takes" in words
    given = replace(
        shown(), assumed={}, taken={"audit": parse_span("2wh")}, stuck={("do", "x"): 1.5}
    )
    words = said(source(given))
    assert "“Audit” takes 2 working hours, as was given" in words
    assert "At “Do” 1.5 cases of a replay could not go on." in words


def test_an_unchanged_figure_says_none_and_an_unknown_one_a_dash() -> None:
    same = what_if(QUARTER, LOADED)
    _, figures, _ = tables(source(same))
    assert {row[3] for row in figures} == {"none"}
    still = quarter(really(LOADED, 20, like=[past(task("check", 1, ""))]), LOADED)
    nothing = what_if(still, LOADED)
    blocks = what_if_section(source(nothing)).blocks
    assert not any(isinstance(block, Chart) for block in blocks), "no time is known"
    nobody = process('#: started_by = "role:nobody"\n' + CHECK)
    _, figures, _ = tables(source(what_if(QUARTER, nobody)))
    assert figures[0][2:] == ["—", "—"]


def test_a_replay_that_does_not_reproduce_the_quarter_is_refused_with_both_numbers() -> None:
    bad = Checked(measure=Measure.TIME, replay=0.5, halves=0.123)
    good = Checked(measure=Measure.WAYS, replay=0.1, halves=0.2)
    words = said(source(WhatIf(cases=40, replays=20, checked=(bad, good))))
    assert "does not reproduce the real cases" in words
    assert "the replay is 50.0 % away" in words
    assert "apart 12.3 %" in words or "12.3 % apart" in words
    assert "Ways" not in words
    assert "only 3 cases" in said(source(WhatIf(cases=3, replays=0)))
    unplayable = WhatIf(cases=40, replays=0, unplayable=("do", "lost"))
    assert ": Do, lost." in said(source(unplayable))


def test_a_card_has_the_main_figures_or_why_there_are_none() -> None:
    """L5.3."""
    first, *lines = what_if_lines(source(shown()))
    assert first.startswith(f"{shown().cases} cases of last quarter, replayed 20 times")
    assert lines[0].startswith("Handling time, median: ")
    assert " → " in lines[0]
    assert " to " in lines[0]
    assert len(lines) == 3
    same = list(what_if_lines(source(what_if(QUARTER, LOADED))))
    assert [line.partition(":")[0] for line in same[1:]] == [
        "Handling time, median",
        "Steps on time",
    ]
    assert all(line.endswith(", no difference") for line in same[1:])
    bad = Checked(measure=Measure.TIME, replay=0.5, halves=0.123)
    for result, said_so in (
        (WhatIf(cases=0, replays=0), "Last quarter has no cases"),
        (WhatIf(cases=3, replays=0), "only 3 cases of the version in force"),
        (WhatIf(cases=40, replays=0, unplayable=("do",)), "cannot be replayed"),
        (WhatIf(cases=40, replays=20, checked=(bad,)), "does not reproduce last quarter"),
    ):
        (line,) = what_if_lines(source(result))
        assert said_so in line


def test_a_figure_that_one_side_does_not_have_is_a_dash() -> None:
    nobody = process('#: started_by = "role:nobody"\n' + CHECK)
    _, median, *_ = what_if_lines(source(what_if(QUARTER, nobody)))
    assert median.endswith(" → —")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_a_document_with_a_picture(language: str) -> None:
    document = what_if_document(source(shown(), language, others=3), company="Sample")
    (picture,) = (b for b in document.sections[0].blocks if isinstance(b, Chart))
    assert ET.fromstring(picture.svg).tag.endswith("svg")
    assert render_md(document).startswith(b"# ")
    assert JOBS["docx"](packed(document)).startswith(b"PK")
    assert "3" in [fact.value.text for fact in document.facts]
    assert "{" not in said(source(shown(), language))
