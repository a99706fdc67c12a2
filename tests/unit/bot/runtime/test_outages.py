"""A full disk, a locked file: people hear the truth, nothing is half done, all is well again."""

import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from bot.runtime.status_pages import StatusPages
from bot.runtime.writing import AGAIN_S, EVERY, Writing
from handlers import router
from handlers.intents import Said
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.sqlite_writer import driver
from tests.office import opened
from tests.unit.bot.runtime.conftest import Manned

WORDS = "/complaint 包装破损"


@pytest.fixture
async def plant(tmp_path: Path) -> AsyncIterator[Manned]:
    """With the threads and the group commit of the real thing, and little patience."""
    async with opened(tmp_path) as office:
        path = office.path
        await office.database.aclose()
        database = SqliteDatabase(path, busy_timeout=0.01)
        yield Manned(database=database, office=office.office, clock=office.clock)
        await database.aclose()


async def room(work: Manned, pages: int) -> None:
    """Let the file grow by so many pages, and no more."""
    await work.database.with_connection(
        lambda c: driver(c).execute(
            f"PRAGMA max_page_count={driver(c).execute('PRAGMA page_count').fetchone()[0] + pages}"
        ),
        write=True,
    )


@contextmanager
def locked(work: Manned) -> Iterator[None]:
    """Somebody else is writing, and does not end."""
    other = sqlite3.connect(work.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield
    other.execute("ROLLBACK")
    other.close()


async def file_much(work: Manned) -> str:
    filer = work.person("wang.fang")
    await filer.says(WORDS)
    return await filer.fills(
        customer="Acme", contact="1", channel="phone", product="A", what_happened="满" * 3000
    )


async def sees_as_always(work: Manned) -> None:
    """What only shows something needs no room and no lock."""
    person = await work.person("wang.fang").key()
    for text in ("/tasks", "/cases", "/cases 满", "/case C-2026-0001", "/help", WORDS):
        said = Said(person=person, via="slack", key=f"sees {text}", text=text)
        shown = await router.handle(work.database, work.office, said)
        assert shown.cards or shown.form, f"{text}: {shown.text}"


async def test_a_full_disk_is_said_and_changes_nothing_and_heals(plant: Manned) -> None:
    """R15, F13."""
    plant.asleep = True
    await plant.filed()
    events = await plant.event_types()
    await room(plant, 0)

    for _ in range(20):  # until what was free in the file is used up
        answer = await file_much(plant)
        if "磁盘已满" in answer:
            break
    assert "磁盘已满" in answer
    await sees_as_always(plant)
    cases = await plant.database.read(lambda tx: tx.cases.open_ids())
    with suppress(StorageError):  # it may find room for as much as it has to write
        await plant.crew.pump.step()

    assert await plant.event_types() == events
    assert await plant.database.read(lambda tx: tx.cases.open_ids()) == cases
    await room(plant, 10_000)
    await file_much(plant)
    assert len(await plant.database.read(lambda tx: tx.cases.open_ids())) == len(cases) + 1
    plant.restart()
    await plant.crew.pump.start()
    await plant.crew.pump.step()
    assert await plant.database.read(lambda tx: tx.outbox.count()) == 0


async def test_a_locked_file_is_said_and_changes_nothing_and_heals(plant: Manned) -> None:
    """F12."""
    await plant.filed()
    events = await plant.event_types()
    with locked(plant):
        plant.asleep = True
        answer = await plant.person("wang.fang").presses("催办")
        await sees_as_always(plant)
        plant.clock.set(await plant.due())
        with pytest.raises(StorageError):
            await plant.crew.sweep.step()

    assert "系统正忙" in answer
    assert await plant.event_types() == events
    await plant.crew.settle()
    assert len(await plant.event_types()) > len(events)
    assert await plant.dead() == ()


async def test_a_file_that_is_locked_shows_at_readyz_and_raises_an_alarm(plant: Manned) -> None:
    """Whoever only reads has an answer all the same, so that says nothing."""
    around = plant.crew.around
    writing = Writing(around)
    pages = StatusPages(
        health=plant.crew.health,
        metrics=around.metrics,
        db=around.db,
        clock=plant.clock,
        writing=writing,
    )
    await plant.crew.auditor.step()

    async def ready() -> tuple[int, str]:
        answer = await pages.ready(None)  # type: ignore[arg-type]
        return answer.status_code, json.loads(bytes(answer.body))["checks"]["writing"]

    async def figures() -> set[str]:
        answer = await pages.figures(None)  # type: ignore[arg-type]
        return set(bytes(answer.body).decode("utf-8").splitlines())

    assert await ready() == (200, "ok")
    assert {'closeloop_check{check="writing"} 1.0', "closeloop_ready 1.0"} <= await figures()
    around.steady.turn(AGAIN_S)  # type: ignore[attr-defined]
    with locked(plant):
        assert await ready() == (503, "database_locked")
        assert {'closeloop_check{check="writing"} 0.0', "closeloop_ready 0.0"} <= await figures()
    assert await ready() == (503, "database_locked")  # nobody can make us write all the time
    around.steady.turn(AGAIN_S)  # type: ignore[attr-defined]
    assert await ready() == (200, "ok")
    assert plant.crew.alarms.raised == ["nothing_can_be_kept"]


async def test_the_alarm_names_the_disk_once_until_there_is_room_again(plant: Manned) -> None:
    around, trouble = plant.crew.around, [StorageError("disk_full"), None]

    class Full:
        async def run(self, unit: object) -> None:
            if trouble[0] is not None:
                raise trouble[0]

    writing = Writing(replace(around, db=Full()))  # type: ignore[arg-type]
    for _ in range(3):
        assert await writing.step() == plant.clock.now() + EVERY
        around.steady.turn(AGAIN_S)  # type: ignore[attr-defined]
    assert await writing.look() == "disk_full"
    assert plant.crew.alarms.raised == ["disk_full"]
    around.steady.turn(AGAIN_S)  # type: ignore[attr-defined]
    trouble[0] = None
    assert await writing.look() == ""
