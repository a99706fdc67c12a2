"""One simulation from its seed: a storm, then it heals, what is owed is done, then checks."""

from __future__ import annotations

import asyncio
import logging
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import structlog

from bot import system
from storage.database_sqlite import SqliteDatabase
from tests.simulation import company, promises
from tests.simulation.chat import BUSY, Platform
from tests.simulation.node import HEARD_S, SELDOM, Crash, Node, Wiring
from tests.simulation.record import Ledger
from tests.simulation.scene import NODE, Scene, StuckError, VirtualLoop
from tests.simulation.storm import DAY_S, HOUR_S, Stalls, Storm
from tests.simulation.wire import Wire
from workflows.moments import DAY, HOUR, MINUTE, SECOND

ZONES = ("Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin", "America/New_York")
SOON = 45 * MINUTE  # after healing, until nothing is late any more
REST_D = 3.0  # until nothing is owed any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of one seed."""

    seed: int
    days: float
    hash: str
    violations: Sequence[str]
    figures: dict[str, int]
    tail: Sequence[str]
    whole: Sequence[str] = ()

    @property
    def ok(self) -> bool:
        return not self.violations


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What is played: how long, by how many nodes, wired how."""

    days: float = 3.5
    nodes: int = 2
    processes: tuple[str, ...] = company.BOTH
    wiring: Wiring = field(default_factory=Wiring)
    stalls: Stalls = field(default_factory=Stalls)
    storm: type[Storm] = Storm
    slower: float = 1.0  # how much rarer faults are
    seldom: tuple[float, float] = SELDOM  # how far apart those look who only watch
    dies_every: float = 9 * HOUR_S  # how often a node dies
    jumps_every: float = 60 * HOUR_S  # how often the clock of a node does
    busy: float = BUSY  # how often the platform puts a message off
    keep_trace: bool = False


def play(seed: int, setting: Setting | None = None) -> Report:
    """Play one seed; the same seed gives the same report."""
    setting = setting or Setting()
    chance = random.Random(seed)
    loop = VirtualLoop(chance)
    start = company.YEAR + ((chance.randrange(330)) * DAY + (chance.randrange(24)) * HOUR)
    scene = Scene(seed=seed, start=start, chance=chance, loop=loop)
    if setting.keep_trace:
        scene.trace.whole = []
    folder = Path(tempfile.mkdtemp(prefix="closeloop-", dir=company.memory()))
    try:
        with _quiet(), _world_of(scene):
            loop.run_until_complete(_Play(scene, setting, folder).run())
    except StuckError as error:
        scene.wrong("R11", str(error))
    finally:
        _end(loop)
        shutil.rmtree(folder)
    return Report(
        seed=seed,
        days=loop.time() / DAY_S,
        hash=scene.trace.hash,
        violations=tuple(scene.violations),
        figures=dict(scene.figures),
        tail=tuple(scene.trace.tail),
        whole=tuple(scene.trace.whole or ()),
    )


class _Play:
    def __init__(self, scene: Scene, setting: Setting, folder: Path) -> None:
        self.scene = scene
        self.setting = setting
        self.path = folder / "simulated.db"
        self.ledger = Ledger()
        self.platform = Platform(knows_tokens=scene.happens(0.5), busy=setting.busy)
        self.poisoned: set[str] = set()
        self.path.write_bytes(company.template(setting.processes))
        self.admin = SqliteDatabase(self.path, inline=True)
        base = replace(company.office(scene.chance.choice(ZONES)), ids=company.ids())
        self.nodes = [
            Node(
                name=f"n{number}",
                scene=scene,
                path=self.path,
                platform=self.platform,
                ledger=self.ledger,
                poisoned=self.poisoned,
                base=base,
                wiring=setting.wiring,
                heard=self._heard,
                seldom=setting.seldom,
            )
            for number in range(1, setting.nodes + 1)
        ]
        by_name = {node.name: node for node in self.nodes}
        system.fuse = _Points(by_name)  # type: ignore[assignment]
        scene.loop.begun = lambda task, name: by_name[name].begun(task) if name else None
        self.wire = Wire(scene=scene, nodes=self.nodes, ledger=self.ledger)

    async def run(self) -> None:
        scene = self.scene
        directory = await self.admin.read(lambda tx: tx.people.directory())
        people = company.people(
            scene, self.wire, self.platform, directory, processes=self.setting.processes
        )
        storm = self.setting.storm(
            scene=scene,
            nodes=self.nodes,
            platform=self.platform,
            people=people,
            admin=self.admin,
            stalls=self.setting.stalls,
            dies_every=self.setting.dies_every,
            jumps_every=self.setting.jumps_every,
            slower=self.setting.slower,
        )
        if company.LAUNCH in self.setting.processes:
            until = scene.start + round((self.setting.days + REST_D) * DAY)
            away = [*company.absences(scene, directory, until=until)]
            await self.admin.run(lambda tx: company.leave_for(tx, away))
        for node in self.nodes:
            await node.start()
        for one in people:
            scene.spawn(one.live())
        storm.begin()
        await asyncio.sleep(self.setting.days * DAY_S)
        await storm.heal()
        await asyncio.sleep(SOON / SECOND)
        checks = promises.Checks(
            scene=scene,
            admin=self.admin,
            ledger=self.ledger,
            platform=self.platform,
            poisoned=self.poisoned,
            office=self.nodes[0].office,
        )
        await checks.nothing_is_late()
        scene.busy = False
        self.poisoned.clear()
        await asyncio.sleep(REST_D * DAY_S)
        await checks.all_promises()
        for node in self.nodes:
            node.dies("the end")
        scene.figures["crashes"] -= len(self.nodes)
        await self.admin.aclose()

    def _heard(self, origin: Node) -> None:
        """Others notice what somebody committed."""
        for node in self.nodes:
            if node is not origin:
                self.scene.loop.call_later(HEARD_S, node.rings)


class _Points:
    """Stands where the fuse of the product's crash points is: the node that passes one is asked."""

    def __init__(self, nodes: dict[str, Node]) -> None:
        self._nodes = nodes

    def burn(self, point: str) -> None:
        name = NODE.get()
        if name:
            self._nodes[name].passes(point)


# ---------------------------------------------------------------------------- around it


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing is logged: the trace tells more."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


@contextmanager
def _world_of(scene: Scene) -> Iterator[None]:
    def went_wrong(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, Crash):
            scene.wrong("loop", f"{context.get('message')} {error!r}")

    scene.loop.set_exception_handler(went_wrong)
    fuse = system.fuse
    try:
        yield
    finally:
        system.fuse = fuse


def _end(loop: VirtualLoop) -> None:
    loop.set_exception_handler(lambda _loop, _context: None)
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0.001))
    loop.close()
