"""Messages go out in order of urgency, few at once, and not while they are held."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import time
from pathlib import Path
from typing import Any

import pytest

from bot.runtime import hold
from bot.runtime.pump import FOR_URGENT, MOST
from bot.runtime.sending import LEASE
from handlers import deliver
from handlers.conversation.ports import Delivery
from handlers.office import Office
from storage.errors import StorageError
from storage.unit import Database, Tx
from tests.fakes.chat import FakeChat
from tests.fakes.faulty_chat import FaultyChat
from tests.fakes.runtime import Crew
from tests.office import moment, opened
from tests.unit.bot.runtime.conftest import CASE, Manned, count, owe, until_true
from workflows.calendar import QuietHours
from workflows.case.effects import Lane, Post
from workflows.moments import SECOND, Moment
from workflows.records import OutboxRow


async def test_everything_that_is_owed_is_sent_once(owed: Manned) -> None:
    assert await count(owed) > 0

    assert await owed.crew.pump.step() is None

    assert await count(owed) == 0
    tokens = [token for _, token in owed.chat.calls]
    assert len(tokens) == len(set(tokens)) == len(owed.chat.messages) > 0


async def test_what_the_reader_sees_already_is_not_sent_again(owed: Manned) -> None:
    await owed.crew.pump.step()
    calls = len(owed.chat.calls)
    [liu] = [await owed.person("liu.yang").key()]
    await owe(owed, "wang.fang", Lane.TASK, "case")
    await owed.crew.pump.step()

    posted_again = [token for what, token in owed.chat.calls[calls:] if what == "post"]
    assert len(set(owed.chat.messages)) == len(owed.chat.messages)
    assert all(owed.chat.messages[token].person != liu for token in posted_again)


# ---------------------------------------------------------------------------- order and limits


async def test_an_answer_does_not_wait_for_digests(owed: Manned) -> None:
    """R19."""
    await owed.crew.pump.step()
    people = [p.id for p in (await owed.directory()).people.values()]
    for person in people:
        await owe(owed, person, Lane.DIGEST, "digest")
    owed.chat.calls.clear()
    owed.chat.gate = asyncio.Event()
    sending = asyncio.create_task(owed.crew.pump.step())
    await until_true(lambda: owed.chat.at_once.total() == MOST - FOR_URGENT)

    await owe(owed, people[-1], Lane.ANSWER, "answer")
    owed.crew.pump.kick()
    await until_true(lambda: owed.chat.at_once.total() == MOST - FOR_URGENT + 1)

    assert owed.chat.people[-1] == await owed.person(people[-1]).key()
    owed.chat.gate.set()
    await sending
    assert await count(owed) == 0


async def test_one_person_gets_one_message_at_a_time_and_the_platform_few(owed: Manned) -> None:
    await owed.crew.pump.step()
    for person in (p.id for p in (await owed.directory()).people.values()):
        for number in range(3):
            await owe(owed, person, Lane.TASK, f"slot {number}")

    await owed.crew.pump.step()

    assert owed.chat.most_for_one == 1
    assert 1 < owed.chat.most_at_once <= MOST
    assert await count(owed) == 0


async def test_urgent_messages_go_first(owed: Manned) -> None:
    await owed.crew.pump.step()
    owed.chat.people.clear()
    for person, lane in (("wang.fang", Lane.DIGEST), ("liu.yang", Lane.ESCALATION)):
        for number in range(2):
            await owe(owed, person, lane, f"slot {number}")

    await owed.crew.pump.step()

    assert owed.chat.people[0] == await owed.person("liu.yang").key()


async def send(work: Manned, row: OutboxRow, *, until: Moment) -> None:
    sender = work.crew.pump._sender
    ready, wait = sender.ask(await work.database.read(lambda tx: sender.errands(tx, row)))
    await sender.send(row, lease_until=until, ready=ready, wait=wait)


async def test_who_waited_long_for_their_turn_renews_the_lease(owed: Manned) -> None:
    now = owed.clock.now()
    [row, *_] = await owed.database.run(
        lambda tx: tx.outbox.claim(now=now, limit=1, owner="crew", lease_until=now + LEASE)
    )
    owed.clock.set(now + LEASE - SECOND)
    owed.chat.gate = asyncio.Event()
    sending = asyncio.create_task(send(owed, row, until=now + LEASE))
    await owed.chat.called.wait()

    owed.clock.set(now + LEASE + SECOND)
    others = await owed.database.run(
        lambda tx: tx.outbox.claim(
            now=owed.clock.now(), limit=99, owner="other", lease_until=now + 2 * LEASE
        )
    )
    owed.chat.gate.set()
    await sending

    assert row.id not in {other.id for other in others}
    assert len(owed.chat.calls) == 1


async def test_who_has_lost_the_lease_meanwhile_sends_nothing(owed: Manned) -> None:
    now = owed.clock.now()
    [row, *_] = await owed.database.run(
        lambda tx: tx.outbox.claim(now=now, limit=1, owner="crew", lease_until=now + LEASE)
    )
    owed.clock.set(now + LEASE)
    later = owed.clock.now()
    await owed.database.run(
        lambda tx: tx.outbox.claim(now=later, limit=99, owner="other", lease_until=later + LEASE)
    )

    await send(owed, row, until=now + LEASE)

    assert owed.chat.calls == []


async def test_a_platforms_pace_is_kept_and_counts_as_no_failure(owed: Manned) -> None:
    """F20: the room that adapters have for their rules."""
    crew = owed.crew
    owed.chat.waits.append(5.0)

    assert await crew.pump.step() == owed.clock.now() + 5 * SECOND
    assert await count(owed) == 1
    owed.clock.set(owed.clock.now() + 5 * SECOND)
    [row] = await owed.database.run(
        lambda tx: tx.outbox.claim(
            now=owed.clock.now(), limit=9, owner="crew", lease_until=owed.clock.now() + LEASE
        )
    )
    assert row.attempts == 0
    await crew.pump.start()
    assert await crew.pump.step() is None


async def test_what_the_pace_puts_off_is_neither_rendered_nor_put_off_one_by_one(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    inner = deliver.prepare

    def prepare(tx: Tx, office: Office, row: OutboxRow, **more: Any) -> deliver.Plan:
        rendered.append(row.slot)
        return inner(tx, office, row, **more)

    monkeypatch.setattr(deliver, "prepare", prepare)
    waiting = await count(owed)
    assert waiting > 2
    owed.chat.waits.extend([5.0] * waiting)
    units: list[object] = []
    run = owed.database.run

    async def counted(unit: Any) -> Any:
        units.append(unit)
        return await run(unit)

    monkeypatch.setattr(owed.crew.around.db, "run", counted)

    assert await owed.crew.pump.step() == owed.clock.now() + 5 * SECOND
    assert rendered == []
    assert len(units) == 2  # all are claimed, all are put off
    assert await count(owed) == waiting


async def test_what_the_reader_sees_already_gives_its_place_back(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    await owed.crew.pump.step()
    spared: list[str] = []

    def spare(_: FakeChat, delivery: Delivery, *, ref: str | None) -> None:
        spared.append(delivery.token)

    monkeypatch.setattr(FaultyChat, "spare", spare)
    await owe(owed, "wang.fang", Lane.TASK, "case")
    await owed.crew.pump.step()

    assert len(spared) == 1


async def test_a_step_ends_also_when_there_is_always_more(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.pump.MOST_IN_A_STEP", 1)
    monkeypatch.setattr("bot.runtime.pump.MOST", 1)
    monkeypatch.setattr("bot.runtime.pump.SPARE", 0)
    before = await count(owed)

    assert await owed.crew.pump.step() == owed.clock.now()
    assert await count(owed) == before - 1


# ---------------------------------------------------------------------------- holding, stopping


async def test_nothing_is_sent_while_it_is_held(owed: Manned) -> None:
    """R16: a restored bot does not repeat history."""
    await owed.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))

    assert await owed.crew.pump.step() is None
    assert owed.chat.calls == []

    assert await owed.database.run(hold.release) == hold.RESTORED
    await owed.crew.pump.step()
    assert len(owed.chat.calls) > 0


async def test_a_hold_stops_what_was_claimed_and_not_begun(owed: Manned) -> None:
    await owed.crew.pump.step()
    for number in range(6):
        await owe(owed, "liu.yang", Lane.TASK, f"slot {number}")
    owed.chat.gate = asyncio.Event()
    owed.chat.calls.clear()
    sending = asyncio.create_task(owed.crew.pump.step())
    await until_true(lambda: len(owed.chat.calls) == 1)

    await owed.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))
    owed.chat.gate.set()

    assert await sending is None
    assert len(owed.chat.calls) == 1
    assert await count(owed) == 5


async def test_a_stop_lets_what_is_under_way_arrive_and_gives_the_rest_back(owed: Manned) -> None:
    """R13."""
    await owed.crew.pump.step()
    for number in range(6):
        await owe(owed, "liu.yang", Lane.TASK, f"slot {number}")
    owed.chat.gate = asyncio.Event()
    owed.chat.calls.clear()
    sending = asyncio.create_task(owed.crew.pump.step())
    await until_true(lambda: len(owed.chat.calls) == 1)

    stopping = asyncio.create_task(owed.crew.pump.stop(within=5))
    await asyncio.sleep(0)
    owed.chat.gate.set()
    await asyncio.gather(stopping, sending)

    assert len(owed.chat.calls) == 1
    assert await count(owed) == 5
    next_at = await owed.database.read(lambda tx: tx.outbox.next_at())
    assert next_at is not None
    assert next_at <= owed.clock.now()


async def test_a_stop_does_not_wait_for_a_platform_for_ever(owed: Manned) -> None:
    owed.chat.gate = asyncio.Event()
    sending = asyncio.create_task(owed.crew.pump.step())
    await until_true(lambda: len(owed.chat.calls) > 0)

    await asyncio.gather(owed.crew.pump.stop(within=0.01), sending)

    owed.chat.gate = None
    owed.restart()
    await owed.crew.pump.step()
    assert await count(owed) == 0


class Unplugged:
    """A database that can be cut off from the process."""

    def __init__(self, inner: Database) -> None:
        self._inner = inner
        self.away = False

    async def run(self, unit: Callable[[Tx], Any]) -> Any:
        self._reach()
        return await self._inner.run(unit)

    async def read(self, unit: Callable[[Tx], Any], *, by: str = "") -> Any:
        self._reach()
        return await self._inner.read(unit, by=by)

    def _reach(self) -> None:
        if self.away:
            raise StorageError("database_unreachable")


async def cut_off_while_sending(owed: Manned, *, stops: bool) -> None:
    """The database goes away while several messages are being sent."""
    database = Unplugged(owed.database)
    crew = Crew(db=database, office=owed.office, platforms={owed.chat.name: owed.chat})
    owed.chat.gate = asyncio.Event()
    step = asyncio.create_task(crew.pump.step())
    await until_true(lambda: len(owed.chat.calls) > 1)

    database.away = True
    owed.clock.set(owed.clock.now() + 2 * LEASE)  # a report is not retried any longer
    if stops:
        step.cancel()
        await asyncio.gather(step, return_exceptions=True)
        failing: Awaitable[object] = crew.pump.stop(within=5)
    else:
        failing = step
    owed.chat.gate.set()
    with pytest.raises(StorageError):
        await failing


@pytest.mark.parametrize("stops", [False, True])
async def test_an_outage_that_fails_several_messages_at_once_leaves_no_exception_unretrieved(
    owed: Manned, *, stops: bool
) -> None:
    """F13. Otherwise asyncio reports the others as errors of the program."""
    unretrieved: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _loop, context: unretrieved.append(context)
    )
    await asyncio.create_task(cut_off_while_sending(owed, stops=stops))
    await asyncio.sleep(0)  # the event loop lets go of them
    gc.collect()

    assert unretrieved == []


async def test_a_start_frees_what_the_last_run_had_claimed(owed: Manned) -> None:
    """Else a crash would cost the length of a lease."""
    now = owed.clock.now()
    await owed.database.run(
        lambda tx: tx.outbox.claim(now=now, limit=99, owner="crew", lease_until=now + LEASE)
    )
    await owed.crew.pump.step()
    assert owed.chat.calls == []

    owed.restart()
    await owed.crew.pump.start()
    await owed.crew.pump.step()
    assert await count(owed) == 0


# ---------------------------------------------------------------------------- quiet hours


@pytest.fixture
async def night(tmp_path: Path) -> AsyncIterator[Manned]:
    quiet = QuietHours(start=time(22), end=time(8))
    async with opened(tmp_path, quiet=quiet) as office:
        yield Manned(database=office.database, office=office.office, clock=office.clock)


async def test_a_reminder_waits_for_the_end_of_quiet_hours(night: Manned) -> None:
    """T4."""
    key = await night.person("liu.yang").key()
    await night.filed()
    night.clock.set(moment("2026-03-02 23:00"))
    post = Post(to=key, slot="quiet", kind="case", lane=Lane.REMINDER, quiet=True)
    until = moment("2026-03-03 08:00")
    now = night.clock.now()
    await night.database.run(
        lambda tx: tx.outbox.add([post], case_id=CASE, now=now, not_before={key: until})
    )
    night.chat.people.clear()

    assert await night.crew.pump.step() == moment("2026-03-03 08:00")
    assert key not in night.chat.people

    night.clock.set(moment("2026-03-03 08:00"))
    await night.crew.pump.step()
    assert key in night.chat.people
