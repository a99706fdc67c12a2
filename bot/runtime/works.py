"""Does the works of service nodes, one at a time, and tries a failed one again.

While a work is done its claim is extended; if this process dies, the claim ends and another one
does the work. After `TRIES` tries the work has failed, and the case goes on with that result.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial

import structlog

from bot.runtime.backoff import backoff
from bot.runtime.guard import Gate
from bot.runtime.surroundings import Surroundings
from handlers.rendering.jobs import Render
from handlers.services import running
from handlers.services.running import LEASE, TRIES
from workflows.moments import MINUTE, SECOND, Moment
from workflows.ports import Apart, Files
from workflows.records import DueTimer

log = structlog.stdlib.get_logger("closeloop.works")

EXTENDED_EVERY_S = LEASE / SECOND / 3


class Works:
    """Does what is due at service nodes."""

    def __init__(
        self, around: Surroundings, *, gate: Gate, files: Files, render: Render, apart: Apart
    ) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._gate = gate
        self._files = files
        self._render = render
        self._apart = apart

    async def step(self) -> Moment | None:
        """Do every due work; return when the next one is due, None during a hold."""
        while True:
            next_at = await self._db.read(lambda tx: tx.timers.next_work_at())
            if next_at is None or next_at > self._office.clock.now():
                return next_at
            if not await self._gate.is_open():
                return None
            work = await self._db.run(partial(running.claim, office=self._office))
            if work is None:  # another replica does it
                return self._office.clock.now() + SECOND
            await self._one(work)

    async def _one(self, work: DueTimer) -> None:
        facts = {"case": work.case_id, "clock": work.clock, "attempt": work.attempts}
        if work.attempts > TRIES:
            log.error("work_failed", **facts)
            await running.give_up(self._db, self._office, work)
            return
        try:
            async with self._held(work):
                counted = await running.do(
                    self._db,
                    self._files,
                    self._office,
                    work,
                    render=self._render,
                    apart=self._apart,
                )
        except Exception as error:
            if self._around.outage(error):
                raise
            await self._put_off(work, error)
            return
        log.info("work_done" if counted else "work_over", **facts)

    @contextlib.asynccontextmanager
    async def _held(self, work: DueTimer) -> AsyncIterator[None]:
        """Extend the claim while the work is done."""
        holding = asyncio.create_task(self._hold(work))
        try:
            yield
        finally:
            holding.cancel()
            await asyncio.gather(holding, return_exceptions=True)

    async def _hold(self, work: DueTimer) -> None:
        extend = partial(running.extend, office=self._office, work=work)
        while True:
            await self._around.pause(EXTENDED_EVERY_S)
            await self._db.run(extend)

    async def _put_off(self, work: DueTimer, error: Exception) -> None:
        now = self._office.clock.now()
        wait = backoff(work.attempts, chance=self._around.chance, first=5 * SECOND, most=5 * MINUTE)
        until = now + wait
        await self._db.run(
            partial(running.put_off, work=work, until=until, error=repr(error)),
        )
        log.warning(
            "work_postponed", case=work.case_id, clock=work.clock, exc_info=error, until=until
        )
