"""An approver returns a case to the step that they choose, and it comes back to them."""

from __future__ import annotations

from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.loading import load_definition

SECOND = """
[nodes.outcomes.approve]
to = "check"

[nodes.outcomes.reject]
to = "rejected"

[[nodes]]
id = "check"
kind = "approval"
name = { zh = "复核", en = "Check" }
assignee = "person:guo.xin"
due = "1wd"
ladder = "step"

[nodes.outcomes.approve]
to = "order"

[nodes.outcomes.return]
to = ["revise", "approve_it"]
resume = "jump_back"
at_most = 1

[[nodes]]
id = "revise"
kind = "task"
name = { zh = "修改申请", en = "Revise" }
assignee = "filer"
form = "request"
due = "1wd"
ladder = "step"
next = "approve_it"
"""
HEAD = 'assignee = "person:guo.xin"\n'
FIRST = """
[nodes.outcomes.approve]
to = "order"

[nodes.outcomes.reject]
to = "rejected"
"""


async def checked(work: Workplace, *, lines: str = "") -> None:
    """A printer for sun.yue that he.jun approved and guo.xin has to check, with these `lines`."""
    assert purchase.TEXT.count(FIRST) == 1
    loaded = load_definition(
        purchase.TEXT.replace(FIRST, SECOND.replace(HEAD, HEAD + lines)), file="purchase.toml"
    )
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used")
    await work.person("he.jun").presses("同意")


async def test_a_return_asks_where_to_and_comes_back_to_whoever_returned_it(
    in_both: Workplace,
) -> None:
    work = in_both
    await checked(work)
    buyer, checker = work.person("sun.yue"), work.person("guo.xin")
    await checker.presses("退回", kind="task")
    assert checker.sheet is not None
    where = next(one for one in checker.sheet.questions if one.id == "return-to")
    assert [choice.id for choice in where.choices] == ["revise", "approve_it"]
    assert where.label == {"zh": "退回到", "en": "Return to"}[work.language]
    await checker.fills(**{"return-to": "revise", "reason": "数量太多"})
    assert (await work.case("P-2026-0001")).node == "revise"

    await buyer.sees("数量太多", kind="task")
    await buyer.presses("提交", kind="task")
    await buyer.fills(what="打印机", price="1234.50", count="10", kind="used")
    case = await work.case("P-2026-0001")
    assert (case.node, [task.round for task in case.open_tasks]) == ("check", [2])
    card = await checker.sees("10", kind="task")
    changed = [
        fact.value for fact in card.facts if fact.label.startswith(("已修改：", "Changed: "))
    ]
    assert changed == ["30 → 10"]
    assert not {"退回", "Return"} & await checker.buttons(kind="task")
    await checker.presses("同意")
    assert (await work.case("P-2026-0001")).node == "order"


async def test_a_return_without_a_step_is_asked_for_it(work: Workplace) -> None:
    await checked(work)
    checker = work.person("guo.xin")
    await checker.presses("退回", kind="task")
    await checker.fills(reason="数量太多")

    assert "return-to" in checker.answer.problems
    assert (await work.case("P-2026-0001")).node == "check"


async def test_a_return_to_several_steps_takes_each_again_and_names_them(
    in_both: Workplace,
) -> None:
    work = in_both
    await checked(work)
    buyer, checker = work.person("sun.yue"), work.person("guo.xin")
    await checker.presses("退回", kind="task")
    assert checker.sheet is not None
    where = next(one for one in checker.sheet.questions if one.id == "return-to")
    assert (where.type, where.hint != "") == ("choices", True)
    await checker.fills(**{"return-to": ["revise", "approve_it"], "reason": "数量太多"})
    case = await work.case("P-2026-0001")
    assert (case.node, case.known_task("t2").returns_to) == ("revise", ("revise", "approve_it"))

    card = await buyer.sees("数量太多", kind="task")
    assert card.lines[-1].text in (
        "郭欣 · 复核：退回（到修改申请、审批）",
        "Guo Xin · Check: returned (to Revise, Approve)",
    )
    await buyer.presses("提交", kind="task")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used")
    assert (await work.case("P-2026-0001")).node == "approve_it"


async def test_a_changed_field_that_the_reviewer_may_not_see_stays_hidden(work: Workplace) -> None:
    await checked(work, lines='access = { price = "hide" }\n')
    checker, buyer = work.person("guo.xin"), work.person("sun.yue")
    await checker.presses("退回", kind="task")
    await checker.fills(**{"return-to": "revise", "reason": "数量太多"})
    await buyer.presses("提交", kind="task")
    await buyer.fills(what="打印机", price="99.00", count="10", kind="used")

    card = await checker.sees("10", kind="task")

    changed = [fact.value for fact in card.facts if fact.label.startswith("已修改")]
    assert changed == ["30 → 10"]
    assert "99" not in str(card)
