"""Start and five approvals: closeloop beside SpiffWorkflow and beside plain rows, in turns.

The peer runs in an environment and a process of its own (`peer.py`), one caller. closeloop gives
every step a deadline, so it is compared with the peer with timers and without. The start of an
instance is measured with its decisions and is not counted as one.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storage.connect import open_database
from tests.bench import approvals, decisions, plain
from tests.bench.environment import CACHE, NotBuilt
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.running_peer import Found, Peer, running
from tests.bench.tables import Aim, Line, Measurement, Table, at_least, at_most, take_turns
from tests.postgres import Server, running_server

ROUNDS = 3
SERVERS = True  # whether PostgreSQL is measured
MANY = 32
WARM = 4
INSTANCES = 24
WARM_MANY, INSTANCES_MANY = 32, 64
PLAIN, PEER, TIMED = "plain rows", "SpiffWorkflow", "SpiffWorkflow, a timer each"
ONE, ALL = "closeloop, 1 caller", f"closeloop, {MANY} callers"

Aims = Mapping[tuple[str, str], Aim]  # who, beside whom
FREE: Aims = {(ONE, PEER): at_least(4), (ONE, TIMED): at_least(12)}
SLOW: Aims = {(ALL, TIMED): at_least(20)}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Places:
    """The databases of the rounds."""

    empty: Callable[[], str]  # a new one: a path for SQLite, or a URL
    filled: Callable[[], str]  # the URL of a new copy with the definition in force
    thrown: Callable[[str], object]  # away with it


@dataclass(slots=True, kw_only=True)
class _Stage:
    """Where the rounds work, and what they found."""

    places: _Places
    staff: approvals.Staff
    peer: Peer | None
    flush: int
    found: dict[str, list[Found]] = field(default_factory=dict)

    @property
    def variants(self) -> dict[str, Callable[[], float]]:
        """A round of each."""
        peers = (PEER, TIMED) if self.peer is not None else ()
        return {
            PLAIN: lambda: self._note(PLAIN, self._plain()),
            **{name: self._peer_round(name) for name in peers},
            ONE: lambda: self._note(ONE, asyncio.run(self._ours(callers=1))),
            ALL: lambda: self._note(ALL, asyncio.run(self._ours(callers=MANY))),
        }

    def _note(self, name: str, found: Found) -> float:
        self.found.setdefault(name, []).append(found)
        return found.rate

    def _peer_round(self, name: str) -> Callable[[], float]:
        def work() -> float:
            assert self.peer is not None
            database = self.places.empty()
            counts = {"warm": WARM, "instances": INSTANCES, "flush_us": self.flush}
            found = self.peer.measured(database, timers=name == TIMED, **counts)
            self.places.thrown(database)
            return self._note(name, found)

        return work

    def _plain(self) -> Found:
        database = self.places.empty()
        if database.startswith("postgresql://"):
            found = asyncio.run(_plain_on_postgresql(database))
        else:
            connection = plain.on_sqlite(database)
            for number in range(WARM):
                plain.instance_on_sqlite(connection, number)
            before = _Before()
            for number in range(INSTANCES_MANY):
                plain.instance_on_sqlite(connection, WARM + number)
            found = before.until_now(INSTANCES_MANY)
            connection.close()
        self.places.thrown(database)
        return found

    async def _ours(self, *, callers: int) -> Found:
        url, office = self.places.filled(), decisions.new_office()
        database = await open_database(url)
        watched = decisions.watched(database)
        warm, count = (WARM, INSTANCES) if callers == 1 else (WARM_MANY, INSTANCES_MANY)
        await self.staff.instances(watched, office, count=warm, callers=callers)
        before = _Before()
        await self.staff.instances(watched, office, count=count, callers=callers)
        found = before.until_now(count)
        await database.aclose()
        self.places.thrown(url)
        return found


class _Before:
    """What the clocks showed."""

    def __init__(self) -> None:
        self._wall, self._worked = time.perf_counter(), time.process_time()

    def until_now(self, instances: int) -> Found:
        """What so many instances took since."""
        wall, worked = time.perf_counter() - self._wall, time.process_time() - self._worked
        count = instances * approvals.STEPS
        return Found(rate=count / wall, cpu=worked / count, size=0)


async def _plain_on_postgresql(url: str) -> Found:
    connection = await plain.on_postgresql(url)
    for number in range(WARM):
        await plain.instance_on_postgresql(connection, number)
    before = _Before()
    for number in range(INSTANCES):
        await plain.instance_on_postgresql(connection, WARM + number)
    found = before.until_now(INSTANCES)
    await connection.close()
    return found


# ---------------------------------------------------------------------------- measuring


def measure(ground: Ground) -> Iterator[Table]:
    """On both databases, with free flushes and with those of a plain cloud disk."""
    flushes = (0, FLUSH_US) if ground.slow else (0,)
    with contextlib.ExitStack() as stack:
        peer = _peer(stack, ground)
        folder = ground.place("approvals")
        staff = asyncio.run(_template(f"sqlite:///{folder}/template.db"))
        for flush in flushes:
            with ground.flush(flush):
                stage = _Stage(places=_files(folder), staff=staff, peer=peer, flush=flush)
                yield from _tables("SQLite", stage, FREE if flush == 0 else SLOW)
        for flush in flushes if SERVERS else ():
            os.environ["FLUSH_DELAY_US"] = str(flush)  # for the server, which inherits it
            with running_server(durable=True) as server:
                places, staff = _on_server(server)
                stage = _Stage(places=places, staff=staff, peer=peer, flush=flush)
                yield from _tables("PostgreSQL", stage, {})


def _peer(stack: contextlib.ExitStack, ground: Ground) -> Peer | None:
    try:
        return stack.enter_context(running(ground.place("peer"), cache=CACHE))
    except NotBuilt as why:
        print(f"  SpiffWorkflow is not measured, its environment cannot be had: {why}", flush=True)
        return None


def _tables(name: str, stage: _Stage, aims: Aims) -> Iterator[Table]:
    take_turns(stage.variants, rounds=ROUNDS)
    rates = {one: [found.rate for found in rounds] for one, rounds in stage.found.items()}
    costs = {one: [1000 * found.cpu for found in rounds] for one, rounds in stage.found.items()}
    when = f"{stage.flush / 1000:g} ms a flush" if stage.flush else "flushes free"
    lines = [Line(f"{one}, 1 caller", rates[one]) for one in (PLAIN, PEER, TIMED) if one in rates]
    for ours in (ONE, ALL):
        lines.append(Line(ours, rates[ours]))
        lines += [
            Line(f"  beside {other}", rates[ours], rates[other], aims.get((ours, other)))
            for other in (PLAIN, PEER, TIMED)
            if other in rates
        ]
    yield Table(f"{name}, five approvals, {when}", "/s", lines)
    if stage.flush == 0:
        most = at_most(6) if name == "SQLite" else None
        yield Table(
            f"{name}, processor time a decision",
            "ms",
            [
                Line(one, costs[one], costs[PLAIN], most if one in (ONE, ALL) else None)
                for one in costs
            ],
        )


async def _template(url: str) -> approvals.Staff:
    database = await open_database(url, upgrade=True)
    staff = await approvals.furnish(database)
    await database.aclose()
    return staff


def _files(folder: Path) -> _Places:
    template, copy = folder / "template.db", folder / "round.db"

    def filled() -> str:
        shutil.copyfile(template, copy)
        return f"sqlite:///{copy}"

    def thrown(_: str) -> None:
        for old in folder.glob("round.db*"):
            old.unlink()

    return _Places(empty=lambda: str(copy), filled=filled, thrown=thrown)


def _on_server(server: Server) -> tuple[_Places, approvals.Staff]:
    made: list[approvals.Staff] = []

    def prepare(url: str) -> None:
        made.append(asyncio.run(_template(url)))

    server.drop(server.fresh("approvals", prepare))
    places = _Places(
        empty=server.fresh, filled=lambda: server.fresh("approvals"), thrown=server.drop
    )
    return places, made[0]


MEASUREMENT = Measurement(
    name="peer",
    about="start and five approvals, beside SpiffWorkflow and beside plain rows",
    measure=measure,
)
