"""A supplier after some quarters: what has left the state of its case is still answered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handlers.conversation.case_desk import CaseDesk
from handlers.reading.case import open_unchecked
from handlers.reading.record import record_of
from storage.unit import Tx
from tests.office import Workplace
from tests.stories import supplying as s
from tests.stories.deeds import report_text
from tests.stories.test_other_cases import sound
from workflows.case.state import Case

QUARTERS = (("2026-07-08", 92), ("2026-10-20", 88), ("2027-01-12", 90))


@pytest.fixture
async def assessed(work: Workplace) -> Workplace:
    """A supplier that was assessed in three quarters."""
    await s.admitted(work)
    for day, number in QUARTERS:
        await work.until(f"{day} 10:00")
        await s.scores(work, number)
    return work


async def first(work: Workplace) -> str:
    """The task in which the buyer filled in the first scorecard, which has left the state."""
    case: Case = await work.case(s.CASE)
    record = await work.database.read(
        lambda tx: record_of(open_unchecked(tx, work.office, case_id=s.CASE, language="zh"))
    )
    found = [task.id for task in record.tasks if task.node == "score_purchasing"]
    assert len(found) == len(QUARTERS)
    assert case.has_left(found[0])
    assert not case.has_left(found[1])
    return found[0]


async def test_fsck_finds_nothing_about_whoever_did_not_claim_a_task_that_has_left_the_state(
    work: Workplace,
) -> None:
    await s.admitted(work)
    await second_inspector(work)
    for day, number in QUARTERS:
        await work.until(f"{day} 10:00")
        inspector = work.person(s.INSPECTOR)
        if "认领" in await inspector.buttons(kind="task"):
            await inspector.presses("认领", kind="task")
        await s.scores(work, number)
    await first(work)
    await sound(work)


async def test_the_answer_names_the_step_that_was_claimed_and_not_the_one_beside_it(
    work: Workplace,
) -> None:
    await s.admitted(work)
    await second_inspector(work)
    await work.until(f"{QUARTERS[0][0]} 10:00")

    assert "质量评分" in await work.person(s.INSPECTOR).presses("认领", kind="task")


async def test_a_decision_that_leads_nowhere_says_that_its_step_is_done(work: Workplace) -> None:
    await s.admitted(work)
    await work.until(f"{QUARTERS[0][0]} 10:00")
    inspector, buyer = work.person(s.INSPECTOR), work.person(s.BUYER)

    await inspector.presses("提交", kind="task")
    assert await inspector.fills(quality="90") == "“质量评分”已完成。"
    await buyer.presses("提交", kind="task")
    answer = await buyer.fills(delivery="90", price="90", service="90")
    assert answer == "“交付、价格、服务评分”已完成。"


async def second_inspector(work: Workplace) -> None:
    """Quality has two inspectors from now on."""

    def unit(tx: Tx) -> None:
        directory = tx.people.directory()
        one = directory.by_id(s.INSPECTOR)
        assert one is not None
        beside = replace(one, key="p_second", id="hu.die", name="胡蝶")
        tx.people.replace([*directory.people.values(), beside], [*directory.departments.values()])

    await work.database.run(unit)


async def test_the_tables_have_what_the_state_has_not(assessed: Workplace) -> None:
    await first(assessed)
    await sound(assessed)


async def test_a_late_press_is_answered_as_ever(assessed: Workplace) -> None:
    work = assessed
    task, buyer = await first(work), work.person(s.BUYER)
    for verb in ("complete", "takeback", "transfer"):
        await buyer.forges(f"{verb}|{s.CASE}|{task}|")
        assert "已" in buyer.reads() or "不能" in buyer.reads()
    before = (await work.case(s.CASE)).seq
    await work.person(s.SUPERVISOR).forges(f"claim|{s.CASE}|{task}|")
    assert (await work.case(s.CASE)).seq == before
    await sound(work)


async def test_its_card_still_says_what_was_decided(assessed: Workplace) -> None:
    work = assessed
    task, buyer = await first(work), work.person(s.BUYER)
    before = [card for card in await buyer.cards() if card.kind == "task"]
    await buyer.forges(f"comment|{s.CASE}|{task}|", text="第二季度的数字已核对")
    await work.settle()
    assert (await work.case(s.CASE)).gone
    assert [card for card in await buyer.cards() if card.kind == "task"] == before
    await sound(work)


async def test_documents_history_and_reasons_tell_all_quarters(assessed: Workplace) -> None:
    work = assessed
    buyer = work.person(s.BUYER)
    desk = CaseDesk(db=work.database, files=work.files, office=work.office)
    _, paper = await desk.open_file(person=await buyer.key(), file_id=f"paper.{s.CASE}.zh.docx")
    text = report_text(paper, "docx")
    for _, number in QUARTERS:
        assert f"{number}" in text
    assert "“季度考核（2026 年第 4 季度）”开始" in text.replace("\u2009", " ")
    assert "“状态”现为合作中" in text
    assert "的分支" not in text, "the ways are in the history of the case"
    await buyer.says(f"/why {s.CASE}")
    assert "2026" in buyer.reads()
    await buyer.forges(f"why|{s.CASE}||")
    assert "2026" in buyer.reads()
    await buyer.says(f"/case {s.CASE}")
    assert s.CASE in buyer.reads()
