"""An office to try things in: the sample company and its complaint process on a real database.

Time stands still until a test lets it pass; then what is due happens in order. After everything
that happens, the laws of the house are checked: see `tests/laws.py`.
"""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import BigInteger

from bot import sample
from bot.people_file import read_people
from bot.people_import import plan_import
from handlers import deliver, leaving, releases, timers, versions
from handlers.office import Company, Office
from handlers.rendering.jobs import render_here
from handlers.services import running
from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.tables import metadata
from storage.unit import Tx
from tests import laws
from tests.fakes.chat import FakeChat
from tests.fakes.ports import CountedIds, HandClock, MemoryFiles
from tests.person import Colleague
from workflows.calendar import CalendarData, QuietHours, WorkCalendar
from workflows.case.state import Case
from workflows.directory import Directory
from workflows.errors import Permanent
from workflows.loading import load_definition
from workflows.moments import DAY, HOUR, MINUTE, Moment, moment_of
from workflows.records import DeadLetter, DueTimer, OutboxRow

if TYPE_CHECKING:
    from storage.connect import Database

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = ((time(9), time(12)), (time(13, 30), time(18)))
CALENDAR = WorkCalendar(CalendarData(zone="Asia/Shanghai", hours=HOURS))
LEASE = MINUTE
_UNITS = {"m": MINUTE, "h": HOUR, "d": DAY}


def moment(text: str) -> Moment:
    """The instant of a local time such as "2026-03-02 09:00"."""
    return moment_of(datetime.fromisoformat(text).replace(tzinfo=ZONE))


MONDAY = moment("2026-03-02 09:00")


