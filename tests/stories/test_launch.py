"""The launch of a product, from the command to its approval opinion and its revocation."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from handlers.documents import papers
from tests.office import MONDAY, Workplace
from tests.stories.deeds import report_text
from workflows.loading import load_definition

if TYPE_CHECKING:
    from tests.person import Colleague

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)
CASE = "L-2026-0001"
REQUEST: dict[str, object] = {
    "product": "X200 智能除湿机",
    "category": "device",
    "launch_date": "2026-06-01",
    "market": ["domestic", "europe"],
    "budget": "180000",
    "currency": "cny",
    "revenue": "2400000",
}


async def in_force(work: Workplace, *changes: tuple[str, str]) -> None:
    """Put the launch process in force, with these parts of its text in place of others."""
    text = files("workflows.processes").joinpath("launch.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    loaded = load_definition(text, file="launch.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="launch", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def asked(work: Workplace, **values: object) -> Colleague:
    """fang.hao asks for a launch."""
    await in_force(work)
    filer = work.person("fang.hao")
    await filer.says("/launch")
    plan = await filer.uploads("上市方案.pdf", PDF)
    await filer.fills(**{**REQUEST, "plan": [plan], **values})
    assert CASE in filer.answer.text, filer.answer
    return filer


async def approves(person: Colleague, **values: object) -> None:
    await person.presses("同意", kind="task")
    await person.fills(**values)


async def reviewed(work: Workplace) -> None:
    """R&D, market and finance approve."""
    await approves(work.person("xu.ning"), opinion="技术成熟")
    await approves(work.person("guo.xin"), demand="high", assessment="需求旺盛")
    await approves(work.person("qian.li"), opinion="预算合理")


async def test_a_small_budget_ends_with_the_finance_manager(in_both: Workplace) -> None:
    """P2.8."""
    work = in_both
    filer = await asked(work)
    await reviewed(work)

    assert (await work.case(CASE)).status == "completed"
    await filer.sees("X200", kind="closed")


async def test_a_large_one_takes_one_executive_and_the_largest_all(work: Workplace) -> None:
    """P2.8."""
    await asked(work, budget="100000", currency="usd")
    await reviewed(work)

    case = await work.case(CASE)
    amount = case.fact("amount")
    assert amount is not None
    assert (case.node, str(amount.amount)) == ("one_executive", "720000.00")
    await work.person("gao.feng").presses("认领", kind="task")
    await approves(work.person("gao.feng"), opinion="同意")
    assert (await work.case(CASE)).status == "completed"


async def test_the_launch_story(in_both: Workplace) -> None:
    """A return, a budget that grew, a countersign, a document, and a revocation."""
    work = in_both
    filer = await asked(work, budget="800000")
    await reviewed(work)
    executive = work.person("lin.wei")
    await executive.presses("认领", kind="task")
    await executive.presses("退回", kind="task")
    await executive.fills(**{"return-to": "revise", "opinion": "请把欧洲的认证费算进去"})

    await filer.sees("请把欧洲的认证费算进去", kind="task")
    await filer.presses("提交", kind="task")
    await filer.fills(budget="1200000")
    case = await work.case(CASE)
    assert case.node == "finance_review", "the budget is material to finance alone"
    await approves(work.person("qian.li"), opinion="追加后仍可行")

    case = await work.case(CASE)
    assert [task.node for task in case.open_tasks] == ["all_executives"] * 2
    await approves(executive, opinion="同意上市")
    assert (await work.case(CASE)).status == "running"
    await approves(work.person("gao.feng"), opinion="同意，控制成本")
    assert (await work.case(CASE)).status == "completed"

    chinese = ("X200", "认证费", "已失效", "追加后仍可行", "控制成本", "批准上市", "（已签）")
    for language, kind, said in (
        ("zh", "docx", chinese),
        ("en", "pdf", ("Approval opinion", "Launch approved", "signed")),
    ):
        _, content = await papers.open_paper(
            work.database,
            work.files,
            work.office,
            person=await filer.key(),
            name=f"paper.{CASE}.{language}.{kind}",
        )
        words = "".join(report_text(content, kind).split())
        for one in said:
            assert "".join(one.split()) in words, one
        assert "技术成熟" in words.replace("意见：技术成熟", ""), "the column says what it is"

    await filer.presses("撤销", kind="case")
    await filer.fills(text="供应商停产")
    await work.person("tang.yi").sees("供应商停产", kind="task")
    await work.person("tang.yi").presses("同意", kind="task")
    assert (await work.case(CASE)).status == "withdrawn"
    await filer.sees("已撤销", kind="case")
