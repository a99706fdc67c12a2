"""The outside of the workers, in a test's hand: waits that take no time, counters, noted alarms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from bot.runtime.alarms import Alarms
from bot.runtime.audit import Auditor
from bot.runtime.guard import Gate, HoldGate
from bot.runtime.health import Health
from bot.runtime.metrics import Metrics
from bot.runtime.pump import Pump
from bot.runtime.rounds import Rounds
from bot.runtime.sending import Sender
from bot.runtime.surroundings import Surroundings
from bot.runtime.sweep import Sweep
from handlers.conversation.ports import ChatPort
from handlers.office import Office
from handlers.rendering.jobs import render_here
from storage.errors import StorageError
from storage.unit import Database, Tx
from tests.fakes.ports import at_once, lasting
from workflows.moments import Moment
from workflows.ports import Files, TimeSource

if TYPE_CHECKING:
    from bot.runtime.works import Works


class AnyClock:
    """Shows what it is set to, also an earlier moment."""

    def __init__(self, now: Moment) -> None:
        self.at = now

    def now(self) -> Moment:
        return self.at


class HandSteady:
    """Counters that a test turns."""

    def __init__(self) -> None:
        self.since_boot = 1000.0
        self.awake = 400.0

    def seconds(self) -> float:
        return self.awake

    def readings(self) -> tuple[float, ...]:
        return (self.since_boot, self.awake)

    def turn(self, seconds: float) -> None:
        self.since_boot += seconds
        self.awake += seconds


class NotedAlarms(Alarms):
    """Keeps the names of alarms, and what was said about them."""

    def __init__(self) -> None:
        super().__init__(Metrics())
        self.raised: list[str] = []
        self.facts: list[dict[str, object]] = []

    def raise_(self, name: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        self.raised.append(name)
        self.facts.append({**facts, "error": error})


class Pauses:
    """Waits that take no time; how long they would have been is kept."""

    def __init__(self) -> None:
        self.made: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.made.append(seconds)


def surroundings(
    db: Database, office: Office, *, alarms: Alarms | None = None, pauses: Pauses | None = None
) -> Surroundings:
    """The outside of workers over a database."""
    return Surroundings(
        db=db,
        office=office,
        chance=lambda: 0.5,
        pause=pauses or Pauses(),
        steady=HandSteady(),
        alarms=alarms or NotedAlarms(),
        metrics=Metrics(),
        apart=at_once,
        outage=lambda error: isinstance(error, StorageError),
    )


async def _nobody_takes_over(_: float) -> None:
    """Wait until the work is done: its claim is not extended meanwhile."""
    await asyncio.Event().wait()


@dataclass(kw_only=True)
class Crew:
    """All workers of one process, made anew by `restarted`."""

    db: Database
    office: Office
    platforms: Mapping[str, ChatPort]
    owner: str = "crew"
    alone: bool = True
    gate: Gate | None = None
    alarms: NotedAlarms = field(default_factory=NotedAlarms)
    pauses: Pauses = field(default_factory=Pauses)
    files: Files | None = None  # with them, works of service nodes are done

    def __post_init__(self) -> None:
        self.around = surroundings(self.db, self.office, alarms=self.alarms, pauses=self.pauses)
        gate = self.gate or HoldGate(self.around)
        self.sweep = Sweep(self.around, gate=gate)
        self.rounds = Rounds(self.around, gate=gate)
        sender = Sender(around=self.around, platforms=self.platforms)
        self.pump = Pump(sender, gate=gate, owner=self.owner, alone=self.alone)
        self.health = Health(steady=self.around.steady)
        self.auditor = Auditor(self.around, health=self.health)
        self.works = self._works(self.files, gate) if self.files is not None else None

    def _works(self, files: Files, gate: Gate) -> Works:
        from bot.runtime.works import Works  # what rehearses takes long to load

        around = replace(self.around, pause=_nobody_takes_over)
        return Works(around, gate=gate, files=files, render=render_here, apart=asyncio.to_thread)

    async def settle(self) -> None:
        """Do everything that is due now."""
        await self.rounds.step()
        await self.sweep.step()
        if self.works is not None:
            while await self.next_work_at() is not None:
                await self.works.step()
                await self.sweep.step()
        await self.pump.step()

    async def next_work_at(self) -> Moment | None:
        """When the next work that is due now was due; None without any."""
        due = await self.db.read(lambda tx: tx.timers.next_work_at())
        return due if due is not None and due <= self.office.clock.now() else None

    async def next_at(self) -> Moment | None:
        """When something is due next."""

        def read(tx: Tx) -> list[Moment | None]:
            works = tx.timers.next_work_at() if self.works is not None else None
            return [tx.timers.next_at(), works, tx.outbox.next_at()]

        return min((at for at in await self.db.read(read) if at is not None), default=None)


def later(clock: TimeSource, **length: float) -> Moment:
    """So much later than now."""
    return clock.now() + lasting(**length)
