"""Fields of a later form are asked where a fact of the case says so."""

from __future__ import annotations

import pytest

from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.loading import load_definition

FORM = """
[forms.order]
name = { zh = "订单", en = "Order" }

[[forms.order.fields]]
id = "note"
type = "text"
label = { zh = "备注", en = "Note" }

[[forms.order.fields]]
id = "offers"
type = "text"
required = true
when = "total > 1000"
label = { zh = "三家报价", en = "Three offers" }

[[forms.order.fields]]
id = "remedy"
type = "text"
required_when = 'standing == "risky"'
label = { zh = "措施", en = "Remedy" }

[facts.total]
name = { zh = "总价", en = "Total" }
value = "price * count"

[facts.standing]
name = { zh = "状态", en = "Standing" }
options = [{ id = "new", zh = "新", en = "New" }, { id = "risky", zh = "有风险", en = "Risky" }]
first = "new"
"""
TEXT = (
    purchase.TEXT.replace('to = "order"', 'to = "order"\nnote = { standing = "risky" }').replace(
        'assignee = "person:xie.ting"', 'assignee = "person:xie.ting"\nform = "order"'
    )
    + FORM
)
CASE = "P-2026-0001"


async def approved(work: Workplace, *, price: str, text: str = TEXT) -> None:
    """sun.yue asks for ten printers, and he.jun approves; xie.ting has to order them."""
    loaded = load_definition(text, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer, chief = work.person("sun.yue"), work.person("he.jun")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price=price, count="10")
    await chief.presses("同意", kind="task")
    if chief.sheet is not None:
        await chief.fills()


async def asked(work: Workplace) -> dict[str, bool]:
    """Which fields the form of the order asks for, and whether each must be filled."""
    clerk = work.person("xie.ting")
    await clerk.presses("提交", kind="task")
    assert clerk.sheet is not None
    return {question.id: question.required for question in clerk.sheet.questions}


@pytest.mark.parametrize(
    ("price", "fields"),
    [
        ("100", {"note": False, "remedy": True}),
        ("100.1", {"note": False, "offers": True, "remedy": True}),
    ],
)
async def test_a_form_asks_for_what_the_facts_of_the_case_say(
    in_both: Workplace, price: str, fields: dict[str, bool]
) -> None:
    await approved(in_both, price=price)

    assert await asked(in_both) == fields


async def test_a_field_that_a_fact_requires_cannot_be_left_out(in_both: Workplace) -> None:
    work = in_both
    await approved(work, price="2000")
    await asked(work)
    clerk = work.person("xie.ting")
    await clerk.fills(note="急")
    assert clerk.answer.problems.keys() == {"offers", "remedy"}

    await clerk.fills(offers="三家", remedy="预付款")
    assert (await work.case(CASE)).node == "ordered"


async def test_a_field_that_a_fact_leaves_out_is_not_stored(work: Workplace) -> None:
    await approved(work, price="1")
    await asked(work)
    clerk = work.person("xie.ting")
    assert clerk.sheet is not None
    await clerk.forges(clerk.sheet.token, remedy="预付款", offers="伪造")

    assert (await work.case(CASE)).node == "ordered"
    contents = await work.database.read(lambda tx: tx.contents.of_case(CASE))
    bodies = [one.body["values"] for one in contents.values() if one.body and "values" in one.body]
    assert {"remedy": "预付款"} in bodies


async def test_another_option_of_a_fact_asks_for_less(work: Workplace) -> None:
    await approved(work, price="1", text=TEXT.replace('note = { standing = "risky" }', ""))

    assert await asked(work) == {"note": False, "remedy": False}
