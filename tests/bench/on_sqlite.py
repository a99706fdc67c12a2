"""Durable decisions a second on SQLite, beside the same rows written with plain sqlite3."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from tests.bench import decisions, raw
from tests.bench.decisions import Decision
from tests.bench.ground import FLUSH_US, Ground
from tests.bench.tables import Line, Measurement, Table, at_least, at_most, take_turns

CASES = 240
WARM = 40
ROUNDS = 5
MANY = 32

_SPELLING = raw.Spelling(mark=lambda number: "?")


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


@dataclass(frozen=True, slots=True)
class _Round:
    """Decisions a second, and seconds of processor time for each, of all threads."""

    rate: float
    worked: float

    @classmethod
    def since(cls, started: float, before: float, *, count: int) -> _Round:
        """What the clocks say after so many decisions."""
        took, worked = time.perf_counter() - started, time.process_time() - before
        return cls(rate=count / took, worked=worked / count)


def measure(ground: Ground) -> Iterator[Table]:
    """Both kinds of decision, with one caller and with many."""
    for kind, stage in asyncio.run(_stages(ground.place("sqlite"))).items():
        for flush in (FLUSH_US, 0) if ground.slow else (0,):
            with ground.flush(flush):
                yield from _tables(kind, stage, flush=flush)


def _tables(kind: str, stage: _Stage, *, flush: int) -> Iterator[Table]:
    rounds: dict[str, Callable[[], _Round]] = {
        "raw": lambda: _raw(stage),
        "storage 1": lambda: asyncio.run(_ours(stage, whole=False, callers=1)),
        "whole 1": lambda: asyncio.run(_ours(stage, whole=True, callers=1)),
        "storage many": lambda: asyncio.run(_ours(stage, whole=False, callers=MANY)),
        "whole many": lambda: asyncio.run(_ours(stage, whole=True, callers=MANY)),
    }
    costs: dict[str, list[float]] = {name: [] for name in rounds}

    def played(name: str) -> float:
        one = rounds[name]()
        costs[name].append(1000 * one.worked)
        return one.rate

    found = take_turns({name: partial(played, name) for name in rounds}, rounds=ROUNDS)
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
    if not flush:
        base, most = costs["raw"], at_most(6)
        yield Table(
            f"SQLite, {kind}, processor time a decision",
            "ms",
            [
                Line("plain sqlite3, a commit each", base),
                Line("storage alone, 1 caller", costs["storage 1"], base),
                Line("whole decision, 1 caller", costs["whole 1"], base, most),
                Line(f"whole decision, {MANY} callers", costs["whole many"], base, most),
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


def _raw(stage: _Stage) -> _Round:
    connection = sqlite3.connect(stage.copy(), isolation_level=None, cached_statements=512)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    spelled = [_SPELLING.statements(one) for one in stage.decisions]

    def work(some: Sequence[raw.Statements]) -> None:
        for one in some:
            raw.on_sqlite(connection, _SPELLING, one)

    work(spelled[:WARM])
    measured = spelled[WARM:]
    started, before = time.perf_counter(), time.process_time()
    work(measured)
    found = _Round.since(started, before, count=len(measured))
    connection.close()
    return found


async def _ours(stage: _Stage, *, whole: bool, callers: int) -> _Round:
    database, office = SqliteDatabase(stage.copy()), decisions.new_office()
    watched = decisions.watched(database)

    async def decide(one: Decision) -> None:
        await decisions.press(watched, office, one.intent)

    async def store(one: Decision) -> None:
        await database.run(decisions.replay(one.calls))

    work = decide if whole else store

    async def all_of(some: Sequence[Decision]) -> None:
        waiting = iter(some)

        async def caller() -> None:
            for one in waiting:
                await work(one)

        await asyncio.gather(*(caller() for _ in range(callers)))

    await all_of(stage.decisions[:WARM])
    started, before = time.perf_counter(), time.process_time()
    await all_of(stage.decisions[WARM:])
    found = _Round.since(started, before, count=len(stage.decisions) - WARM)
    await database.aclose()
    return found


MEASUREMENT = Measurement(
    name="sqlite",
    about="durable decisions on SQLite, beside the same rows in plain SQL",
    measure=measure,
)
