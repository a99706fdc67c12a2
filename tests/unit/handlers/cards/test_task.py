"""The card of a task, for everybody who has to do with it."""

from tests.fakes.chat import spell
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint, resolve, triage
from tests.unit.handlers.purchase import requested


async def test_a_task_says_what_by_when_and_for_whom(work: Workplace) -> None:
    await dispatched(work)
    card = await work.person("li.qiang").sees("处理并答复", kind="task")

    assert spell(card).splitlines() == [
        "[待办] 处理并答复 · C-2026-0001",
        "到期: 3月5日 周四 18:00",
        "首次答复: 3月3日 周二 09:00",
        "结案: 3月9日 周一 09:00",
        "等级: 一般",
        "类别: 产品质量",
        "客户名称: Acme 东方食品",
        "联系方式: 13800000000",
        "投诉渠道: 电话",
        "产品或订单号: A-100",
        "发起人: Emma Clark",
        "“包装破损，箱子是湿的”",
        "[登记答复]  [提交]  (退回)  (转交)  (提问)  (评论)  (报告问题)  (关注)  (为什么)  (详情)",
    ]


async def test_a_done_task_says_who_did_what_when_and_only_offers_to_take_it_back(
    work: Workplace,
) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await desk.presses("认领")
    await triage(desk)
    for person, offered in (("liu.yang", ["拿回"]), ("chen.jing", [])):
        card = await work.person(person).sees("分类分级", kind="task")
        assert ([button.label for button in card.buttons], card.more) == (offered, ())
        assert card.note == "刘洋 · 完成 · 3月2日 周一 09:00"


async def test_whoever_confirms_reads_what_was_done_with_its_labels(work: Workplace) -> None:
    await resolve(await dispatched(work))
    card = await work.person("emma.clark").sees("Is the customer satisfied?", kind="task")

    (line,) = card.lines
    assert line.text == "Li Qiang · Resolve and reply: completed"
    assert line.quote == "Root cause: 包装薄\nWhat was done: 换新"
    assert [button.label for button in card.buttons] == [
        "Customer is satisfied",
        "Customer is not satisfied",
    ]


async def test_work_that_came_back_counts_its_rounds(work: Workplace) -> None:
    handler = await dispatched(work)
    await resolve(handler)
    filer = work.person("emma.clark")
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="没有收到")

    card = await handler.sees("没有收到", kind="task")

    assert card.text == "第 2 次来到这一步。"


async def test_whoever_got_it_because_nobody_was_found_is_told_so(work: Workplace) -> None:
    directory = await work.directory()
    await work.database.run(
        lambda tx: tx.people.replace(
            [p for p in directory.people.values() if p.id != "he.jun"],
            list(directory.departments.values()),
        )
    )
    await requested(work)

    card = await work.person("chen.jing").sees("审批", kind="task")
    assert card.text == "按流程定义没有找到办理人，因此交给您。"


async def test_a_task_that_waits_says_for_whom_and_offers_no_second_question(
    work: Workplace,
) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="哪一箱？")
    card = await handler.sees("等待发起人回复", kind="task")

    assert card.note == "已向 Emma Clark 提问（3月2日 周一 09:00），计时暂停"
    assert "ask" not in {button.verb for button in card.more}
    assert card.facts[0].value == "已暂停，等待回复"


async def test_a_deputy_s_card_says_for_whom(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")
    card = await work.person("wang.fang").sees("处理并答复", kind="task")

    assert card.note == "由李强办理 · 李强不在，由您代办"
    assert "complete" in {button.verb for button in card.buttons}


async def test_a_withdrawn_case_needs_nobody(work: Workplace) -> None:
    handler = await dispatched(work)
    await work.person("emma.clark").presses("撤回", kind="case")
    await work.person("emma.clark").fills()
    card = await handler.sees("处理并答复", kind="task")

    assert card.badge is not None
    assert (card.badge.text, card.note) == ("已取消", "不再需要办理 · 3月2日 周一 09:00")


async def test_a_task_sent_back_says_returned(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("退回", kind="task")
    await handler.fills(text="请重新分类")
    card = await handler.sees("处理并答复", kind="task")

    assert card.badge is not None
    assert (card.badge.text, card.note) == ("已退回", "李强 · 退回 · 3月2日 周一 09:00")


async def test_a_decision_that_opens_no_form_is_asked_for_once_more(work: Workplace) -> None:
    await requested(work)
    card = await work.person("he.jun").sees("P-2026-0001", kind="task")
    asked = {button.verb: button.confirm for button in card.buttons}

    assert "无法撤回" in asked["approve"]
    assert asked["reject"] == ""
