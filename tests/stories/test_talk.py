"""What people say to each other in a case: questions, comments, urging, copies, withdrawal."""

from __future__ import annotations

from tests.office import Workplace
from tests.stories.deeds import ONE_PIXEL, dispatched, file_complaint, resolve


async def test_a_question_stops_the_clock_until_it_is_answered(in_both: Workplace) -> None:
    work = in_both
    handler = await dispatched(work)
    due = _due(await work.case())
    await work.passes("1h")
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")
    filer = work.person("emma.clark")
    await filer.sees("订单号是多少？", "C-2026-0001", kind="question")
    await handler.sees("等待发起人回复", kind="task")

    await work.passes("1d")
    await filer.sees("提醒", kind="reminder")
    await filer.presses("回答", kind="question")
    await filer.fills(text="A-100-7")

    await handler.sees("A-100-7", kind="answered")
    assert _due(await work.case()) > due
    await filer.does_not_see("回答", kind="reminder")
    asked = await filer.sees("订单号是多少？", kind="question")
    assert not asked.buttons


def _due(case):
    clock = case.clock("task:t2")
    assert clock is not None
    return clock.due_at


async def test_a_silent_filer_is_reminded_and_at_last_the_clock_runs_on(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")

    await work.passes("12d")

    await work.person("emma.clark").sees("No answer needed any more", kind="question")
    await handler.sees("没有等到回复", "C-2026-0001", kind="lapsed")


async def test_a_question_cannot_be_asked_when_its_time_is_used_up(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")
    await work.passes("12d")

    assert "5 个工作日" in await handler.presses("提问", kind="task")
    assert handler.sheet is None


async def test_what_is_typed_in_the_thread_is_a_comment(in_both: Workplace) -> None:
    work = in_both
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    photo = await filer.uploads("新照片.png", ONE_PIXEL)
    await filer.says("又坏了一箱", case="C-2026-0001", files=(photo,))

    card = await handler.sees("又坏了一箱", "C-2026-0001", kind="comment")
    assert [file.name for file in card.files] == ["新照片.png"]
    await filer.does_not_see("又坏了一箱", kind="comment")
    await handler.presses("评论", kind="comment")
    await handler.fills(text="收到")
    await filer.sees("收到", kind="comment")


async def test_a_photo_alone_is_a_comment_too(work: Workplace) -> None:
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    photo = await filer.uploads("新照片.png", ONE_PIXEL)

    await filer.says("", case="C-2026-0001", files=(photo,))

    assert (await handler.sees("C-2026-0001", kind="comment")).files


async def test_urging_is_limited_and_makes_itself_heard_on_the_card(work: Workplace) -> None:
    handler = await dispatched(work)
    await work.passes("30m")
    filer = work.person("emma.clark")
    heard = _heard(work, await handler.key())
    assert "nudged" in await filer.presses("催办", kind="case")
    await handler.sees("催办于", kind="task")
    assert _heard(work, await handler.key()) == heard + 1

    assert "again possible" in await filer.presses("催办", kind="case")
    urged = (await work.event_types()).count("Urged")
    assert urged == 1
    assert _heard(work, await handler.key()) == heard + 1


def _heard(work: Workplace, person: str) -> int:
    return sum(message.noticed for message in work.chat.of(person) if message.card.kind == "task")


async def test_only_whoever_waits_may_urge(work: Workplace) -> None:
    handler = await dispatched(work)

    assert "发起人" in await handler.forges("urge|C-2026-0001||")


async def test_a_case_can_be_withdrawn_until_the_solution_is_confirmed(in_both: Workplace) -> None:
    work = in_both
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    await filer.presses("撤回", kind="case")
    await filer.fills(text="误会")

    await filer.sees("已撤回", kind="case")
    card = await handler.sees("处理并答复", kind="task")
    assert not card.buttons
    assert (await work.case()).status == "withdrawn"
    assert await work.next_at() is None


async def test_it_is_too_late_to_withdraw_once_the_solution_is_there(work: Workplace) -> None:
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    withdraw = await filer.button("撤回", kind="case")
    await resolve(handler)

    assert "Withdraw" not in await filer.buttons()
    assert "too far" in await filer.forges(withdraw.token)
    assert filer.sheet is None


async def test_others_are_copied_in_once(in_both: Workplace) -> None:
    work = in_both
    await dispatched(work)
    filer, reader = work.person("emma.clark"), work.person("guo.xin")
    await filer.presses("抄送", kind="case")
    await filer.fills(people=["guo.xin"], text="请留意包装")

    card = await reader.sees("C-2026-0001", "请留意包装", kind="copied")
    assert {button.verb for button in card.buttons} == {"details", "comment"}
    await reader.presses("详情", kind="copied")
    assert "C-2026-0001" in reader.reads()
    await filer.presses("抄送", kind="case")
    offered = {c.id for q in filer.sheet.questions for c in q.choices} if filer.sheet else set()
    assert await reader.key() not in offered


async def test_the_desk_can_act_from_the_list_of_their_tasks(in_both: Workplace) -> None:
    """T5: whoever lost the message finds the task, and its buttons, through /tasks."""
    work = in_both
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    await desk.says("/tasks")
    assert await desk.in_words("分类分级") in desk.reads()
    await desk.presses("C-2026-0001", kind="list")

    await desk.presses("认领", kind="details")

    assert (await work.case()).open_tasks[0].assignee == await desk.key()
