"""The gate: fails when a decision has become half as dear again, beside plain rows in the same run.

    python -m tests.bench.gate             CI runs this; it takes some ten seconds
    python -m tests.bench.gate --record    after a change that is meant

Only ratios of processor time are compared: ours and the plain rows take turns in short rounds, a
ratio is made in each round, and the median counts. Our units run in the calling thread: on a busy
machine, handing them to another thread adds half as much again, and that would hide what is looked
for. Before the gate fails it measures once more. `gate.toml` has the recorded ratios.
"""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from tests.bench import approvals, decisions, plain
from tests.bench.ground import RAM

if TYPE_CHECKING:
    from handlers.office import Office

RECORD = Path(__file__).with_name("gate.toml")
GROWTH = 1.5  # a ratio may be so many times the recorded one
ROUNDS = 31
INSTANCES, COMPLAINTS, PLAIN = 3, 4, 16  # in a round
_OF_A_COMPLAINT = 3  # it is filed, claimed and classified

Ratios = Mapping[str, float]
Measure = Callable[[], Ratios]
Wrap = Callable[[Any], Any]


def main(arguments: list[str], *, record: Path = RECORD, measure: Measure | None = None) -> int:
    """0 when no ratio has grown by half."""
    measure = measure or measured
    if arguments == ["--record"]:
        _write(record, measure())
        return 0
    recorded: Ratios = tomllib.loads(record.read_text(encoding="utf-8"))
    found = measure()
    if _grown(found, recorded):
        print("Dearer than recorded; measuring once more.", flush=True)
        found = measure()
    for name, ratio in found.items():
        print(f"{name}: {ratio:.1f} times plain rows; recorded {recorded[name]:.1f}")
    grown = _grown(found, recorded)
    if grown:
        print(
            f"A decision has become dearer by half or more: {', '.join(grown)}. `make bench "
            'ONLY="peer sqlite"` measures it in full. If it is meant, `make gate RECORD=1`.'
        )
    elif cheap := [name for name, ratio in found.items() if ratio * GROWTH < recorded[name]]:
        print(f"Much cheaper than recorded: {', '.join(cheap)}. Record it: make gate RECORD=1")
    return 1 if grown else 0


def _grown(found: Ratios, recorded: Ratios) -> list[str]:
    return [name for name, ratio in found.items() if ratio > recorded[name] * GROWTH]


def _write(record: Path, found: Ratios) -> None:
    old = record.read_text(encoding="utf-8").splitlines() if record.exists() else []
    head = [line for line in old if line.startswith("#")]
    lines = [*head, *(f"{name} = {ratio:.1f}" for name, ratio in found.items())]
    record.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(*lines[len(head) :], sep="\n")


# ---------------------------------------------------------------------------- measuring


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ours:
    """A company at work on SQLite; `database` is what its people press against."""

    database: Any
    office: Office
    staff: approvals.Staff

    async def approvals(self) -> None:
        await self.staff.instances(self.database, self.office, count=INSTANCES, callers=1)

    async def complaints(self) -> None:
        keys = self.staff.keys
        for _ in range(COMPLAINTS):
            file = partial(decisions.file_one, office=self.office, keys=keys)
            case = await self.database.run(file)
            deeds = decisions.Deeds(desk=keys["liu.yang"], cases=[case])
            for kind in decisions.KINDS:
                (intent,) = deeds.intents(kind)
                await decisions.press(self.database, self.office, intent)


def measured(*, wrap: Wrap = lambda database: database, rounds: int = ROUNDS) -> Ratios:
    """Each kind of decision beside one on plain rows. `wrap` puts something around the database."""
    with _folder() as folder, asyncio.Runner() as runner:
        path = folder / "live.db"
        staff = runner.run(_filled(path))
        database = SqliteDatabase(path, inline=True)
        ours = _Ours(database=wrap(database), office=decisions.new_office(), staff=staff)
        rows = plain.on_sqlite(str(folder / "plain.db"))
        found: dict[str, list[float]] = {"approval": [], "complaint": []}
        for number in range(rounds + 2):
            numbers = range(number * PLAIN, (number + 1) * PLAIN)
            bare = _worked(partial(_plain, rows, numbers))
            bare /= PLAIN * approvals.STEPS
            one = _worked(lambda: runner.run(ours.approvals())) / (INSTANCES * approvals.STEPS)
            other = _worked(lambda: runner.run(ours.complaints())) / (COMPLAINTS * _OF_A_COMPLAINT)
            found["approval"].append(one / bare)
            found["complaint"].append(other / bare)
        rows.close()
        runner.run(database.aclose())
    return {name: statistics.median(ratios[2:]) for name, ratios in found.items()}


def _plain(rows: sqlite3.Connection, numbers: Iterable[int]) -> None:
    for number in numbers:
        plain.instance_on_sqlite(rows, number)


async def _filled(path: Path) -> approvals.Staff:
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    staff = await approvals.furnish(database)
    await database.aclose()
    return staff


def _worked(work: Callable[[], object]) -> float:
    """Seconds of processor time, of all threads."""
    started = time.process_time()
    work()
    return time.process_time() - started


@contextmanager
def _folder() -> Iterator[Path]:
    """In RAM where the machine has it: a real disk would add processor time of its own."""
    place = RAM if RAM.is_dir() else None
    with tempfile.TemporaryDirectory(prefix="closeloop-gate-", dir=place) as name:
        yield Path(name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
