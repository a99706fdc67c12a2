"""Whoever wants them gets their tasks each morning; owners and managers get the week in figures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from handlers.briefings import Wish, forget, wish_of
from tests.fakes.chat import Message
from tests.office import opened
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.test_storms import Stormy


@pytest.fixture
async def calm(tmp_path: Path) -> AsyncIterator[Stormy]:
    """An office on a Monday morning, in which nobody is told anything by the clock yet."""
    async with opened(tmp_path) as office:
        work = Stormy(database=office.database, office=office.office, clock=office.clock)
        work.lawful = False
        yield work


async def got(work: Stormy, person: str, kind: str) -> list[Message]:
    key = await work.person(person).key()
    return [message for message in work.chat.of(key) if message.card.kind == kind]


async def test_my_tasks_come_each_working_morning_once_i_ask_for_them(calm: Stormy) -> None:
    desk = calm.person("liu.yang")
    assert "每个工作日早上发送您的待办" in await desk.says("/digest 每天")
    await calm.until("2026-03-03 12:00")
    assert await got(calm, "liu.yang", "morning") == []  # nothing waits

    await file_complaint(calm.person("emma.clark"))
    await calm.until("2026-03-09 12:00")
    messages = await got(calm, "liu.yang", "morning")

    assert len(messages) == 4  # Wednesday to Friday, and Monday; not the weekend
    assert messages[0].card.title == "我的待办：1 项"
    assert messages[0].card.text == "早上好，以下事项今天等您办理。"
    assert [line.case_id for line in messages[0].card.lines] == ["C-2026-0001"]
    assert await got(calm, "chen.jing", "morning") == []  # who may claim it, and never asked

    assert "早上不发送待办" in await desk.says("/digest weekly")
    await calm.until("2026-03-11 12:00")
    assert len(await got(calm, "liu.yang", "morning")) == 4


async def test_the_morning_list_is_of_the_morning_and_sent_once(calm: Stormy) -> None:
    desk = calm.person("liu.yang")
    await desk.says("/digest on")
    await file_complaint(calm.person("emma.clark"))
    await calm.until("2026-03-03 09:30")
    calm.restart()
    await calm.until("2026-03-03 18:00")

    (message,) = await got(calm, "liu.yang", "morning")
    assert message.noticed == 1


async def test_owners_and_managers_get_the_week_in_figures_on_its_first_day(calm: Stormy) -> None:
    for _ in range(2):
        await file_complaint(calm.person("emma.clark"))
    await calm.until("2026-03-10 12:00")
    (week,) = await got(calm, "chen.jing", "week")
    lines = [(line.when, line.text) for line in week.card.lines]

    assert week.card.title == "近一周数据"
    assert lines == [
        ("客户投诉处理流程", "新增 2 件，办结 0 件；在办 2 件，其中超时 2 件"),
        ("我的团队", "在办 2 件，其中超时 2 件"),
        ("刘洋", "超时 2 项"),
    ]
    owner = calm.person("chen.jing")
    assert [button.label for button in week.card.buttons] == ["查看超时事项", "查看团队超时"]
    for button in week.card.buttons:
        await owner.forges(button.token)
        assert len(owner.answer.cards[0].lines) == 2
    assert await got(calm, "emma.clark", "week") == []  # leads nobody
    assert await got(calm, "xu.ning", "week") == []  # a team without open work

    await owner.forges(week.card.more[0].token)
    assert "都不发送" in owner.reads()
    await calm.until("2026-03-17 12:00")
    assert len(await got(calm, "chen.jing", "week")) == 1


async def test_a_week_that_begins_with_a_holiday_is_told_on_its_first_working_day(
    calm: Stormy,
) -> None:
    await file_complaint(calm.person("emma.clark"))
    await calm.until("2026-04-07 12:00")  # the 6th is a day off for Qingming
    days = [message.card for message in await got(calm, "chen.jing", "week")]

    assert len(days) == 5  # the 9th to the 30th of March, and Tuesday the 7th


async def test_a_briefing_that_reaches_nobody_is_no_dead_letter(calm: Stormy) -> None:
    await file_complaint(calm.person("emma.clark"))
    for chat in (calm.chat, calm.aloud):
        chat.gone.add(await calm.person("chen.jing").key())
    await calm.until("2026-03-10 12:00")
    dead = await calm.database.read(lambda tx: tx.dead.all())

    assert not [one for one in dead if one.payload.get("kind") == "week"]


async def test_what_is_chosen_is_shown_with_the_other_choices(calm: Stormy) -> None:
    person = calm.person("he.jun")
    await person.says("/digest")
    (card,) = person.answer.cards
    assert card.title == "如您负责流程或团队，每周发送数据；早上不发送待办"
    assert [button.label for button in card.buttons] == ["每天早上发送待办", "都不要"]

    await person.forges(card.buttons[0].token)
    assert "每个工作日早上" in person.reads()
    assert "没有“也许”这个选项" in await person.says("/digest 也许")
    assert "没有" in await person.forges("digest|||sometimes")


async def test_what_a_person_chose_is_forgotten_with_them(calm: Stormy) -> None:
    person = calm.person("he.jun")
    await person.says("/digest off")
    key = await person.key()
    assert await calm.database.read(lambda tx: wish_of(tx, key)) is Wish.NONE
    await calm.database.run(lambda tx: forget(tx, person=key))

    assert await calm.database.read(lambda tx: wish_of(tx, key)) is Wish.WEEKLY
