"""Who may act, as people meet it: offered, moved with a role, asked in place of somebody else."""

from __future__ import annotations

from dataclasses import replace

from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint, resolve


async def give_roles(work: Workplace, **roles: tuple[str, ...]) -> None:
    """Import a directory in which these people hold just these roles."""
    directory = await work.directory()
    people = [
        replace(person, roles=roles.get(person.id.replace(".", "_"), person.roles))
        for person in directory.people.values()
    ]
    await work.database.run(
        lambda tx: tx.people.replace(people, list(directory.departments.values()))
    )
    await work.settle()


async def test_a_transfer_offers_only_those_who_may_have_the_task(work: Workplace) -> None:
    """And is not refused for all when the first colleague listed may not."""
    handler = await dispatched(work)
    await resolve(handler)
    filer = work.person("emma.clark")

    await filer.presses("转交", kind="task")

    assert filer.sheet is not None
    offered = {choice.id for choice in filer.sheet.questions[0].choices}
    assert await handler.key() not in offered
    assert await filer.key() not in offered
    await filer.fills(person="chen.jing")
    await work.person("chen.jing").sees("客户是否满意", kind="task")


async def test_unclaimed_work_follows_the_role(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    before, after = work.person("liu.yang"), work.person("zhou.min")
    await before.sees("分类分级", "待认领", kind="task")

    await give_roles(work, liu_yang=(), zhou_min=("complaint-desk",))

    old = await before.sees("分类分级", "已由他人办理", kind="task")
    assert {button.verb for button in (*old.buttons, *old.more)} == {"details"}
    assert "没有查看这件事项的权限" in await before.says("/case C-2026-0001")
    await after.presses("认领", kind="task")
    await after.presses("提交", kind="task")
    await after.fills(grade="normal", category="product")
    assert (await work.case()).node == "resolve"


async def test_a_card_that_was_transferred_is_nobodys_task_any_more(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("转交", kind="task")
    await handler.fills(person="sun.yue")

    await handler.sees("处理并答复", "已由他人办理", kind="task")
    await work.person("sun.yue").sees("处理并答复", "待办", kind="task")


async def test_the_owner_answers_for_a_filer_who_cannot_be_reached(work: Workplace) -> None:
    handler = await dispatched(work)
    filer, owner = work.person("emma.clark"), work.person("chen.jing")
    work.chat.gone.add(await filer.key())
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")
    await owner.sees("订单号是多少？", "无法联系到", kind="question")

    await owner.presses("回答", kind="question")
    await owner.fills(text="A-100-7，电话里问到的")

    await handler.sees("A-100-7", kind="answered")
    await handler.presses("详情")
    assert "联系不上，由陈静代为回答" in handler.reads()


async def test_the_owner_does_not_answer_for_a_filer_who_was_reached(work: Workplace) -> None:
    handler = await dispatched(work)
    await handler.presses("提问", kind="task")
    await handler.fills(text="订单号是多少？")

    owner = work.person("chen.jing")
    await owner.forges("reply|C-2026-0001|t2|")
    assert "不是问您的" in owner.answer.text
    await owner.forges("reply|C-2026-0001|t2|", text="A-100-7")
    assert "不是问您的" in owner.answer.text


async def test_whoever_left_is_not_asked(work: Workplace) -> None:
    handler = await dispatched(work)
    token = (await handler.button("提问", kind="task")).token
    directory = await work.directory()
    stay = [person for person in directory.people.values() if person.id != "emma.clark"]
    await work.database.run(
        lambda tx: tx.people.replace(stay, list(directory.departments.values()))
    )

    assert "已离职" in await handler.forges(token)
    await handler.presses("详情")
    assert "提问" not in await handler.buttons(kind="details")
