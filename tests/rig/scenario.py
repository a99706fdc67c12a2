"""Processes that serve a company on one database, with the people of `people.py` at them.

Any of them may be killed at any moment and started again, or stopped and continued while another
one goes on. What outlives them is the database and the folder.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from sqlalchemy import Connection, select

from bot import system
from bot.app.assembly import Engine, assemble, surround
from bot.app.deployment import make_office, open_kind
from bot.company_settings import CompanySettings
from bot.published import put_first_in_force, sample_drafts
from bot.revisions import Revisions
from bot.runtime.guard import HoldGate
from bot.runtime.wakeups import SchedulerTicker
from bot.system import SystemClock, SystemIds, pause
from handlers.briefings import WEEK
from handlers.i18n import LANGUAGES, translator
from storage import tables
from storage.database_postgres import PostgresDatabase, postgres_engine
from storage.unit import Tx
from tests.rig.outside import START, Platform, Time
from tests.rig.people import Client
from tests.rig.steps import Story
from tests.rig.stories import STORIES
from tests.rig.works import do_works
from workflows.case.events import fold

if TYPE_CHECKING:
    from storage.connect import Database

T = TypeVar("T")

LOOK_S = 0.05
LIMIT_S = 900.0  # whoever is forgotten ends by itself
TURNED, OVER = "turned", "over"  # files by which the test speaks to two processes at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a process is to do."""

    task: Literal["prepare", "alone", "first", "second", "look", "works"]
    url: str
    folder: str = ""
    story: str = "complaint"  # of `STORIES`
    crash_at: str = ""  # killed there
    stop_at: str = ""  # stopped there, to be continued


def warm() -> None:
    """Read once what every run would read again: words, processes, holidays, drivers."""
    for language in LANGUAGES:
        translator(language)
    sample_drafts(words=translator("en"))
    make_office(CompanySettings()).calendar.next_opening(START)
    SchedulerTicker(clock=SystemClock())
    postgres_engine("postgresql://", pool_size=1)


async def obey(order: Order) -> None:
    """Do it. Returns when it is done, if the process is still alive."""
    if order.task != "works":
        _arm(order)
    async with asyncio.timeout(LIMIT_S):
        await _obey(order, Path(order.folder), STORIES[order.story])


async def _obey(order: Order, folder: Path, story: Story) -> None:
    match order.task:
        case "prepare":
            await _prepare(order.url)
        case "alone":
            await _alone(folder, order.url, story)
        case "first":
            await _first(folder, order.url, story)
        case "second":
            await _second(folder, order.url, story)
        case "look":
            await _look(folder, order.url)
        case "works":
            await do_works(folder, order.url, dies_at=order.crash_at)


def _arm(order: Order) -> None:
    if order.stop_at:
        system.fuse = _Stop(order.stop_at)
    else:
        system.arm(order.crash_at or None)


class _Stop(system.Fuse):
    """Stops the process where the other would kill it, as soon as it changes nothing just then.

    One that sleeps within a change keeps what it locked until PostgreSQL ends its session.
    """

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self._changes = 0
        self._stopped = False

    def watch(self, database: PostgresDatabase) -> None:
        change = database._write  # noqa: SLF001 - every change passes there

        async def counted(work: Callable[[Connection], T]) -> T:
            self._changes += 1
            try:
                return await change(work)
            finally:
                self._changes -= 1

        database.__dict__["_write"] = counted

    def burn(self, name: str) -> None:
        if self._name != name or next(self._passed) < self._at or self._stopped:
            return
        if self._changes == (name == "db.after_commit"):  # the one that was committed just now
            self._stopped = True
            os.kill(os.getpid(), signal.SIGSTOP)


# ---------------------------------------------------------------------------- the processes


async def _prepare(url: str) -> None:
    """A database with the sample company in force."""
    database = await open_kind(url, kind="playground", exclusive=True)
    drafts = sample_drafts(words=translator("en"))
    await database.run(lambda tx: put_first_in_force(tx, drafts, ids=SystemIds(), at=START))
    await database.aclose()


async def _alone(folder: Path, url: str, story: Story) -> None:
    """One process: plays the story to its end."""
    async with _serving(folder, url, story, owner="rig") as (database, engine, client):
        await _note_unmarked(folder, database)
        await engine.service.start()
        await client.play()
        await client.drained()
        await _note_seen(folder, database)


