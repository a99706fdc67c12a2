"""What a list of tasks and a search cost among few cases and among a million."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import statistics
import time
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from handlers import router
from handlers.intents import Said
from storage.connect import open_database
from tests.bench import approvals, decisions
from tests.bench.copying import copy_case, executing
from tests.bench.ground import Ground
from tests.bench.pictures import Panel
from tests.bench.tables import Line, Table, take_turns

ROUNDS = 3
CASES = (100, 10_000, 1_000_000)
FEW = 50  # cases of one person, among them
YEAR = 2026  # of the office's clock
BYTES = 7_000  # of a case in the database
ASKED = 10
SECONDS = 2.0  # enough of one question in a round

_LISTED = ("cases", "contents", "participants", "tasks", "task_people")


def tables(ground: Ground, panels: list[Panel]) -> Iterator[Table]:
    """Both, asked by somebody with few cases and by somebody who has nearly all."""
    path = ground.place("growth-lists") / "live.db"
    keys = asyncio.run(_two_cases(path))
    asks = {
        f"/tasks of somebody with {FEW}": (keys["qian.li"], "/tasks"),
        "/tasks of somebody with the others": (keys["liu.yang"], "/tasks"),
        f"a search in {FEW}": (keys["ma.chao"], "/cases zzz"),
        "a search in the others": (keys["wang.fang"], "/cases zzz"),
    }
    variants = {name: partial(_ask, path, *ask) for name, ask in asks.items()}
    shown: dict[str, list[tuple[float, float]]] = {name: [] for name in asks}
    there = 1
    for cases in CASES:
        free = shutil.disk_usage(path.parent).free
        if (cases - there) * BYTES > free:
            print(f"  {cases:,} cases do not fit into {free / 1e9:.0f} GB", flush=True)
            break
        started = time.monotonic()
        _add(path, there + 1, cases - FEW)
        there = cases - FEW
        took = time.monotonic() - started
        found = take_turns(variants, rounds=ROUNDS)
        lines = [Line(name, figures) for name, figures in found.items()]
        yield Table(f"SQLite, {cases:,} open cases (filled in {took:.0f} s)", "ms", lines)
        for line in lines:
            shown[line.name].append((cases, line.figure))
    panels.append(Panel(title="Lists", across="open cases", up="ms", lines=shown))


async def _two_cases(path: Path) -> Mapping[str, str]:
    """A complaint that nobody has claimed, and few requests at their second step."""
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    office = decisions.new_office()
    staff = await approvals.furnish(database)
    await database.run(lambda tx: decisions.file_one(tx, office, staff.keys))
    case_id = await staff.file(database, office, filer="ma.chao")
    await staff.decide(database, office, "approve", step=0, case_id=case_id, task="t1")
    await database.with_connection(
        lambda to: copy_case(executing(to), case_id, low=2, high=FEW, tables=_LISTED), write=True
    )
    await database.aclose()
    return staff.keys


def _add(path: Path, low: int, high: int) -> None:
    """More complaints. Without a journal: a million take six gigabytes, and once is enough."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("BEGIN")
    first = f"C-{YEAR}-0001"
    copy_case(connection.execute, first, low=low, high=high, tables=_LISTED)
    connection.execute("COMMIT")
    connection.close()


def _ask(path: Path, person: str, text: str) -> float:
    """Milliseconds until the answer."""
    return asyncio.run(_asked(path, person, text))


async def _asked(path: Path, person: str, text: str) -> float:
    office = decisions.new_office()
    database = await open_database(f"sqlite:///{path}")
    took: list[float] = []
    while len(took) < ASKED and sum(took) < SECONDS:
        said = Said(person=person, via="bench", key=f"{len(took)}", text=text)
        started = time.perf_counter()
        answer = await router.handle(database, office, said)
        took.append(time.perf_counter() - started)
        assert answer.cards, answer
    await database.aclose()
    return 1000 * statistics.median(took[1:] or took)
