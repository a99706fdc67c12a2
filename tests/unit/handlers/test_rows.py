"""Rows of a field: read, refused, summed, and shown."""

from __future__ import annotations

import json

import pytest

from handlers.answers import take_form
from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.exports.tables import case_sheet
from handlers.reading.case import open_case
from handlers.refusals import say_problem
from handlers.rendering.model import Table
from tests.office import Workplace
from tests.unit.handlers import order
from workflows.lint import check
from workflows.records import CaseQuery

WORLD = order.world()


def taken(items: object, **values: object):
    return take_form(order.order_form(), {"purpose": "x", "items": items, **values}, world=WORLD)


def said(items: object, language: str = "en") -> str:
    refusal = {**taken(items).problems, **taken(items).missing}["items"]
    return say_problem(refusal, language=language)


def test_the_definition_of_an_order_can_be_published() -> None:
    assert check(order.TEXT, file="order.toml") == ()


def test_rows_are_kept_clean_with_their_sum() -> None:
    raw = [
        {"what": " 椅子 ", "amount": "１２０．５", "kind": "goods", "by": "2026/3/20", "else": 1},
        {"what": "", "amount": None},
        {"what": "运费", "amount": 30},
    ]
    values = taken(raw).values

    assert values["items"] == [
        {"what": "椅子", "kind": "goods", "amount": "120.5", "by": "2026-03-20"},
        {"what": "运费", "amount": "30"},
    ]
    assert values["items_sum"] == "150.5"
    assert taken(json.dumps(raw)).values == values  # as a command line or HTTP gives it


def test_the_sum_decides_what_is_asked_and_limits_a_number() -> None:
    large = taken([{"what": "车", "amount": "2000"}], limit="1999")

    assert set(large.missing) == {"reason"}
    assert large.problems["limit"].code == "number_too_small_by_field"
    assert "reason" not in {field.id for field in taken(order.ITEMS).asked}


@pytest.mark.parametrize(
    ("items", "problem"),
    [
        ([], "Fill in at least one row."),
        ([{}, {"what": ""}], "Fill in at least one row."),
        ([{"what": "a", "amount": "1"}] * 5, "4 rows at most; there are 5."),
        ([{"what": "a", "amount": "1"}] * 10_000, "4 rows at most; there are 10000."),
        ([{"what": "a"}], "Row 1, Amount: Please fill this in."),
        (
            [{"what": "a", "amount": "1"}, {"what": "b", "amount": "1e400"}],
            "Row 2, Amount: Please enter a number, like 1234.5, with at most 6 decimals.",
        ),
        ([{"what": "a", "amount": "-1"}], "Row 1, Amount: It must be at least 0."),
        ([{"what": "a", "amount": "NaN"}], "Row 1, Amount: Please enter a number, like"),
        ([{"what": "a" * 21, "amount": "1"}], "Row 1, Item: 20 characters at most; there are 21."),
        ([{"what": {"a": 1}, "amount": "1"}], "Row 1, Item: This could not be read"),
        ([{"what": "a", "amount": "1", "kind": "x"}], "Row 1, Kind: Please choose one of"),
        (
            [{"what": "a", "amount": "1", "by": "2026-03-01"}],
            "Row 1, By: Please choose 2 Mar 2026 or a later day: not before today.",
        ),
        ("[" * 5000, "This could not be read"),
        ("{", "This could not be read"),
        (7, "This could not be read"),
        (["chair"], "This could not be read"),
        ({"what": "a"}, "This could not be read"),
    ],
)
def test_rows_that_do_not_fit_are_refused_with_the_row_and_the_column(
    items: object, problem: str
) -> None:
    assert said(items).startswith(problem)


def test_a_refused_row_is_named_in_chinese_too() -> None:
    assert said([{"what": "a", "amount": "x"}], "zh") == (
        "第 1 行“金额”：请填写数字，例如 1234.5；小数最多 6 位。"
    )


async def filed(work: Workplace, **values: object) -> str:
    await order.put_in_force(work)
    buyer = work.person("sun.yue")
    await buyer.says("/order")
    await buyer.fills(**{**order.ORDER, **values})
    assert "O-2026-0001" in buyer.answer.text, buyer.answer
    return "O-2026-0001"


async def test_rows_are_short_on_a_card_and_whole_in_the_case_and_in_exports(
    work: Workplace,
) -> None:
    case = await filed(work)
    await work.settle()
    judge = work.person("he.jun")
    (card,) = [card for card in await judge.cards() if card.kind == "task"]
    facts = {fact.label: fact.value for fact in card.facts}
    assert facts["明细"] == "2 行，合计 150.50"

    buyer = work.person("sun.yue")
    await buyer.says(f"/case {case}")
    details = {fact.label: fact.value for fact in buyer.answer.cards[0].facts}
    assert details["明细"].split("\n") == [
        "1. 椅子 · 物品 · 120.50 · 2026年3月20日",
        "2. 运费 · 30",
        "2 行，合计 150.50",
    ]
    sheet = await work.database.read(
        lambda tx: case_sheet(tx, work.office, CaseQuery(process="order"), language="en")
    )
    cells = dict(zip(sheet.headings, next(iter(sheet.rows)), strict=True))
    assert str(cells["Items"]).startswith("1. 椅子 · Goods · 120.50")
    stored = await order.stored(work)
    assert stored["items_sum"] == "150.50"


async def test_a_document_has_a_table_of_the_rows_with_their_sum(work: Workplace) -> None:
    case = await filed(work)
    directory = await work.directory()
    reader = directory.by_id("sun.yue")
    assert reader is not None

    def build(tx):
        reading = open_case(tx, work.office, case_id=case, reader=reader, language="en")
        return build_report(DocumentSource(reading=reading, pictures={}, unshown=frozenset()))

    (section,) = (await work.database.read(build)).sections
    (table,) = [block for block in section.blocks if isinstance(block, Table)]
    assert "Why so much" not in str(section)  # it was not asked
    assert [column.title for column in table.columns] == ["Item", "Kind", "Amount", "By"]
    assert [[cell.text for cell in row] for row in table.rows] == [
        ["椅子", "Goods", "120.50", "20 Mar 2026"],
        ["运费", "—", "30", "—"],
        ["Total", "", "150.50", ""],
    ]


async def test_a_small_order_takes_the_route_of_its_sum(work: Workplace) -> None:
    await filed(work, items=[{"what": "笔", "amount": "9"}])

    assert (await work.case("O-2026-0001")).status == "completed"
