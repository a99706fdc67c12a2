"""In which order SQLite's one writer executes what waits: decisions first, and nothing is left."""

import asyncio
import threading

import pytest

from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from storage.threads import GROUP


@pytest.fixture
async def commits(tmp_path):
    """A database, and the crash points that its commits pass."""
    prepared = await open_database(f"sqlite:///{tmp_path}/closeloop.db")
    await prepared.aclose()
    passed: list[str] = []
    opened = SqliteDatabase(tmp_path / "closeloop.db", crash_point=passed.append)
    yield opened, passed
    await opened.aclose()


async def in_order(database, *, decisions, behind):
    """In which order units are executed that wait together; those that are behind came first."""
    gate = threading.Event()
    order = []
    waiting = [asyncio.ensure_future(database.run(lambda _: gate.wait()))]
    for run, name, many in (
        (database.behind().run, "behind", behind),
        (database.run, "decision", decisions),
    ):
        waiting += [
            asyncio.ensure_future(run(lambda _, n=name: order.append(n))) for _ in range(many)
        ]
    await asyncio.wait(waiting, timeout=0)
    gate.set()
    await asyncio.gather(*waiting)
    return order


async def test_decisions_are_written_before_what_has_time(commits):
    database, passed = commits
    order = await in_order(database, decisions=3, behind=20)

    assert order == ["decision"] * 3 + ["behind"] * 20
    assert passed.count("db.after_commit") == 2  # they waited for two of the others, not for all


async def test_what_has_time_is_not_left_for_ever(commits):
    database, _ = commits
    order = await in_order(database, decisions=5 * GROUP, behind=6)

    places = [place for place, name in enumerate(order, start=1) if name == "behind"]
    assert [place // GROUP for place in places] == [0, 0, 1, 1, 2, 2]
