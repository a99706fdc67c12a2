"""After the join a case is returned into branches of the fork, and comes back to the approver."""

from __future__ import annotations

from tests.office import MONDAY, Workplace
from tests.stories.test_side_by_side import FORK, START, drawn
from tests.unit.handlers import purchase
from workflows.loading import load_definition

BRANCHES = 'branches = ["approve_it", "check", { to = "audit", when = "price > 5000" }]'
AUDIT = """[[nodes]]
id = "audit"
kind = "approval"
name = { zh = "审计", en = "Audit" }
assignee = "person:deng.tao"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "final"

[[nodes]]
id = "final"
kind = "approval"
name = { zh = "终审", en = "Final approval" }
assignee = "person:li.qiang"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "order"

[nodes.outcomes.return]
to = ["approve_it", "check", "audit"]
resume = "jump_back"
at_most = 2

[[nodes]]
id = "check\""""


async def approved(work: Workplace, price: str) -> None:
    """A printer for sun.yue that was approved in all branches; li.qiang has to decide."""
    text = purchase.TEXT.replace(START, 'start = "assess"')
    fork = FORK.replace('"order"', '"final"').replace(
        'branches = ["approve_it", "check"]', BRANCHES
    )
    fork = fork.replace('[[nodes]]\nid = "check"', AUDIT)
    first = '[nodes.outcomes.approve]\nto = "order"'
    assert text.count(first) == 1
    text = text.replace(first, '[nodes.outcomes.approve]\nto = "final"')
    text = text.replace('[[nodes]]\nid = "approve_it"', fork)
    loaded = load_definition(text, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price=price, count="30", kind="used")
    await work.person("guo.xin").presses("完成", kind="task")
    await work.person("he.jun").presses("同意")


async def test_two_branches_are_taken_again_and_lead_back_to_whoever_returned_it(
    in_both: Workplace,
) -> None:
    work = in_both
    await approved(work, "1234.50")
    boss = work.person("li.qiang")
    await boss.presses("退回", kind="task")
    assert boss.sheet is not None
    where = next(one for one in boss.sheet.questions if one.id == "return-to")
    assert [choice.id for choice in where.choices] == ["approve_it", "check"]  # no audit was needed
    await boss.fills(**{"return-to": ["check", "approve_it"], "reason": "库存对不上"})

    case = await work.case("P-2026-0001")
    assert sorted(task.node for task in case.open_tasks) == ["approve_it", "check"]
    states, taken = await drawn(work)
    assert (states["approve_it"], states["check"]) == ("current", "current")
    assert {("final", "approve_it"), ("final", "check")} < taken
    await work.person("guo.xin").sees("库存对不上", kind="task")
    await work.person("guo.xin").presses("完成", kind="task")
    assert [task.node for task in (await work.case("P-2026-0001")).open_tasks] == ["approve_it"]
    await work.person("he.jun").presses("同意", kind="task")
    case = await work.case("P-2026-0001")
    assert [(task.node, task.round) for task in case.open_tasks] == [("final", 2)]
    await boss.presses("同意", kind="task")
    assert (await work.case("P-2026-0001")).node == "order"


async def test_the_return_is_taken_back_and_the_branches_close_again(in_both: Workplace) -> None:
    work = in_both
    await approved(work, "1234.50")
    boss = work.person("li.qiang")
    await boss.presses("退回", kind="task")
    await boss.fills(**{"return-to": ["check"], "reason": "库存对不上"})
    await boss.presses("拿回", kind="task")
    await boss.fills(text="看错了")

    case = await work.case("P-2026-0001")
    assert [(task.node, task.round) for task in case.open_tasks] == [("final", 1)]
    assert not {"完成", "Complete"} & await work.person("guo.xin").buttons(kind="task")


async def test_the_history_says_which_branches_are_open_again(work: Workplace) -> None:
    await approved(work, "1234.50")
    boss = work.person("li.qiang")
    await boss.presses("退回", kind="task")
    await boss.fills(**{"return-to": ["check"], "reason": "库存对不上"})
    buyer = work.person("sun.yue")
    await buyer.presses("详情", kind="case")

    assert "“会办”重新打开：核对库存" in str(buyer.answer)
