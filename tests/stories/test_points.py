"""Points for lateness as people meet them: told, listed, waived with a reason (P2.7)."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select, update

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.i18n import translator
from handlers.rendering.model import Table
from storage import tables as t
from storage.fsck import every_page
from storage.unit import Tx
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from tests.unit.handlers.readings import reading_of
from workflows.loading import load_definition

CASE = "P-2026-0001"
PENALTIES = """
[penalties]
name = { zh = "超时积分", en = "Points for lateness" }
most = 3
"""
LADDER = 'rungs = [{ at = "due", remind = "assignee" }]'
DAILY = (
    'rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", every = "1wd", points = 2 }]'
)


async def late(work: Workplace, *, waived_by: str = "") -> None:
    """sun.yue asked on Monday; he.jun had until Tuesday at the close and does nothing."""
    assert LADDER in purchase.TEXT
    text = purchase.TEXT.replace(LADDER, DAILY) + PENALTIES + waived_by
    loaded = load_definition(text, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机")
    await work.until("2026-03-05 19:00")


async def test_who_is_charged_is_told_and_has_a_ledger(work: Workplace) -> None:
    await late(work)
    boss = work.person("he.jun")

    card = await boss.sees("超时积分", CASE, kind="points")
    assert card.badge is not None
    assert card.badge.text == "已计 3 分"
    assert [line.text for line in card.lines] == ["计 2 分", "计 1 分"]

    await boss.says("/points")
    (own,) = boss.answer.cards
    assert own.title == "您有 3 分超时积分"
    assert [line.text for line in own.lines] == [
        "审批 · P-2026-0001：1 分",
        "审批 · P-2026-0001：2 分",
    ]
    other = work.person("wang.fang")
    await other.says("/points")
    assert [card.title for card in other.answer.cards] == ["您没有超时积分"]


async def test_the_owner_sees_all_points_and_waives_them_with_a_reason(work: Workplace) -> None:
    await late(work)
    owner, boss = work.person("chen.jing"), work.person("he.jun")
    await owner.says("/points")
    _, ledger = owner.answer.cards
    assert "共 3 分" in ledger.title
    assert "何军" in spell(ledger)

    await owner.presses(CASE, kind="list")
    assert owner.sheet is not None
    charges = owner.sheet.questions[0].choices
    assert len(charges) == 2
    await owner.fills(charges=[charges[0].id], text="系统当天维护")
    assert owner.answer.text == "已免除。"

    told = await boss.sees("免除了您的积分", "系统当天维护", kind="waived")
    assert [line.text for line in told.lines] == ["2 分，已免除"]
    charged = await boss.sees("超时积分 · 审批", kind="points")
    assert "2 分，已免除" in [line.text for line in charged.lines]
    await boss.says("/points")
    assert boss.answer.cards[0].title == "您有 1 分超时积分"
    assert "（已免除）" in spell(boss.answer.cards[0])
    await owner.says("/points")
    assert "共 1 分" in owner.answer.cards[1].title


async def test_nobody_else_waives(work: Workplace) -> None:
    await late(work)
    boss = work.person("he.jun")
    await boss.says(f"/case {CASE}")
    assert "免除积分" not in spell(boss.answer.cards[0])
    owner = work.person("chen.jing")
    await owner.says(f"/case {CASE}")
    labels = [one.label for one in (*owner.answer.cards[0].buttons, *owner.answer.cards[0].more)]
    assert "免除积分" in labels


async def test_whoever_waives_instead_of_the_owner_has_the_ledger_and_its_buttons(
    work: Workplace,
) -> None:
    """The owner still sees all points, without a button that would be refused."""
    await late(work, waived_by='waived_by = "person:wang.fang"\n')
    waiver, owner = work.person("wang.fang"), work.person("chen.jing")
    await owner.says("/points")
    assert "共 3 分" in owner.answer.cards[1].title
    assert owner.answer.cards[1].buttons == ()

    await waiver.says("/points")
    _, ledger = waiver.answer.cards
    assert "共 3 分" in ledger.title
    await waiver.presses(CASE, kind="list")
    assert waiver.sheet is not None
    charge = waiver.sheet.questions[0].choices[0]
    await waiver.fills(charges=[charge.id], text="系统当天维护")
    assert waiver.answer.text == "已免除。"


async def test_who_waives_in_single_cases_only_has_no_ledger(work: Workplace) -> None:
    await late(work, waived_by='waived_by = "manager(filer)"\n')
    boss = work.person("he.jun")
    await boss.says("/points")
    assert len(boss.answer.cards) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_the_document_lists_each_overdue_day(work: Workplace, language: str) -> None:
    await late(work)
    reading = await reading_of(work, "chen.jing", case_id=CASE, language=language)
    report = build_report(DocumentSource(reading=reading))
    title = translator(language).t("document.column.points")
    (table,) = [
        block
        for section in report.sections
        for block in section.blocks
        if isinstance(block, Table) and title in [column.title for column in block.columns]
    ]
    assert [row[3].text for row in table.rows] == ["2", "1"]


@pytest.mark.parametrize("damage", [{"points": 9}, {"waived": True}, None])
async def test_a_ledger_that_differs_from_the_case_is_found(
    work: Workplace, damage: dict[str, object] | None
) -> None:
    await late(work)

    def harm(tx: Tx) -> list[str]:
        before = [one for page in every_page(tx.connection) for one in page.findings]
        assert before == []
        one = t.points.c.seq == select(func.min(t.points.c.seq)).scalar_subquery()
        change = delete(t.points) if damage is None else update(t.points).values(damage)
        tx.connection.execute(change.where(one))
        return [str(one) for page in every_page(tx.connection) for one in page.findings]

    (found,) = await work.database.run(harm)
    assert found.startswith(f"{CASE} points ")
