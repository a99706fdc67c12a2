"""Messages arrive: once where that can be had, in order of urgency, and never die silently."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.runtime import hold
from bot.runtime.pump import FOR_URGENT, MOST
from bot.runtime.sending import LEASE, MOST_DEFECTS
from handlers import deliver
from handlers.ports import Permanent, Retryable, Unknown
from storage.errors import StorageError
from tests.fakes.faulty_chat import ACCEPTED_THEN_LOST, FaultyChat
from tests.fakes.runtime import Crew
from tests.office import moment, opened
from tests.stories.deeds import file_complaint
from tests.unit.bot.runtime.conftest import Manned
from workflows.calendar import QuietHours
from workflows.effects import Lane, Post
from workflows.ports import Tx

CASE = "C-2026-0001"


@pytest.fixture
async def owed(work: Manned) -> Manned:
    """A complaint is filed; what people are owed about it was not sent yet."""
    work.asleep = True
    await file_complaint(work.person("wang.fang"))
    return work


async def count(work: Manned) -> int:
    return await work.database.read(lambda tx: tx.outbox.count())


async def owe(work: Manned, person: str, lane: Lane, slot: str) -> None:
    key = await work.person(person).key()
    post = Post(to=key, slot=slot, kind="case", lane=lane)
    now = work.clock.now()
    await work.database.run(lambda tx: tx.outbox.add([post], case_id=CASE, now=now, not_before={}))


async def until_sent(work: Manned, *, most: int = 50) -> int:
    """Let time pass until nothing is owed; how many steps that took."""
    for steps in range(most):
        await work.crew.pump.step()
        next_at = await work.database.read(lambda tx: tx.outbox.next_at())
        if next_at is None:
            return steps
        work.clock.set(max(next_at, work.clock.now()))
    raise AssertionError("it is still owed")


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


# ---------------------------------------------------------------------------- what goes wrong


async def test_a_platform_that_is_busy_is_asked_again_when_it_said(owed: Manned) -> None:
    """F20: its wish is kept."""
    owed.chat.faults.append(Retryable("rate_limited", after=30.0))
    before = owed.clock.now()

    next_at = await owed.crew.pump.step()

    assert next_at is not None
    assert next_at >= before + timedelta(seconds=30)
    await until_sent(owed)
    assert len(owed.chat.messages) == len({token for _, token in owed.chat.calls})


async def test_an_outage_of_hours_loses_nothing(owed: Manned) -> None:
    """F21: it waits ever longer, at most a quarter of an hour."""
    owed.chat.always = Retryable("down")
    waits = []
    for _ in range(20):
        next_at = await owed.crew.pump.step()
        assert next_at is not None
        waits.append(next_at - owed.clock.now())
        owed.clock.set(next_at)
    owed.chat.always = None
    await until_sent(owed)

    assert max(waits) <= timedelta(minutes=15)
    assert waits[-1] > waits[0]
    assert await owed.dead() == ()
    await owed.person("liu.yang").sees("C-2026-0001")


async def test_a_lost_reply_leads_to_one_message(owed: Manned) -> None:
    """R7: the platform knows the token."""
    owed.chat.faults += [ACCEPTED_THEN_LOST, Unknown("no_reply")]

    await until_sent(owed)

    seen = [(message.person, message.card.title) for message in owed.chat.messages.values()]
    assert len(seen) == len(set(seen))


async def test_a_call_that_never_returns_is_given_up(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.sending.SEND_LIMIT_S", 0.01)
    owed.chat.gate = asyncio.Event()
    assert await owed.crew.pump.step() is not None
    owed.chat.gate = None

    await until_sent(owed)
    assert await owed.dead() == ()


async def test_whoever_cannot_be_reached_is_not_forgotten(owed: Manned) -> None:
    """F25: the process owner hears of it instead."""
    liu, owner = owed.person("liu.yang"), owed.person("chen.jing")
    owed.chat.gone.add(await liu.key())

    await until_sent(owed)

    assert len([c for c in await owner.cards() if c.case_id == CASE]) == 2
    assert await owed.dead() == ()


async def test_a_blocked_bot_is_found_out_at_sending(owed: Manned) -> None:
    owed.chat.always = Permanent("blocked")
    await until_sent(owed)

    assert {letter.what for letter in await owed.dead()} == {"message"}
    assert set(owed.crew.alarms.raised) == {"message_dead"}
    assert await count(owed) == 0


async def test_the_other_platform_is_tried(owed: Manned) -> None:
    """T6: blocked on one, reached on the other."""
    first, second = owed.chat, FaultyChat(name="second")
    first.always = Permanent("blocked")
    owed.crew = Crew(
        db=owed.database, office=owed.office, platforms={"fake": first, "second": second}
    )

    await until_sent(owed)

    assert not first.messages
    assert len(second.messages) > 0
    assert await owed.dead() == ()


async def test_a_platform_that_fails_does_not_repeat_what_another_has_taken(owed: Manned) -> None:
    first, second = owed.chat, FaultyChat(name="second")
    second.always = Retryable("down")
    owed.crew = Crew(
        db=owed.database, office=owed.office, platforms={"fake": first, "second": second}
    )
    for _ in range(5):
        next_at = await owed.crew.pump.step()
        assert next_at is not None
        owed.clock.set(next_at)
    second.always = None
    await until_sent(owed)

    assert len(first.calls) == len({token for _, token in first.calls})
    assert {m.person for m in first.messages.values()} == {
        m.person for m in second.messages.values()
    }


async def test_a_message_that_was_deleted_is_posted_anew(owed: Manned) -> None:
    await owe(owed, "sun.yue", Lane.TASK, "status")
    await owed.crew.pump.step()
    await owed.person("liu.yang").presses("认领")
    await owe(owed, "sun.yue", Lane.TASK, "status")
    owed.chat.messages.clear()

    await until_sent(owed)

    await owed.person("sun.yue").sees(CASE, "刘洋")
    assert await owed.dead() == ()


async def test_a_defect_of_ours_is_tried_three_times_and_kept(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """R11: one that cannot be rendered holds up nobody."""
    liu = await owed.person("liu.yang").key()
    real, tries = deliver.prepare, []

    def prepare(tx: Tx, office: object, row: object, **rest: object) -> object:
        if row.to == liu:  # type: ignore[attr-defined]
            tries.append(row)
            raise KeyError("no such text")
        return real(tx, office, row, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(deliver, "prepare", prepare)
    await until_sent(owed)

    [letter] = await owed.dead()
    assert len(tries) == MOST_DEFECTS
    assert letter.payload["to"] == liu
    assert "KeyError: 'no such text'" in letter.error
    assert owed.crew.alarms.raised == ["message_dead"]
    await owed.person("chen.jing").sees("C-2026-0001")


async def test_a_message_nobody_takes_for_days_is_a_dead_letter(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.sending.MOST_ATTEMPTS", 5)
    owed.chat.always = Retryable("down")
    for _ in range(100):
        next_at = await owed.crew.pump.step()
        if next_at is None:
            break
        owed.clock.set(max(next_at, owed.clock.now()))

    assert await count(owed) == 0
    assert len(await owed.dead()) > 0
    assert owed.crew.alarms.raised[0] == "message_dead"


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
    await _until(lambda: owed.chat.at_once.total() == MOST - FOR_URGENT)

    await owe(owed, people[-1], Lane.ANSWER, "answer")
    owed.crew.pump.kick()
    await _until(lambda: owed.chat.at_once.total() == MOST - FOR_URGENT + 1)

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


async def test_whoever_waited_past_the_lease_gives_the_message_back(owed: Manned) -> None:
    now = owed.clock.now()
    [row, *_] = await owed.database.run(
        lambda tx: tx.outbox.claim(now=now, limit=1, owner="crew", lease_until=now + LEASE)
    )
    owed.clock.set(now + LEASE - timedelta(seconds=1))

    await owed.crew.pump._sender.send(row, lease_until=now + LEASE)

    assert owed.chat.calls == []
    next_at = await owed.database.read(lambda tx: tx.outbox.next_at())
    assert next_at is not None
    assert next_at <= owed.clock.now()


async def test_a_platforms_pace_is_kept_and_counts_as_no_failure(owed: Manned) -> None:
    """F20: the room that adapters have for their rules."""
    waits = deque([5.0])
    crew = owed.crew
    crew.pump._sender = replace(
        crew.pump._sender, pace=lambda platform, delivery: waits.popleft() if waits else 0.0
    )

    assert await crew.pump.step() == owed.clock.now() + timedelta(seconds=5)
    assert await count(owed) == 1
    owed.clock.set(owed.clock.now() + timedelta(seconds=5))
    [row] = await owed.database.run(
        lambda tx: tx.outbox.claim(
            now=owed.clock.now(), limit=9, owner="crew", lease_until=owed.clock.now() + LEASE
        )
    )
    assert row.attempts == 0
    await crew.pump.start()
    assert await crew.pump.step() is None


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
    await _until(lambda: len(owed.chat.calls) == 1)

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
    await _until(lambda: len(owed.chat.calls) == 1)

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
    await _until(lambda: len(owed.chat.calls) > 0)

    await asyncio.gather(owed.crew.pump.stop(within=0.01), sending)

    owed.chat.gate = None
    owed.restart()
    await owed.crew.pump.step()
    assert await count(owed) == 0


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


# ---------------------------------------------------------------------------- the database is away


async def test_a_message_that_was_sent_is_recorded_when_the_database_is_back(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F9, R14: no second copy because the record failed at first."""
    real, failures = owed.database.run, [3]

    async def run(unit: object) -> object:
        if owed.chat.calls and failures[0]:
            failures[0] -= 1
            raise StorageError("database_unreachable")
        return await real(unit)  # type: ignore[arg-type]

    monkeypatch.setattr(type(owed.database), "run", lambda self, unit: run(unit))
    await owed.crew.pump.step()
    await until_sent(owed)

    tokens = [token for _, token in owed.chat.calls]
    assert len(tokens) == len(set(tokens))
    assert len(owed.crew.pauses.made) == 3


async def test_an_outage_ends_the_step_and_is_no_ones_fault(
    owed: Manned, monkeypatch: pytest.MonkeyPatch
) -> None:
    def prepare(*_: object, **__: object) -> object:
        raise StorageError("database_unreachable")

    monkeypatch.setattr(deliver, "prepare", prepare)
    with pytest.raises(StorageError):
        await owed.crew.pump.step()

    monkeypatch.undo()
    owed.clock.set(owed.clock.now() + LEASE)
    owed.restart()
    await until_sent(owed)
    assert await owed.dead() == ()


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


async def _until(true: Callable[[], bool], *, turns: int = 2000) -> None:
    """Let the event loop turn until something is true."""
    for _ in range(turns):
        if true():
            return
        await asyncio.sleep(0)
    raise AssertionError("it did not become true")