@dataclass(slots=True, kw_only=True)
class Workplace:
    """Everything that a story needs."""

    database: Database
    office: Office
    clock: HandClock
    chat: FakeChat = field(default_factory=FakeChat)
    files: MemoryFiles = field(default_factory=MemoryFiles)
    lawful: bool = True  # whether the laws are checked after everything that happens
    _people: dict[str, Colleague] = field(default_factory=dict)

    @property
    def language(self) -> str:
        return self.office.company.language

    @property
    def path(self) -> Path:
        """The file of a database that is one."""
        assert isinstance(self.database, SqliteDatabase), "it is on a server"
        return self.database.path

    def person(self, person_id: str) -> Colleague:
        """Somebody of the company, by readable id."""
        if person_id not in self._people:
            self._people[person_id] = Colleague(work=self, id=person_id)
        return self._people[person_id]

    # ------------------------------------------------------------------ looking

    async def directory(self) -> Directory:
        return await self.database.read(self.office.directory)

    async def case(self, case_id: str = "C-2026-0001") -> Case:
        found = await self.database.read(lambda tx: tx.cases.load(case_id, lock=False))
        assert found is not None, f"there is no case {case_id}"
        return found

    async def event_types(self, case_id: str = "C-2026-0001") -> list[str]:
        chained = await self.database.read(lambda tx: tx.cases.events(case_id))
        return [one.event.body.stored for one in chained]

    async def dead(self) -> tuple[DeadLetter, ...]:
        return await self.database.read(lambda tx: tx.dead.all())

    # ------------------------------------------------------------------ time

    async def passes(self, length: str) -> None:
        """Let time pass, such as "2h" or "30m", and everything happen that is due on the way."""
        match = re.fullmatch(r"(\d+)([mhd])", length)
        assert match is not None, f"not a length of time: {length}"
        await self.until(self.clock.now() + int(match[1]) * _UNITS[match[2]])

    async def until(self, at: Moment | str) -> None:
        """Let time pass until then; a text is a local time."""
        end = moment(at) if isinstance(at, str) else at
        while (due := await self.next_at()) is not None and due <= end:
            self.clock.set(max(due, self.clock.now()))
            await self.settle()
        self.clock.set(max(end, self.clock.now()))
        await self.settle()

    async def until_next(self) -> None:
        """Let time pass until the next thing happens by itself."""
        due = await self.next_at()
        assert due is not None, "nothing will happen by itself any more"
        await self.until(due)

    async def next_at(self) -> Moment | None:
        now = self.clock.now()

        def look(tx: Tx) -> Moment | None:
            absences = (a.starts_at for a in self.office.directory(tx).absences)
            times = (
                tx.timers.next_at(),
                tx.timers.next_work_at(),
                tx.outbox.next_at(),
                *(at for at in absences if at > now),
            )
            return min((at for at in times if at is not None), default=None)

        return await self.database.read(look)

    # ------------------------------------------------------------------ what happens by itself

    async def settle(self) -> None:
        """Do everything that is due now, and send what is owed."""
        while await self.database.run(self._fire_next):
            pass
        await self.works()
        await self._rounds()
        while await self.database.run(self.send_some):
            pass
        if self.lawful:
            await laws.check(self)

    async def works(self) -> None:
        """Do every due work of a service node, as the worker does."""

        async def apart(make: Callable[[], Any]) -> Any:
            return make()

        while work := await self.database.run(self.claim_work):
            if work.attempts > running.TRIES:
                await running.give_up(self.database, self.office, work)
                continue
            kept = self.database, self.files, self.office, work
            await running.do(*kept, render=render_here, apart=apart)
            while await self.database.run(self._fire_next):
                pass

    def claim_work(self, tx: Tx) -> DueTimer | None:
        return running.claim(tx, self.office)

    def _fire_next(self, tx: Tx) -> bool:
        due: tuple[DueTimer, ...] = tx.timers.due(now=self.clock.now(), limit=1)
        return bool(due) and timers.fire(tx, self.office, due[0])

    async def _rounds(self) -> None:
        now = self.clock.now()
        since = MONDAY - DAY
        for case_id in await self.database.read(
            lambda tx: timers.absences_began(tx, self.office, since=since, now=now)
        ):
            await self._round(timers.offer_to_deputies, case_id)
        for case_id in await self.database.read(self._moving):
            await self._round(timers.follow_directory, case_id)
        for case_id in await self.database.read(lambda tx: timers.leavers(tx, self.office)):
            await self._round(timers.replace_leavers, case_id)
        if await self.database.read(lambda tx: releases.of_gone(tx, self.office)):
            await self.database.run(lambda tx: releases.end_gone(tx, self.office))
        if await self.database.read(versions.published):
            await self.database.run(self._move_on)
        if await self.database.read(lambda tx: leaving.somebody_left(tx, self.office)):
            await self.database.run(lambda tx: announce_leavers(tx, self.office))

    def _moving(self, tx: Tx) -> list[str]:
        cases = tx.cases.open_ids(after="", limit=1000)
        return [c for c in cases if timers.would_follow_directory(tx, self.office, case_id=c)]

    def _move_on(self, tx: Tx) -> None:
        for process in versions.released(tx):
            late = versions.behind(tx, process, after="", limit=1000)
            for case_id in versions.resting(tx, late):
                versions.move_at_rest(tx, self.office, case_id=case_id)
        versions.note(tx, versions.in_force(tx))

    async def _round(self, work: Callable[..., bool], case_id: str) -> None:
        await self.database.run(lambda tx: work(tx, self.office, case_id=case_id))

    def send_some(self, tx: Tx) -> int:
        now = self.clock.now()
        rows = tx.outbox.claim(now=now, limit=20, owner="test", lease_until=now + LEASE)
        for row in rows:
            self._send(tx, row)
        return len(rows)

    def _send(self, tx: Tx, row: OutboxRow) -> None:
        plan = deliver.prepare(tx, self.office, row, platforms={self.chat.name: self.chat})
        if plan.unreachable:
            assert deliver.other_way(tx, self.office, row), "nobody can be told"
            tx.outbox.drop(row)
            return
        for sending in plan.sendings:
            try:
                ref = self.chat.show(sending.ref, sending.delivery)
            except Permanent:
                continue
            receipt = deliver.receipt(row, sending, ref=ref, at=self.clock.now())
            tx.outbox.posted(row, sent=receipt)
        tx.outbox.done(row, sent=None)


