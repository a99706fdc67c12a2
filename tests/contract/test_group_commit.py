"""A group commit gives each caller its own answer, whatever its neighbours do to the group."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import schema
from storage.database_sqlite import RETRIES, SqliteDatabase
from storage.errors import StorageError
from storage.threads import GROUP
from storage.unit import Tx
from workflows.errors import Conflict

ROOM = 30  # pages that are left on the disk

Unit = Callable[[Tx], str]


class _OwnError(Exception):
    """An error that one unit raises, with the name of its caller."""


def _writes(name: str) -> Unit:
    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        return name

    return unit


def _reads(name: str) -> Unit:
    return lambda tx: tx.settings.get(name) or name


def _raises(name: str) -> Unit:
    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        raise _OwnError(name)

    return unit


def _breaks_a_rule(name: str) -> Unit:
    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        tx.connection.exec_driver_sql("INSERT INTO settings VALUES (?, '2')", (name,))
        raise AssertionError("the row is there already")

    return unit


def _conflicts(name: str) -> Unit:
    """Meets another version a few times; the unit is run again by itself."""
    tries = itertools.count(1)

    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        if next(tries) < RETRIES:
            raise Conflict("version")
        return name

    return unit


def _fills_the_disk(name: str) -> Unit:
    """SQLite may roll the whole transaction back, with the work of the neighbours."""

    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        tx.settings.put(f"{name} big", "x" * 1_000_000)
        return name

    return unit


def _loses_the_transaction(name: str) -> Unit:
    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        tx.connection.exec_driver_sql("ROLLBACK")
        raise _OwnError(name)

    return unit


def _spoils_the_commit(name: str) -> Unit:
    """Leaves a row that only the commit refuses."""

    def unit(tx: Tx) -> str:
        tx.settings.put(name, name)
        tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        tx.connection.exec_driver_sql(
            "INSERT INTO accounts VALUES ('slack', ?, 'nobody', '', '')", (name,)
        )
        return name

    return unit


GOOD = {_writes, _conflicts}
OWN = {_raises, _loses_the_transaction}
KINDS = (
    *(_writes, _reads, _raises, _breaks_a_rule, _conflicts),
    *(_fills_the_disk, _loses_the_transaction, _spoils_the_commit),
)
NEIGHBOURS = st.lists(
    st.tuples(st.sampled_from(KINDS), st.booleans(), st.booleans()), min_size=2, max_size=GROUP + 4
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("groups")


_names: Iterator[int] = itertools.count()


@settings(deadline=None)
@given(neighbours=NEIGHBOURS)
def test_nobody_gets_the_answer_of_another_one(
    place: Path, neighbours: Sequence[tuple[Callable[[str], Unit], bool, bool]]
) -> None:
    """And what was answered as done is there, what was answered as failed is not."""
    asyncio.run(_together(place / f"{next(_names)}.db", neighbours))


async def _together(
    file: Path, neighbours: Sequence[tuple[Callable[[str], Unit], bool, bool]]
) -> None:
    database = SqliteDatabase(file, busy_timeout=1)
    await database.with_connection(schema.upgrade, write=True)
    await database.run(_limit)
    names = [f"caller {number}" for number in range(len(neighbours))]
    gate = threading.Event()
    first = asyncio.ensure_future(database.run(lambda _: gate.wait()))
    waiting = [
        asyncio.ensure_future(database.run(kind(name), behind=behind))
        for name, (kind, behind, _) in zip(names, neighbours, strict=True)
    ]
    await asyncio.wait([first, *waiting], timeout=0)  # all are handed in
    for task, (_, _, gives_up) in zip(waiting, neighbours, strict=True):
        if gives_up:
            task.cancel()
    gate.set()
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    await asyncio.gather(first, return_exceptions=True)
    kept = {name: await database.read(lambda tx, of=name: tx.settings.get(of)) for name in names}  # type: ignore[misc]
    await database.aclose()
    file.unlink()  # noqa: ASYNC240 - a small file in RAM
    for name, (kind, _, gives_up), answer in zip(names, neighbours, answers, strict=True):
        _judge(name, kind, answer, kept[name], gave_up=gives_up)


def _limit(tx: Tx) -> None:
    pages = tx.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + ROOM}")


def _judge(name: str, kind: Any, answer: object, kept: str | None, *, gave_up: bool) -> None:
    if gave_up and isinstance(answer, asyncio.CancelledError):
        return  # nobody was told; either is right
    if isinstance(answer, _OwnError):
        assert kind in OWN, "its own error"
        assert answer.args == (name,), "and nobody else's"
    elif isinstance(answer, Exception):
        assert kind is not _reads or not isinstance(answer, Conflict)
        assert isinstance(answer, StorageError) or "constraint failed" in str(answer), answer
    else:
        assert answer == name, "its own result"
    done = answer == name and kind in (*GOOD, _fills_the_disk, _spoils_the_commit)
    assert kept == (name if done else None), (kind, answer)


async def test_while_a_flush_is_slow_reads_go_on_and_those_who_wait_share_the_next(
    tmp_path: Path,
) -> None:
    """A flush of 50 ms costs everybody two of them at most, and nobody is answered before."""
    flushing, flushed, commits = threading.Event(), threading.Event(), list[str]()

    def slow(point: str) -> None:
        if point == "db.before_commit":
            commits.append(point)
            flushing.set()
            flushed.wait()

    file = tmp_path / "closeloop.db"
    prepared = SqliteDatabase(file)
    await prepared.with_connection(schema.upgrade, write=True)
    await prepared.aclose()
    database = SqliteDatabase(file, crash_point=slow)
    first = asyncio.ensure_future(database.run(_writes("first")))
    await asyncio.to_thread(flushing.wait)
    others = [asyncio.ensure_future(database.run(_writes(f"n{n}"))) for n in range(GROUP)]

    assert await database.read(_reads("first")) == "first"
    assert await database.read(lambda tx: tx.settings.get("first")) is None
    assert not any(task.done() for task in (first, *others))

    flushed.set()
    assert await first == "first"
    assert await asyncio.gather(*others) == [f"n{n}" for n in range(GROUP)]
    assert len(commits) == 2
    await database.aclose()
