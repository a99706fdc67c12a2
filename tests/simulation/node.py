"""One replica of the bot: real workers over a real database. It can stall, err and die."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.runtime.alarms import Alarms
from bot.runtime.audit import Auditor
from bot.runtime.guard import ClockGuard, ClockWatch, Gate
from bot.runtime.health import Health
from bot.runtime.housekeeping import Housekeeping
from bot.runtime.metrics import Metrics
from bot.runtime.pump import Pump
from bot.runtime.rounds import Rounds
from bot.runtime.sending import Sender
from bot.runtime.surroundings import Surroundings
from bot.runtime.sweep import Sweep
from bot.runtime.watched import WatchedDatabase
from bot.system import crash_point
from handlers import router, uploads
from handlers.intents import Intent
from handlers.office import Office
from handlers.pages import Answer
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.unit import Database
from tests.fakes.ports import MemoryFiles, at_once
from tests.simulation.chat import Line, Platform
from tests.simulation.record import Ledger, NodeDatabase, Unit
from tests.simulation.scene import NODE, Scene
from workflows.errors import Refusal
from workflows.moments import SECOND, Moment

Step = Callable[[], Awaitable[Moment | None]]
Handle = Callable[[Database, Office, Intent], Coroutine[Any, Any, Answer]]

FILES = MemoryFiles()  # nobody reads them
HEARD_S = 2.0  # until one node notices what another has committed
SELDOM = (600.0, 6 * 3600.0)  # how far apart those look who only watch
DB_FAILS, DB_SILENT = 0.002, 0.003
HARMLESS = {"clock_jumped", "message_dead", "timer_dead", "timers_late", "messages_late"}


@dataclass(slots=True, kw_only=True)
class Doom:
    """What happens when a crash point is passed for the `left`th time from now."""

    point: str
    left: int
    stall_s: float = 0.0  # it only stands still for so long; 0: it dies


class Crash(BaseException):
    """The process is gone."""


class NodeClock:
    """The wall clock of one machine: it may be wrong, and it may jump."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.off = 0

    def now(self) -> Moment:
        return self._scene.now() + self.off


