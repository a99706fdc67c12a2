"""Who wakes the workers: the next due time, a commit, another process, and a cap in case all fail.

APScheduler is used for what it does well, as the clock that rings: with its memory store only,
never dropping a late job, never running one twice at once. Nothing durable lives in it; what is due
is read from the tables by whoever is woken. A lost wake-up costs seconds, never a reminder.

The scheduler goes by the wall clock, so a wall clock that is put back would keep it asleep. The cap
therefore goes by the event loop's own clock.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from workflows.ports import Clock

CAP_S = 60.0
FARTHEST = timedelta(hours=1)
LOOK_ELSEWHERE_S = 2.0  # for commits of other processes in an SQLite file
LOOK_ELSEWHERE_SERVER_S = 5.0  # and of other replicas on a database server

_NEVER_DROPPED = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1}

Ring = Callable[[], None]
Look = Callable[[], Awaitable[bool]]  # whether somebody else has committed


class Ticker(Protocol):
    """What rings after a time."""

    def ring_in(self, wait: timedelta, ring: Ring) -> None:
        """Ring once after this time; takes the place of what was asked before."""
        ...

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        """Make this call again and again, never twice at once."""
        ...

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self) -> None:
        """End."""
        ...


class SchedulerTicker:
    """Rings by APScheduler. `clock` is the wall clock, since that is what the scheduler reads."""

    def __init__(self, *, clock: Clock) -> None:
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

    def ring_in(self, wait: timedelta, ring: Ring) -> None:
        """Ring once after this time; takes the place of what was asked before."""

        async def job() -> None:  # a coroutine runs in the loop, a function in a thread
            ring()

        # Another job each time: the scheduler skips one whose last run it has not yet noted.
        with contextlib.suppress(LookupError):  # it has rung
            self._scheduler.remove_job(f"next {self._asked}")
        self._asked += 1
        at = self._clock.now() + wait
        self._scheduler.add_job(job, "date", run_date=at, id=f"next {self._asked}")

    def every(self, seconds: float, call: Callable[[], Awaitable[None]]) -> None:
        """Make this call again and again, never twice at once."""

        async def job() -> None:
            with contextlib.suppress(asyncio.CancelledError):  # we stop meanwhile
                await call()

        self._scheduler.add_job(job, "interval", seconds=seconds)

    def start(self) -> None:
        """Begin; needs a running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """End, without waiting for a job; one that never began has ended."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _executor() -> Any:
    """APScheduler's own, to which a job that was cancelled before it began is no error."""
    from apscheduler.executors.asyncio import AsyncIOExecutor

    class Executor(AsyncIOExecutor):  # type: ignore[misc]
        def _run_job_error(self, job_id: str, exc: BaseException, traceback: Any = None) -> None:
            if not isinstance(exc, asyncio.CancelledError):
                super()._run_job_error(job_id, exc, traceback)

    return Executor()


class Bell:
    """What one worker waits for."""

    def __init__(self, wakeups: Wakeups) -> None:
        self._wakeups = wakeups
        self._rung = asyncio.Event()
        self.until: datetime | None = None

    def ring(self) -> None:
        """Wake the worker, now or as soon as it wants to sleep."""
        self._rung.set()

    async def wait(self, *, until: datetime | None) -> None:
        """Sleep until it rings: at `until`, at a commit, or at the cap."""
        self.until = until
        self._wakeups.plan()
        try:
            async with asyncio.timeout(CAP_S):
                await self._rung.wait()
        except TimeoutError:
            pass
        self._rung.clear()


class Wakeups:
    """All bells. `clock` is the one by which things are due: in the playground it can be moved."""

    def __init__(self, *, clock: Clock, ticker: Ticker) -> None:
        self._clock = clock
        self._ticker = ticker
        self._bells: list[Bell] = []
        self._looks: list[Look] = []
        self._planned: datetime | None = None

    def bell(self) -> Bell:
        """A bell for a worker."""
        bell = Bell(self)
        self._bells.append(bell)
        return bell

    def ring(self) -> None:
        """Wake everybody: something was committed."""
        for bell in self._bells:
            bell.ring()

    def moved(self) -> None:
        """Wake everybody: the clock was moved, or what was planned has come."""
        self._planned = None
        self.ring()

    def plan(self) -> None:
        """Have the ticker ring when the first worker wants to be woken."""
        first = min((bell.until for bell in self._bells if bell.until), default=None)
        if first is None or first == self._planned:
            return
        self._planned = first
        self._ticker.ring_in(min(max(first - self._clock.now(), timedelta()), FARTHEST), self.moved)

    async def begin(self) -> None:
        """Begin to ring. From now on no commit of another process is missed."""
        for look in self._looks:
            await look()
        self._ticker.start()

    def end(self) -> None:
        """Ring no more."""
        self._ticker.stop()

    def look_elsewhere(self, look: Look, *, every: float) -> None:
        """Wake everybody when another process has committed."""

        async def job() -> None:
            if await look():
                self.ring()

        self._looks.append(look)
        self._ticker.every(every, job)
