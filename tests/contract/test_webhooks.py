"""Other systems are told of events: at least once, in order for each case; on both databases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from bot.runtime import hold, webhooks
from bot.runtime.guard import HoldGate
from bot.runtime.hook_client import HookClient
from bot.runtime.levels import read_levels
from bot.runtime.webhooks import HookSender
from bot.webhook_targets import Target, signing_key, target_id
from handlers.filing import Filing, file_in
from handlers.office import HOOK_TYPES, Hook
from tests.fakes.hooks import HookReceiver, Received
from tests.fakes.runtime import NotedAlarms, surroundings
from tests.office import Workplace, furnished
from tests.outside import FIELDS
from workflows.moments import DAY, HOUR, MINUTE, SECOND
from workflows.records import WebhookMessage

if TYPE_CHECKING:
    from storage.connect import Database
    from storage.unit import Tx

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@dataclass(kw_only=True)
class Notified:
    """An office of which another system is told."""

    work: Workplace
    receiver: HookReceiver
    alarms: NotedAlarms
    client: HookClient
    sender: HookSender

    def another(self) -> HookSender:
        """The worker of another replica, or of the next run."""
        around = surroundings(self.work.database, self.work.office, alarms=self.alarms)
        return HookSender(around, gate=HoldGate(around), client=self.client)

    async def files(self) -> str:
        """A new case; its number."""
        office, filing = self.work.office, Filing(process="complaint", via="test")
        filer = await self.work.person("wang.fang").key()
        filed = await self.work.database.run(
            lambda tx: file_in(tx, office, filing, filer=filer, raw=FIELDS)
        )
        return filed.id

    async def later(self, length: int) -> None:
        """Let time pass, in which only this worker works, whenever it wants to."""
        clock = self.work.clock
        end = clock.now() + length
        while True:
            next_at = await self.sender.step()
            if next_at is None or next_at > end:
                break
            clock.set(max(next_at, clock.now()))
        clock.set(end)

    async def left(self) -> int:
        return await self.work.database.read(lambda tx: tx.webhooks.count())


@asynccontextmanager
async def notified(
    database: Database, *, timeout_s: float = 10, allow_private: bool = True
) -> AsyncIterator[Notified]:
    work = await furnished(database)
    async with HookReceiver(secret=SECRET, now=lambda: work.clock.now() / SECOND) as receiver:
        target = Target(
            id=target_id(receiver.url),
            name="127.0.0.1",
            url=receiver.url,
            key=signing_key(SECRET),
            allow_private=allow_private,
        )
        hooks = (Hook(target=target.id, types=frozenset(HOOK_TYPES)),)
        work.office = replace(work.office, hooks=hooks)
        client, alarms = HookClient(target, timeout_s=timeout_s), NotedAlarms()
        around = surroundings(work.database, work.office, alarms=alarms)
        sender = HookSender(around, gate=HoldGate(around), client=client)
        try:
            yield Notified(
                work=work, receiver=receiver, alarms=alarms, client=client, sender=sender
            )
        finally:
            await client.aclose()


@pytest.fixture
async def it(database: Database) -> AsyncIterator[Notified]:
    async with notified(database) as found:
        yield found


def kinds(found: list[Received], case: str) -> list[str]:
    return [one.body["type"] for one in found if one.body["case"] == case]


async def test_a_system_is_told_of_a_case_in_order_and_of_nothing_personal(it: Notified) -> None:
    case = await it.files()
    await it.work.passes("30d")
    await it.later(HOUR)
    told = [one.body for one in it.receiver.accepted]

    assert kinds(it.receiver.accepted, case)[:2] == ["case.started", "task.opened"]
    assert "case.escalated" in kinds(it.receiver.accepted, case)
    seqs = [int(one["id"].rpartition("_")[2]) for one in told]
    assert seqs == sorted(seqs)
    assert {(one["process"], one["version"]) for one in told} == {("complaint", 1)}
    for person in (await it.work.directory()).people.values():
        assert person.key not in str(told)
        assert person.id not in str(told)
    for value in FIELDS.values():
        assert value not in str(told)
    assert await it.left() == 0


async def test_only_the_types_that_a_target_wants_are_stored(it: Notified) -> None:
    hooks = (Hook(target="other", types=frozenset({"case.closed"})),)
    it.work.office = replace(it.work.office, hooks=hooks)
    await it.files()

    assert await it.left() == 0


async def test_a_unit_that_fails_leaves_no_message(it: Notified) -> None:
    office, key = it.work.office, await it.work.person("wang.fang").key()

    def unit(tx: Tx) -> None:
        file_in(tx, office, Filing(process="complaint", via="t"), filer=key, raw=FIELDS)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await it.work.database.run(unit)

    assert await it.left() == 0


async def test_a_message_that_fails_is_sent_again_and_its_case_waits(it: Notified) -> None:
    first, second = await it.files(), await it.files()
    it.receiver.answers = lambda one: 500 if one.body["case"] == first else 204
    await it.sender.step()
    await it.sender.step()

    assert kinds(it.receiver.received, first) == ["case.started"]
    assert kinds(it.receiver.accepted, second) == ["case.started", "task.opened"]
    it.receiver.answers = lambda _: 204
    await it.later(MINUTE)
    ids = [one.id for one in it.receiver.received if one.body["case"] == first]
    assert kinds(it.receiver.accepted, first) == ["case.started", "task.opened"]
    assert ids[0] == ids[1]


async def test_a_message_that_comes_while_its_case_waits_waits_as_long(it: Notified) -> None:
    case, filer = await it.files(), it.work.person("wang.fang")
    await it.work.settle()
    it.receiver.answers = lambda _: 500
    await it.later(HOUR)
    await filer.presses("撤回", kind="case")
    await filer.fills(text="误会")
    tries = len(it.receiver.received)
    await it.sender.step()
    waiting = await it.sender.step()

    assert await it.left() == 3
    assert len(it.receiver.received) == tries
    assert waiting is not None
    assert waiting > it.work.clock.now() + MINUTE
    it.receiver.answers = lambda _: 204
    await it.later(5 * HOUR)
    assert kinds(it.receiver.accepted, case) == ["case.started", "task.opened", "case.closed"]


async def test_a_day_of_errors_makes_dead_letters(it: Notified) -> None:
    case = await it.files()
    it.receiver.answers = lambda _: 500
    await it.later(DAY - HOUR)
    tries = len(it.receiver.received)
    now = it.work.clock.now()
    levels = await it.work.database.read(lambda tx: read_levels(tx, now=now))

    assert (levels.webhooks, levels.webhook_late) == (2, DAY - HOUR)
    assert kinds(it.receiver.received, case) == ["case.started"] * tries
    assert 8 < tries < 30  # the pauses grow
    assert await it.work.dead() == ()
    await it.later(2 * DAY)
    letters = await it.work.dead()
    assert [one.what for one in letters] == ["webhook"] * 2
    assert {one.error for one in letters} == {"answered 500"}
    assert {one.source for one in letters} == {"127.0.0.1"}
    assert it.alarms.raised.count("webhook_dead") == 2
    assert await it.left() == 0


async def test_a_dead_letter_that_is_replayed_is_sent_before_what_follows(it: Notified) -> None:
    await it.files()
    it.receiver.answers = lambda _: 500
    await it.later(3 * DAY)
    (*_, first) = await it.work.dead()
    it.receiver.answers = lambda _: 204
    message, now = WebhookMessage(**first.payload), it.work.clock.now()
    await it.work.database.run(lambda tx: tx.webhooks.add_again(message, now=now))
    await it.later(HOUR)

    assert [one.id for one in it.receiver.accepted] == [first.payload["body"]["id"]]


async def test_a_target_that_hangs_times_out_and_is_then_tried_now_and_then(
    database: Database,
) -> None:
    async with notified(database, timeout_s=0.2) as it:
        for _ in range(12):
            await it.files()
        it.receiver.answers = lambda _: None
        await it.sender.step()
        before = len(it.receiver.received)

        assert before <= webhooks.MOST
        resting = await it.sender.step()
        assert resting == it.work.clock.now() + webhooks.DOWN_PAUSE
        it.work.clock.set(resting)
        await it.sender.step()
        assert len(it.receiver.received) == before + 1
        it.client = HookClient(it.client.target)
        it.receiver.answers = lambda _: 204
        it.sender = it.another()
        await it.later(HOUR)
        await it.client.aclose()
        assert len(it.receiver.accepted) == 24
        assert await it.left() == 0


async def test_a_redirect_is_not_followed(it: Notified) -> None:
    await it.files()
    it.receiver.answers = lambda _: 307
    await it.later(MINUTE)

    assert it.receiver.elsewhere == 0
    assert it.receiver.accepted == []
    assert await it.left() == 2


async def test_a_target_that_is_gone_is_told_nothing_more(it: Notified) -> None:
    await it.files()
    it.receiver.answers = lambda _: 410
    await it.later(MINUTE)
    await it.files()
    await it.later(DAY)

    assert len(it.receiver.received) == 1
    assert it.alarms.raised == ["webhook_gone"]
    assert [one.error for one in await it.work.dead()] == ["answered 410"]
    assert await it.left() == 0


async def test_a_private_address_is_refused(database: Database) -> None:
    async with notified(database, allow_private=False) as it:
        await it.files()
        await it.later(MINUTE)

        assert it.receiver.received == []
        assert await it.left() == 2


async def test_nothing_is_sent_during_a_hold(it: Notified) -> None:
    await it.files()
    await it.work.database.run(lambda tx: hold.hold(tx, why=hold.RESTORED))

    assert await it.sender.step() is None
    assert it.receiver.received == []
    await it.work.database.run(hold.release)
    await it.later(MINUTE)
    assert len(it.receiver.accepted) == 2


async def test_two_replicas_send_each_message_once_and_in_order(it: Notified) -> None:
    cases = [await it.files() for _ in range(10)]
    other = it.another()
    while await it.left():
        await asyncio.gather(it.sender.step(), other.step())

    assert len({one.id for one in it.receiver.received}) == len(it.receiver.received) == 20
    for case in cases:
        assert kinds(it.receiver.accepted, case) == ["case.started", "task.opened"]


async def test_a_replica_that_was_suspended_beyond_its_lease_changes_nothing(
    it: Notified,
) -> None:
    await it.files()
    now, target = it.work.clock.now(), it.client.target.id

    def claim(tx: Tx) -> WebhookMessage:
        (found,) = tx.webhooks.claim(target, now=now, limit=1, lease_until=now + MINUTE)
        return found

    suspended = await it.work.database.run(claim)
    await it.later(MINUTE - SECOND)
    assert it.receiver.received == []
    it.receiver.answers = lambda _: 500
    await it.later(2 * SECOND)
    assert len(it.receiver.received) == 1
    await it.work.database.run(lambda tx: tx.webhooks.done(suspended))

    assert await it.left() == 2


async def test_a_kill_between_sending_and_its_report_sends_the_same_id_again(
    it: Notified, monkeypatch: pytest.MonkeyPatch
) -> None:
    await it.files()
    monkeypatch.setattr(webhooks, "crash_point", dies_at("send.after"))
    with pytest.raises(SystemError):
        await it.sender.step()
    monkeypatch.undo()
    it.sender = it.another()
    await it.later(HOUR)

    ids = [one.id for one in it.receiver.accepted]
    assert len(ids) == 3
    assert ids[0] == ids[1]


def dies_at(wanted: str) -> Callable[[str], None]:
    def reached(name: str) -> None:
        if name == wanted:
            raise SystemError(name)

    return reached
