"""The clock guard: it holds timers and messages when the system clock jumps.

During a run the wall clock is compared with the machine's monotonic counters: since the start, both
must have advanced by the same time (with or without the time in which the machine was suspended).
At a start the wall clock must not be earlier than the last time recorded by an earlier run. A later
time is always accepted then, because a downtime has no known length.

When they disagree, a hold is started and an alarm raised; an operator checks the clock and releases
the hold, and the clock of that moment becomes the new reference. When a whole process runs under an
accelerated clock, its counters run just as fast, so that is no jump.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.runtime import hold
from bot.runtime.surroundings import Surroundings
from handlers.downtimes import note_downtime
from storage.unit import Tx
from workflows.moments import MINUTE, Moment, from_iso, iso, seconds

TOLERANCE = 5 * MINUTE
TICK_EVERY = MINUTE


class Gate(Protocol):
    """Decides whether timers may fire and messages may be sent."""

    async def is_open(self) -> bool:
        """Return whether work may go on. Called before every batch of work."""
        ...


class ClockWatch:
    """Checks the gate once a minute, so that a jump is noticed while nothing is due."""

    def __init__(self, around: Surroundings, *, gate: Gate) -> None:
        self._clock = around.clock
        self._gate = gate

    async def step(self) -> Moment | None:
        """Check the gate and return the time of the next check."""
        await self._gate.is_open()
        return self._clock.now() + TICK_EVERY


class HoldGate:
    """A gate that is closed during a hold; for the playground, whose clock is not guarded."""

    def __init__(self, around: Surroundings) -> None:
        self._db = around.db

    async def is_open(self) -> bool:
        """Return whether there is no hold."""
        return not await self._db.read(hold.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The counters, with the wall clock just before and just after they were read."""

    before: Moment
    after: Moment
    counters: tuple[float, ...]


class ClockGuard:
    """A gate that also checks the clock and starts a hold when it is wrong."""

    def __init__(self, around: Surroundings) -> None:
        self._db = around.db
        self._clock = around.clock
        self._steady = around.steady
        self._alarms = around.alarms
        self._anchor: _Reading | None = None
        self._ticked: Moment | None = None
        self._suspects = False

    async def is_open(self) -> bool:
        """Return whether there is no hold and the clock is right; starts a hold if it is wrong."""
        why = await self._db.read(hold.held)
        if why == hold.CLOCK:
            self._suspects = True
        if why:
            return False
        now = self._read()
        if self._anchor is None:
            if not self._suspects and not await self._follows_last_run(now):
                return False
            self._anchor = now
        elif self._suspects:
            self._anchor = now
        elif self._off(self._anchor, now) > TOLERANCE:
            passed = max(self._passed(self._anchor, now))
            expected = self._anchor.after + seconds(passed)
            await self._close(now=now.after, against=iso(expected))
            return False
        self._suspects = False
        await self._tick(now.after)
        return True

    async def _follows_last_run(self, now: _Reading) -> bool:
        last = await self._db.read(_last_tick)
        if last is None or now.after >= last - TOLERANCE:
            return True
        await self._close(now=now.after, against=iso(last))
        return False

    async def _close(self, *, now: Moment, against: str) -> None:
        await self._db.run(lambda tx: hold.hold(tx, why=hold.CLOCK))
        self._suspects = True
        self._alarms.raise_("clock_jumped", wall=iso(now), against=against)

    async def _tick(self, now: Moment) -> None:
        if self._ticked is None or now - self._ticked >= TICK_EVERY:
            first = self._ticked is None
            await self._db.run(lambda tx: _record(tx, now, first=first))
            self._ticked = now

    def _read(self) -> _Reading:
        before = self._clock.now()
        counters = self._steady.readings()
        return _Reading(before=before, after=self._clock.now(), counters=counters)

    @staticmethod
    def _passed(since: _Reading, now: _Reading) -> list[float]:
        return [new - old for old, new in zip(since.counters, now.counters, strict=True)]

    def _off(self, since: _Reading, now: _Reading) -> int:
        """Return by how much the wall clock differs from the counter that it fits best.

        The wall clock and the counters are not read at the same instant, and the process may be
        suspended between the readings, so any wall time within that interval is accepted.
        """
        least = now.before - since.after
        most = now.after - since.before
        return min(
            max(least - seconds(passed), seconds(passed) - most, 0)
            for passed in self._passed(since, now)
        )


def _record(tx: Tx, now: Moment, *, first: bool) -> None:
    """Store the time of a tick; the `first` of a run also the downtime since the run before."""
    last = _last_tick(tx) if first else None
    if last is not None and now - last > TOLERANCE:
        note_downtime(tx, since=last, until=now)
    tx.settings.put(hold.LAST_TICK, iso(now))


def _last_tick(tx: Tx) -> Moment | None:
    stored = tx.settings.get(hold.LAST_TICK)
    return from_iso(stored) if stored else None
