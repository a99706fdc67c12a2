"""Workers run, are started again when they fail, stand still when asked, and end in good order."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

import pytest

from bot.runtime.health import MOST_FAILURES
from bot.runtime.service import Service, Worker
from bot.runtime.wakeups import Ring, Ticker, Wakeups
from tests.unit.bot.runtime.conftest import Manned
from workflows.moments import DAY, HOUR, MINUTE, Moment
from workflows.ports import TimeSource


@dataclass
class HandTicker:
    """Rings when a test says so."""

    asked: list[int] = field(default_factory=list)
    ring: Ring | None = None
    calls: list[Callable[[], Awaitable[None]]] = field(default_factory=list)
    running: bool = False

    def ring_in(self, wait: int, ring: Ring) -> None:
        self.asked.append(wait)
        self.ring = ring

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        self.calls.append(call)

    def start(self) -> None:
        self.running = True

    def stop(self) -> None:
        self.running = False


@dataclass
class Steps:
    """A worker's steps: what they do is scripted, how often they were made is counted."""

    until: Moment | None = None
    failing: int = 0
    made: int = 0
    again: asyncio.Event = field(default_factory=asyncio.Event)

    async def step(self) -> Moment | None:
        self.made += 1
        self.again.set()
        if self.failing:
            self.failing -= 1
            raise RuntimeError("broken")
        return self.until

    async def next(self) -> None:
        """Waits until one more was made."""
        self.again.clear()
        await _within(self.again)


class SeenWakeups(Wakeups):
    """Tells when a worker goes to sleep."""

    def __init__(self, *, clock: TimeSource, ticker: Ticker) -> None:
        super().__init__(clock=clock, ticker=ticker)
        self.asleep = asyncio.Event()

    def plan(self) -> None:
        super().plan()
        self.asleep.set()


class SeenTurn(asyncio.Lock):
    """Tells when a worker wants its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.wanted = asyncio.Event()

    async def acquire(self) -> Literal[True]:
        self.wanted.set()
        return await super().acquire()


@dataclass
class Shop:
    service: Service
    steps: Steps
    ticker: HandTicker
    wakeups: SeenWakeups
    turn: SeenTurn

    async def asleep(self) -> None:
        """Until the worker sleeps."""
        await _within(self.wakeups.asleep)


@pytest.fixture
def shop(work: Manned) -> Shop:
    ticker, steps = HandTicker(), Steps()
    wakeups, turn = SeenWakeups(clock=work.clock, ticker=ticker), SeenTurn()
    service = Service(
        workers=[Worker(name="worker", step=steps.step, bell=wakeups.bell(), turn=turn)],
        pump=work.crew.pump,
        wakeups=wakeups,
        health=work.crew.health,
        around=work.crew.around,
    )
    return Shop(service, steps, ticker, wakeups, turn)


async def test_a_worker_sleeps_until_its_time_a_commit_or_another_process(
    work: Manned, shop: Shop
) -> None:
    shop.steps.until = work.clock.now() + 7 * MINUTE
    shop.service.wakeups.look_elsewhere(_changed, every=2)
    await shop.service.start()
    await shop.steps.next()
    await shop.asleep()
    assert shop.ticker.running
    assert shop.ticker.asked == [7 * MINUTE]

    for wake in (shop.ticker.ring, shop.service.committed):
        assert wake is not None
        wake()
        await shop.steps.next()
    await shop.ticker.calls[0]()
    await shop.steps.next()

    await shop.service.stop()
    assert shop.steps.made == 4
    assert not shop.ticker.running


async def test_the_scheduler_is_asked_for_an_hour_at_most(work: Manned, shop: Shop) -> None:
    shop.steps.until = work.clock.now() + 400 * DAY
    await shop.service.start()
    await shop.steps.next()
    await shop.asleep()

    assert shop.ticker.asked == [HOUR]
    await shop.service.stop()


async def test_a_worker_that_fails_is_started_again_after_a_growing_wait(
    work: Manned, shop: Shop
) -> None:
    """F5, R12."""
    shop.steps.failing = 2
    await shop.service.start()
    await shop.asleep()

    assert shop.steps.made == 3
    first, second = work.crew.pauses.made
    assert 0 < first < second
    assert work.crew.health.failures == {"worker": 0}
    assert work.crew.alarms.raised == []
    await shop.service.stop()


async def test_a_worker_that_could_not_be_woken_at_its_time_goes_on(
    work: Manned, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alarm clock that fails ends no worker, and is asked again."""
    shop.steps.until = work.clock.now() + MINUTE
    asked: list[int] = []

    def ring_in(wait: int, ring: Ring) -> None:
        asked.append(wait)
        if len(asked) == 1:
            raise TypeError("no time")

    monkeypatch.setattr(shop.ticker, "ring_in", ring_in)
    await shop.service.start()
    await shop.asleep()

    assert shop.steps.made == 2
    assert asked == [MINUTE, MINUTE]
    await shop.service.stop()


async def test_a_worker_that_keeps_failing_raises_an_alarm_once_and_is_tried_on(
    work: Manned, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.steps.failing = MOST_FAILURES + 3
    failures: list[int] = []

    def wait(_: Service, count: int) -> float:
        failures.append(count)
        return 0.0

    monkeypatch.setattr(Service, "_wait", wait)
    await shop.service.start()
    await shop.asleep()

    assert failures == [1, 2, 3, 4, 5, 6]
    assert work.crew.alarms.raised == ["worker_failing"]
    await shop.service.stop()


async def test_nobody_makes_a_step_while_they_stand_still(shop: Shop) -> None:
    await shop.service.start()
    await shop.steps.next()
    async with shop.service.standing_still():
        made = shop.steps.made
        shop.turn.wanted.clear()
        shop.service.committed()
        await _within(shop.turn.wanted)
        assert shop.steps.made == made

    await shop.steps.next()
    await shop.service.stop()


async def test_a_stop_gives_the_leases_back_and_takes_nothing_more(
    work: Manned, shop: Shop
) -> None:
    """R13."""
    work.asleep = True
    await work.filed()
    now = work.clock.now()
    until = now + MINUTE
    await shop.service.start()
    await work.database.run(
        lambda tx: tx.outbox.claim(now=now, limit=99, owner="crew", lease_until=until)
    )

    await shop.service.stop()

    next_at = await work.database.read(lambda tx: tx.outbox.next_at())
    assert next_at is not None
    assert next_at <= now
    assert work.crew.health.checks(held="")["process"] == "stopping"
    await work.crew.pump.step()
    assert work.chat.calls == []


async def test_a_worker_that_hangs_does_not_keep_us_from_stopping(shop: Shop) -> None:
    shop.service.stop_grace_s = 0.01
    begun = asyncio.Event()

    async def step() -> None:
        begun.set()
        await asyncio.Event().wait()

    shop.service.workers[0].step = step
    await shop.service.start()
    await _within(begun)

    async with asyncio.timeout(10):
        await shop.service.stop()


async def test_a_database_that_is_away_does_not_keep_us_from_stopping(
    work: Manned, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shop.service.start()
    await shop.steps.next()

    async def run(*_: object) -> None:
        raise OSError("gone")

    monkeypatch.setattr(type(work.database), "run", run)
    async with asyncio.timeout(10):
        await shop.service.stop()


async def _changed() -> bool:
    return True


async def _within(event: asyncio.Event) -> None:
    async with asyncio.timeout(10):
        await event.wait()