async def _first(folder: Path, url: str, story: Story) -> None:
    """Where the people are first. They turn away when it does not answer; it serves on."""
    async with _serving(folder, url, story, owner="first") as (_, engine, client):
        await engine.service.start()
        playing = asyncio.create_task(client.play())
        while not playing.done() and not _is_told(folder, TURNED):
            await asyncio.wait({playing}, timeout=LOOK_S)
        if _is_told(folder, TURNED):
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
            while not _is_told(folder, OVER):
                await pause(LOOK_S)
            # It reports what it was sending when it fell asleep.
            while engine.pump._under_way:  # noqa: SLF001 - nobody else asks
                await pause(LOOK_S)
        else:
            await playing
        await client.drained()


async def _second(folder: Path, url: str, story: Story) -> None:
    """Serves from the beginning; the people turn to it when they are told to."""
    async with _serving(folder, url, story, owner="second") as (database, engine, client):
        await engine.service.start()
        while not _is_told(folder, TURNED) and not _is_told(folder, OVER):
            await pause(LOOK_S)
            engine.service.wakeups.ring()  # so often that both are at work
        if _is_told(folder, TURNED):
            await _note_unmarked(folder, database)
            engine.service.wakeups.moved()
            await client.play()
            await client.drained()


def _is_told(folder: Path, word: str) -> bool:
    return (folder / word).exists()


@contextlib.asynccontextmanager
async def _serving(
    folder: Path, url: str, story: Story, *, owner: str
) -> AsyncIterator[tuple[Database, Engine, Client]]:
    database = await open_kind(url, kind="playground", exclusive=True)
    if isinstance(system.fuse, _Stop) and isinstance(database, PostgresDatabase):
        system.fuse.watch(database)
    time, platform = Time(folder), Platform(folder)
    around = surround(database, make_office(CompanySettings(admins=("lin.wei",)), clock=time))
    platforms = {platform.name: platform}
    engine = assemble(database, around, platforms=platforms, gate=HoldGate, owner=owner)
    revisions = Revisions(first=0, pause=pause)

    def committed() -> None:
        revisions.advance()
        engine.service.committed()

    database.on_commit = committed
    try:
        yield database, engine, Client(folder, engine, platform, time, revisions, story=story)
    finally:
        await engine.service.stop()
        await database.aclose()


# ---------------------------------------------------------------------------- looking


async def _look(folder: Path, url: str) -> None:
    database = await open_kind(url, kind="playground", exclusive=True)
    await _note_seen(folder, database)
    await database.aclose()


async def _note_unmarked(folder: Path, database: Database) -> None:
    """Which messages the platform has of which the bot does not know: sent and not marked."""
    known = {ref for _, ref in await database.with_connection(_marked)}
    sent = Platform(folder).messages().values()
    _write(folder / "unmarked.json", sorted(m.token for m in sent if m.ref not in known))


async def _note_seen(folder: Path, database: Database) -> None:
    """Everything that must be the same whatever happened on the way."""
    seen = await database.read(_what_is_there)
    posted = Platform(folder).messages()
    chats: dict[str, list[list[str]]] = {}
    for person, ref in await database.with_connection(_marked):
        shown = posted[ref].shown
        if shown[0] != WEEK:  # whether there is something to say depends on the time
            chats.setdefault(person, []).append(shown)
    ids = await database.read(
        lambda tx: {p.key: p.id for p in tx.people.directory().people.values()}
    )
    _write(folder / "marked.json", sorted(await database.with_connection(_marked)))
    seen["chats"] = {ids[key]: sorted(shown) for key, shown in sorted(chats.items())}
    _write(folder / "seen.json", seen)


def _marked(connection: Connection) -> list[tuple[str, str]]:
    found = connection.execute(select(tables.messages.c.person, tables.messages.c.ref))
    return [(person, ref) for person, ref in found]


def _what_is_there(tx: Tx) -> dict[str, Any]:
    cases = {}
    for case_id in (head.case_id for head in tx.cases.heads()):
        case = tx.cases.load(case_id, lock=False)
        events = [chained.event for chained in tx.cases.events(case_id)]
        assert case is not None
        assert fold(events) == case, "the snapshot is what the events add up to"
        timers = {timer.clock: timer.due_at for timer in tx.timers.of_case(case_id)}
        assert timers == dict(case.timers()), "timers are what the case expects"
        cases[case_id] = [event.body.stored for event in events]
    return {
        "cases": cases,
        "owed": tx.outbox.count(),
        "dead": [letter.error for letter in tx.dead.all()],
    }


def _write(file: Path, what: object) -> None:
    file.write_text(json.dumps(what, ensure_ascii=False, indent=1))
