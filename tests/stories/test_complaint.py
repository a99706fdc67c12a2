"""P1 from filing to its score, by people who press what they are shown, in both languages."""

from __future__ import annotations

import pytest

from handlers.documents import papers
from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, file_complaint, report_text, triage

pytestmark = pytest.mark.parametrize("in_both", ["zh", "en"], indirect=True)


async def test_a_complaint_from_its_filing_to_its_score(in_both: Workplace) -> None:
    """P1.3, P1.4, P1.6 to P1.9, T1, T2, T4."""
    await _is_filed_and_triaged(in_both)
    await _is_escalated(in_both)
    await _is_resolved_twice(in_both)
    await _is_closed_and_scored(in_both)
    await _has_a_report_in_both_languages(in_both)


async def _is_filed_and_triaged(work: Workplace) -> None:
    filer, desk, owner = (work.person(p) for p in ("emma.clark", "liu.yang", "chen.jing"))
    photo = await filer.uploads("裂缝.png", ONE_PIXEL)
    await file_complaint(filer, evidence=[photo])
    assert "C-2026-0001" in filer.answer.text
    card = await desk.sees("待认领", "C-2026-0001", "Acme", "包装破损")
    assert [file.name for file in card.files] == ["裂缝.png"]
    await filer.sees("分类分级", "刘洋", kind="case")

    await desk.presses("认领")
    assert await owner.in_words("认领") not in await owner.buttons(kind="task")
    await triage(desk, grade="urgent", category="product")
    await desk.sees("已完成", kind="task")
    await owner.sees("C-2026-0001", "紧急", kind="copied")


async def _is_escalated(work: Workplace) -> None:
    """Nobody answers: a reminder, then the handler's manager, with the whole history."""
    filer, handler, manager = (work.person(p) for p in ("emma.clark", "li.qiang", "zhao.lei"))
    await handler.sees("处理并答复", "紧急", kind="task")
    await work.passes("1h")
    await handler.sees("提醒", "首次答复", "C-2026-0001", kind="reminder")
    await work.passes("1h")
    await handler.sees("已超时", kind="reminder")
    told = await manager.sees("升级", "首次答复", "C-2026-0001", "李强", kind="escalation")
    assert len(told.lines) >= 6
    await manager.sees("接手办理", kind="escalation")
    await filer.sees("已超时", kind="case")


async def _is_resolved_twice(work: Workplace) -> None:
    filer, handler, manager = (work.person(p) for p in ("emma.clark", "li.qiang", "zhao.lei"))
    await handler.presses("提交")
    assert await handler.in_words("登记答复") in handler.answer.text  # that has to come first
    await handler.presses("登记答复")
    await handler.fills(answer="已致歉，今天换货")
    await manager.sees("已处理", kind="escalation")
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="包装薄", resolution="换新")
    await filer.sees("客户是否满意", "换新", kind="task")
    await manager.does_not_see("接手办理")
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="没有收到货")
    again = await handler.sees("处理并答复", "没有收到货", kind="task")
    assert again.text  # says that it came back
    await handler.presses("提交", kind="task")
    await handler.fills(resolution="已送达并补偿")
    await filer.presses("同意", kind="task")
    await filer.fills(customer_answer="可以了")


async def _is_closed_and_scored(work: Workplace) -> None:
    filer, desk = work.person("emma.clark"), work.person("liu.yang")
    await desk.presses("认领", kind="task")
    await desk.presses("提交", kind="task")
    await desk.fills(outcome="compensated", lessons="加厚包装")
    closed = await filer.sees("C-2026-0001", kind="closed")
    assert len(closed.files) == 4
    for person in ("emma.clark", "liu.yang", "li.qiang", "zhao.lei", "chen.jing"):
        await work.person(person).sees("C-2026-0001", "已结案", kind="closed")
    await filer.presses("5 分")
    await filer.fills(text="很好")
    scored = await filer.sees("感谢评价", "很好", kind="survey")
    assert not scored.buttons


async def _has_a_report_in_both_languages(work: Workplace) -> None:
    reader = await work.person("emma.clark").key()
    for language, said in (("zh", "投诉处理报告"), ("en", "Complaint report")):
        for kind in ("pdf", "docx"):
            file, content = await papers.open_paper(
                work.database,
                work.files,
                work.office,
                person=reader,
                name=f"paper.C-2026-0001.{language}.{kind}",
            )
            text = report_text(content, kind)
            assert said in text
            assert "加厚包装" in text
            assert file.name == f"{said} C-2026-0001.{kind}"
