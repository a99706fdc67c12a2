"""Durable decisions a second on SQLite, beside the same rows written with plain sqlite3."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from tests.bench import decisions, raw
from tests.bench.decisions import Decision
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table, at_least, rate, take_turns

CASES = 240
WARM = 40
ROUNDS = 5
MANY = 32

_SPELLING = raw.Spelling(mark=lambda number: "?")
Work = Callable[[SqliteDatabase, Decision], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class _Stage:
    """A database file to copy, and decisions that can be made on a copy."""

    template: Path
    decisions: Sequence[Decision]

    def copy(self) -> Path:
        path = self.template.with_name("round.db")
        for old in path.parent.glob("round.db*"):
            old.unlink()
        shutil.copyfile(self.template, path)
        return path


def measure(ground: Ground) -> Iterator[Table]:
    """Both kinds of decision, with one caller and with many."""
    for kind, stage in asyncio.run(_stages(ground.place("sqlite"))).items():
        for flush in (FLUSH_US, 0) if ground.slow else (0,):
            with ground.flush(flush):
                yield from _tables(kind, stage, flush=flush)


def _tables(kind: str, stage: _Stage, *, flush: int) -> Iterator[Table]:
    office = decisions.new_office()

    async def whole(database: SqliteDatabase, one: Decision) -> None:
        await decisions.press(decisions.watched(database), office, one.intent)

    async def stored(database: SqliteDatabase, one: Decision) -> None:
        await database.run(decisions.replay(one.calls))

    variants = {
        "raw": lambda: _raw(stage),
        "storage 1": lambda: asyncio.run(_ours(stage, stored, callers=1)),
        "whole 1": lambda: asyncio.run(_ours(stage, whole, callers=1)),
        "storage many": lambda: asyncio.run(_ours(stage, stored, callers=MANY)),
        "whole many": lambda: asyncio.run(_ours(stage, whole, callers=MANY)),
    }
    found = take_turns(variants, rounds=ROUNDS)
    bare = found["raw"]
    one, many = (at_least(0.7), at_least(3)) if flush else (None, None)
    when = f"{flush / 1000:g} ms a flush" if flush else "flushes free"
    yield Table(
        f"SQLite, {kind}, {when}",
        "/s",
        [
            Line("plain sqlite3, a commit each", bare),
            Line("storage alone, 1 caller", found["storage 1"], bare, one),
            Line("whole decision, 1 caller", found["whole 1"], bare, one),
            Line(f"storage alone, {MANY} callers", found["storage many"], bare, many),
            Line(f"whole decision, {MANY} callers", found["whole many"], bare, many),
        ],
    )


async def _stages(folder: Path) -> dict[str, _Stage]:
    """For each kind of decision a database in which it comes next everywhere."""
    path, office = folder / "live.db", decisions.new_office()
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    deeds = await decisions.fill(database, office, cases=CASES)
    stages = {}
    for kind in decisions.KINDS:
        template = folder / f"{kind}.db"
        await database.aclose()
        shutil.copyfile(path, template)  # closed, so that the log is empty
        database = await open_database(f"sqlite:///{path}")
        made = await decisions.record(database, office, deeds.intents(kind))
        await decisions.send_all(database)
        stages[kind] = _Stage(template, made)
    await database.aclose()
    return stages


def _raw(stage: _Stage) -> float:
    connection = sqlite3.connect(stage.copy(), isolation_level=None, cached_statements=512)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    spelled = [_SPELLING.statements(one) for one in stage.decisions]

    def work(some: Sequence[raw.Statements]) -> None:
        for one in some:
            raw.on_sqlite(connection, _SPELLING, one)

    work(spelled[:WARM])
    measured = spelled[WARM:]
    found = rate(len(measured), lambda: work(measured))
    connection.close()
    return found


async def _ours(stage: _Stage, work: Work, *, callers: int) -> float:
    database = SqliteDatabase(stage.copy())

    async def all_of(some: Sequence[Decision]) -> None:
        waiting = iter(some)

        async def caller() -> None:
            for one in waiting:
                await work(database, one)

        await asyncio.gather(*(caller() for _ in range(callers)))

    await all_of(stage.decisions[:WARM])
    loop = asyncio.get_running_loop()
    started = loop.time()
    await all_of(stage.decisions[WARM:])
    took = loop.time() - started
    await database.aclose()
    return (len(stage.decisions) - WARM) / took


MEASUREMENT = Measurement(
    name="sqlite",
    about="durable decisions on SQLite, beside the same rows in plain SQL",
    measure=measure,
)
