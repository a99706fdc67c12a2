"""Each template of `process new`, filed and decided by the people of the sample company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot import sample
from tests.office import MONDAY, Workplace
from tests.stories.deeds import ONE_PIXEL
from workflows.loading import load_definition

if TYPE_CHECKING:
    from tests.person import Colleague

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


async def filed(
    work: Workplace, name: str, command: str, *, by: str = "wang.fang", **values: object
) -> Colleague:
    """Put a template in force and file a case of it."""
    text = (sample.TEMPLATES / f"{name}.toml").read_text(encoding="utf-8")
    loaded = load_definition(text, file=f"{name}.toml")
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key=name, hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )
    )
    filer = work.person(by)
    await filer.says(command)
    await filer.fills(**values)
    assert not filer.answer.problems, filer.answer
    return filer


async def does(work: Workplace, who: str, button: str, *, claim: bool = False, **v: object) -> None:
    """Somebody claims their newest task, if they must, and presses and fills."""
    person = work.person(who)
    if claim:
        await person.presses("认领", kind="task")
    await person.presses(button, kind="task")
    if person.sheet is not None:
        await person.fills(**v)
    assert not person.answer.problems, person.answer


async def ended(work: Workplace, case: str) -> str:
    found = await work.case(case)
    return f"{found.status} {found.node}"


async def test_a_leave_of_five_days_is_countersigned_and_the_cover_is_told(
    in_both: Workplace,
) -> None:
    work = in_both
    await filed(
        work,
        "leave",
        "/time-off 搬家",
        kind="personal",
        first_day="2026-03-09",
        last_day="2026-03-13",
        days="5",
        cover="li.qiang",
    )
    await does(work, "chen.jing", "同意")
    await does(work, "gao.feng", "同意", claim=True, opinion="注意交接")

    assert await ended(work, "LV-2026-0001") == "completed approved"
    await work.person("li.qiang").sees("LV-2026-0001")


async def test_a_short_leave_ends_with_the_line_manager(work: Workplace) -> None:
    await filed(
        work,
        "leave",
        "/time-off 看牙",
        kind="sick",
        first_day="2026-03-02",
        last_day="2026-03-02",
        days="0.5",
    )
    await does(work, "chen.jing", "驳回", opinion="下午有客户来访")

    assert await ended(work, "LV-2026-0001") == "rejected refused"


async def test_an_expense_claim_is_decided_checked_and_paid(work: Workplace) -> None:
    filer = work.person("wang.fang")
    receipt = await filer.uploads("发票.png", ONE_PIXEL)
    item = {"day": "2026-02-26", "kind": "travel", "what": "高铁", "amount": "312.50"}
    await filed(
        work,
        "expense",
        "/expense 拜访苏州客户",
        cost_to="customer-service",
        items=[item, {**item, "kind": "meal", "what": "午餐", "amount": "86"}],
        receipts=[receipt],
    )
    await does(work, "chen.jing", "同意")
    await does(work, "qian.li", "同意")
    await does(work, "guo.xin", "提交", paid_on="2026-03-02", reference="2026030200017")

    assert await ended(work, "EX-2026-0001") == "completed paid"
    await filer.sees("EX-2026-0001", kind="closed")


async def test_a_large_purchase_is_countersigned_ordered_and_received(work: Workplace) -> None:
    filer = work.person("wang.fang")
    quote = await filer.uploads("报价.pdf", PDF)
    await filed(
        work,
        "purchase",
        "/purchase 新办公室的桌椅",
        items=[{"what": "升降桌", "quantity": "10", "amount": "30000"}],
        needed_by="2026-03-31",
        quotes=[quote],
    )
    await does(work, "chen.jing", "同意")
    await does(work, "deng.kai", "同意")
    await does(work, "qian.li", "同意")
    order: dict[str, Any] = {
        "ordered_from": "华东办公",
        "order_number": "P-17",
        "arrives_on": "2026-03-10",
    }
    await does(work, "xie.ting", "提交", **order)
    await work.until("2026-03-10 09:30")
    await does(work, "wang.fang", "同意", arrived_on="2026-03-10")

    assert await ended(work, "PU-2026-0001") == "completed bought"


async def test_a_contract_without_money_passes_by_finance_and_is_filed(work: Workplace) -> None:
    filer = work.person("wang.fang")
    draft = await filer.uploads("保密协议.pdf", PDF)
    await filed(
        work,
        "contract",
        "/contract 与供应商的保密协议",
        party="华东包装有限公司",
        kind="confidential",
        amount="0",
        from_day="2026-03-15",
        to_day="2027-03-14",
        draft=[draft],
    )
    await does(work, "chen.jing", "同意")
    await does(work, "pan.rui", "同意", opinion="条款无异议")
    scan = await work.person("pan.rui").uploads("签署件.pdf", PDF)
    signed: dict[str, Any] = {"contract_number": "CT-17", "signed_on": "2026-03-02", "scan": [scan]}
    await does(work, "pan.rui", "提交", **signed)

    assert await ended(work, "CT-2026-0001") == "completed in_force"


async def test_a_newcomer_is_prepared_for_received_and_asked_after_a_month(work: Workplace) -> None:
    await filed(
        work,
        "onboarding",
        "/onboarding 林小雨",
        by="zhao.lei",
        job="客服专员",
        team="customer-service",
        boss="chen.jing",
        first_day="2026-03-09",
        equipment=["laptop"],
    )
    await does(work, "fang.hao", "提交", claim=True, login="lin.xiaoyu")
    await does(work, "zhao.lei", "提交", claim=True, papers=["contract", "badge"])
    await does(work, "chen.jing", "提交")
    await work.until("2026-03-09 09:30")
    await does(work, "chen.jing", "提交")
    await work.until("2026-04-08 09:30")
    await does(work, "chen.jing", "提交", how_it_goes="已能独立接线")

    assert await ended(work, "ON-2026-0001") == "completed settled"


async def test_a_critical_incident_is_answered_solved_confirmed_and_reviewed(
    work: Workplace,
) -> None:
    filer = await filed(
        work,
        "incident",
        "/incident 订单系统打不开",
        system="订单系统",
        severity="critical",
        since_day="2026-03-02",
        since_time="08:50",
    )
    await work.person("xu.ning").sees("IN-2026-0001")
    await does(work, "fang.hao", "登记响应", answer="数据库连接已满，半小时内恢复")
    await does(work, "fang.hao", "提交", cause="连接泄漏", solution="重启并限制连接数")
    await does(work, "wang.fang", "同意")
    await does(work, "xu.ning", "提交", root_cause="缺少超时", prevention="加超时与告警")

    assert await ended(work, "IN-2026-0001") == "completed closed"
    assert filer.id == "wang.fang"
