"""Steps that run side by side: each person has a card of their own, and the last one leads on."""

from __future__ import annotations

from handlers.playground.case import case_view
from handlers.playground.page import PageCase
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.loading import load_definition

START = 'start = "approve_it"'
FORK = """[[nodes]]
id = "assess"
kind = "fork"
name = { zh = "会办", en = "Assess" }
branches = ["approve_it", "check"]
join = "order"

[[nodes]]
id = "check"
kind = "task"
name = { zh = "核对库存", en = "Check the stock" }
assignee = "person:guo.xin"
due = "1wd"
ladder = "step"
next = "order"

[[nodes]]
id = "approve_it\""""


async def assessed(work: Workplace) -> None:
    """A printer for sun.yue that he.jun has to approve while guo.xin checks the stock."""
    assert purchase.TEXT.count(START) == 1
    text = purchase.TEXT.replace(START, 'start = "assess"')
    text = text.replace('[[nodes]]\nid = "approve_it"', FORK)
    loaded = load_definition(text, file="purchase.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="purchase", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    buyer = work.person("sun.yue")
    await buyer.says("/purchase")
    await buyer.fills(what="打印机", price="1234.50", count="30", kind="used")


async def test_two_people_work_side_by_side_and_the_last_one_leads_on(in_both: Workplace) -> None:
    work = in_both
    await assessed(work)
    case = await work.case("P-2026-0001")
    assert sorted(task.node for task in case.open_tasks) == ["approve_it", "check"]

    await work.person("guo.xin").presses("完成", kind="task")
    case = await work.case("P-2026-0001")
    assert [task.node for task in case.open_tasks] == ["approve_it"]
    await work.person("he.jun").presses("同意")
    case = await work.case("P-2026-0001")
    assert [task.node for task in case.open_tasks] == ["order"]
    await work.person("xie.ting").presses("完成", kind="task")
    assert (await work.case("P-2026-0001")).status == "completed"


async def test_a_reject_takes_the_card_of_the_other_branch_away(in_both: Workplace) -> None:
    work = in_both
    await assessed(work)
    await work.person("he.jun").presses("驳回", kind="task")
    await work.person("he.jun").fills(reason="不需要")

    assert (await work.case("P-2026-0001")).status == "rejected"
    assert not {"完成", "Complete"} & await work.person("guo.xin").buttons(kind="task")


async def test_the_filer_sees_the_steps_of_the_branches_and_not_the_fork(work: Workplace) -> None:
    await assessed(work)
    buyer = work.person("sun.yue")
    card = await buyer.sees("采购申请", kind="case")
    facts = {fact.label: fact.value for fact in card.facts}
    assert (facts["当前步骤"], facts["办理人"]) == ("审批、核对库存", "何军、郭欣")

    states, taken = await drawn(work)
    assert (states["assess"], states["approve_it"], states["check"]) == (
        "done",
        "current",
        "current",
    )
    assert taken == {("$start", "assess"), ("assess", "approve_it"), ("assess", "check")}

    await work.person("guo.xin").presses("完成", kind="task")
    await work.person("he.jun").presses("同意")
    states, taken = await drawn(work)
    assert states["order"] == "current"
    assert {("approve_it", "order"), ("check", "order")} < taken


async def drawn(work: Workplace) -> tuple[dict[str, str], set[tuple[str, str]]]:
    """The state of each node in the diagram of the case, and the edges that it took."""
    key = await work.person("sun.yue").key()
    page = await work.database.read(
        lambda tx: case_view(tx, work.office, case_id="P-2026-0001", person=key, language="zh")
    )
    assert isinstance(page, PageCase)
    taken = {(edge.source, edge.target) for edge in page.diagram.edges if edge.taken}
    return {node.id: node.state for node in page.diagram.nodes}, taken
