"""A process that dies between a question and its answer: the answer counts once, whatever it took.

Every call of the desk and of Telegram is tried as the place of death.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.adapters.telegram.ground import Company
from tests.adapters.telegram.mortal import Death, mortal, reborn
from tests.fakes.telegram import Message, Person

TEXT = "客户又打电话了"
POINTS = range(1, 41, 4)
LOST = ("没有看懂", "没有对应", "没有处理")


async def opened(office: Company) -> tuple[Person, Message]:
    """Somebody whose card shows the rarer verbs."""
    (filer,) = await office.people("emma.clark")
    await office.people("liu.yang")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    await filer.taps("更多", in_message=card)
    await office.fake.confirmed()
    return filer, card


async def seen(office: Company, death: Death, look: Callable[[], object]) -> bool:
    """Whether they see it before the process dies."""
    async with asyncio.timeout(20):
        while not (look() or death.dead.is_set()):  # noqa: ASYNC110 - a death rings no bell
            await asyncio.sleep(0.005)
    return bool(look())


def newest(person: Person, label: str = "", text: str = "") -> Message | None:
    for message in reversed(person.messages()):
        shown = message.sender is person.fake.bot and text in message.text
        if shown and (not label or label in message.labels):
            return message
    return None


async def is_posted_once(office: Company, filer: Person) -> None:
    types = await office.work.event_types("C-2026-0001")
    assert types.count("Commented") == 1, filer.screen()
    said = [m.text for m in filer.messages() if m.sender is office.fake.bot]
    assert not [text for text in said if any(word in text for word in LOST)], filer.screen()
    assert any("评论已发出" in text for text in said), filer.screen()
    left = newest(filer, label="✍ 自己写")
    if left is not None:  # drawn by the process that died, and in no record
        await filer.taps("✍ 自己写", in_message=left)
        await office.settled()
        assert left.labels == [], filer.screen()
    drafts = await office.desk().drafts(person=await office.work.person("emma.clark").key())
    assert drafts == ()


@pytest.mark.parametrize("at", POINTS)
async def test_a_typed_answer_counts_once_wherever_the_process_dies(
    office: Company, at: int
) -> None:
    filer, card = await opened(office)
    death = await mortal(office, at=at)
    death.armed = True

    filer.presses("评论", in_message=card)
    await filer.says(TEXT)
    await seen(office, death, lambda: not office.fake.updates.waiting)
    await reborn(office)

    await is_posted_once(office, filer)


@pytest.mark.parametrize("at", POINTS)
async def test_a_reply_to_a_question_counts_once_wherever_the_process_dies(
    office: Company, at: int
) -> None:
    filer, card = await opened(office)
    death = await mortal(office, at=at)
    death.armed = True

    filer.presses("评论", in_message=card)
    await seen(office, death, lambda: newest(filer, label="✍ 自己写"))
    asked = newest(filer, label="✍ 自己写")
    if asked is not None:
        filer.presses("✍ 自己写", in_message=asked)
    await seen(office, death, lambda: newest(filer, text="请回复这条消息"))
    prompt = newest(filer, text="请回复这条消息")
    await filer.says(TEXT, reply_to=prompt)
    await seen(office, death, lambda: not office.fake.updates.waiting)
    await reborn(office)

    await is_posted_once(office, filer)
    asking = [m for m in filer.messages() if "请回复这条消息" in m.text]
    assert len(asking) <= 1, filer.screen()
