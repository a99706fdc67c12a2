"""Works of service nodes, done by real processes of which each may be killed inside a work.

A change of a process is played in one process, and the database is copied whenever a work is due.
From each copy processes of their own go on, with the real worker.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from bot import system
from bot.app.assembly import surround
from bot.app.deployment import make_office, open_files, open_kind
from bot.company_settings import CompanySettings
from bot.runtime.guard import HoldGate
from bot.runtime.works import Works
from handlers.office import Company
from handlers.rendering.jobs import render_here
from storage import tables
from storage.database_sqlite import SqliteDatabase
from storage.filesystem import FileFolder
from storage.unit import Tx
from tests.office import Workplace, prepare, workplace
from tests.rig.outside import Time
from tests.stories.deeds import file_complaint
from tests.stories.process_change import (
    FASTER,
    OWNER,
    agreed,
    complied,
    decides,
    drafted,
    filed,
    permitted,
    planned,
    signed,
)
from workflows.case.clock import about_of
from workflows.case.events import fold
from workflows.flow.services import WorkDone
from workflows.model.nodes import ServiceNode
from workflows.model.works import Work
from workflows.records import DueTimer

COMPUTING, RENDERING = "computing", "rendering"  # where a process may die besides a commit

# ---------------------------------------------------------------------------- the story


class Played(Workplace):
    """Copies the database before the first work of each kind, as it is until the work is claimed.

    The folder of a copy has the name of the work; it has the files of the cases and the time, too.
    """

    folder: Path

    def claim_work(self, tx: Tx) -> DueTimer | None:
        work = Workplace.claim_work(self, tx)
        if work is not None:
            self._keep(self.folder / self._named(tx, work))
        return work

    def _named(self, tx: Tx, work: DueTimer) -> Work:
        case = tx.cases.load(work.case_id, lock=False)
        assert case is not None
        visit = case.visit(about_of(work.clock))
        assert visit is not None
        node = self.office.shelf.of(tx, case).definition.node(visit.node)
        assert isinstance(node, ServiceNode)
        return node.work

    def _keep(self, folder: Path) -> None:
        if folder.exists():
            return
        folder.mkdir()
        copy = folder / "rig.db"
        with closing(sqlite3.connect(self.path)) as here, closing(sqlite3.connect(copy)) as there:
            here.backup(there)
        files = FileFolder(folder / "files")
        for name, content in self.files.kept.items():
            files.write_here(name, content)
        Time(folder).passes(self.clock.now())


async def play(folder: Path) -> None:
    """One change whose pilot is rolled back, and one that goes all the way to the comparison."""
    path = folder / "played.db"
    await prepare(path)
    database = SqliteDatabase(path, inline=True)
    company = Company(name="示例公司", language="zh", timezone="Asia/Shanghai", admins=())
    work = workplace(database, company, kind=Played)
    assert isinstance(work, Played)
    work.folder, work.lawful = folder, False
    try:
        await file_complaint(work.person("wang.fang"))
        await _piloted(work, until="2026-04-20")
        await work.until("2026-04-21 18:00")
        await decides(work, "gao.feng", "撤回")
        await _piloted(work, until="2026-05-29")
        await work.until("2026-06-01 18:00")
        await decides(work, "gao.feng", "延长或修改", **{"return-to": "prolong"})
        await _does(work, longer_until="2026-06-18")
        await work.until("2026-06-22 18:00")
        await _rolled_out(work)
    finally:
        await database.aclose()


async def _piloted(work: Workplace, *, until: str) -> None:
    """A change, from its filing to the beginning of its pilot, in which somebody files a case."""
    await filed(work)
    await agreed(work)
    await drafted(work, FASTER)
    await complied(work)
    await signed(work)
    await planned(work, until=until)
    await permitted(work)
    await file_complaint(work.person("sun.yue"))


async def _rolled_out(work: Workplace) -> None:
    second = work.person("gao.feng")  # who decided about the pilot before has the task again
    await second.presses("推广", kind="task")
    await second.fills(opinion="可以")
    await work.settle()
    helper = (await work.directory()).by_id("zhao.lei")
    assert helper is not None
    batch = {"batch_department": "customer-service", "batch_day": "2026-06-25"}
    await _does(work, **batch, batch_helper=helper.key)
    await work.until("2026-06-25 18:00")
    await decides(work, "gao.feng", "全面推广")
    await _does(work, compare_on="2026-07-15")
    await work.until("2026-07-16 18:00")


async def _does(work: Workplace, **values: object) -> None:
    """The owner of the process does the task that is next."""
    owner = work.person(OWNER)
    await owner.presses("提交", kind="task")
    await owner.fills(**values)
    await work.settle()


# ---------------------------------------------------------------------------- a process


async def do_works(folder: Path, url: str, *, dies_at: str) -> None:
    """Do every due work, as the worker of the bot does, or die at one point; note what is there."""
    database = await open_kind(url, kind="production", exclusive=True)
    around = surround(database, make_office(CompanySettings(), clock=Time(folder)))
    inside = Inside(dies_at)
    works = Works(
        around,
        gate=HoldGate(around),
        files=open_files(folder / "files"),
        render=inside.render,
        apart=inside.apart,
    )
    try:
        system.fuse = inside
        await works.step()
        system.fuse = None
        seen = await database.read(what_is_there)
        seen["rows"] = await database.with_connection(_counts)
        seen["owed"] = await database.with_connection(_owed)
        seen["files"] = [_is_whole(folder, *file) for file in await database.read(_files)]
        seen["passed"] = inside.passed
        (folder / "works.json").write_text(json.dumps(seen, ensure_ascii=False, indent=1))
    finally:
        await database.aclose()


class Inside(system.Fuse):
    """Ends the process at a point inside a work: a commit, a document, or a call in its computing.

    `passed` has the points that were passed, the calls of one computing as one, with their number.
    """

    def __init__(self, wanted: str) -> None:
        super().__init__("")
        self._wanted = wanted
        self.passed: list[str] = []

    def burn(self, name: str) -> None:
        many = sum(one.startswith(f"{name}:") for one in self.passed) + 1
        self.passed.append(f"{name}:{many}")
        self._die(self.passed[-1])

    async def apart(self, make: Callable[[], Any]) -> Any:
        return await asyncio.to_thread(self._profiled, make)

    async def render(self, job: str, content: bytes) -> bytes:
        self.burn(RENDERING)
        return await render_here(job, content)

    def _profiled(self, make: Callable[[], Any]) -> Any:
        calls = itertools.count(1)

        def called(_frame: object, event: str, _what: object) -> None:
            if event == "call":
                self._die(f"{COMPUTING}:{next(calls)}")

        sys.setprofile(called)
        try:
            return make()
        finally:
            sys.setprofile(None)
            self.passed.append(f"{COMPUTING}:{next(calls) - 1}")

    def _die(self, at: str) -> None:
        if at == self._wanted:
            os.kill(os.getpid(), signal.SIGKILL)


# ---------------------------------------------------------------------------- looking


def what_is_there(tx: Tx) -> dict[str, Any]:
    """What a work may have changed, without what depends on the time at which it was done."""
    cases, works, clocks = {}, [], {}
    for case_id in sorted(head.case_id for head in tx.cases.heads()):
        case = tx.cases.load(case_id, lock=False)
        events = [chained.event for chained in tx.cases.events(case_id)]
        assert case is not None
        assert fold(events) == case, "the snapshot is what the events add up to"
        cases[case_id] = [event.body.stored for event in events]
        works += [
            [case_id, one.body.visit, one.body.work, one.body.outcome]
            for one in events
            if isinstance(one.body, WorkDone)
        ]
        clocks[case_id] = sorted(timer.clock for timer in tx.timers.of_case(case_id))
        assert clocks[case_id] == sorted(clock for clock, _ in case.timers())
    keys = [stored.key for stored in tx.definitions.known()]
    return {
        "cases": cases,
        "works": works,
        "clocks": clocks,
        "releases": [
            [one.process, one.version, one.department, one.kind, one.opening, one.ended_why]
            for key in keys
            for one in tx.releases.history(key)
        ],
        "dead": [letter.error for letter in tx.dead.all()],
    }


def _counts(connection: Connection) -> dict[str, int]:
    """How many rows each table has: an effect that was made twice is in one of them."""
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables.metadata.sorted_tables
    }


def _owed(connection: Connection) -> list[list[str]]:
    """Which messages wait to be sent, and to whom."""
    columns = tables.outbox.c
    found = connection.execute(select(columns.person, columns.kind, columns.slot))
    return sorted([str(one) for one in row] for row in found)


def _files(tx: Tx) -> list[tuple[str, str, str]]:
    found = [one for head in tx.cases.heads() for one in tx.files.of_case(head.case_id)]
    return sorted((one.name, one.id, one.sha256) for one in found)


def _is_whole(folder: Path, name: str, file_id: str, sha256: str) -> str:
    content = FileFolder(folder / "files").place(file_id).read_bytes()
    assert hashlib.sha256(content).hexdigest() == sha256, f"{name} is another file"
    return name


def points(passed: Sequence[str]) -> list[str]:
    """Return where a process may die in the first of several works, in their order.

    Of the calls of its computing it is the one in the middle.
    """
    names = [one.partition(":")[0] for one in passed]
    end = names.index("db.after_commit", names.index(COMPUTING))
    return [_middle(one) if one.startswith(COMPUTING) else one for one in passed[: end + 1]]


def _middle(computing: str) -> str:
    name, _, calls = computing.partition(":")
    return f"{name}:{(int(calls) + 1) // 2}"
