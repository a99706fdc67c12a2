"""What a move refuses: it says why and at which end, and changes neither database."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from storage.errors import StorageError
from storage.process_lock import ProcessLock
from tests.contract.moving import WAYS, everything, filled, moved, opened_at
from tests.postgres import Server

pytestmark = pytest.mark.postgres


async def refused(source: str, target: str, **more: Any) -> StorageError:
    with pytest.raises(StorageError) as caught:
        await moved(source, target, **more)
    return caught.value


@pytest.mark.parametrize("urls", WAYS, indirect=True)
async def test_a_target_that_has_a_row_is_refused_by_what_is_in_it(urls: tuple[str, str]) -> None:
    source, target = urls
    await filled(source, cases=1)
    async with opened_at(target) as database:
        await database.run(lambda tx: tx.settings.put("a", "1"))
    before = await everything(target)

    error = await refused(source, target)

    assert (error.code, error.facts["end"]) == ("target_filled", "target")
    assert "settings 2" in str(error.facts["what"])
    assert await everything(target) == before


async def test_a_database_with_a_running_bot_is_refused(tmp_path: Path, empty_url: str) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)
    bot = ProcessLock(tmp_path / "closeloop.db")
    bot.take()

    error = await refused(source, empty_url)
    bot.release()

    assert (error.code, error.facts["end"]) == ("database_in_use", "source")


async def test_a_server_with_a_connected_replica_is_refused(
    migrated_url: str, tmp_path: Path
) -> None:
    async with opened_at(migrated_url):
        error = await refused(migrated_url, f"sqlite:///{tmp_path}/new.db")

    assert (error.code, error.facts["end"]) == ("replicas_connected", "source")


@pytest.mark.parametrize("urls", WAYS[:2], indirect=True)
async def test_nobody_can_write_to_the_source_meanwhile(urls: tuple[str, str]) -> None:
    source, target = urls
    await filled(source, cases=1)
    tried: list[str] = []

    def write(*_: object) -> None:
        if not tried:
            tried.append(_try_to_write(source))

    await moved(source, target, told=write)

    assert tried == ["locked"]
    assert await everything(target) == await everything(source)


def _try_to_write(url: str) -> str:
    """What another process meets."""
    script = (
        "import sys, asyncio, asyncpg, sqlite3\n"
        "async def on_server(url):\n"
        "    c = await asyncpg.connect(url, server_settings={'lock_timeout': '50ms'})\n"
        "    await c.execute(\"INSERT INTO settings VALUES ('late', '1')\")\n"
        "url = sys.argv[1]\n"
        "sql = \"INSERT INTO settings VALUES ('late', '1')\"\n"
        "try:\n"
        "    if url.startswith('sqlite'):\n"
        "        sqlite3.connect(url[10:], timeout=0.05).execute(sql)\n"
        "    else:\n"
        "        asyncio.run(on_server(url))\n"
        "except (sqlite3.OperationalError, asyncpg.LockNotAvailableError):\n"
        "    print('locked')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, url], capture_output=True, text=True, timeout=60, check=False
    )
    return done.stdout.strip() or done.stderr


async def test_a_source_that_is_not_there_is_not_created(
    tmp_path: Path, postgres_server: Server, empty_url: str
) -> None:
    missing = tmp_path / "closelop.db"
    other = postgres_server.fresh()
    for source in (f"sqlite:///{missing}", other):
        error = await refused(source, empty_url)
        assert (error.code, error.facts["end"]) == ("source_missing", "source")
    postgres_server.drop(other)

    assert not missing.exists()


async def test_a_database_is_not_moved_to_itself(tmp_path: Path) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)

    error = await refused(source, f"sqlite:///{tmp_path}/../{tmp_path.name}/closeloop.db")

    assert error.code == "move_to_itself"


async def test_what_cannot_be_reached_is_said_with_its_end(tmp_path: Path, empty_url: str) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)
    nobody = empty_url.replace("host=", "port=1&host=")
    nowhere = f"sqlite:///{tmp_path}/missing/closeloop.db"

    for one, other, end in (
        (source, nobody, "target"),
        (source, nowhere, "target"),
        (nobody, f"sqlite:///{tmp_path}/new.db", "source"),
    ):
        error = await refused(one, other)
        assert (error.code, error.facts["end"]) == ("database_unreachable", end)
    error = await refused(source, "mysql://x")
    assert (error.code, error.facts["end"]) == ("url_unknown", "target")


async def test_an_older_schema_is_upgraded_first(tmp_path: Path, empty_url: str) -> None:
    path = tmp_path / "closeloop.db"
    await filled(f"sqlite:///{path}", cases=1)
    with closing(sqlite3.connect(path)) as old, old:
        old.execute("UPDATE alembic_version SET version_num = '0007'")

    error = await refused(f"sqlite:///{path}", empty_url)

    assert (error.code, error.facts["end"]) == ("schema_old", "source")


async def test_a_source_that_was_changed_is_found_and_nothing_is_moved(
    tmp_path: Path, empty_url: str
) -> None:
    path = tmp_path / "closeloop.db"
    await filled(f"sqlite:///{path}", cases=2)
    with closing(sqlite3.connect(path)) as changed, changed:
        changed.execute("DELETE FROM timers WHERE case_id LIKE '%1'")

    error = await refused(f"sqlite:///{path}", empty_url)

    assert error.code == "move_damaged"
    assert "timer_missing" in str(error.facts["what"])


async def test_a_character_that_the_server_cannot_store_is_named(
    tmp_path: Path, empty_url: str
) -> None:
    path = tmp_path / "closeloop.db"
    await filled(f"sqlite:///{path}", cases=1)
    with closing(sqlite3.connect(path)) as changed, changed:
        changed.execute("INSERT INTO settings VALUES ('odd', 'a' || char(0))")

    error = await refused(f"sqlite:///{path}", empty_url)

    assert error.code == "row_refused"
    assert (error.facts["table"], error.facts["key"]) == ("settings", "odd")


async def test_a_file_of_something_else_is_refused_before_anything_is_copied(
    tmp_path: Path,
) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as notes, notes:
        notes.execute("CREATE TABLE notes (a)")
    told: list[object] = []

    error = await refused(source, f"sqlite:///{other}", told=lambda *what: told.append(what))

    assert (error.code, error.facts["end"], told) == ("schema_missing", "target", [])
    with closing(sqlite3.connect(other)) as notes:
        assert notes.execute("SELECT name FROM sqlite_master").fetchall() == [("notes",)]


async def test_a_database_that_has_not_every_character_is_refused(
    tmp_path: Path, postgres_server: Server
) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)
    made = "ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    postgres_server.execute(f"CREATE DATABASE in_latin {made}")

    error = await refused(source, postgres_server.url("in_latin"))
    postgres_server.execute("DROP DATABASE in_latin")

    assert (error.code, error.facts["end"]) == ("database_encoding", "target")
    assert error.facts["found"] == "LATIN1"


async def test_a_user_who_may_not_create_tables_is_told(
    tmp_path: Path, postgres_server: Server, empty_url: str
) -> None:
    source = f"sqlite:///{tmp_path}/closeloop.db"
    await filled(source, cases=1)
    postgres_server.execute("CREATE ROLE guest LOGIN")
    postgres_server.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC", url=empty_url)
    owner, _, rest = empty_url.partition("@")
    guest = f"{owner.rpartition('/')[0]}/guest@{rest}"

    error = await refused(source, guest)
    postgres_server.execute("DROP ROLE guest")

    assert (error.code, error.facts["end"]) == ("database_forbidden", "target")
    assert "permission denied" in str(error.facts["why"])
