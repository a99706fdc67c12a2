"""Suppliers over ten years: the same storm with fewer people, rarer faults, and newcomers."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from storage.unit import Tx
from tests.simulation.company import SUPPLIER
from tests.simulation.play import Setting
from tests.simulation.storm import DAY_S, Storm
from tests.simulation.trading import Trader
from workflows.directory import Person

YEAR_S = 365 * DAY_S
LONGEST = (10 * DAY_S, 65 * DAY_S)  # for which the site is down once in a while
UNSTAFFED = (0.1 * DAY_S, 40 * DAY_S)  # until somebody new has the place of who left


@dataclass(slots=True, kw_only=True)
class LongStorm(Storm):
    """A storm of years. Who leaves is replaced; the site is down for months."""

    closed_until: float = 0.0

    def begin(self) -> None:
        for node in self.nodes:
            for work in (self._kills, self._keeps_alive, self._stalls, self._jumps):
                self.scene.spawn(work(node))
            self.scene.spawn(self._loses_database(node))
        for once in (self._outages(), self._long_downtime(), self._leaver()):
            self.scene.spawn(once)

    async def _long_downtime(self) -> None:
        while await self._every(2 * YEAR_S):
            length = self.scene.chance.uniform(*LONGEST)
            self.closed_until = self.scene.loop.time() + length
            for node in self.nodes:
                if node.alive:
                    node.dies(f"the whole site is down for {length / DAY_S:.0f} days")

    def closed_for(self) -> float:
        return self.closed_until - self.scene.loop.time()

    async def heal(self) -> None:
        self.closed_until = 0.0
        await Storm.heal(self)

    async def _leaver(self) -> None:
        number = 0
        while await self._every(1.5 * YEAR_S):
            number += 1
            gone = self.scene.chance.choice([one for one in self.people if one.works_here])
            self.scene.note("company", f"{gone.id} leaves")
            self.scene.figures["leavers"] += 1
            gone.works_here = False
            if self.scene.happens(0.5):
                self.platform.gone.add(gone.key)
            directory = await self.admin.read(lambda tx: tx.people.directory())
            before = directory.people[gone.key]
            await self._staff(before, None)
            await asyncio.sleep(self.scene.chance.uniform(*UNSTAFFED))
            key, new = f"p_new{number}", f"new.{number}"
            await self._staff(before, replace(before, key=key, id=new, name=f"新人{number}"))
            one = Trader(
                scene=self.scene,
                wire=gone.wire,
                platform=self.platform,
                key=key,
                id=new,
                habits=gone.habits,
                administers=gone.administers,
            )
            self.people = [*self.people, one]
            self.scene.spawn(one.live())

    async def _staff(self, gone: Person, new: Person | None) -> None:
        """Somebody is there no more, and somebody else in their place, if there is one yet."""

        def unit(tx: Tx) -> None:
            directory = tx.people.directory()
            found = [one for one in directory.people.values() if one.active and one.key != gone.key]
            if new is not None:
                found = [
                    replace(one, manager=new.key) if one.manager in (gone.key, "") else one
                    for one in found
                    if one.key != new.key
                ]
                found.append(new)
            tx.people.replace(found, list(directory.departments.values()))

        await self.admin.run(unit)
        for node in self.nodes:
            node.rings()

    async def _every(self, seconds: float) -> bool:
        await asyncio.sleep(self.scene.about(seconds))
        return self.scene.stormy


def years(length: float = 10.0) -> Setting:
    """The play of suppliers for so many years."""
    return Setting(
        days=365.25 * length,
        processes=(SUPPLIER,),
        storm=LongStorm,
        slower=40.0,
        seldom=(1 * DAY_S, 6 * DAY_S),
    )
