"""What a decision costs on a case with few events, and on one with many.

Processor time, with free flushes and units in the calling thread: so neighbours disturb little.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from handlers.intents import Intent, Pressed, Submitted
from handlers.office import Office
from handlers.tokens import Token
from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from tests.bench import approvals, decisions
from tests.bench.approvals import STEPS
from tests.bench.copying import copy_case, executing
from tests.bench.ground import Ground
from tests.bench.pictures import Panel
from tests.bench.plain import APPROVERS
from tests.bench.tables import Line, Table, at_most, take_turns
from tests.fakes.ports import HandClock
from workflows.moments import SECOND

if TYPE_CHECKING:
    from storage.connect import Database

ROUNDS = 5
EVENTS = (5, 50, 500)
BRANCHES = (1, 12, 160)  # the first month, three years, forty years
NEAR = 3  # a return adds several events
COPIES, WARM = 60, 10


@dataclass(frozen=True, slots=True)
class _Grown:
    """A database in which many cases have so many events, and the decision that comes next."""

    template: Path
    person: str
    token: Token  # with the case's number still to be given
    first: int = 1  # the number of the first case

    def intents(self) -> Iterator[Intent]:
        """One for each case."""
        for number in range(self.first, self.first + COPIES):
            case_id = f"{self.token.case_id[:-4]}{number:04d}"
            token = Token(verb=self.token.verb, case_id=case_id, task=self.token.task)
            yield Pressed(person=self.person, via="bench", key=str(token), token=str(token))


def tables(ground: Ground, panels: list[Panel]) -> Iterator[Table]:
    """A claim after comments, an approval after returns, and one after ended branches."""
    folder = ground.place("growth-decisions")
    shown: dict[str, list[tuple[float, float]]] = {}
    for how, grow in {"after comments": _commented, "after returns": _returned}.items():
        table = _table(folder, how, {f"at event {n}": asyncio.run(grow(folder, n)) for n in EVENTS})
        yield table
        shown[how] = [(n, line.figure) for n, line in zip(EVENTS, table.lines, strict=True)]
    yield _table(folder, "at rest for years", asyncio.run(_rested(folder)))
    panels.append(Panel(title="A decision", across="events of its case", up="ms", lines=shown))


def _table(folder: Path, how: str, grown: dict[str, _Grown]) -> Table:
    variants = {name: partial(_cost_of, folder, one) for name, one in grown.items()}
    found = take_turns(variants, rounds=ROUNDS)
    first, *others, last = found
    lines = [
        Line(first, found[first]),
        *(Line(name, found[name], found[first]) for name in others),
        Line(last, found[last], found[first], at_most(1.2)),
    ]
    return Table(f"a decision, {how}, processor time", "ms", lines)


def _cost_of(folder: Path, grown: _Grown) -> float:
    """Milliseconds of processor time for a decision, in a copy."""
    path = folder / "round.db"
    for old in folder.glob("round.db*"):
        old.unlink()
    shutil.copyfile(grown.template, path)
    office = decisions.new_office()

    async def work() -> float:
        database = SqliteDatabase(path, inline=True)
        waiting = grown.intents()
        for _, intent in zip(range(WARM), waiting, strict=False):
            await decisions.press(database, office, intent)
        started = time.process_time()
        for intent in waiting:
            await decisions.press(database, office, intent)
        took = time.process_time() - started
        await database.aclose()
        return 1000 * took / (COPIES - WARM)

    return asyncio.run(work())


async def _commented(folder: Path, events: int) -> _Grown:
    """Complaints that nobody has claimed, with comments of their filer."""
    path = folder / f"commented-{events}.db"
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    office = decisions.new_office()
    keys = await decisions.furnish(database)
    case = await database.run(lambda tx: decisions.file_one(tx, office, keys))
    token = str(Token(verb="comment", case_id=case.id))
    for number in range(events - case.seq):
        given: dict[str, Any] = {"via": "bench", "key": f"comment {number}", "token": token}
        text = {"text": f"第 {number} 次补充：客户又来电询问进度。"}
        await decisions.press(
            database, office, Submitted(person=keys["wang.fang"], values=text, **given)
        )
    following = Token(verb="claim", case_id=case.id, task=case.tasks[-1].id)
    return await _copied(database, path, following, keys["liu.yang"])


async def _returned(folder: Path, events: int) -> _Grown:
    """Requests that were returned from the second step to the first, again and again."""
    path = folder / f"returned-{events}.db"
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    office = decisions.new_office()
    staff = await approvals.furnish(database)
    case_id = await staff.file(database, office)
    while True:
        case = await database.read(lambda tx: tx.cases.load(case_id, lock=False))
        assert case is not None
        if case.node == "first" and case.seq >= events - NEAR:
            break
        verb, step = ("return", 1) if case.node == "second" else ("approve", 0)
        task = case.tasks[-1].id
        await staff.decide(database, office, verb, step=step, case_id=case_id, task=task)
    person = staff.keys[APPROVERS[0]]
    token = Token(verb="approve", case_id=case_id, task=case.tasks[-1].id)
    return await _copied(database, path, token, person)


async def _rested(folder: Path) -> dict[str, _Grown]:
    """Scores that were given and approved by four people, in one branch after the other.

    All are in one database, since what a decision costs there depends on its size, too.
    """
    path = folder / "rested.db"
    database = await open_database(f"sqlite:///{path}", upgrade=True)
    clock = HandClock(decisions.NOW)
    office = decisions.new_office(clock)
    staff = await approvals.furnish(database, "years.toml")
    grown: dict[str, _Grown] = {}
    for branches in BRANCHES:
        case_id = await staff.file(database, office, process="years")
        token = Token(verb="approve", case_id=case_id, task=f"t{STEPS * (branches - 1) + NEAR + 1}")
        for branch in range(branches):
            clock.set(clock.now() + SECOND)
            await _scored(database, office, staff, case_id, branch, until=token.task)
        await decisions.send_all(database)
        first = 1000 * (len(grown) + 1)
        await _many(database, case_id, low=first, high=first + COPIES - 1)
        person = staff.keys[APPROVERS[NEAR]]
        grown[f"at branch {branches}"] = _Grown(path, person, token, first)
    await database.aclose()
    return grown


async def _scored(
    database: Database,
    office: Office,
    staff: approvals.Staff,
    case_id: str,
    branch: int,
    *,
    until: str,
) -> None:
    """Go through a branch, up to this task if it is in it."""
    given: dict[str, Any] = {"via": "bench", "person": staff.keys[APPROVERS[0]]}
    begin = str(Token(verb="begin", case_id=case_id, argument="again"))
    await decisions.press(database, office, Pressed(**given, key=f"{begin} {branch}", token=begin))
    score = str(Token(verb="complete", case_id=case_id, task=f"t{branch * STEPS + 1}"))
    values = {"quality": "91", "service": "87"}
    await decisions.press(
        database, office, Submitted(**given, key=score, token=score, values=values)
    )
    for step in range(1, STEPS):
        task = f"t{branch * STEPS + step + 1}"
        if task == until:
            return
        await staff.decide(database, office, "approve", step=step, case_id=case_id, task=task)


async def _copied(database: Database, path: Path, next_: Token, person: str) -> _Grown:
    await decisions.send_all(database)
    await _many(database, next_.case_id, low=2, high=COPIES)
    await database.aclose()
    return _Grown(path, person, next_)


async def _many(database: Database, case_id: str, *, low: int, high: int) -> None:
    await database.with_connection(
        lambda to: copy_case(executing(to), case_id, low=low, high=high), write=True
    )
