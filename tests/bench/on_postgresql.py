"""Durable decisions a second on PostgreSQL, eight in flight, beside plain asyncpg."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from storage.connect import open_database
from storage.database_postgres import PostgresDatabase
from tests.bench import decisions, raw
from tests.bench.decisions import Decision
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table, at_least, take_turns
from tests.postgres import Server, running_server

CASES = 144
WARM = 32
ROUNDS = 5
IN_FLIGHT = 8

_SPELLING = raw.Spelling(mark=lambda number: f"${number}", lock=" FOR UPDATE")
_TEMPLATES = {kind: f"bench-{kind}" for kind in decisions.KINDS}
Work = Callable[[Decision], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Stage:
    """Databases to copy, and decisions that can be made on a copy."""

    server: Server
    kind: str
    decisions: Sequence[Decision]

    def copy(self) -> str:
        return self.server.fresh(_TEMPLATES[self.kind])


def measure(ground: Ground) -> Iterator[Table]:
    """Both kinds of decision, with the flushes of the server slowed."""
    flush = FLUSH_US if ground.slow else 0
    os.environ["FLUSH_DELAY_US"] = str(flush)  # for the server, which inherits it
    with running_server(durable=True) as server:
        for stage in asyncio.run(_stages(server)):
            yield _table(stage, flush=flush)


def _table(stage: _Stage, *, flush: int) -> Table:
    found = take_turns(
        {
            "raw": lambda: asyncio.run(_raw(stage)),
            "storage": lambda: asyncio.run(_ours(stage, whole=False)),
            "whole": lambda: asyncio.run(_ours(stage, whole=True)),
        },
        rounds=ROUNDS,
    )
    bare, aim = found["raw"], at_least(0.6)
    return Table(
        f"PostgreSQL, {stage.kind}, {flush / 1000:g} ms a flush, {IN_FLIGHT} in flight",
        "/s",
        [
            Line("plain asyncpg, a transaction each", bare),
            Line("storage alone", found["storage"], bare, aim),
            Line("whole decision", found["whole"], bare, aim),
        ],
    )


async def _stages(server: Server) -> list[_Stage]:
    """For each kind of decision a database in which it comes next everywhere."""
    office = decisions.new_office()
    url = server.fresh()
    database = await open_database(url, upgrade=True)
    deeds = await decisions.fill(database, office, cases=CASES)
    stages = []
    for kind in decisions.KINDS:
        await database.aclose()
        server.fresh(_TEMPLATES[kind], lambda copy: _become(server, copy, url))
        database = await open_database(url)
        made = await decisions.record(database, office, deeds.intents(kind))
        await decisions.send_all(database)
        stages.append(_Stage(server, kind, made))
    await database.aclose()
    return stages


def _become(server: Server, copy: str, url: str) -> None:
    """Make a new database what another one is."""
    new, old = (one.split("?")[0].rsplit("/", 1)[1] for one in (copy, url))
    server.execute(f'DROP DATABASE "{new}"')
    server.execute(f'CREATE DATABASE "{new}" TEMPLATE "{old}"')


async def _raw(stage: _Stage) -> float:
    import asyncpg

    spelled = {id(one): _SPELLING.statements(one) for one in stage.decisions}
    url = stage.copy()
    pool = await asyncpg.create_pool(url, min_size=IN_FLIGHT, max_size=IN_FLIGHT)

    async def work(one: Decision) -> None:
        async with pool.acquire() as connection:
            await raw.on_postgresql(connection, _SPELLING, spelled[id(one)])

    found = await _rate(stage.decisions, work)
    await pool.close()
    stage.server.drop(url)
    return found


async def _ours(stage: _Stage, *, whole: bool) -> float:
    url, office = stage.copy(), decisions.new_office()
    database = PostgresDatabase(url)
    watched = decisions.watched(database)

    async def decide(one: Decision) -> None:
        await decisions.press(watched, office, one.intent)

    async def store(one: Decision) -> None:
        await database.run(decisions.replay(one.calls))

    found = await _rate(stage.decisions, decide if whole else store)
    await database.aclose()
    stage.server.drop(url)
    return found


async def _rate(made: Sequence[Decision], work: Work) -> float:
    """Decisions a second, once every connection has seen every statement."""
    await _all_of(made[:WARM], work)
    loop = asyncio.get_running_loop()
    started = loop.time()
    await _all_of(made[WARM:], work)
    return (len(made) - WARM) / (loop.time() - started)


async def _all_of(made: Sequence[Decision], work: Work) -> None:
    waiting = iter(made)

    async def caller() -> None:
        for one in waiting:
            await work(one)

    await asyncio.gather(*(caller() for _ in range(IN_FLIGHT)))


MEASUREMENT = Measurement(
    name="postgresql",
    about="durable decisions on PostgreSQL, beside the same rows in plain SQL",
    measure=measure,
)
