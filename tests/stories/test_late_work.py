"""Late work as people meet it: somebody else has it, or the system settled it, and why."""

from __future__ import annotations

import pytest

from handlers.documents.report import build_report
from handlers.documents.source import DocumentSource
from handlers.history import tell
from handlers.reading import record
from handlers.rendering.model import Table
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from tests.unit.handlers.readings import reading_of
from workflows.loading import load_definition

CASE = "P-2026-0001"
LADDER = 'rungs = [{ at = "due", remind = "assignee" }]'
CLIMBING = """rungs = [
  { at = "due", remind = "assignee" },
  { at = "due + 1wd", reassign = "person:wang.fang" },
  { at = "due + 2wd", escalate = "owner" },
]

[ladders.quiet]
rungs = [
  { at = "due", escalate = "owner" },
  { at = "due + 1wd", reassign = "person:wang.fang" },
  { at = "due + 2wd", outcome = "approve" },
]"""
NODE = 'assignee = "person:he.jun"\ndue = "1wd"\nladder = "step"'
LOW_RISK = 'assignee = "person:he.jun"\ndue = "1wd"\nladder = "quiet"\nlow_risk = true'
DOCUMENT = """
[document]
name = { zh = "采购单", en = "Purchase" }
sections = [{ title = { zh = "决定", en = "Decisions" }, list = "decisions" }]
"""


async def late(work: Workplace, *, until: str) -> None:
    """sun.yue asked on Monday; he.jun had until Tuesday at the close and does nothing."""
    assert LADDER in purchase.TEXT
    assert NODE in purchase.TEXT
    text = purchase.TEXT.replace(LADDER, CLIMBING).replace(NODE, LOW_RISK) + DOCUMENT
    loaded = load_definition(text, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机")
    await work.until(until)


async def test_whoever_had_a_late_task_is_told_who_has_it_now(work: Workplace) -> None:
    await late(work, until="2026-03-04 19:00")
    boss, other = work.person("he.jun"), work.person("wang.fang")

    told = await boss.sees("“审批”已改派", CASE, kind="reassigned")
    assert told.text == "“审批”逾期，已按流程规则改派给王芳，您无须再办理。"
    mine = await boss.sees("审批", kind="task")
    assert mine.badge is not None
    assert mine.badge.text == "已由他人办理"
    await other.presses("同意", kind="task")
    reading = await reading_of(work, "wang.fang", case_id=CASE)
    assert "“审批”逾期，已按规则改派给王芳" in [one.text for one in tell(reading)]


async def test_a_late_click_is_told_that_the_system_settled_it(work: Workplace) -> None:
    await late(work, until="2026-03-04 19:00")
    other = work.person("wang.fang")
    approve = await other.button("同意", kind="task")
    await work.until("2026-03-05 18:00")

    told = await other.sees("“审批”已由系统处理", CASE, kind="timed_out")
    assert told.text == ("“审批”逾期。这一步为低风险，系统已按流程规则处理，不计为您的决定。")
    card = await other.sees("审批", kind="task")
    assert "按规则同意（已逾期，且这一步为低风险）" in card.note
    assert "系统" in card.note
    await other.forges(approve.token)
    assert "系统已在" in other.answer.text
    assert "您的操作没有生效" in other.answer.text


async def test_in_english_too(work: Workplace) -> None:
    await late(work, until="2026-03-05 18:00")
    reading = await reading_of(work, "wang.fang", case_id=CASE, language="en")
    texts = " | ".join(one.text for one in tell(reading))

    assert "“Approve” was late and was handed over to Wang Fang by rule" in texts
    assert "“Approve” was late; the system settled it by rule: approved" in texts


@pytest.mark.parametrize(
    ("language", "mark"), [("zh", "系统按规则决定"), ("en", "By rule, ")], ids=["zh", "en"]
)
async def test_the_document_and_programs_say_that_it_was_the_system(
    work: Workplace, language: str, mark: str
) -> None:
    await late(work, until="2026-03-05 18:00")
    reading = await reading_of(work, "chen.jing", case_id=CASE, language=language)
    report = build_report(DocumentSource(reading=reading))
    (table,) = [one for part in report.sections for one in part.blocks if isinstance(one, Table)]
    assert table.rows[0][-1].text.startswith(mark)

    task = record.record_of(reading).tasks[0]
    assert (task.decided_by, task.rule, task.outcome) == ("system", "timer", "approve")
    (event,) = [e for e in record.record_of(reading).history if e.type == "DecidedByTimer"]
    assert (event.actor, event.via, event.outcome, event.node) == (
        "system",
        "timer",
        "approve",
        "approve_it",
    )


async def test_the_filer_sees_who_has_the_late_task_now(work: Workplace) -> None:
    await late(work, until="2026-03-04 19:00")
    buyer = work.person("sun.yue")
    await buyer.says(f"/case {CASE}")
    assert "王芳" in spell(buyer.answer.cards[0])
