"""Waiting for the customer or a supplier, as people meet it."""

from __future__ import annotations

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.history import tell
from handlers.i18n import translator
from handlers.rendering.model import Table
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from tests.unit.handlers.readings import reading_of
from workflows.loading import load_definition

CASE = "P-2026-0001"
PAUSE = """
[pause]
on = ["supplier", "customer"]
due = "1wd"
ladder = "step"
cap = "5wd"

[document]
name = { zh = "采购单", en = "Purchase" }
sections = [{ title = { zh = "时限", en = "Limits" }, list = "clocks" }]
"""


async def ordering(work: Workplace, *, pause: str = PAUSE) -> None:
    """he.jun approved on Monday; xie.ting orders, due on Tuesday at the close."""
    loaded = load_definition(purchase.TEXT + pause, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机")
    await work.person("he.jun").presses("同意", kind="task")


async def waiting(work: Workplace, *, until: str = "") -> None:
    await ordering(work)
    orders = work.person("xie.ting")
    await orders.presses("等待对方", kind="task")
    await orders.fills(on="supplier", text="等报价", until=until)
    assert orders.answer.text == "已登记，计时暂停到您点“继续办理”。"


async def test_the_card_says_for_what_it_waits_and_the_clock_goes_on(work: Workplace) -> None:
    await waiting(work, until="2026-03-05")
    orders = work.person("xie.ting")
    card = await orders.sees("下单", kind="task")
    assert card.badge is not None
    assert card.badge.text == "等待供应商"
    assert "计时暂停：等报价" in card.note
    assert "预计" in card.note
    assert "已暂停" in spell(card)
    await orders.says("/tasks")
    assert [line.when for line in orders.answer.cards[0].lines] == ["等待供应商"]

    await work.until("2026-03-05 10:00")
    reminder = await orders.sees("等待供应商（下单）", kind="reminder")
    assert "继续办理" in {one.label for one in reminder.buttons}
    await orders.presses("继续办理", kind="reminder")
    assert orders.answer.text == "计时继续。"
    settled = await orders.sees("提醒", kind="reminder")
    assert "等待供应商（下单）" in settled.title
    card = await orders.sees("下单", kind="task")
    assert card.badge is not None
    assert card.badge.text == "待办"
    assert "等待对方" in await orders.buttons(kind="task")


async def test_the_filer_sees_that_it_waits_and_the_history_says_so(work: Workplace) -> None:
    await waiting(work)
    buyer = work.person("sun.yue")
    await buyer.says(f"/case {CASE}")
    assert "等待供应商" in spell(buyer.answer.cards[0])
    reading = await reading_of(work, "sun.yue", case_id=CASE, language="en")
    texts = " | ".join(one.text for one in tell(reading))
    assert "Xie Ting waits for the supplier (“Order”); the clocks stand still" in texts


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_document_lists_how_long_it_waited_and_for_what(
    work: Workplace, language: str
) -> None:
    await waiting(work)
    await work.passes("3h")
    await work.person("xie.ting").presses("继续办理", kind="task")
    reading = await reading_of(work, "chen.jing", case_id=CASE, language=language)
    report = build_report(DocumentSource(reading=reading))
    words = translator(language)
    tables = [one for part in report.sections for one in part.blocks if isinstance(one, Table)]
    row = [cell.text for cell in tables[-1].rows[0]]
    assert row[1] == words.t("waiting.supplier")
    assert row[2] != row[3] != "—"
    assert row[4] == "等报价"


async def test_why_says_what_happens_when_all_waiting_is_used_up(work: Workplace) -> None:
    await waiting(work)
    orders = work.person("xie.ting")
    await orders.says(f"/why {CASE}")
    assert "暂停上限（下单）已到，计时继续" in orders.reads()


async def test_a_wrong_day_and_a_party_that_is_not_offered_are_refused(work: Workplace) -> None:
    await ordering(work)
    orders = work.person("xie.ting")
    await orders.presses("等待对方", kind="task")
    await orders.fills(on="supplier", text="等报价", until="someday")
    assert set(orders.answer.problems) == {"until"}
    await orders.forges(f"wait|{CASE}|t2|", on="bank", text="等报价")
    assert set(orders.answer.problems) == {"on"}
    await orders.forges(f"wait|{CASE}|t2|", on="supplier", text="等报价", until="2026-03-01")
    assert orders.answer.text == "预计日期要晚于今天。"


async def test_a_process_that_waits_for_nobody_offers_no_waiting(work: Workplace) -> None:
    await ordering(work, pause="")
    orders = work.person("xie.ting")
    assert "等待对方" not in await orders.buttons(kind="task")
    assert await orders.forges(f"wait|{CASE}|t2|") == "这个流程没有设置等待。"


async def test_when_all_waiting_is_used_up_the_assignee_is_told(work: Workplace) -> None:
    await waiting(work)
    await work.until("2026-03-09 19:00")
    told = await work.person("xie.ting").sees(CASE, kind="lapsed")
    assert told.text == "等待已达上限，计时继续。请向对方跟进，或按现有信息处理。"