# ---------------------------------------------------------------------------- opening one


def announce_leavers(tx: Tx, office: Office) -> None:
    """Announce everybody who has left, as the rounds do."""
    found = leaving.unannounced(tx, office)
    for person in found.people:
        leaving.announce(tx, office, person, first=found.first)
    leaving.note_returns(tx, office)


async def prepare(path: Path) -> None:
    """The database as it is after `closeloop init` and the first start."""
    database = SqliteDatabase(path, inline=True)
    await database.with_connection(schema.upgrade, write=True)
    await _furnish(database)
    await database.aclose()


async def _furnish(database: Database) -> None:
    draft = plan_import(Directory(), read_people(sample.PEOPLE), CountedIds())
    complaint = sample.PROCESSES / "complaint.toml"
    loaded = load_definition(complaint.read_text(encoding="utf-8"), file=complaint.name)

    def unit(tx: Tx) -> None:
        tx.people.replace(draft.people, draft.departments)
        tx.definitions.publish(
            key="complaint", hash=loaded.hash, text=loaded.text, at=MONDAY, by="system"
        )

    await database.run(unit)


@asynccontextmanager
async def opened(
    folder: Path,
    *,
    language: str = "zh",
    inline: bool = True,
    admins: tuple[str, ...] = (),
    quiet: QuietHours | None = None,
) -> AsyncIterator[Workplace]:
    """An office in this folder, on Monday morning, for a company that reads `language`."""
    path = folder / "office.db"
    template = folder.parent / "prepared-office.db"
    if not template.exists():
        part = template.with_name("office-being-prepared.db")
        part.unlink(missing_ok=True)
        await prepare(part)
        part.rename(template)
    shutil.copyfile(template, path)
    company = Company(
        name="示例公司", language=language, timezone="Asia/Shanghai", admins=admins, quiet=quiet
    )
    database = SqliteDatabase(path, inline=inline)
    try:
        yield workplace(database, company)
    finally:
        await database.aclose()
    _require_whole_moments(path)


def _require_whole_moments(path: Path) -> None:
    """SQLite stores whatever it is given, so a datetime in the place of a moment would pass."""
    with closing(sqlite3.connect(path)) as connection:
        for table in metadata.sorted_tables:
            for column in table.c:
                if isinstance(column.type, BigInteger):
                    found = connection.execute(
                        f'SELECT DISTINCT typeof("{column.name}") FROM "{table.name}"'
                    )
                    assert {kind for (kind,) in found} <= {"integer", "null"}, column


async def furnished(database: Database, *, admins: tuple[str, ...] = ()) -> Workplace:
    """An office in an open database that has a schema and nothing else."""
    await _furnish(database)
    company = Company(name="示例公司", language="zh", timezone="Asia/Shanghai", admins=admins)
    return workplace(database, company)


def workplace(
    database: Database, company: Company, *, kind: type[Workplace] = Workplace
) -> Workplace:
    """An office in this database, on Monday morning."""
    clock, ids = HandClock(MONDAY), CountedIds()
    for _ in range(1000):  # people have the first of them
        ids.new("used")
    office = Office(clock=clock, ids=ids, company=company, calendar=CALENDAR)
    return kind(database=database, office=office, clock=clock)


async def one_language(work: Workplace) -> None:
    """Let everybody read the company's language."""

    def unit(tx: Tx) -> None:
        directory = tx.people.directory()
        people = [replace(person, language="") for person in directory.people.values()]
        tx.people.replace(people, list(directory.departments.values()))

    await work.database.run(unit)


@pytest.fixture
async def work(tmp_path: Path) -> AsyncIterator[Workplace]:
    """The office, in Chinese; Emma Clark reads English."""
    async with opened(tmp_path) as workplace:
        yield workplace


@pytest.fixture(params=["zh", "en"])
async def in_both(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Workplace]:
    """The office in each language, for everybody."""
    async with opened(tmp_path, language=request.param) as workplace:
        await one_language(workplace)
        yield workplace
