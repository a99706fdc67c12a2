"""The sweep: fires due timers, each in a unit of work of its own.

A timer that fails is postponed, longer after each failure, so that it delays no other timer. After
`MOST_FAILURES` failures it becomes a dead letter with an alarm and is retried once a day.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Sequence

import structlog

from bot.runtime.backoff import backoff
from bot.runtime.guard import Gate
from bot.runtime.surroundings import Surroundings
from handlers import timers
from storage.unit import Tx
from workflows.moments import DAY, SECOND, Moment, iso
from workflows.records import DeadLetter, DueTimer

log = structlog.stdlib.get_logger("closeloop.sweep")

WAVE = 8  # concurrent units, which share a commit on SQLite
MOST_FAILURES = 8
DEAD_AGAIN = DAY
CONTENDED = SECOND


class Sweep:
    """Fires due timers."""

    def __init__(self, around: Surroundings, *, gate: Gate) -> None:
        self._around = around
        self._db = around.db
        self._office = around.office
        self._gate = gate

    async def step(self) -> Moment | None:
        """Fire every due timer and return when the next one is due; None during a hold."""
        while True:
            due, next_at = await self._db.read(self._look)
            if not due:
                return next_at
            if not await self._gate.is_open():
                return None
            handled = await asyncio.gather(*(self._one() for _ in due))
            if not any(handled):  # another replica is processing them
                return self._office.clock.now() + CONTENDED

    def _look(self, tx: Tx) -> tuple[Sequence[DueTimer], Moment | None]:
        now, next_at = self._office.clock.now(), tx.timers.next_at()
        if next_at is None or next_at > now:  # the usual case: a single query of an index
            return (), next_at
        return tx.timers.due(now=now, limit=WAVE), next_at

    async def _one(self) -> bool:
        """Fire the earliest due timer whose case is not locked; return whether there was one."""
        taken: DueTimer | None = None

        def unit(tx: Tx) -> bool:
            nonlocal taken
            taken = next(iter(tx.timers.due(now=self._office.clock.now(), limit=1)), None)
            return taken is not None and timers.fire(tx, self._office, taken)

        try:
            fired = await self._db.run(unit)
        except Exception as error:
            if taken is None or self._around.outage(error):
                raise
            await self._put_off(taken, error)
            return True
        if taken is None:
            return False
        if fired:
            self._around.metrics.fired("fired")
        else:
            await self._put_off(taken, AssertionError("a timer is due that the case does not know"))
        return True

    async def _put_off(self, timer: DueTimer, error: Exception) -> None:
        now = self._office.clock.now()
        failures = timer.attempts + 1
        dead = failures >= MOST_FAILURES
        until = now + (DEAD_AGAIN if dead else backoff(failures, chance=self._around.chance))
        trace = "".join(traceback.format_exception(error))
        letter = DeadLetter(
            id=self._office.ids.new("dead"),
            what="timer",
            source="timer",
            payload={
                "case_id": timer.case_id,
                "clock": timer.clock,
                "due_at": iso(timer.due_at),
            },
            error=trace,
            at=now,
            attempts=failures,
        )

        def unit(tx: Tx) -> None:
            if tx.timers.postpone(timer, until=until, error=repr(error)) == MOST_FAILURES:
                tx.dead.put(letter)

        await self._db.run(unit)
        self._around.metrics.fired("dead" if dead else "failed")
        facts = {"case": timer.case_id, "clock": timer.clock, "failures": failures}
        if dead:
            self._around.alarms.raise_("timer_dead", error=error, **facts)
        else:
            log.warning("timer_postponed", until=iso(until), exc_info=error, **facts)
