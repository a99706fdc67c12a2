"""The harness itself: after a storm everything is looked at."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storage import schema
from storage.database_sqlite import SqliteDatabase
from tests.simulation.chat import Platform
from tests.simulation.scene import Scene, VirtualLoop
from tests.simulation.storm import Stalls, Storm
from workflows.moments import HOUR, moment_of


@dataclass
class Clock:
    off: int = 0


@dataclass
class StillNode:
    """A process that only notes what it is told."""

    alive: bool = True
    doom: Any = "at the next commit"
    stalled_until: float = 9e9
    away_until: float = 9e9
    clock: Clock = field(default_factory=lambda: Clock(off=HOUR))
    told: list[str] = field(default_factory=list)

    async def start(self) -> None:
        self.alive = True
        self.told.append("start")

    def rings(self) -> None:
        self.told.append("rings")

    def watches(self) -> None:
        self.told.append("watches")


def test_when_a_hold_is_released_every_process_looks_at_its_clock(tmp_path: Path) -> None:
    chance = random.Random(1)
    loop = VirtualLoop(chance)
    scene = Scene(
        seed=1, start=moment_of(datetime(2026, 3, 2, tzinfo=UTC)), chance=chance, loop=loop
    )
    admin = SqliteDatabase(tmp_path / "simulated.db", inline=True)
    nodes: Any = [StillNode(), StillNode(alive=False)]
    storm = Storm(
        scene=scene,
        nodes=nodes,
        platform=Platform(knows_tokens=True, busy=0.0),
        people=[],
        admin=admin,
        stalls=Stalls(),
        dies_every=1.0,
        jumps_every=1.0,
    )

    async def heals() -> None:
        await admin.with_connection(schema.upgrade, write=True)
        await storm.heal()
        await admin.aclose()

    try:
        loop.run_until_complete(heals())
    finally:
        loop.close()

    assert [node.told for node in nodes] == [["rings", "watches"], ["start", "rings", "watches"]]
    assert [(node.doom, node.away_until, node.clock.off) for node in nodes] == [(None, 0.0, 0)] * 2
