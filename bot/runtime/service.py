"""Runs the workers, restarts them after failures, and stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from bot.runtime.backoff import backoff
from bot.runtime.health import MOST_FAILURES, Health
from bot.runtime.pump import Pump
from bot.runtime.surroundings import Surroundings
from bot.runtime.wakeups import Bell, Wakeups
from workflows.moments import SECOND, Moment

log = structlog.stdlib.get_logger("closeloop.service")

LONGEST_PAUSE = 20 * SECOND
SEND_GRACE_S = 2.5  # for messages that are being sent when the bot stops
STOP_GRACE_S = 1.0


@dataclass(slots=True, kw_only=True, eq=False)
class Worker:
    """A step that is called repeatedly: it does what is due and returns when to call it again."""

    name: str
    step: Callable[[], Awaitable[Moment | None]]
    bell: Bell
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(slots=True, kw_only=True, eq=False)
class Service:
    """The workers and what they share."""

    workers: Sequence[Worker]
    pump: Pump
    wakeups: Wakeups
    health: Health
    around: Surroundings
    stop_grace_s: float = STOP_GRACE_S  # for steps that are under way when the service stops
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _stopping: bool = False

    async def start(self) -> None:
        """Release the claims of an earlier run, then start every worker."""
        await self.pump.start()
        await self.wakeups.begin()
        self._tasks = [
            asyncio.create_task(self._run(worker), name=worker.name) for worker in self.workers
        ]

    def committed(self) -> None:
        """Wake every worker, because something was committed."""
        self.pump.kick()
        self.wakeups.ring()

    @contextlib.asynccontextmanager
    async def standing_still(self) -> AsyncIterator[None]:
        """Run no step during the context; it is entered when the running steps have finished."""
        async with contextlib.AsyncExitStack() as stack:
            for worker in self.workers:
                await stack.enter_async_context(worker.turn)
            yield
        self.wakeups.moved()

    async def stop(self) -> None:
        """Stop the workers: no new claims, messages being sent may finish, leases are released."""
        self._stopping = self.health.stopping = True
        self.wakeups.end()
        try:
            await self.pump.stop(within=SEND_GRACE_S)
        except Exception as error:  # the leases end by themselves
            log.warning("leases_not_released", exc_info=error)
        self.wakeups.ring()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self.stop_grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, worker: Worker) -> None:
        failures = 0
        while not self._stopping:
            try:
                next_at = await self._step(worker)
                failures = self.health.failures[worker.name] = 0
                await worker.bell.wait(until=next_at)
            except Exception as error:  # noqa: BLE001 - a worker must go on after any error
                failures += 1
                self._failed(worker, failures, error)
                await self.around.pause(self._wait(failures))

    async def _step(self, worker: Worker) -> Moment | None:
        async with worker.turn:
            self.health.busy_since[worker.name] = self.around.steady.seconds()
            self.health.failures.setdefault(worker.name, 0)
            try:
                return await worker.step()
            finally:
                del self.health.busy_since[worker.name]

    def _wait(self, failures: int) -> float:
        wait = backoff(failures, chance=self.around.chance, first=SECOND, most=LONGEST_PAUSE)
        return wait / SECOND

    def _failed(self, worker: Worker, failures: int, error: Exception) -> None:
        self.health.failures[worker.name] = failures
        self.around.metrics.worker_failed(worker.name)
        if failures == MOST_FAILURES:
            self.around.alarms.raise_("worker_failing", error=error, worker=worker.name)
        else:
            log.error("worker_failed", worker=worker.name, failures=failures, exc_info=error)
