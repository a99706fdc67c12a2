"""Past cases from a table of 100,000 rows: looked at, checked, grouped and stored on SQLite.

Beside it the same file is only read, by `csv.reader` in the encoding that is known. The rows are
those of an event log, sorted by time, so that the events of a case lie far apart. Memory is the
peak of a process of its own that reads the table, beside one with a tenth of the rows.
"""

from __future__ import annotations

import asyncio
import csv
import itertools
import multiprocessing
import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from handlers.imports.keeping import keep
from handlers.imports.known import KnownNames, known_names
from handlers.imports.mapping import propose
from handlers.imports.reading import PastCases, completed, read_cases
from handlers.imports.tables import read_past_table
from storage.connect import open_database
from tests.bench.ground import Ground
from tests.bench.tables import LEAST_ROUNDS, Line, Measurement, Table, at_least, at_most, take_turns
from tests.office import furnished
from workflows.moments import moment_of

ROWS = 100_000
STEPS = ("登记", "分级", "调查", "确认")
_NOW = moment_of(datetime.fromisoformat("2028-12-01T00:00:00+08:00"))
_ROUNDS = itertools.count()


def measure(ground: Ground) -> Iterator[Table]:
    """Rows a second, and the memory."""
    folder = ground.place("imports")
    file, small = folder / "past.csv", folder / "small.csv"
    write(file, ROWS)
    write(small, ROWS // 10)
    found = take_turns(
        {"csv": lambda: _plain(file), "ours": lambda: _imported(folder, file)}, rounds=LEAST_ROUNDS
    )
    yield Table(
        f"a table of {ROWS:,} rows, in GBK",
        "rows/s",
        [
            Line("csv.reader, decoding", found["csv"]),
            Line("imported", found["ours"], found["csv"], at_least(0.01)),
            Line("  at least", found["ours"], aim=at_least(5_000, " rows/s")),
        ],
    )
    peaks = take_turns(
        {"small": lambda: _peak(small), "whole": lambda: _peak(file)}, rounds=LEAST_ROUNDS
    )
    yield Table(
        "memory (RSS) of a process that reads it",
        "MB",
        [
            Line(f"{ROWS // 10:,} rows", peaks["small"]),
            Line(f"{ROWS:,} rows", peaks["whole"], peaks["small"], at_most(1.5)),
        ],
    )


def write(file: Path, rows: int) -> None:
    """Write an event log of so many rows, with as many steps a case as `STEPS`, sorted by time."""
    begin = datetime(2026, 1, 5, 9)  # noqa: DTZ001 - as a wall clock
    events = sorted(
        (begin + timedelta(minutes=5 * case, hours=20 * step), case, name)
        for case in range(rows // len(STEPS))
        for step, name in enumerate(STEPS)
    )
    with file.open("w", encoding="gbk", newline="") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(["投诉编号", "环节", "处理人", "开始时间", "完成时间", "受理部门"])
        for at, case, name in events:
            start, end = (f"{one:%Y年%m月%d日 %H:%M}" for one in (at, at + timedelta(hours=1)))
            writer.writerow([f"T{case:06d}", name, f"员工{case % 40}", start, end, "客服部"])


def _plain(file: Path) -> float:
    started = time.perf_counter()
    with file.open(encoding="gbk", newline="") as opened:
        rows = sum(1 for _ in csv.reader(opened, delimiter=";"))
    return rows / (time.perf_counter() - started)


def _read(file: Path, names: KnownNames) -> PastCases:
    table = read_past_table(file.name, lambda: file.open("rb"))
    rows = [row.cells for row in table.first]
    mapping = propose(
        table.columns,
        rows,
        zone="Asia/Shanghai",
        encoding=table.encoding,
        repeats=table.repeats,
    )
    return read_cases(table, completed(table, mapping, names), names, now=_NOW)


def _imported(folder: Path, file: Path) -> float:
    return asyncio.run(_import(folder / f"{next(_ROUNDS)}.db", file))


async def _import(place: Path, file: Path) -> float:
    database = await open_database(f"sqlite:///{place}", upgrade=True)
    try:
        work = await furnished(database)
        directory = await work.directory()
        (first,) = [
            work.office.shelf.load(stored)
            for stored in await database.read(lambda tx: tx.definitions.current())
            if stored.key == "complaint"
        ]
        started = time.perf_counter()
        found = _read(file, known_names(first.definition, directory))
        done = await keep(database, work.office, found, process="complaint", by=None)
        took = time.perf_counter() - started
        found.close()
        assert done.cases == ROWS // len(STEPS)
        return ROWS / took
    finally:
        await database.aclose()


def _peak(file: Path) -> float:
    """Return the megabytes that a process of its own holds at most while it reads a table."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_held, (file,))


def _held(file: Path) -> float:
    nobody = KnownNames(
        nodes={}, grades={}, grade_headings=(), departments={}, people={}, department_of={}
    )
    found = _read(file, nobody)
    assert sum(1 for _ in found.good()) == found.cases
    found.close()
    peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert peak is not None
    return int(peak[1]) / 1024


MEASUREMENT = Measurement(
    name="imports",
    about="Past cases from a table, beside reading it as it is",
    measure=measure,
)
