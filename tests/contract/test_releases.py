"""Who starts which version, and that its rows cannot be changed unnoticed, on both databases."""

import asyncio
import hashlib

import pytest
from sqlalchemy import text

from storage.audit import verify
from tests.contract import values as v
from workflows.errors import Conflict
from workflows.releases import Opening, Release

COPIED = """
INSERT INTO releases SELECT process, 3, 'legal', kind, version, opening, batch, opened_at, until,
ended_at, ended_why, opened_by, second, helper FROM releases WHERE number = 2
"""


def digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def publish(body: str, key: str = "complaint"):
    return lambda tx: tx.definitions.publish(
        key=key, hash=digest(body), text=body, at=v.NOW, by="p_admin"
    )


def store(body: str, key: str = "complaint"):
    return lambda tx: tx.definitions.store(
        key=key, hash=digest(body), text=body, at=v.NOW, by="p_1"
    )


def pilot(version: int, *departments: str, opening: str = "PC-2026-0001/v1"):
    wanted = Opening(
        process="complaint",
        version=version,
        opening=opening,
        at=v.at(1),
        by="p_1",
        second="p_2",
        kind="pilot",
        until=v.at(60),
    )
    return lambda tx: tx.releases.open_for(wanted, departments)


def to_all(version: int, opening: str):
    wanted = Opening(process="complaint", version=version, opening=opening, at=v.at(2), by="p_1")
    return lambda tx: tx.releases.open_all(wanted)


async def open_now(database) -> list[tuple[str, str, int]]:
    found = await database.read(lambda tx: tx.releases.open_of("complaint"))
    return [(one.department, one.kind, one.version) for one in found]


async def test_a_version_is_published_and_released_to_all_at_once(database):
    await database.run(publish("a = 1"))
    await database.run(publish("a = 2"))

    first, second = await database.read(lambda tx: tx.releases.history("complaint"))

    assert (first.version, first.ended_why, first.open) == (1, "replaced", False)
    assert second == Release(
        process="complaint",
        number=2,
        department="",
        kind="all",
        version=2,
        opening="publish:2",
        batch=0,
        opened_at=v.NOW,
        until=None,
        ended_at=None,
        ended_why="",
        opened_by="p_admin",
        second="",
    )
    assert second.open


async def test_a_stored_version_is_not_in_force(database):
    first = await database.run(publish("a = 1"))
    stored = await database.run(store("a = 2"))
    again = await database.run(store("a = 2"))

    assert (stored.version, again) == (2, stored)
    assert await database.read(lambda tx: tx.definitions.current()) == (first,)
    published = await database.run(publish("a = 2"))
    assert published == stored
    assert await open_now(database) == [("", "all", 2)]


async def test_a_department_starts_the_version_of_its_pilot_and_others_that_of_all(database):
    first = await database.run(publish("a = 1"))
    second = await database.run(store("a = 2"))
    await database.run(publish("b = 1", "launch"))
    await database.run(pilot(2, "sales", "quality"))

    def look(tx):
        started = {
            name: tx.definitions.started("complaint", name) for name in ("sales", "legal", "")
        }
        hashes = [tx.definitions.hash_started("complaint", name) for name in ("quality", "legal")]
        return started, hashes, tx.definitions.started_by("sales"), tx.definitions.known()

    started, hashes, all_of_sales, known = await database.read(look)
    assert started == {"sales": second, "legal": first, "": first}
    assert hashes == [second.hash, first.hash]
    assert [(one.key, one.version) for one in all_of_sales] == [("complaint", 2), ("launch", 1)]
    assert [(one.key, one.version) for one in known] == [("complaint", 1), ("launch", 1)]
    assert await database.read(lambda tx: tx.definitions.hash_in_force("complaint")) == first.hash
    assert await database.read(lambda tx: tx.definitions.in_force("complaint")) == first
    assert await database.read(lambda tx: tx.definitions.in_force("supplier")) is None


