"""What was calculated is seen wherever the case is: card, page, JSON, table, document, history."""

from __future__ import annotations

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import case_sheet, case_table
from handlers.history import tell
from handlers.playground.case import case_view
from handlers.reading.record import case_facts
from handlers.rendering.model import FieldTable
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from tests.unit.handlers.readings import reading_of
from workflows.loading import load_definition
from workflows.records import CaseQuery

FACTS = """
[tables.worth]
of = "kind"
values = { new = "1", used = "0.5" }

[facts.total]
name = { zh = "总价", en = "Total" }
value = "price * count * worth"
currency = "CNY"

[document]
name = { zh = "采购单", en = "Order" }
sections = [{ title = { zh = "价格", en = "Price" }, facts = ["total"] }]
"""
CASE = "P-2026-0001"


async def published(work: Workplace, facts: str = FACTS) -> None:
    """The purchase process with facts."""
    loaded = load_definition(purchase.TEXT + facts, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def bought(work: Workplace, *, published_already: bool = False) -> None:
    """sun.yue asks for 30 used printers, and he.jun has to approve."""
    if not published_already:
        await published(work)
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used")
    assert CASE in buyer.answer.text, buyer.answer


@pytest.mark.parametrize(("language", "name"), [("zh", "总价"), ("en", "Total")])
async def test_a_fact_is_shown_with_its_currency_and_thousands(
    work: Workplace, language: str, name: str
) -> None:
    await bought(work)
    reader = (await work.directory()).by_id("sun.yue")
    assert reader is not None

    def shown(tx):
        office = work.office
        page = case_view(tx, office, case_id=CASE, person=reader.key, language=language)
        sheet = case_sheet(tx, office, CaseQuery(), language=language)
        return page, sheet.headings, [*sheet.rows]

    page, headings, rows = await work.database.read(shown)
    reading = await reading_of(work, "sun.yue", case_id=CASE, language=language)
    (section,) = build_report(DocumentSource(reading=reading)).sections
    (table,) = section.blocks
    assert isinstance(table, FieldTable)

    assert reading.facts == (("total", name, "¥18,517.50"),)
    assert [(one.label, one.value.text) for one in table.rows] == [(name, "¥18,517.50")]
    assert page.fields[-1].label == name
    assert page.fields[-1].value == "¥18,517.50"
    assert dict(zip(headings, rows[0], strict=True))[name] == "¥18,517.50"
    assert any("¥18,517.50" in told.text for told in tell(reading))


async def test_the_card_of_a_case_and_of_a_task_show_its_facts(work: Workplace) -> None:
    await bought(work)
    buyer, boss = work.person("sun.yue"), work.person("he.jun")
    await buyer.says(f"/case {CASE}")
    assert ("总价", "¥18,517.50") in [(one.label, one.value) for one in buyer.answer.cards[0].facts]
    card = (await boss.cards())[-1]
    assert ("总价", "¥18,517.50") in [(one.label, one.value) for one in card.facts]


async def test_programs_read_the_number_and_the_versions_of_its_tables(work: Workplace) -> None:
    await bought(work)
    office = work.office
    facts = await work.database.read(lambda tx: case_facts(tx, office, case_id=CASE))
    columns, rows = await work.database.read(lambda tx: case_table(tx, office, CaseQuery()))

    (fact,) = facts["facts"]
    assert {key: fact[key] for key in ("name", "value", "subject", "tables", "voided")} == {
        "name": "total",
        "value": "18517.50",
        "subject": None,
        "tables": {"worth": 0},
        "voided": False,
    }
    assert "fact:total" in columns
    assert rows[0]["fact:total"] == "18517.50"


async def test_a_number_too_large_to_keep_is_refused_in_words(work: Workplace) -> None:
    await published(work, FACTS.replace('new = "1"', 'new = "100000"'))
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="楼", price="999999999999", count="100", kind="new")
    assert "“总价”算出的数太大" in buyer.answer.text
