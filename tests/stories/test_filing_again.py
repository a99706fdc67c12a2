"""The filer files a rejected or withdrawn case again, from the card that says how it ended."""

from __future__ import annotations

from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.case.status import Status
from workflows.loading import load_definition

FIRST, SECOND = "P-2026-0001", "P-2026-0002"


async def wanted(work: Workplace) -> None:
    """sun.yue files a printer."""
    loaded = load_definition(purchase.TEXT, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used")


async def rejected(work: Workplace) -> None:
    """he.jun rejected it."""
    await wanted(work)
    chief = work.person("he.jun")
    await chief.presses("驳回", kind="task")
    await chief.fills(reason="数量太多")


async def test_a_rejected_case_is_copied_and_filed_again(in_both: Workplace) -> None:
    work = in_both
    await rejected(work)
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="closed")
    assert buyer.sheet is not None
    assert {q.id: q.value for q in buyer.sheet.questions}["what"] == "打印机"
    await buyer.fills(count="10")

    old, new = await work.case(FIRST), await work.case(SECOND)
    assert (old.filed_again, new.again_of) == (SECOND, FIRST)
    assert (old.status, new.status) == (Status.REJECTED, Status.RUNNING)
    await work.person("he.jun").sees(FIRST, SECOND, "10", kind="task")
    await buyer.sees(FIRST, SECOND, kind="closed")
    assert not {"复制并重新提交", "Copy and file again"} & await buyer.buttons(kind="closed")


async def test_both_histories_name_the_other_case(work: Workplace) -> None:
    await rejected(work)
    buyer = work.person("sun.yue")
    await buyer.presses("复制并重新提交", kind="case")
    await buyer.fills()

    assert f"复制并重新提交为 {SECOND}" in await said(work, FIRST)
    assert f"复制 {FIRST} 重新提交了" in await said(work, SECOND)


async def said(work: Workplace, case: str) -> str:
    buyer = work.person("sun.yue")
    await buyer.says(f"/case {case}")
    return buyer.reads()


async def test_a_withdrawn_case_is_filed_again_once_and_by_its_filer_only(work: Workplace) -> None:
    await wanted(work)
    buyer = work.person("sun.yue")
    await buyer.forges(f"resubmit|{FIRST}||")
    assert "只有被驳回或已撤回的事项" in buyer.answer.text
    await buyer.presses("撤回", kind="case")
    await buyer.fills()
    await buyer.presses("复制并重新提交", kind="case")
    await buyer.fills()
    assert (await work.case(SECOND)).again_of == FIRST

    await buyer.forges(f"resubmit|{FIRST}||", what="打印机", price="1", count="1", kind="used")
    assert SECOND in buyer.answer.text
    chief = work.person("he.jun")
    await chief.forges(f"resubmit|{FIRST}||")
    assert "发起人" in chief.answer.text
