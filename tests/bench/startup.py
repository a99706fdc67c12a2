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
from typing import TYPE_CHECKING

from handlers import timers
from storage.connect import open_database
from tests.bench import decisions
from tests.bench.copying import copy_case, executing
from tests.bench.ground import Ground
from tests.bench.tables import Line, Measurement, Table, at_most, take_turns
from tests.rig.programs import closeloop, done

if TYPE_CHECKING:
    from bot.config import Config

OPEN = (1, 100_000)
ROUNDS = 5
READY_LIMIT_S = 60.0
SETTLE_S = 2.0  # in which the first rounds, looks and checks are made


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
    deeds = await decisions.fill(database, office, cases=1)
    await database.run(lambda tx: timers.note_calendar(tx, office))
    first = deeds.cases[0].id
    await database.with_connection(
        lambda to: copy_case(executing(to), first, low=2, high=count), write=True
    )
    await database.aclose()


MEASUREMENT = Measurement(
    name="startup",
    about="from the start of the bot to ready, and its memory",
    measure=measure,
)