async def test_a_new_process_in_pilot_is_started_by_its_departments_alone(database):
    stored = await database.run(store("a = 1"))
    await database.run(pilot(1, "sales", "quality"))

    def look(tx):
        return (
            tx.definitions.started("complaint", "sales"),
            tx.definitions.started("complaint", "legal"),
            tx.definitions.hash_started("complaint", "legal"),
            tx.definitions.hash_in_force("complaint"),
            tx.definitions.current(),
            tx.definitions.known(),
        )

    assert await database.read(look) == (stored, None, None, None, (), (stored,))


async def test_a_department_has_one_pilot(database):
    await database.run(publish("a = 1"))
    await database.run(store("a = 2"))
    await database.run(pilot(2, "sales"))

    with pytest.raises(Conflict):
        await database.run(pilot(2, "quality", "sales", opening="PC-2026-0002/v1"))

    assert await open_now(database) == [("", "all", 1), ("sales", "pilot", 2)]


async def test_the_same_opening_opens_nothing_twice(database):
    await database.run(publish("a = 1"))
    await database.run(store("a = 2"))
    first = await database.run(pilot(2, "sales"))
    again = await database.run(pilot(2, "sales"))
    released = await database.run(to_all(2, "cli:1"))
    twice = await database.run(to_all(2, "cli:1"))

    assert again == first
    assert twice == released
    assert [one.number for one in (*first, *released)] == [2, 3]


async def test_a_release_to_all_ends_the_pilots_of_this_version_and_older_ones(database):
    await database.run(publish("a = 1"))
    await database.run(store("a = 2"))
    await database.run(store("a = 3"))
    await database.run(pilot(2, "sales"))
    await database.run(pilot(3, "quality", opening="PC-2026-0002/v1"))

    await database.run(to_all(2, "cli:1"))

    history = await database.read(lambda tx: tx.releases.history("complaint"))
    assert [(one.department, one.version, one.ended_why) for one in history] == [
        ("", 1, "replaced"),
        ("sales", 2, "rolled_out"),
        ("quality", 3, ""),
        ("", 2, ""),
    ]


async def test_a_release_ends_once(database):
    await database.run(publish("a = 1"))
    await database.run(store("a = 2"))
    opened = await database.run(pilot(2, "sales"))
    end = lambda tx: tx.releases.end(opened, at=v.at(9), why="rolled_back", by="p_2")  # noqa: E731
    await database.run(end)

    with pytest.raises(Conflict):
        await database.run(end)

    (ended,) = await database.read(
        lambda tx: tx.releases.of_opening("complaint", opened[0].opening)
    )
    assert (ended.ended_at, ended.ended_why) == (v.at(9), "rolled_back")
    assert await database.read(lambda tx: tx.releases.every_open()) == (
        await database.read(lambda tx: tx.releases.open_of("complaint"))
    )


async def test_one_of_many_openings_at_once_wins(database):
    await database.run(publish("a = 1"))
    await database.run(store("a = 2"))

    several = (database.run(pilot(2, "sales", opening=f"PC-2026-000{n}/v1")) for n in range(4))
    done = await asyncio.gather(*several, return_exceptions=True)

    assert sum(not isinstance(one, Conflict) for one in done) == 1
    assert await open_now(database) == [("", "all", 1), ("sales", "pilot", 2)]


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("UPDATE releases SET version = 1 WHERE number = 2", "row_changed release complaint n2"),
        ("UPDATE releases SET second = 'p_9' WHERE number = 2", "row_changed release complaint n2"),
        ("DELETE FROM releases WHERE number = 2", "row_removed release complaint n2"),
        (
            COPIED,
            "row_added release complaint n3",
        ),
    ],
)
async def test_a_changed_release_is_found(database, statement, found):
    await database.run(publish("a = 1"))
    await database.run(store("a = 2"))
    await database.run(pilot(2, "sales"))
    await database.run(lambda tx: tx.connection.execute(text(statement)) and None)

    problem = (await database.read(lambda tx: verify(tx.connection))).problem

    assert f"{problem.fault.value} {problem.what}" == found