class NodeSteady:
    """The counters of that machine, which nobody sets."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene

    def seconds(self) -> float:
        return self._scene.loop.time()

    def readings(self) -> tuple[float, ...]:
        return (self._scene.loop.time() + 100.0, self._scene.loop.time())


class NodeAlarms(Alarms):
    """Alarms of one node; one that nothing explains is a broken promise."""

    def __init__(self, node: Node) -> None:
        super().__init__(Metrics())
        self._node = node

    def raise_(self, name: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        scene = self._node.scene
        scene.figures["alarms"] += 1
        scene.note(self._node.name, f"alarm {name} {facts} {error!r}")
        case = str(facts.get("case", ""))
        if name not in HARMLESS and case not in self._node.poisoned:
            scene.wrong("alarm", f"{name} {facts} {error!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wiring:
    """How a node is put together; a mutant changes one part."""

    handle: Handle = router.handle
    gate: Callable[[Surroundings], Gate] = ClockGuard
    sweep: type[Sweep] = Sweep
    sender: type[Sender] = Sender


@dataclass(slots=True, kw_only=True, eq=False)
class Node:
    """A machine with one process on it. The machine stays when the process dies."""

    name: str
    scene: Scene
    path: Path
    platform: Platform
    ledger: Ledger
    poisoned: set[str]  # cases that cannot be handled
    base: Office
    wiring: Wiring
    heard: Callable[[Node], None]  # it has committed something
    seldom: tuple[float, float] = SELDOM
    alive: bool = False
    doom: Doom | None = None
    stalled_until: float = 0.0
    away_until: float = 0.0  # the database cannot be reached
    unit: Unit | None = None
    office: Office = field(init=False)
    db: Database = field(init=False)
    clock: NodeClock = field(init=False)
    lives: int = 0
    _database: SqliteDatabase | None = None
    _bells: list[asyncio.Event] = field(default_factory=list)
    _watch: asyncio.Event = field(default_factory=asyncio.Event)
    _pump: Pump | None = None
    _tasks: dict[asyncio.Task[Any], None] = field(default_factory=dict)
    _sending: dict[asyncio.Task[Any] | None, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = NodeClock(self.scene)

    # ------------------------------------------------------------------ life and death

    async def start(self) -> None:
        """A new process: nothing is left of an earlier one but the database."""
        if self._database is not None:
            await self._database.aclose()
        self.alive, self.unit, self.lives = True, None, self.lives + 1
        self._database = SqliteDatabase(
            self.path, inline=True, crash_point=crash_point, on_commit=self._committed
        )
        metrics, steady = Metrics(), NodeSteady(self.scene)
        own = NodeDatabase(self, self._database)
        self.db = WatchedDatabase(own, metrics=metrics, steady=steady)
        self.office = replace(self.base, clock=self.clock)
        around = Surroundings(
            db=self.db,
            office=self.office,
            chance=self.scene.chance.random,
            pause=asyncio.sleep,
            steady=steady,
            alarms=NodeAlarms(self),
            metrics=metrics,
            apart=at_once,
            outage=_outage,
        )
        self.scene.note(self.name, f"starts, life {self.lives}")
        self.begin(self._live(around))

    async def _live(self, around: Surroundings) -> None:
        gate = self.wiring.gate(around)
        line = Line(scene=self.scene, node=self, platform=self.platform)
        sender = self.wiring.sender(around=around, platforms={line.name: line})
        self._pump = pump = Pump(sender, gate=gate, owner=self.name, alone=True)
        sweep, rounds = self.wiring.sweep(around, gate=gate), Rounds(around, gate=gate)
        auditor = Auditor(around, health=Health(steady=around.steady))
        while True:
            try:
                await pump.start()
            except StorageError:
                await asyncio.sleep(5)
            else:
                break
        self._bells = [asyncio.Event(), asyncio.Event()]
        self._watch = asyncio.Event()
        self.begin(self._work("sweep", sweep.step, self._bells[0]))
        self.begin(self._work("pump", pump.step, self._bells[1]))
        for name, step, bell in (
            ("rounds", rounds.step, asyncio.Event()),
            ("clock", ClockWatch(around, gate=gate).step, self._watch),
            ("housekeeping", Housekeeping(around).step, asyncio.Event()),
            ("auditor", auditor.step, asyncio.Event()),
        ):
            self.begin(self._work(name, step, bell, seldom=True))

    async def _work(
        self, name: str, step: Step, bell: asyncio.Event, *, seldom: bool = False
    ) -> None:
        """What the service does with a worker, but without looking when nothing is due."""
        failures = 0
        while True:
            await self.breathe()
            bell.clear()
            try:
                due = await step()
            except Exception as error:  # noqa: BLE001 - as the service
                if not isinstance(error, StorageError):
                    self.scene.wrong("worker", f"{name} failed: {error!r}")
                failures += 1
                await asyncio.sleep(min(2.0**failures, 20.0))
                continue
            failures = 0
            wait = None if due is None else (due - self.clock.now()) / SECOND + 1e-5
            if seldom:
                wait = max(wait or 0.0, self.scene.chance.uniform(*self.seldom))
            with suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await bell.wait()

    def dies(self, why: str) -> None:
        """As by kill -9: whatever it was doing ends here, and what it knew is gone."""
        self.alive, self.doom, self._pump = False, None, None
        self.scene.figures["crashes"] += 1
        self.scene.note(self.name, f"dies: {why}")
        for token in self._sending.values():
            self.platform.excused[token] += 1
        self._sending.clear()
        current = asyncio.current_task(self.scene.loop)
        for task in list(self._tasks):
            if task is not current:
                task.cancel()
        self._tasks.clear()

    # ------------------------------------------------------------------ inside the process

    def begin(self, coro: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Let something run in this process: it ends when the process does."""
        context = Context()
        context.run(NODE.set, self.name)
        return self.scene.loop.create_task(coro, context=context)

    @staticmethod
    def begin_here(coro: Coroutine[Any, Any, Any]) -> None:
        """Let something run on in the process that runs now."""
        asyncio.get_running_loop().create_task(coro, context=copy_context())

    def begun(self, task: asyncio.Task[Any]) -> None:
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    def check(self) -> None:
        """A process that is gone does nothing more."""
        if not self.alive:
            raise Crash

    async def breathe(self) -> None:
        """A process that is stopped (or whose machine is busy) goes on later."""
        while (still := self.stalled_until - self.scene.loop.time()) > 0:  # noqa: ASYNC110 - it may be stopped again
            await asyncio.sleep(still)
        self.check()

    def reaches_database(self) -> None:
        if self.away_until > self.scene.loop.time():
            raise StorageError("database_unreachable")

    def passes(self, point: str) -> None:
        """A crash point is passed."""
        self.check()
        if point == "db.after_commit":
            self._note_unit()
        if self.doom is not None and self.doom.point == point:
            self.doom.left -= 1
            if self.doom.left <= 0:
                self._is_doomed(self.doom)
        if not self.scene.stormy:
            return
        if point == "db.before_commit" and self.scene.happens(DB_FAILS):
            self.scene.figures["failed commits"] += 1
            raise StorageError("database_unreachable")
        if point == "db.after_commit" and self.scene.happens(DB_SILENT):
            self.scene.figures["unknown commits"] += 1
            raise StorageError("database_unreachable", commit="unknown")

    def _is_doomed(self, doom: Doom) -> None:
        self.doom = None
        if doom.stall_s:
            self.stalls(doom.stall_s)
            return
        self.dies(doom.point)
        raise Crash

    async def receives(self, intent: Intent) -> Answer | None:
        """What a platform sends here; None when nobody lived to answer."""
        task = self.begin(self.wiring.handle(self.db, self.office, intent))
        await asyncio.wait({task})
        if task.cancelled():
            return None
        error = task.exception()
        if isinstance(error, Crash):
            return None
        if error is not None:
            self.scene.wrong("handler", f"raised {error!r}")
            return None
        return task.result() if self.alive else None

    async def keeps(self, person: str) -> list[str]:
        """Keep a file that somebody uploads; the ids of what was kept."""
        task = self.begin(
            uploads.upload(
                self.db,
                FILES,
                self.office,
                person=person,
                name="plan.pdf",
                content=b"%PDF-1.4\n%%EOF",
            )
        )
        await asyncio.wait({task})
        if task.cancelled() or isinstance(task.exception(), Crash | StorageError | Refusal):
            return []
        return [task.result().id]

    # ------------------------------------------------------------------ what it did

    def rings(self) -> None:
        """Wakes whoever does what is due."""
        for bell in self._bells:
            bell.set()
        if self._pump is not None:
            self._pump.kick()

    def watches(self) -> None:
        """Has it look at its clock, as it does once a minute."""
        self._watch.set()

    def _committed(self) -> None:
        self.rings()
        self.heard(self)

    def _note_unit(self) -> None:
        doing, self.unit = self.unit, None
        if doing is None:
            return
        for change in doing.changes:
            self.scene.figures["decisions"] += 1
            for event in change.events:
                self.ledger.events.append((self.scene.now(), change.case.id, event))
                self.scene.note(self.name, f"{change.case.id} {event.seq} {event.body}")
        self.ledger.absences.update(dict.fromkeys(doing.absences, self.scene.now()))
        for case_id, post in doing.posts:
            place = case_id, post.to, post.slot
            if post.anew or place in self.ledger.posts:  # else there is nothing to be updated
                self.ledger.posts[place] = post

    def sends(self, token: str) -> None:
        self._sending[asyncio.current_task()] = token
        if self.stalled_until > self.scene.loop.time():
            self.platform.excused[token] += 1

    def sent_in_vain(self, token: str, *, excused: bool) -> None:
        if self._sending.pop(asyncio.current_task(), None) and excused:
            self.platform.excused[token] += 1

    def recorded(self, task: asyncio.Task[Any] | None) -> None:
        self._sending.pop(task, None)

    def not_recorded(self, task: asyncio.Task[Any] | None) -> None:
        """Where a message is could not be written down: it may be sent once more."""
        if task in self._sending:
            self.platform.excused[self._sending[task]] += 1

    def stalls(self, seconds: float) -> None:
        """The process stands still, longer than its leases last."""
        self.scene.figures["stalls"] += 1
        self.scene.note(self.name, f"stands still for {seconds:.0f} s")
        self.stalled_until = self.scene.loop.time() + seconds
        for token in self._sending.values():
            self.platform.excused[token] += 1


def _outage(error: BaseException) -> bool:
    return isinstance(error, StorageError)
