"""Wakes the workers: at the next due time, at a commit, at a commit of another process, at a cap.

APScheduler is used as an alarm clock only: with its memory store, never dropping a late job and
never running one twice at once. Nothing durable is kept in it; a woken worker reads from the tables
what is due. A lost wake-up delays a reminder by seconds and loses none.

The scheduler uses the wall clock, so it would sleep too long after the clock is set back. The cap
therefore uses the clock of the event loop.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import Any, Protocol

from workflows.moments import HOUR, Moment, utc
from workflows.ports import TimeSource

CAP_S = 60.0
FARTHEST = HOUR
LOOK_ELSEWHERE_S = 2.0  # for commits of other processes in an SQLite file
LOOK_ELSEWHERE_SERVER_S = 5.0  # and of other replicas on a database server

_NEVER_DROPPED = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}

Ring = Callable[[], None]
Look = Callable[[], Awaitable[bool]]  # returns whether another process has committed


class Ticker(Protocol):
    """Calls back after a time."""

    def ring_in(self, wait: int, ring: Ring) -> None:
        """Call `ring` once after so many microseconds, in place of the call requested before."""
        ...

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        """Make a call periodically, never twice at once."""
        ...

    def start(self) -> None:
        """Start."""
        ...

    def stop(self) -> None:
        """Stop."""
        ...


class SchedulerTicker:
    """A ticker based on APScheduler. `clock` must be the wall clock, which the scheduler reads."""

    def __init__(self, *, clock: TimeSource) -> None:
        from apscheduler.jobstores.memory import MemoryJobStore
        from apscheduler.schedulers.asyncio import AsyncIOScheduler

        self._clock = clock
        self._asked = 0
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            jobstores={"default": MemoryJobStore()},
            executors={"default": _executor()},
            job_defaults=_NEVER_DROPPED,
        )

    def ring_in(self, wait: int, ring: Ring) -> None:
        """Call `ring` once after so many microseconds, in place of the call requested before."""

        async def job() -> None:  # a coroutine runs in the loop, a function in a thread
            ring()

        # A new job each time, because the scheduler skips a job whose last run it has not recorded.
        with contextlib.suppress(LookupError):  # it has run already
            self._scheduler.remove_job(f"next {self._asked}")
        self._asked += 1
        at = utc(self._clock.now() + wait)
        self._scheduler.add_job(job, "date", run_date=at, id=f"next {self._asked}")

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        """Make a call periodically, never twice at once."""

        async def job() -> None:
            with contextlib.suppress(asyncio.CancelledError):  # the bot is stopping
                await call()

        self._scheduler.add_job(job, "interval", seconds=seconds)

    def start(self) -> None:
        """Start; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Stop without waiting for running jobs."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _executor() -> Any:
    """Return APScheduler's executor, changed so that it reports no cancelled job."""
    from apscheduler.executors.asyncio import AsyncIOExecutor

    class Executor(AsyncIOExecutor):  # type: ignore[misc]
        def _run_job_error(self, job_id: str, exc: BaseException, traceback: Any = None) -> None:
            if not isinstance(exc, asyncio.CancelledError):
                super()._run_job_error(job_id, exc, traceback)

    return Executor()


class Bell:
    """The wake-ups of one worker."""

    def __init__(self, wakeups: Wakeups) -> None:
        self._wakeups = wakeups
        self._rung = asyncio.Event()
        self.until: Moment | None = None

    def ring(self) -> None:
        """Wake the worker now, or as soon as it waits."""
        self._rung.set()

    async def wait(self, *, until: Moment | None) -> None:
        """Wait until `until`, a commit, or the cap, whichever comes first."""
        self.until = until
        self._wakeups.plan()
        try:
            async with asyncio.timeout(self._wakeups.cap_s):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()


class Wakeups:
    """The wake-ups of all workers.

    `clock` is the clock that decides what is due; in the playground it can be moved. A worker
    sleeps for `cap_s` seconds at most, whatever rings.
    """

    def __init__(self, *, clock: TimeSource, ticker: Ticker, cap_s: float = CAP_S) -> None:
        self.cap_s = cap_s
        self._clock = clock
        self._ticker = ticker
        self._bells: list[Bell] = []
        self._looks: list[Look] = []
        self._planned: Moment | None = None

    def bell(self) -> Bell:
        """Return the wake-ups of a new worker."""
        bell = Bell(self)
        self._bells.append(bell)
        return bell

    def ring(self) -> None:
        """Wake all workers, because something was committed."""
        for bell in self._bells:
            bell.ring()

    def moved(self) -> None:
        """Wake all workers, because the clock was moved or a planned time has come."""
        self._planned = None
        self.ring()

    def plan(self) -> None:
        """Schedule the next wake-up for the earliest time that a worker waits for."""
        first = min((bell.until for bell in self._bells if bell.until), default=None)
        if first is None or first == self._planned:
            return
        self._ticker.ring_in(min(max(first - self._clock.now(), 0), FARTHEST), self.moved)
        self._planned = first

    async def begin(self) -> None:
        """Start. From now on every commit of another process is noticed."""
        for look in self._looks:
            await look()
        self._ticker.start()

    def end(self) -> None:
        """Stop."""
        self._ticker.stop()

    def look_elsewhere(self, look: Look, *, every: float) -> None:
        """Check periodically, every so many seconds, for commits of other processes."""

        async def job() -> None:
            if await look():
                self.ring()

        self._looks.append(look)
        self._ticker.every(every, job)
