"""What goes wrong by itself: deaths, stalls, outages, clocks that jump, people who leave."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.runtime import hold
from bot.system import CRASH_POINTS
from storage.database_sqlite import SqliteDatabase
from storage.unit import Tx
from tests.simulation.chat import Platform
from tests.simulation.node import Doom, Node
from tests.simulation.people import Somebody
from tests.simulation.scene import Scene
from workflows.moments import SECOND, seconds

HOUR_S, DAY_S = 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stalls:
    """How often a process stands still, where, and for how long: longer than its leases last."""

    every_s: float = 20 * HOUR_S
    length_s: tuple[float, float] = (70.0, 400.0)
    points: Sequence[str] = ("send.after", "send.before", "db.after_commit")


@dataclass(slots=True, kw_only=True)
class Storm:
    """Everything that befalls the nodes, the platform and the company, until `heal`."""

    scene: Scene
    nodes: Sequence[Node]
    platform: Platform
    people: Sequence[Somebody]
    admin: SqliteDatabase  # the operator's own door
    stalls: Stalls
    dies_every: float
    jumps_every: float
    slower: float = 1.0  # how much rarer everything is than in a storm of days

    def begin(self) -> None:
        for node in self.nodes:
            self.scene.spawn(self._kills(node))
            self.scene.spawn(self._keeps_alive(node))
            self.scene.spawn(self._stalls(node))
            self.scene.spawn(self._loses_database(node))
            self.scene.spawn(self._jumps(node))
        for work in (self._outages(), self._long_downtime(), self._leaver(), self._poison()):
            self.scene.spawn(work)

    async def heal(self) -> None:
        """Nothing goes wrong any more; everything is up; the operator has looked at everything."""
        self.scene.stormy = False
        self.scene.note("storm", "is over")
        self.platform.out_until = None
        for node in self.nodes:
            node.doom, node.stalled_until, node.away_until = None, 0.0, 0.0
            node.clock.off = 0
            if not node.alive:
                await node.start()
        await self._operator()

    # ------------------------------------------------------------------ nodes

    async def _kills(self, node: Node) -> None:
        while await self._after(self.dies_every):
            point = self.scene.chance.choice(CRASH_POINTS)
            node.doom = Doom(point=point, left=self.scene.chance.randrange(1, 6))

    async def _keeps_alive(self, node: Node) -> None:
        """Starts a process that died, mostly soon."""
        chance = self.scene.chance
        while self.scene.stormy:
            await asyncio.sleep((5.0 if not node.alive else 30.0) * self.slower)
            if node.alive:
                continue
            longest = chance.choices((60.0, 4 * HOUR_S, 2 * DAY_S), (80, 17, 3))[0]
            await asyncio.sleep(max(chance.uniform(1.0, longest), self.closed_for()))
            if node.clock.off:  # a machine that is started anew asks what time it is
                node.clock.off = 0
            if self.scene.stormy:
                await node.start()

    def closed_for(self) -> float:
        """How many seconds nothing can be started any more."""
        return 0.0

    async def _long_downtime(self) -> None:
        if not await self._after(10 * DAY_S):
            return
        for node in self.nodes:
            if node.alive:
                node.dies("the whole site is down")

    async def _stalls(self, node: Node) -> None:
        while await self._after(self.stalls.every_s):
            chance = self.scene.chance
            point = chance.choice(self.stalls.points)
            node.doom = Doom(point=point, left=1, stall_s=chance.uniform(*self.stalls.length_s))

    async def _loses_database(self, node: Node) -> None:
        while await self._after(60 * HOUR_S):
            away = self.scene.chance.choice((10.0, 120.0, 1200.0))
            self.scene.note(node.name, f"cannot reach the database for {away:.0f} s")
            self.scene.figures["database outages"] += 1
            node.away_until = self.scene.loop.time() + away

    async def _jumps(self, node: Node) -> None:
        chance = self.scene.chance
        while await self._after(self.jumps_every):
            far = seconds(chance.uniform(10, 40 * 60) * 60) * chance.choice((1, -1))
            self.scene.note(node.name, f"its clock jumps by {far / SECOND:.0f} s")
            self.scene.figures["clock jumps"] += 1
            node.clock.off += far
            await asyncio.sleep(chance.uniform(0, 60))
            node.rings()
            await asyncio.sleep(chance.uniform(10 * 60, 6 * HOUR_S))
            if not self.scene.stormy:
                return
            node.clock.off = 0
            node.rings()
            await self._operator()

    async def _operator(self) -> None:
        """Looks at the clocks, then releases what was held because of them."""
        if any(node.clock.off for node in self.nodes if node.alive):
            return
        why = await self.admin.run(hold.release)
        if why:
            self.scene.figures["holds released"] += 1
            self.scene.note("operator", f"releases what was held: {why}")
        await asyncio.sleep(2.0)
        for node in self.nodes:
            node.rings()
            node.watches()

    # ------------------------------------------------------------------ the world

    async def _outages(self) -> None:
        while await self._after(50 * HOUR_S):
            length = self.scene.chance.choice((300.0, HOUR_S, 10 * HOUR_S))
            self.platform.out_until = self.scene.now() + seconds(length)
            self.scene.figures["platform outages"] += 1
            self.scene.note("platform", f"is out for {length:.0f} s")

    async def _leaver(self) -> None:
        """Somebody leaves the firm, with whatever they have to do."""
        if not await self._after(6 * DAY_S):
            return
        gone = self.scene.chance.choice([one for one in self.people if one.id != "chen.jing"])
        self.scene.note("company", f"{gone.id} leaves")
        self.scene.figures["leavers"] += 1
        gone.works_here = False
        if self.scene.happens(0.5):
            self.platform.gone.add(gone.key)
        await self.admin.run(lambda tx: _without(tx, gone.key))
        for node in self.nodes:
            node.rings()

    async def _poison(self) -> None:
        """A person whose messages, and a case whose commands, break whatever handles them."""
        if not await self._after(5 * DAY_S):
            return
        if self.scene.happens(0.5):
            one = self.scene.chance.choice(self.people)
            self.platform.poisoned.add(one.key)
            self.scene.note("platform", f"breaks on every message to {one.id}")
        ids = await self.admin.read(lambda tx: tx.cases.open_ids())
        if ids and self.scene.happens(0.7):
            case_id = self.scene.chance.choice(ids)
            self.scene.note("company", f"{case_id} is poisoned")
            for node in self.nodes:
                node.poisoned.add(case_id)

    async def _after(self, seconds: float) -> bool:
        """Waits about so long. Whether it still storms then."""
        await asyncio.sleep(self.scene.about(seconds * self.slower))
        return self.scene.stormy


def _without(tx: Tx, key: str) -> None:
    directory = tx.people.directory()
    stay = [person for person in directory.people.values() if person.active and person.key != key]
    tx.people.replace(stay, list(directory.departments.values()))
