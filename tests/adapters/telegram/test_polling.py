"""Receiving: nothing is confirmed before it is handled, and nothing stops it for good."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from handlers.conversation.one_platform import Conversation
from handlers.intents import Intent
from handlers.office import Office
from handlers.pages import Answer
from storage.unit import Database
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Person
from workflows.moments import MINUTE, SECOND
from workflows.ports import Files


class BreakingDesk(Conversation):
    """The process ends after so many intents; or one text is poison to it."""

    ends_after: int | None = None
    poison = ""
    count = 0

    def __init__(self, platform: str, *, db: Database, files: Files, office: Office) -> None:
        super().__init__(platform, db=db, files=files, office=office)
        self.ended = asyncio.Event()

    async def handle(self, intent: Intent) -> Answer:
        if self.poison and self.poison in str(getattr(intent, "text", "")):
            raise RuntimeError("poison")
        if self.ends_after is not None and self.count >= self.ends_after:
            self.ended.set()
            await asyncio.Event().wait()  # as dead as after kill -9: nothing more is written
        answer = await super().handle(intent)
        self.count += 1
        return answer


async def is_answered(office: Company, person: Person) -> None:
    await person.says("/tasks")
    await person.waits_for("没有待办")


@pytest.mark.parametrize("fault", ["not_found", "conflict", "fails", "cuts"])
async def test_it_recovers_by_itself(office: Company, fault: str) -> None:
    (person,) = await office.people("wang.fang")
    faults = office.fake.faults
    if fault == "conflict":
        faults.conflict(times=2)
    else:
        getattr(faults, fault)("getUpdates", times=2)
    office.fake.updates.end_poll("planted")
    await is_answered(office, person)

    assert office.platform.connected()
    for call in office.fake.calls("getUpdates"):
        call.planted = True


async def test_a_refused_token_is_no_end_and_is_to_be_seen(office: Company) -> None:
    (person,) = await office.people("wang.fang")
    office.fake.faults.unauthorised("getUpdates", times=1000)
    office.fake.updates.end_poll("planted")
    await office.until(lambda: not office.platform.connected())

    office.fake.faults.heal()
    office.set_time(office.work.clock.now() + 2 * MINUTE)
    await is_answered(office, person)
    assert office.platform.connected()


async def test_an_update_that_comes_twice_or_in_the_wrong_order_counts_once(
    office: Company,
) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    await office.stop()
    for number in range(5):
        await filer.says(f"评论 {number}", reply_to=card)
    office.fake.updates.reverse_next()
    await office.start()
    await office.settled()
    await office.restart()
    office.fake.updates.again(office.fake.updates.all[-2])
    await office.settled()

    said = await comments(office)
    assert said == [f"评论 {number}" for number in range(5)]
    for call in office.fake.calls("getUpdates"):
        call.planted = True


async def comments(office: Company) -> list[str]:
    """What was said in the first case, in order."""

    def read(tx: Any) -> list[str]:
        kept = tx.contents.of_case("C-2026-0001").values()
        return [str(one.body["text"]) for one in kept if one.kind == "comment"]

    return await office.work.database.read(read)


async def test_a_poisoned_update_is_buried_and_blocks_nobody(office: Company) -> None:
    first, second = await office.people("wang.fang", "li.qiang")
    await office.stop()
    desk = office.desk_of(BreakingDesk)
    desk.poison = "毒"
    await office.start(desk=desk)
    await first.says("毒")
    await is_answered(office, second)
    await is_answered(office, first)
    await office.settled()

    (letter,) = await office.work.dead()
    assert letter.source == "telegram"
    assert "毒" in str(letter.payload)
    assert office.fake.token not in str(letter)


async def test_an_update_that_cannot_even_be_read_is_buried(office: Company) -> None:
    (person,) = await office.people("wang.fang")
    office.fake.tell("message", {"message_id": "x", "chat": 5}, queue="odd")
    await is_answered(office, person)
    await office.settled()

    (letter,) = await office.work.dead()
    assert "message_id" in str(letter.payload)


async def test_a_process_that_dies_in_a_batch_of_100_loses_and_doubles_nothing(
    office: Company,
) -> None:
    (filer,) = await office.people("emma.clark")
    await office.case()
    card = await filer.waits_for("C-2026-0001")
    await office.stop()
    for number in range(100):
        await filer.says(f"评论 {number}", reply_to=card)
    desk = office.desk_of(BreakingDesk)
    desk.ends_after = 37
    await office.start(desk=desk)
    await desk.ended.wait()
    await office.dies()
    office.set_time(office.work.clock.now() + 10 * SECOND)

    await office.start()
    await office.settled()

    said = await comments(office)
    assert said == [f"评论 {number}" for number in range(100)]


async def test_one_replica_polls_and_another_takes_over(office: Company) -> None:
    (person,) = await office.people("wang.fang")
    first = office.platform
    await office.start(owner="test:2")
    second = office.platform
    await office.until(second.connected)
    await is_answered(office, person)
    assert office.fake.updates.conflicts == 0

    await first.stop()
    await first.aclose()
    office.set_time(office.work.clock.now() + 6 * SECOND)
    await person.says("/help")
    await person.waits_for("/complaint")
    assert office.fake.updates.conflicts == 0


async def test_after_silence_everybody_is_shown_what_waits(office: Company) -> None:
    desk, idle = await office.people("liu.yang", "wang.fang")
    await office.case()
    await office.stop()
    office.set_time(office.work.clock.now() + MINUTE)
    await office.start()
    await office.settled()
    await office.until(office.platform.connected)
    assert not [m for m in desk.messages() if "没有连上" in m.text]

    await office.stop()
    office.set_time(office.work.clock.now() + 5 * MINUTE)
    await office.start()
    shown = await desk.waits_for("没有连上")

    assert "C-2026-0001" in shown.text
    await desk.taps("C-2026-0001", in_message=shown)
    await desk.waits_for(lambda message: "认领" in message.labels and "经过" in message.text)
    assert not [m for m in idle.messages() if m.sender is office.fake.bot]
    assert "C-2026-0001" in shown.labels


async def test_the_token_stands_in_no_log(
    office: Company, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("closeloop", "closeloop.telegram"):  # whatever an earlier test has set
        caplog.set_level("DEBUG", logger=name)
    (person,) = await office.people("wang.fang")
    office.fake.faults.unauthorised("getUpdates")
    office.fake.faults.fails("sendMessage")
    office.fake.updates.end_poll("planted")
    await person.says("/tasks")
    await office.settled()

    heard: list[str] = []

    def is_said() -> bool:  # wherever logs go in this run
        heard.extend([*capfd.readouterr(), caplog.text])
        return any("not_said" in one for one in heard)

    await office.until(is_said)  # the answer that fails is on its way beside the polling
    assert office.fake.token.partition(":")[2] not in "".join(heard)


async def test_nobody_waits_for_somebody_elses_burst(office: Company) -> None:
    busy, other = await office.people("li.qiang", "wang.fang")
    office.waits.held.update(number / 1000 for number in range(1001))  # the pace of a chat
    gate = office.fake.faults.hangs("sendMessage")
    for _ in range(5):
        await busy.says("/tasks")

    await is_answered(office, other)

    assert office.fake.updates.waiting
    gate.open()
    office.waits.held.clear()
    office.set_time(office.work.clock.now() + 30 * SECOND)
    await office.settled()


async def test_an_outage_of_the_network_is_noticed_and_a_short_one_is_not(
    office: Company,
) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    for minutes, shown in ((1, 0), (4, 1)):
        office.fake.faults.fails("getUpdates", times=1000)
        office.fake.updates.end_poll("planted")
        await office.until(lambda: office.waits.long)
        office.fake.faults.heal()
        office.set_time(office.work.clock.now() + minutes * MINUTE)
        await office.until(office.platform.connected)
        await desk.says("/help")
        await office.settled()
        if shown:
            await desk.waits_for("没有连上")
        assert len([m for m in desk.messages() if "没有连上" in m.text]) == shown
    for call in office.fake.calls("getUpdates"):
        call.planted = True
