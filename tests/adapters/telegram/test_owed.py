"""An answer that could not be told is told later, and one that was told is not."""

from __future__ import annotations

import pytest

from tests.adapters.owed import until_nothing_is_owed
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person
from workflows.moments import MINUTE


def hears(office: Company, person: Person, *words: str) -> list[Message]:
    """Messages of the bot with these words."""
    mine = [m for m in person.messages() if m.sender is office.fake.bot]
    return [m for m in mine if all(word in m.text for word in words)]


@pytest.mark.parametrize("fault", ["flooded", "cuts"])
async def test_the_answer_to_a_comment_survives_a_fault(office: Company, fault: str) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    plant(office, fault)

    await filer.says("客户又打电话了", reply_to=card)
    await office.fake.confirmed(within=20)
    await office.settled()
    assert not hears(office, filer, "评论已发出")
    office.fake.faults.heal()
    await office.passes(seconds=90)

    await filer.waits_for("评论已发出")
    assert len(hears(office, filer, "评论已发出")) == 1
    await until_nothing_is_owed(office.work.database, "telegram")
    assert (await office.work.event_types("C-2026-0001")).count("Commented") == 1


@pytest.mark.parametrize("fault", ["flooded", "cuts"])
async def test_tasks_after_an_outage_arrive_whatever_telegram_answers(
    office: Company, fault: str
) -> None:
    desk, other = await office.people("liu.yang", "chen.jing")
    await office.case()
    await office.stop()
    office.set_time(office.work.clock.now() + 5 * MINUTE)
    plant(office, fault)
    before = len(office.fake.calls("sendMessage"))
    await office.start()
    await office.until(office.platform.connected)
    chats = {str(person.account.id) for person in (desk, other)}
    await office.until(
        lambda: (
            chats <= {call.params["chat_id"] for call in office.fake.calls("sendMessage")[before:]}
        )
    )
    office.fake.faults.heal()
    for _ in range(5):
        await office.passes(seconds=30)

    for person in (desk, other):
        await person.waits_for("没有连上")
        assert len(hears(office, person, "没有连上", "C-2026-0001")) == 1


async def test_what_was_told_is_not_told_again(office: Company) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    await filer.says("客户又打电话了", reply_to=card)
    await filer.waits_for("评论已发出")
    await office.settled()

    await office.passes(minutes=5)
    await office.stop()
    await office.start()
    await office.passes(minutes=5)

    assert len(hears(office, filer, "评论已发出")) == 1


def plant(office: Company, fault: str) -> None:
    """Telegram answers no message as it should."""
    if fault == "flooded":
        office.fake.faults.too_many(30, "sendMessage", times=1000)
    else:
        office.fake.faults.cuts("sendMessage", times=1000)
