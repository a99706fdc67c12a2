"""A step that is a case of another process: started, waited for, ended with it."""

from __future__ import annotations

import pytest

from handlers.playground.case import case_view
from handlers.playground.page import PageCase
from storage.fsck import every_page
from tests.office import MONDAY, Workplace
from tests.unit.handlers import purchase
from workflows.loading import load_definition

OPENING = """
key = "opening"
name = { zh = "开店", en = "Open a shop" }
purpose = { zh = "开一家新店", en = "Open a new shop" }
departments = ["sales"]
owner = "person:chen.jing"
command = "opening"
case_prefix = "O"
start_form = "shop"
start = "plan"

[forms.shop]
name = { zh = "新店", en = "Shop" }
fields = [
  { id = "shop", type = "text", required = true, label = { zh = "店名", en = "Shop" } },
  { id = "budget", type = "money", min = 0, label = { zh = "预算", en = "Budget" } },
]

[ladders.step]
rungs = [{ at = "due", remind = "assignee" }, { at = "due + 1wd", escalate = "owner" }]

[[nodes]]
id = "plan"
kind = "task"
name = { zh = "规划", en = "Plan" }
assignee = "person:zhao.lei"
due = "2wd"
ladder = "step"
next = "equip"

[[nodes]]
id = "equip"
kind = "process"
name = { zh = "采购设备", en = "Buy the equipment" }
process = "purchase"
values = { what = "shop", price = "budget" }
outcomes = { completed = "open", rejected = "refused", withdrawn = "plan_again" }

[[nodes]]
id = "plan_again"
kind = "task"
name = { zh = "重新规划", en = "Plan again" }
assignee = "person:zhao.lei"
due = "2wd"
ladder = "step"
next = "refused"

[[nodes]]
id = "open"
kind = "end"
name = { zh = "开业", en = "Open" }

[[nodes]]
id = "refused"
kind = "end"
status = "rejected"
name = { zh = "不开", en = "Not opened" }
"""
PARENT, CHILD = "O-2026-0001", "P-2026-0001"


async def publish(work: Workplace, text: str, key: str) -> None:
    loaded = load_definition(text, file=f"{key}.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key=key, hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )


async def planned(work: Workplace, *, filer: str = "sun.yue", shop: str = "南京路店") -> None:
    """A shop is to be opened; its equipment is the next step, a purchase."""
    await publish(work, OPENING, "opening")
    person = work.person(filer)
    await person.says("/opening")
    await person.fills(shop=shop, budget="2500")
    await work.settle()
    await work.person("zhao.lei").presses("完成", kind="task")
    await work.settle()


async def show(work: Workplace, case_id: str) -> str:
    person = work.person("sun.yue")
    await person.says(f"/case {case_id}")
    return person.reads()


async def drawn(work: Workplace, node_id: str) -> tuple[str, str]:
    """State and people of a node in the diagram of the first case."""
    key = await work.person("sun.yue").key()
    page = await work.database.read(
        lambda tx: case_view(tx, work.office, case_id=PARENT, person=key, language="zh")
    )
    assert isinstance(page, PageCase)
    return next((node.state, node.who) for node in page.diagram.nodes if node.id == node_id)


async def status(work: Workplace, case_id: str) -> str:
    case = await work.database.read(lambda tx: tx.cases.load(case_id))
    assert case is not None
    return str(case.status)


async def sound(work: Workplace) -> None:
    def find(tx):
        return [str(one) for page in every_page(tx.connection) for one in page.findings]

    assert await work.database.read(find) == []


async def test_a_step_starts_a_case_of_another_process_and_goes_on_when_it_ends(
    work: Workplace,
) -> None:
    await purchase.put_in_force(work)
    await planned(work)

    boss = work.person("he.jun")
    card = await boss.sees("审批", CHILD, kind="task")
    assert "南京路店" in str(card)
    assert (await drawn(work, "equip")) == ("current", CHILD)
    assert "等待流程: P-2026-0001" in (await show(work, PARENT))
    assert "由此发起: O-2026-0001" in (await show(work, CHILD))
    filer = work.person("sun.yue")
    await filer.says(f"/why {PARENT}")
    assert "采购设备  这一步没有人需要办理：等待 P-2026-0001 结束" in filer.reads()
    await boss.presses("同意", kind="task")
    await work.person("xie.ting").presses("完成", kind="task")
    await work.settle()

    assert (await drawn(work, "equip")) == ("done", CHILD)
    assert await status(work, CHILD) == "completed"
    assert await status(work, PARENT) == "completed"
    history = await show(work, PARENT)
    assert "“采购设备”发起了 P-2026-0001" in history
    assert "P-2026-0001 已结束（已结案），“采购设备”完成" in history
    await sound(work)


async def test_a_rejection_and_a_withdrawal_lead_where_the_definition_says(work: Workplace) -> None:
    await purchase.put_in_force(work)
    await planned(work)
    await work.person("he.jun").presses("驳回", kind="task")
    await work.person("he.jun").fills(reason="太贵")
    await work.settle()
    assert await status(work, PARENT) == "rejected"

    filer = work.person("sun.yue")
    await filer.says("/opening")
    await filer.fills(shop="外滩店", budget="100")
    await work.settle()
    await work.person("zhao.lei").presses("完成", kind="task")
    await work.settle()
    await filer.says("/case P-2026-0002")
    await filer.presses("撤回")
    await filer.fills(text="不要了")
    await work.settle()

    assert await status(work, "P-2026-0002") == "withdrawn"
    await work.person("zhao.lei").sees("重新规划", "O-2026-0002", kind="task")
    await sound(work)


async def test_who_ends_the_case_ends_the_one_that_it_waits_for(work: Workplace) -> None:
    await purchase.put_in_force(work)
    await planned(work)
    filer = work.person("sun.yue")
    await filer.says(f"/case {PARENT}")
    await filer.presses("撤回")
    await filer.fills(text="不开了")
    await work.settle()

    assert await status(work, PARENT) == "withdrawn"
    assert await status(work, CHILD) == "terminated"
    boss = work.person("he.jun")
    (card,) = [one for one in await boss.cards() if one.kind == "task"]
    assert card.buttons == ()
    assert "已终止" in await show(work, CHILD)
    await sound(work)


@pytest.mark.parametrize(
    ("filer", "shop", "why"),
    [
        ("liu.yang", "南京路店", "发起人无权发起该流程"),
        (
            "sun.yue",
            "一个名字特别特别特别特别特别特别特别特别长的店铺",
            "带过去的内容不符合该流程的申请表",
        ),
    ],
)
async def test_a_start_that_is_refused_is_told_and_tried_again(
    work: Workplace, filer: str, shop: str, why: str
) -> None:
    await purchase.put_in_force(work)
    await planned(work, filer=filer, shop=shop)

    owner = work.person("chen.jing")
    card = await owner.sees("无法发起", PARENT, kind="other_refused")
    assert why in card.text
    await sound(work)

    open_to_all = purchase.TEXT.replace('started_by = "members(sales)"', "")
    await publish(work, open_to_all.replace("max = 20", "max = 200"), "purchase")
    await work.passes("25h")
    await work.settle()

    card = await owner.sees("无法发起", PARENT, kind="other_refused")
    assert card.badge is not None
    assert card.badge.text == "已解决"
    await work.person("he.jun").sees("审批", CHILD, kind="task")
    await sound(work)


async def test_a_process_that_is_not_there_is_told(work: Workplace) -> None:
    await planned(work)

    card = await work.person("chen.jing").sees("无法发起", PARENT, kind="other_refused")
    assert "没有这个流程" in card.text
