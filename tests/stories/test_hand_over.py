"""Work changes hands: claimed, transferred, returned, taken over, done by a deputy."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from handlers import router
from handlers.intents import Pressed
from tests.office import Workplace, opened
from tests.stories.deeds import dispatched, file_complaint, resolve, triage


async def test_a_transfer_moves_the_task_with_its_due_time_and_the_reason(
    in_both: Workplace,
) -> None:
    work = in_both
    handler = await dispatched(work)
    before = (await work.case()).clock("task:t2")
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue", text="这个客户她熟悉")

    card = await work.person("sun.yue").sees("处理并答复", "这个客户她熟悉", kind="task")
    assert {button.verb for button in card.buttons} == {"act", "complete"}
    await handler.sees("孙悦", kind="task")
    assert await handler.in_words("提交") not in await handler.buttons(kind="task")
    after = (await work.case()).clock("task:t2")
    assert before is not None
    assert after is not None
    assert after.due_at == before.due_at


async def test_whoever_had_a_task_may_still_read_the_case(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue")

    await handler.presses("详情", kind="task")

    assert "C-2026-0001" in handler.reads()


async def test_a_task_moves_three_times_at_most(work: Workplace) -> None:
    holder = await dispatched(work)
    for successor in ("sun.yue", "zhou.min", "wang.fang"):
        await holder.presses("转交", kind="task")
        await holder.fills(person=successor)
        holder = work.person(successor)

    assert "3" in await holder.presses("转交", kind="task")
    assert holder.sheet is None


async def test_a_task_that_comes_back_goes_to_whoever_has_it_now(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue")
    await resolve(work.person("sun.yue"))
    filer = work.person("emma.clark")
    await filer.presses("退回", kind="task")
    await filer.fills(customer_answer="还没有好")

    card = await work.person("sun.yue").sees("处理并答复", "还没有好", kind="task")
    assert card.buttons


async def test_the_handler_can_send_it_back_to_be_classified_again(in_both: Workplace) -> None:
    work = in_both
    handler = await dispatched(work)
    await handler.presses("退回", kind="task")
    await handler.fills(text="这是价格问题")

    desk = work.person("liu.yang")
    card = await desk.sees("分类分级", "这是价格问题", kind="task")
    assert card.buttons
    await triage(desk, category="price")
    assert "C-2026-0001" in (await work.person("sun.yue").sees("处理并答复", kind="task")).title


async def test_the_manager_takes_over_what_was_escalated(in_both: Workplace) -> None:
    work = in_both
    handler = await dispatched(work, grade="urgent")
    await work.passes("2h")
    manager = work.person("zhao.lei")
    await manager.presses("接手办理", kind="escalation")

    await resolve_from(manager)
    await work.person("emma.clark").sees("客户是否满意", kind="task")
    assert await handler.in_words("提交") not in await handler.buttons()


async def resolve_from(manager) -> None:
    """A manager who took over acts from the card of the task."""
    await manager.sees("处理并答复", kind="task")
    await resolve(manager)


async def test_a_deputy_decides_for_somebody_who_is_away(in_both: Workplace) -> None:
    work = in_both
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")

    deputy = work.person("wang.fang")
    await deputy.sees("处理并答复", "由您代办", kind="task")
    await resolve(deputy)
    both = await handler.sees("处理并答复", "王芳", "李强", kind="task")
    label = await handler.in_words("拿回")
    assert [one.label for one in both.buttons] == [label], "the principal may take it back"
    case = await work.case()
    decided = next(task for task in case.tasks if task.id == "t2")
    assert decided.decided_by == await deputy.key()
    assert decided.on_behalf_of == await handler.key()


async def test_an_absence_that_begins_later_offers_the_task_then(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-03", last="2026-03-04")
    deputy = work.person("wang.fang")
    await deputy.does_not_see("处理并答复")

    await work.until("2026-03-03 08:00")

    await deputy.sees("处理并答复", "由您代办", kind="task")


async def test_a_second_absence_leaves_the_first_alone_until_it_begins(work: Workplace) -> None:
    handler = await dispatched(work)
    for person, first, last in (
        ("wang.fang", "2026-03-02", "2026-03-04"),
        ("sun.yue", "2026-03-04", "2026-03-06"),
    ):
        await handler.says("/away")
        await handler.fills(person=person, first=first, last=last)
    directory, key = await work.directory(), await handler.key()

    assert directory.deputy_of(key, at=work.clock.now()) == await work.person("wang.fang").key()
    await work.until("2026-03-04 08:00")
    assert directory.deputy_of(key, at=work.clock.now()) == await work.person("sun.yue").key()


@pytest.mark.parametrize("word", ["off", "OFF", "结束", "回来"])
async def test_coming_back_ends_the_absence(work: Workplace, word: str) -> None:
    handler = work.person("li.qiang")
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")

    assert "欢迎回来" in await handler.says(f"/away {word}")
    assert "没有设置外出" in await handler.says("/away off")


async def test_two_people_claim_at_once_and_one_gets_it(tmp_path: Path) -> None:
    async with opened(tmp_path, inline=False) as work:
        await file_complaint(work.person("emma.clark"))
        people = [work.person("liu.yang"), work.person("chen.jing")]
        presses = [
            Pressed(
                person=await person.key(),
                via="slack",
                key=f"race:{person.id}",
                token=(await person.button("认领")).token,
            )
            for person in people
        ]

        answers = await asyncio.gather(
            *(router.handle(work.database, work.office, press) for press in presses)
        )

        assert (await work.event_types()).count("TaskClaimed") == 1
        owner = (await work.case()).open_tasks[0].assignee
        assert sorted(answer.tone for answer in answers) == ["good", "warn"]
        assert any("已经认领了" in answer.text for answer in answers)
        assert owner in {await person.key() for person in people}


async def test_the_fourth_dissatisfaction_goes_to_management(in_both: Workplace) -> None:
    """P1.8: at most three times back to the handler."""
    work = in_both
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    for attempt in range(4):
        await resolve(handler, answer=attempt == 0)
        await filer.presses("退回", kind="task")
        await filer.fills(customer_answer=f"第 {attempt + 1} 次不满意")

    owner = work.person("chen.jing")
    card = await owner.sees("管理层决定", "第 4 次不满意", kind="task")
    assert card.buttons
    await owner.presses("提交", kind="task")
    await owner.fills(decision="全额退款")
    await work.person("liu.yang").sees("归档总结", "全额退款", kind="task")


async def test_a_leaver_s_work_goes_to_their_manager(work: Workplace) -> None:
    await dispatched(work)
    directory = await work.directory()
    stay = [person for person in directory.people.values() if person.id != "li.qiang"]
    await work.database.run(
        lambda tx: tx.people.replace(stay, list(directory.departments.values()))
    )
    await work.settle()

    card = await work.person("zhao.lei").sees("处理并答复", kind="task")
    assert card.buttons


async def test_whose_absence_a_manager_sets_or_ends_is_told(in_both: Workplace) -> None:
    work = in_both
    manager, person = work.person("zhao.lei"), work.person("li.qiang")
    await manager.says("/away")
    await manager.fills(of="li.qiang", person="sun.yue", first="2026-03-02", last="2026-03-04")
    card = await person.sees("赵磊", "孙悦", kind="away_set")
    assert [button.token for button in card.buttons] == ["away|||off"]

    await manager.says("/away off li.qiang")

    await person.sees("赵磊", kind="away_ended")
    key = await person.key()
    assert not (await work.directory()).deputy_of(key, at=work.clock.now())


async def test_an_absence_is_ended_by_its_person_from_the_notice(work: Workplace) -> None:
    manager, person = work.person("zhao.lei"), work.person("li.qiang")
    await manager.says("/away")
    await manager.fills(of="li.qiang", person="sun.yue", first="2026-03-02", last="2026-03-04")
    notice = await person.sees("赵磊", kind="away_set")

    await person.forges(notice.buttons[0].token)

    assert not (await work.directory()).deputy_of(await person.key(), at=work.clock.now())
    await person.does_not_see("赵磊", kind="away_ended")


async def test_nobody_ends_the_absence_of_somebody_who_is_not_below_them(work: Workplace) -> None:
    handler, other = work.person("li.qiang"), work.person("sun.yue")
    await handler.says("/away")
    await handler.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")

    assert "下属" in await other.says("/away off 李强")
    assert "没有设置外出" in await work.person("he.jun").says("/away off 孙悦")
    assert "没有找到" in await work.person("zhao.lei").says("/away off nobody")


async def test_a_manager_ends_an_absence_with_a_button(in_both: Workplace) -> None:
    work = in_both
    person, manager = work.person("li.qiang"), work.person("zhao.lei")
    await person.says("/away")
    await person.fills(person="wang.fang", first="2026-03-02", last="2026-03-04")

    await manager.says("/away list")
    (card,) = manager.answer.cards
    assert [line.when for line in card.lines] == [await manager.in_words("李强")]
    (button,) = [one for one in card.buttons if one.token.endswith(await person.key())]
    await manager.forges(button.token)

    await person.sees("赵磊", kind="away_ended")
    assert not (await work.directory()).away(await person.key(), at=work.clock.now())
    await manager.says("/away 名单")
    assert manager.answer.cards[0].lines == ()


async def test_an_administrator_may_end_every_absence_and_a_colleague_none(tmp_path: Path) -> None:
    async with opened(tmp_path, admins=("lin.wei",)) as work:
        person, other = work.person("li.qiang"), work.person("sun.yue")
        await person.says("/away")
        await person.fills(person="wang.fang", first="2026-03-03", last="2026-03-04")
        key = await person.key()

        await other.says("/away list")
        assert other.answer.cards[0].lines == ()
        await other.forges(f"away|||{key}")
        assert "下属" in other.answer.text
        admin = work.person("lin.wei")
        await admin.says("/away list")
        await admin.presses("结束李强的外出")
        assert "李强" in admin.answer.text
        await admin.says("/away list")
        assert admin.answer.cards[0].lines == ()
