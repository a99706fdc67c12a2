"""What was scored is seen wherever the case is: card, history, JSON, table, document and chart."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import case_sheet, case_table
from handlers.history import tell
from handlers.reading.record import case_facts
from handlers.rendering.drawn import render_png
from handlers.rendering.model import Chart, Table
from handlers.rendering.render_docx import render_docx
from handlers.rendering.render_pdf import render_pdf
from tests.office import MONDAY, Workplace
from tests.unit.handlers.readings import reading_of
from workflows.loading import load_definition
from workflows.records import CaseQuery

CASE = "V-2026-0001"
PROCESS = (Path(__file__).parents[1] / "unit" / "handlers" / "vendor.toml").read_text(
    encoding="utf-8"
)


async def scored(work: Workplace) -> None:
    """sun.yue rates a vendor, and he.jun has to judge it."""
    loaded = load_definition(PROCESS, file="vendor.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="vendor", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/vendor")
    await buyer.fills(who="ACME")
    assert CASE in buyer.answer.text, buyer.answer
    await buyer.presses("提交", kind="task")
    await buyer.fills(quality="85", price="76.5")


SEEN = {
    "年度平均分": "3月2日 周一 09:00：82.45（仅 1 次）",
    "季度考核": "3月2日 周一 09:00：82.45（合格）",
    "季度考核等级": "合格",
    "状态": "合作中",
}


async def test_a_step_shows_the_facts_that_it_names_with_their_results(work: Workplace) -> None:
    await scored(work)
    card = (await work.person("he.jun").cards())[-1]
    shown = {one.label: one.value for one in card.facts}
    assert {label: shown.get(label) for label in SEEN} == SEEN


async def test_history_json_and_tables_tell_scores_and_options(work: Workplace) -> None:
    await scored(work)
    office = work.office
    reading = await reading_of(work, "he.jun", case_id=CASE, language="zh")
    texts = [told.text for told in tell(reading)]
    assert "“季度考核”现为 82.45" in texts
    assert "“季度考核等级”现为合格" in texts
    facts = (await work.database.read(lambda tx: case_facts(tx, office, case_id=CASE)))["facts"]
    assert {one["name"]: one["value"] for one in facts} == {
        "standing": "good",
        "quarter.score": "82.45",
        "quarter.grade": "c",
        "year_score": "82.45",
    }
    columns, rows = await work.database.read(lambda tx: case_table(tx, office, CaseQuery()))
    assert {"fact:quarter.score", "fact:quarter.grade", "fact:standing"} < {*columns}
    assert rows[0]["fact:standing"] == "good"
    sheet = await work.database.read(lambda tx: case_sheet(tx, office, CaseQuery(), language="en"))
    (row,) = [*sheet.rows]
    assert dict(zip(sheet.headings, row, strict=True))["Quarterly score, grade"] == "Sufficient"


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_document_lists_the_scores_with_their_grades(
    work: Workplace, language: str
) -> None:
    await scored(work)
    reading = await reading_of(work, "he.jun", case_id=CASE, language=language)
    (section,) = build_report(DocumentSource(reading=reading)).sections
    (table,) = section.blocks  # one result is no chart
    assert isinstance(table, Table)
    grade = "合格" if language == "zh" else "Sufficient"
    assert [cell.text for cell in table.rows[0]][1:] == ["82.45", grade]


async def test_several_results_are_drawn_as_a_chart_in_pdf_and_word(work: Workplace) -> None:
    await scored(work)
    reading = await reading_of(work, "he.jun", case_id=CASE, language="zh")
    facts = reading.case.facts
    quarters = [
        replace(fact, number=number, period=f"2026-Q{n}", scope=f"v{n}", seq=100 + n)
        for n, number in enumerate((9100, 6550, 8000, 7200), start=1)
        for fact in facts
        if fact.name == "quarter.score"
    ]
    object.__setattr__(reading, "case", replace(reading.case, facts=tuple(quarters)))
    document = build_report(DocumentSource(reading=reading))
    chart, table = document.sections[0].blocks
    assert isinstance(chart, Chart)
    assert isinstance(table, Table)
    assert "2026 年第 3 季度" in chart.svg
    assert "优秀" in chart.svg
    assert table.rows[0][0].text == "2026 年第 4 季度"
    assert render_png(chart.svg).startswith(b"\x89PNG")
    assert render_pdf(document).startswith(b"%PDF")
    assert render_docx(document).startswith(b"PK")
