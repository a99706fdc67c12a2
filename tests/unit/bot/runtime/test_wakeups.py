"""APScheduler rings when it should; when it does not, the cap does."""

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from bot.runtime.wakeups import SchedulerTicker, Wakeups
from bot.system import SystemClock
from tests.fakes.runtime import AnyClock
from workflows.moments import HOUR, MINUTE, SECOND, moment_of


async def within(event: asyncio.Event) -> None:
    async with asyncio.timeout(20):
        await event.wait()


async def test_it_rings_and_the_last_wish_counts() -> None:
    ticker, rung = SchedulerTicker(clock=SystemClock()), asyncio.Event()
    ticker.start()
    ticker.ring_in(HOUR, rung.set)
    ticker.ring_in(1000, rung.set)

    await within(rung)
    ticker.stop()


async def test_it_rings_in_the_event_loop_also_for_a_moment_that_has_passed() -> None:
    ticker, rung = SchedulerTicker(clock=SystemClock()), asyncio.Event()
    loops = []

    def ring() -> None:
        loops.append(asyncio.get_running_loop())
        rung.set()

    ticker.start()
    ticker.ring_in(-3 * HOUR, ring)

    await within(rung)
    assert loops == [asyncio.get_running_loop()]
    ticker.stop()


async def test_it_calls_again_and_again() -> None:
    ticker, thrice, calls = SchedulerTicker(clock=SystemClock()), asyncio.Event(), []

    async def call() -> None:
        calls.append(1)
        if len(calls) == 3:
            thrice.set()

    ticker.every(0.005, call)
    ticker.start()

    await within(thrice)
    ticker.stop()


async def test_a_stop_just_after_something_came_due_logs_no_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    ticker, begun = SchedulerTicker(clock=SystemClock()), asyncio.Event()

    async def look() -> None:
        begun.set()
        await asyncio.Event().wait()

    ticker.every(0.001, look)
    ticker.start()
    await within(begun)
    ticker.ring_in(-SECOND, lambda: None)
    ticker._scheduler._process_jobs()
    ticker.stop()
    for _ in range(5):
        await asyncio.sleep(0)

    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


async def test_nothing_durable_lives_in_the_scheduler() -> None:
    scheduler = SchedulerTicker(clock=SystemClock())._scheduler

    assert scheduler._job_defaults["misfire_grace_time"] is None
    assert scheduler._job_defaults["coalesce"] is True
    assert scheduler._job_defaults["max_instances"] == 1
    scheduler.start()
    assert {type(store).__name__ for store in scheduler._jobstores.values()} == {"MemoryJobStore"}
    scheduler.shutdown(wait=False)


async def test_when_nobody_rings_the_cap_does() -> None:
    """A wall clock that was put back keeps the scheduler asleep."""
    ticker = SchedulerTicker(clock=SystemClock())
    bell = Wakeups(clock=SystemClock(), ticker=ticker, cap_s=0.001).bell()

    async with asyncio.timeout(20):
        await bell.wait(until=None)


async def test_a_ring_before_the_sleep_is_not_lost() -> None:
    ticker = SchedulerTicker(clock=SystemClock())
    bells = Wakeups(clock=SystemClock(), ticker=ticker)
    bell = bells.bell()
    bells.ring()

    async with asyncio.timeout(20):
        await bell.wait(until=None)


async def test_the_wait_goes_by_the_clock_that_things_are_due_by() -> None:
    """In the playground it is another than the scheduler's."""
    asked = []

    class Ticker(SchedulerTicker):
        def ring_in(self, wait: int, ring: object) -> None:
            asked.append(wait)

    clock = AnyClock(moment_of(datetime(2031, 1, 1, tzinfo=UTC)))
    bells = Wakeups(clock=clock, ticker=Ticker(clock=SystemClock()))
    bell = bells.bell()
    bell.ring()
    await bell.wait(until=clock.at + 3 * MINUTE)

    assert asked == [3 * MINUTE]


async def test_what_never_began_can_be_ended() -> None:
    SchedulerTicker(clock=SystemClock()).stop()
