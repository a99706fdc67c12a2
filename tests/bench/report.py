"""What a report about a hundred thousand cases costs, beside reading the same events as JSON."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.app.deployment import make_office
from bot.config import load_config
from handlers.i18n import translator
from storage.connect import open_database
from tests.bench import approvals, decisions
from tests.bench.copying import copy_case, executing
from tests.bench.ground import Ground
from tests.bench.tables import Line, Measurement, Table, at_most, take_turns
from tests.rig.programs import done

if TYPE_CHECKING:
    from sqlalchemy import Connection

CASES = 100_000
STAGES = (5, 2, 0)  # how many of the five have approved
SHARES = (0.2, 0.2, 0.6)  # of the cases
FIRST = 10_000  # number of the first copy
ROUNDS = 3
TABLES = ("cases", "events", "contents")


def measure(ground: Ground) -> Iterator[Table]:
    """The whole command, with the start of the program, and how much memory it had at most."""
    folder = ground.place("report")
    shutil.rmtree(folder)
    made = done("init", str(folder), folder=folder.parent)
    assert made.returncode == 0, made.stderr
    asyncio.run(_fill(folder))
    events = _count(folder)
    memory: list[float] = []

    def report() -> float:
        took, most = _report(folder)
        memory.append(most)
        return took

    found = take_turns({"json": partial(_plain, folder), "report": report}, rounds=ROUNDS)
    yield Table(
        f"SQLite, {CASES:,} cases with {events:,} events",
        "s",
        [
            Line("all events read and decoded as JSON", found["json"]),
            Line("closeloop report", found["report"], aim=at_most(20, " s")),
            Line("  beside the JSON", found["report"], found["json"]),
        ],
    )
    yield Table("memory at most (RSS)", "MB", [Line("closeloop report", memory)])


async def _fill(folder: Path) -> None:
    config = load_config(folder / "config.toml", words=translator("en"))
    database = await open_database(config.storage.url, upgrade=True)
    office = make_office(config.company, clock=decisions.new_office().clock)
    staff = await approvals.furnish(database)
    first = FIRST
    for stage, share in zip(STAGES, SHARES, strict=True):
        case_id = await staff.file(database, office)
        for step in range(stage):
            task = f"t{step + 1}"
            await staff.decide(database, office, "approve", step=step, case_id=case_id, task=task)
        count = round(CASES * share)
        copies = partial(_copy, case_id=case_id, first=first, count=count - 1)
        first += count
        await database.with_connection(copies, write=True)
    await database.aclose()


def _copy(connection: Connection, *, case_id: str, first: int, count: int) -> None:
    copy_case(executing(connection), case_id, low=first, high=first + count - 1, tables=TABLES)


_ASKED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "bot", "report", "approvals", "-o", "report.md"])
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""  # by a small process: the memory of its parent is counted with that of a process


def _report(folder: Path) -> tuple[float, float]:
    """Seconds of the command, and the most megabytes that it had."""
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    started = time.perf_counter()
    asked = subprocess.run(
        [sys.executable, "-c", _ASKED],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    took = time.perf_counter() - started
    code, most = asked.stdout.split()[-2:]
    assert code == "0", asked.stderr
    return took, int(most) / 1024


def _rows(folder: Path, statement: str) -> Sequence[tuple[str]]:
    connection = sqlite3.connect(folder / "closeloop.db")
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def _count(folder: Path) -> int:
    ((count,),) = _rows(folder, "SELECT count(*) FROM events")
    return int(count)


def _plain(folder: Path) -> float:
    started = time.perf_counter()
    connection = sqlite3.connect(folder / "closeloop.db")
    for (text,) in connection.execute("SELECT text FROM events ORDER BY case_id, seq"):
        json.loads(text)
    connection.close()
    return time.perf_counter() - started


MEASUREMENT = Measurement(
    name="report",
    about="the figures of a process with a hundred thousand cases, beside reading its events",
    measure=measure,
)
