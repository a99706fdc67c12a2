"""The clock guard: a clock that jumps must not make the bot remind and escalate by mistake.

Inside a run the wall clock is compared with counters that nobody can set: since the start, the same
time must have passed on it as since boot (with the machine's sleep, or without it). At a start it
may not lie before the last moment that was seen in an earlier run. How long the bot was down says
nothing, so a later moment is always believed then.

When they disagree, firing and sending are held and an alarm is raised, until an operator has looked
and releases the hold; from then on the clock of that moment is the measure. The counters run as
fast as the wall clock when a whole process is put under an accelerated clock, so that is no jump.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.runtime import hold
from bot.runtime.surroundings import Surroundings
from storage.unit import Tx

TOLERANCE = timedelta(minutes=5)
TICK_EVERY = timedelta(minutes=1)


class Gate(Protocol):
    """Whether anything may fire or be sent now."""

    async def is_open(self) -> bool:
        """Asked before every batch of work."""
        ...


class ClockWatch:
    """Asks the gate once a minute, so that a clock is watched also while nothing is due."""

    def __init__(self, around: Surroundings, *, gate: Gate) -> None:
        self._clock = around.clock
        self._gate = gate

    async def step(self) -> datetime | None:
        """Asks; returns when to ask again."""
        await self._gate.is_open()
        return self._clock.now() + TICK_EVERY


class HoldGate:
    """Closed while a hold stands in the settings; for a clock that needs no guard."""

    def __init__(self, around: Surroundings) -> None:
        self._db = around.db

    async def is_open(self) -> bool:
        """Whether nothing is held."""
        return not await self._db.read(hold.held)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """The counters, and the wall clock just before and just after they were read."""

    before: datetime
    after: datetime
    counters: tuple[float, ...]


class ClockGuard:
    """A gate that also watches the clock."""

    def __init__(self, around: Surroundings) -> None:
        self._db = around.db
        self._clock = around.clock
        self._steady = around.steady
        self._alarms = around.alarms
        self._anchor: _Reading | None = None
        self._ticked: datetime | None = None
        self._suspects = False

    async def is_open(self) -> bool:
        """Whether nothing is held and the clock can be right. Holds everything if it cannot."""
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
            expected = self._anchor.after + timedelta(seconds=passed)
            await self._close(now=now.after, against=expected.isoformat())
            return False
        self._suspects = False
        await self._tick(now.after)
        return True

    async def _follows_last_run(self, now: _Reading) -> bool:
        last = await self._db.read(_last_tick)
        if last is None or now.after >= last - TOLERANCE:
            return True
        await self._close(now=now.after, against=last.isoformat())
        return False

    async def _close(self, *, now: datetime, against: str) -> None:
        await self._db.run(lambda tx: hold.hold(tx, why=hold.CLOCK))
        self._suspects = True
        self._alarms.raise_("clock_jumped", wall=now.isoformat(), against=against)

    async def _tick(self, now: datetime) -> None:
        if self._ticked is None or now - self._ticked >= TICK_EVERY:
            await self._db.run(lambda tx: tx.settings.put(hold.LAST_TICK, now.isoformat()))
            self._ticked = now

    def _read(self) -> _Reading:
        before = self._clock.now()
        counters = self._steady.readings()
        return _Reading(before=before, after=self._clock.now(), counters=counters)

    @staticmethod
    def _passed(since: _Reading, now: _Reading) -> list[float]:
        return [new - old for old, new in zip(since.counters, now.counters, strict=True)]

    def _off(self, since: _Reading, now: _Reading) -> timedelta:
        """By how much the wall clock disagrees with the counter that it agrees with best.

        The readings are not made at one instant, and the process may have been held up between
        them: whatever the wall clock may have shown meanwhile is believed.
        """
        least = now.before - since.after
        most = now.after - since.before
        return min(
            max(least - timedelta(seconds=passed), timedelta(seconds=passed) - most, timedelta())
            for passed in self._passed(since, now)
        )


def _last_tick(tx: Tx) -> datetime | None:
    stored = tx.settings.get(hold.LAST_TICK)
    return datetime.fromisoformat(stored) if stored else None
