"""Verbs on tasks, where the stories do not come by."""

import pytest

from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint, triage
from tests.unit.handlers.purchase import requested


async def test_an_approval_without_a_form_is_given_at_once(work: Workplace) -> None:
    await requested(work)
    approver = work.person("he.jun")

    assert await approver.presses("同意") == "已完成，下一步：下单。"
    assert approver.sheet is None
    await work.person("xie.ting").sees("下单", "P-2026-0001", kind="task")


async def test_a_task_without_a_form_is_completed_at_once(work: Workplace) -> None:
    await requested(work)
    await work.person("he.jun").presses("同意")

    assert await work.person("xie.ting").presses("完成") == "已完成，P-2026-0001 已结案。"
    await work.person("sun.yue").sees("已结案", kind="closed")


async def test_a_rejection_needs_a_reason_and_ends_the_case(work: Workplace) -> None:
    await requested(work)
    approver = work.person("he.jun")
    await approver.presses("驳回")
    await approver.fills(reason=" ")
    assert approver.answer.problems == {"reason": "请填写。"}

    await approver.fills(reason="预算不够")

    card = await work.person("sun.yue").sees("已驳回", "P-2026-0001", kind="closed")
    assert not [file for file in card.files if file.id.startswith("paper")]  # it has no document
    await work.person("sun.yue").presses("详情", kind="closed")
    assert "预算不够" in work.person("sun.yue").reads()


async def test_where_a_form_asks_for_words_they_are_the_reason(work: Workplace) -> None:
    """What the customer said is why it goes back; nobody is asked for the same thing twice."""
    handler = await dispatched(work)
    await handler.presses("登记答复")
    await handler.fills(answer="已致歉")
    await handler.presses("提交", kind="task")
    await handler.fills(root_cause="薄", resolution="换新")
    filer = work.person("emma.clark")
    await filer.presses("退回", kind="task")

    assert filer.sheet is not None
    assert [(q.id, q.required) for q in filer.sheet.questions] == [("customer_answer", True)]
    await filer.fills(customer_answer="")
    assert set(filer.answer.problems) == {"customer_answer"}
    await filer.fills(customer_answer="颜色不对")
    await handler.sees("颜色不对", kind="task")


async def test_what_was_filled_before_is_mended_and_not_typed_again(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("退回", kind="task")
    await handler.fills(text="再看看")
    desk = work.person("liu.yang")

    await desk.presses("提交", kind="task")

    assert desk.sheet is not None
    assert {q.id: q.value for q in desk.sheet.questions} == {
        "grade": "normal",
        "category": "product",
    }


@pytest.mark.parametrize("token", ["act|C-2026-0001|t2|nothing", "act|C-2026-0001|t2|"])
async def test_an_action_that_is_not_offered_is_refused(work: Workplace, token: str) -> None:
    handler = await dispatched(work)

    for answer in (await handler.forges(token), await handler.forges(token, answer="x")):
        assert answer == "这一步没有这个操作。"


async def test_a_step_offers_only_its_own_ways_back(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await desk.presses("认领")

    assert await desk.forges("back|C-2026-0001|t1|") == "不能退回到那一步。"
    answer = await desk.forges("back|C-2026-0001|t1|", to="archive", text="x")
    assert answer == "不能退回到那一步。"


async def test_an_outcome_that_the_step_does_not_have_is_refused(work: Workplace) -> None:
    handler = await dispatched(work)

    assert "登记答复" in await handler.forges("approve|C-2026-0001|t2|")
    await handler.presses("登记答复")
    await handler.fills(answer="已致歉")
    answer = await handler.forges("approve|C-2026-0001|t2|", root_cause="a", resolution="b")
    assert answer == "这一步没有这个选项。"


async def test_a_decision_waits_for_its_action_when_the_sheet_is_sent_too(
    work: Workplace,
) -> None:
    handler = await dispatched(work)

    answer = await handler.forges("complete|C-2026-0001|t2|", root_cause="a", resolution="b")

    assert answer == "请先完成“登记答复”，再提交。"


async def test_a_task_cannot_go_to_its_filer_or_to_nobody(work: Workplace) -> None:
    handler = await dispatched(work)
    filer = await work.person("emma.clark").key()
    await handler.presses("转交", kind="task")
    assert handler.sheet is not None
    offered = {c.id for q in handler.sheet.questions for c in q.choices}

    assert not {filer, await handler.key()} & offered
    token = handler.sheet.token
    assert "发起人" in await handler.forges(token, person=filer)
    assert "没有找到这位同事" in await handler.forges(token, person="p_nobody")
    assert await handler.forges(token, text="x") == ""
    assert handler.answer.problems == {"person": "请选择。"}


async def test_claiming_comes_first(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))

    assert await work.person("liu.yang").forges("complete|C-2026-0001|t1|") == "请先认领。"


async def test_only_those_it_was_escalated_to_take_over(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    await work.passes("2h")

    answer = await work.person("liu.yang").forges("takeover|C-2026-0001|t2|")

    assert answer == "这项任务没有升级给您，不能接手。"


async def test_who_took_over_has_nothing_more_to_take(work: Workplace) -> None:
    await dispatched(work, grade="urgent")
    await work.passes("2h")
    manager = work.person("zhao.lei")
    assert await manager.presses("接手办理") == "您已接手“处理并答复”。"

    assert await manager.forges("takeover|C-2026-0001|t2|") == "已经由您办理了。"


async def test_regrading_tells_the_new_limit(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await desk.presses("认领")
    await triage(desk, grade="urgent")

    await work.person("emma.clark").sees("Mon 2 Mar 11:00", kind="case")
