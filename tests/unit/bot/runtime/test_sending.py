"""Whatever goes wrong on the way, a message arrives, or somebody hears that it did not."""

import asyncio

import pytest

from bot.runtime.sending import LEASE, MOST_DEFECTS
from handlers import deliver
from storage.errors import StorageError
from storage.unit import Tx
from tests.fakes.faulty_chat import ACCEPTED_THEN_LOST, FaultyChat
from tests.fakes.runtime import Crew
from tests.unit.bot.runtime.conftest import CASE, Manned, count, owe, until_sent
from workflows.case.effects import Lane
from workflows.errors import Permanent, Retryable, Unknown
from workflows.moments import MINUTE, SECOND


async def test_a_platform_that_is_busy_is_asked_again_when_it_said(owed: Manned) -> None:
    """F20: its wish is kept."""
    owed.chat.faults.append(Retryable("rate_limited", after=30.0))
    before = owed.clock.now()

    next_at = await owed.crew.pump.step()

    assert next_at is not None
    assert next_at >= before + 30 * SECOND
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

    assert max(waits) <= 15 * MINUTE
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
    assert letter.payload == {
        "case_id": "C-2026-0001",
        "to": liu,
        "slot": "task:t1",
        "kind": "task",
        "lane": 2,
        "task": "t1",
        "args": {},
    }
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
