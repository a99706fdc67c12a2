"""Too late, again, or broken: a clear answer to the person, and nothing lost or changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pytest

from handlers import router
from handlers.documents import papers
from handlers.intents import Pressed, Said
from handlers.personal import erase_person
from storage.errors import StorageError
from storage.unit import Tx
from tests.fakes.chat import spell
from tests.office import MONDAY, Workplace
from tests.stories.deeds import (
    dispatched,
    events,
    file_complaint,
    report_text,
    resolve,
    triage,
)

T = TypeVar("T")


# ---------------------------------------------------------------------------- again, and too late


async def test_a_repeated_delivery_is_answered_alike_and_changes_nothing(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    first = await desk.presses("认领")
    before = await events(work)

    assert await desk.does_it_again() == first
    assert await events(work) == before


async def test_a_repeated_question_is_answered_again(work: Workplace) -> None:
    desk = work.person("liu.yang")
    await desk.says("/help")
    first = desk.reads()
    await desk.does_it_again()

    assert desk.reads() == first


async def test_a_second_click_is_told_kindly_that_it_is_done(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = work.person("liu.yang")
    token = (await desk.button("认领")).token
    await desk.forges(token)
    before = await events(work)

    assert await desk.forges(token) == "已经由您办理了。"
    assert await events(work) == before


async def test_a_button_of_a_done_task_says_who_did_it_and_when(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk, other = work.person("liu.yang"), work.person("chen.jing")
    late = (await other.button("认领")).token
    await desk.presses("认领")
    await triage(desk)
    await work.passes("1h")
    before = await events(work)

    assert await other.forges(late) == "刘洋已在今天 09:00 办理完毕，您的操作没有生效。"
    assert "您已在今天 09:00 办理完毕" in await desk.forges("complete|C-2026-0001|t1|")
    assert await events(work) == before


async def test_a_sheet_that_was_overtaken_is_told_so_before_its_fields_are_judged(
    work: Workplace,
) -> None:
    handler = await dispatched(work)
    await handler.presses("登记答复")
    await handler.fills(answer="已致歉")
    await handler.presses("提交", kind="task")
    sheet = handler.sheet
    await handler.fills(root_cause="薄", resolution="换新")
    handler.sheet = sheet

    await handler.fills(root_cause="", resolution="")

    assert not handler.answer.problems
    assert "办理完毕" in handler.answer.text


@pytest.mark.parametrize(
    "token",
    [
        "",
        "|||",
        "complete",
        "complete|C-2026-0001|t9|",
        "complete|C-1|t1|",
        "x" * 65,
        "é|||",
        "a|b",
    ],
)
async def test_a_garbled_button_changes_nothing(work: Workplace, token: str) -> None:
    handler = await dispatched(work)
    before = await events(work)
    for answer in (await handler.forges(token), await handler.forges(token, reason="x")):
        assert answer
    assert await events(work) == before
    assert await work.dead() == ()


# ---------------------------------------------------------------------------- faults of ours


class BrokenDatabase:
    """A database that fails in one way, for units and perhaps for reading too."""

    def __init__(self, inner, error: Exception, *, reading: bool = False) -> None:
        self.inner, self.error, self.reading = inner, error, reading

    async def run(self, unit: Callable[[Tx], T]) -> T:
        raise self.error

    async def read(self, unit: Callable[[Tx], T], *, by: str = "") -> T:
        if self.reading:
            raise self.error
        result: T = await self.inner.read(unit, by=by)
        return result


@pytest.mark.parametrize("reading", [False, True])
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("disk_full", "磁盘已满"),
        ("database_locked", "系统正忙"),
        ("database_unreachable", "连不上数据库"),
        ("database_damaged", "没有任何改动"),
    ],
)
async def test_a_storage_that_fails_is_told_honestly(
    work: Workplace, code: str, said: str, reading: bool
) -> None:
    person = work.person("li.qiang")
    database = BrokenDatabase(work.database, StorageError(code, why="x"), reading=reading)

    answer = await router.handle(
        database,
        work.office,
        Said(person=await person.key(), via="slack", key="1", text="/link"),
    )

    assert said in answer.text


async def test_a_poisoned_interaction_is_kept_and_others_go_on(work: Workplace) -> None:
    handler = await dispatched(work)
    before = await events(work)
    working = work.office.ids.salt

    def poisoned() -> str:
        raise ZeroDivisionError("planted")

    ids = work.office.ids
    setattr(ids, "salt", poisoned)  # noqa: B010 - mypy knows that a method is no attribute
    answer = await handler.says("一句评论", case="C-2026-0001")
    setattr(ids, "salt", working)  # noqa: B010 - as above

    (letter,) = await work.dead()
    assert letter.id in answer
    assert letter.payload["text"] == "一句评论"
    assert "ZeroDivisionError: planted" in letter.error
    assert await events(work) == before
    await handler.says("另一句", case="C-2026-0001")
    assert await events(work) == before + 1


async def test_what_broke_is_told_in_the_reader_s_language(work: Workplace) -> None:
    filer = work.person("emma.clark")
    # Only a dead letter still gets an id.
    setattr(work.office.ids, "new", {"d": "d_1"}.__getitem__)  # noqa: B010 - as above

    await filer.says("/complaint")
    await filer.fills(
        customer="A", contact="1", channel="phone", product="B", what_happened="It broke"
    )

    assert "on our side" in filer.answer.text


async def test_a_damaged_definition_keeps_nothing_else_from_working(work: Workplace) -> None:
    handler = await dispatched(work)
    await work.database.run(
        lambda tx: tx.definitions.publish(
            key="complaint", hash="0" * 64, text="key = ", at=MONDAY, by="system"
        )
    )

    filer = work.person("emma.clark")
    assert "damaged" in await filer.says("/complaint")
    await filer.says("/help")
    assert "/tasks" in filer.reads()
    await resolve(handler)  # a running case keeps the version that it started with
    await filer.sees("客户是否满意", kind="task")


async def test_erased_content_says_so_everywhere(work: Workplace) -> None:
    handler = await dispatched(work)
    filer = work.person("emma.clark")
    await filer.says("我的电话是 139", case="C-2026-0001")
    await handler.says("好的", case="C-2026-0001")
    person = (await work.directory()).by_id("emma.clark")
    assert person is not None

    await work.database.run(lambda tx: erase_person(tx, work.office, person=person, via="cli"))
    await work.settle()

    card = await handler.sees("处理并答复", kind="task")
    assert "已按要求删除" in card.quote
    assert "已删除的人员" in spell(card)
    for gone in ("Emma", "包装破损", "Acme", "139"):
        assert gone not in "".join(map(spell, await handler.cards()))
    await handler.presses("详情", kind="task")
    assert "按要求删除了" in handler.reads()
    assert "好的" in handler.reads()
    assert "Emma" not in handler.reads()
    _, content = await papers.open_paper(
        work.database,
        work.files,
        work.office,
        person=await handler.key(),
        name="paper.C-2026-0001.zh.docx",
    )
    assert "Acme" not in report_text(content, "docx")
    assert "已按要求删除" in report_text(content, "docx")
    await resolve(handler)  # the case goes on; the owner confirms for a filer who is gone
    assert (await work.case()).node == "confirm"


async def test_who_is_unreachable_is_stood_in_for_by_the_owner(work: Workplace) -> None:
    handler_key = await work.person("li.qiang").key()
    work.chat.gone.add(handler_key)
    await dispatched(work)

    card = await work.person("chen.jing").sees("无法联系到李强", "处理并答复", kind="task")
    assert "C-2026-0001" in card.title


async def test_a_press_by_nobody_is_refused(work: Workplace) -> None:
    answer = await router.handle(
        work.database,
        work.office,
        Pressed(person="p_nobody", via="slack", key="1", token="start|||complaint"),
    )

    assert "不在通讯录中" in answer.text
