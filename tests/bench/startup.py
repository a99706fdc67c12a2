"""How long the bot takes to be ready, and how much memory it needs, with many open cases."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from handlers import timers
from storage.connect import open_database
from storage.tables import metadata
from tests.bench import decisions
from tests.bench.ground import Ground
from tests.bench.tables import Line, Measurement, Table, at_most, take_turns
from tests.rig.programs import closeloop, done

if TYPE_CHECKING:
    from bot.config import Config

OPEN = (1, 100_000)
ROUNDS = 5
READY_LIMIT_S = 60.0
SETTLE_S = 2.0  # in which the first rounds, looks and checks are made

_COPIED = ("cases", "events", "contents", "participants", "tasks", "task_people", "timers")
_NUMBERS = "WITH RECURSIVE s(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM s WHERE n < :high)"


def measure(ground: Ground) -> Iterator[Table]:
    """A deployment with one open case, and one with a hundred thousand."""
    folders = {count: _deployment(ground.place(f"open-{count}"), count) for count in OPEN}
    memory: dict[int, list[float]] = {count: [] for count in OPEN}
    work: dict[int, list[float]] = {count: [] for count in OPEN}

    # As an installed program has it; the first start, which is not measured, makes it.
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(ground.place("bytecode"))}
    _start(folders[OPEN[0]], bytecode)

    def start(count: int) -> float:
        ready, worked, kept = _start(folders[count], bytecode)
        memory[count].append(kept)
        work[count].append(worked)
        return ready

    few, many = OPEN
    found = take_turns(
        {"few": lambda: start(few), "many": lambda: start(many)}, rounds=ROUNDS, seconds=40
    )
    yield Table(
        "closeloop run, from its start to ready",
        "s",
        [
            Line(f"{few:,} open case", found["few"]),
            Line(f"{many:,} open cases", found["many"], aim=at_most(2, " s")),
            Line("  beside one", found["many"], found["few"], at_most(1.2)),
            Line("  its processor time", work[many], work[few], at_most(1.2)),
        ],
    )
    yield Table(
        f"memory (RSS) {SETTLE_S:g} s later",
        "MB",
        [
            Line(f"{few:,} open case", memory[few]),
            Line(f"{many:,} open cases", memory[many], memory[few], at_most(1.1)),
        ],
    )


def _start(folder: Path, bytecode: Mapping[str, str]) -> tuple[float, float, float]:
    """Seconds until it says that it is ready, those it worked, the megabytes that it holds."""
    port = _free_port()
    started = time.perf_counter()
    environment = {"CLOSELOOP_HTTP__PORT": str(port), **bytecode}
    with closeloop("run", folder=folder, **environment) as program:
        while not _ready(port):
            assert program.process.poll() is None, program.said()
            assert time.perf_counter() - started < READY_LIMIT_S, program.said()
            time.sleep(0.005)
        took, worked = time.perf_counter() - started, _worked(program.process.pid)
        time.sleep(SETTLE_S)
        kept = memory_of(program.process.pid)
        program.stop()
    return took, worked, kept


def memory_of(pid: int) -> float:
    """The megabytes that a process holds (RSS)."""
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def _worked(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _deployment(folder: Path, count: int) -> Path:
    """A deployment as `closeloop init` makes it, with so many complaints that wait."""
    shutil.rmtree(folder)
    made = done("init", str(folder), folder=folder.parent)
    assert made.returncode == 0, made.stderr
    asyncio.run(_fill(folder, count))
    return folder


async def _fill(folder: Path, count: int) -> None:
    from bot.app.deployment import make_office
    from bot.config import load_config
    from handlers.i18n import translator

    config: Config = load_config(folder / "config.toml", words=translator("en"))
    office = make_office(config.company)
    database = await open_database(config.storage.url)
    await decisions.fill(database, office, cases=1)
    await database.run(lambda tx: timers.note_calendar(tx, office))
    await database.with_connection(lambda connection: _copy(connection, count), write=True)
    await database.aclose()


def _copy(connection: Any, count: int) -> None:
    """The first case again and again, under other numbers."""
    first = connection.execute(text("SELECT id FROM cases")).scalar()
    another = f"replace({{column}}, '{first}', printf('{first[:-4]}%04d', n))"
    for name in _COPIED:
        columns = [column.name for column in metadata.tables[name].c]
        copied = [
            another.format(column=column)
            if column in ("id", "case_id", "state", "text")
            else column
            for column in columns
        ]
        if name == "contents":  # its id is unique, and stands in no number
            copied[columns.index("id")] = "id || '-' || n"
        statement = (
            f"INSERT INTO {name} ({', '.join(columns)}) {_NUMBERS}"
            f" SELECT {', '.join(copied)} FROM {name}, s WHERE :high > 1"
        )
        connection.execute(text(statement), {"high": count})


MEASUREMENT = Measurement(
    name="startup",
    about="from the start of the bot to ready, and its memory",
    measure=measure,
)
