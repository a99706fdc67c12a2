"""What it costs to look for due timers, and to take them, among few and among a million waiting."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from storage.connect import open_database
from storage.unit import Tx
from tests.bench.ground import Ground
from tests.bench.tables import Aim, Line, Measurement, Table, at_least, at_most, take_turns
from tests.postgres import running_server
from workflows.moments import DAY, Moment, moment_of

if TYPE_CHECKING:
    from storage.connect import Database

NOW = moment_of(datetime(2026, 3, 2, 1, tzinfo=UTC))
LATER = NOW + 30 * DAY
WAITING = (1_000, 100_000, 1_000_000)
CLOCKS = 10  # of each case
BATCH = 100
ROUNDS = 5
LOOKS = 200
CLAIMED = 2_000  # in each round

# The numbers n from :low to :high, on both databases.
_NUMBERS = "WITH RECURSIVE s(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM s WHERE n < :high)"
_CASES = (
    "INSERT INTO cases (id, seq, head, process, definition, version, status, node, filer,"
    " created_at, state) {numbers} SELECT 'C-2026-' || n, 1, '', 'complaint', '', 1, 'running',"
    " 'triage', 'p', 0, '{{}}' FROM s"
)
_TIMERS = (
    "INSERT INTO timers (case_id, clock, due_at, next_at, attempts, error) {numbers}"
    " SELECT 'C-2026-' || (n / :clocks), 'clock' || (n % :clocks), :at + n, :at + n, 0, '' FROM s"
)
_TAKEN = text("DELETE FROM timers WHERE case_id = :case AND clock = :clock")


def measure(ground: Ground) -> Iterator[Table]:
    """Both databases; flushes are free here: it is the search that is measured."""
    file = ground.place("sweep") / "timers.db"
    yield from _tables("SQLite", f"sqlite:///{file}", idle=at_most(50, " µs"))
    with running_server(durable=True) as server:
        yield from _tables("PostgreSQL", server.fresh(), idle=at_most(500, " µs"))


def _tables(name: str, url: str, *, idle: Aim) -> Iterator[Table]:
    there = 0
    for waiting in WAITING:
        asyncio.run(_add(url, low=there, high=waiting, at=LATER))
        there = waiting
        most = waiting == WAITING[-1]
        found = take_turns(
            {
                "question": lambda: asyncio.run(_looks(url, inside=True)),
                "look": lambda: asyncio.run(_looks(url, inside=False)),
                "claims": lambda: asyncio.run(_claims(url)),
            },
            rounds=ROUNDS,
        )
        yield Table(
            f"{name}, {waiting:,} timers waiting",
            "",
            [
                Line("idle: the question itself, µs", found["question"], aim=idle),
                Line("idle: with its transaction and thread, µs", found["look"]),
                Line(
                    f"claims/s, {BATCH} in a transaction",
                    found["claims"],
                    aim=at_least(10_000) if most else None,
                ),
            ],
        )


async def _add(url: str, *, low: int, high: int, at: Moment) -> None:
    """Let these timers wait: each a little later than the one before."""
    database = await open_database(url, upgrade=True)
    numbers = _NUMBERS.replace(":low", str(low)).replace(":high", str(high - 1))
    cases = _NUMBERS.replace(":low", str(low // CLOCKS)).replace(":high", str(high // CLOCKS - 1))

    def unit(connection: Any) -> None:
        if at == LATER:
            connection.execute(text(_CASES.format(numbers=cases)))
        timers = _TIMERS.replace(":clocks", str(CLOCKS)).replace(":at", str(at))
        connection.execute(text(timers.format(numbers=numbers)))

    await database.with_connection(unit, write=True)
    if not url.startswith("sqlite"):
        await database.with_connection(lambda c: c.execute(text("ANALYZE")), write=True)
    await database.aclose()


async def _looks(url: str, *, inside: bool) -> float:
    """Microseconds to learn that nothing is due and when something will be."""
    database = await open_database(url)

    def look(tx: Tx) -> float:
        started = time.perf_counter()
        for _ in range(LOOKS if inside else 1):
            assert not _due(tx)
        return time.perf_counter() - started

    await _many(database, look, 10)
    started = time.perf_counter()
    took = await database.read(look) if inside else await _many(database, look, LOOKS)
    took = took if inside else time.perf_counter() - started
    await database.aclose()
    return took / LOOKS * 1e6


async def _many(database: Database, look: Callable[[Tx], float], times: int) -> float:
    return sum([await database.read(look) for _ in range(times)])


def _due(tx: Tx) -> bool:
    """What the sweep asks when it is woken."""
    next_at = tx.timers.next_at()
    return next_at is None or next_at <= NOW


async def _claims(url: str) -> float:
    """Timers a second that are found, held and taken away; what is to be done is not counted."""
    database = await open_database(url)
    await _make_due(database)

    def take(tx: Any) -> int:
        due = tx.timers.due(now=NOW, limit=BATCH)
        rows = [{"case": timer.case_id, "clock": timer.clock} for timer in due]
        if rows:
            tx.connection.execute(_TAKEN, rows)
        return len(rows)

    await database.run(take)
    started = time.perf_counter()
    taken = 0
    while some := await database.run(take):
        taken += some
    took = time.perf_counter() - started
    await database.aclose()
    return taken / took


async def _make_due(database: Database) -> None:
    """Give the first cases so many more clocks that are due."""
    due = NOW - CLAIMED
    numbers = _NUMBERS.replace(":low", "0").replace(":high", str(CLAIMED - 1))
    statement = (
        f"INSERT INTO timers (case_id, clock, due_at, next_at, attempts, error) {numbers}"
        f" SELECT 'C-2026-' || (n % 100), 'due' || n, {due} + n, {due} + n, 0, '' FROM s"
    )
    await database.with_connection(lambda c: c.execute(text(statement)), write=True)


MEASUREMENT = Measurement(
    name="sweep",
    about="looking for due timers among those that wait, and taking them",
    measure=measure,
)
