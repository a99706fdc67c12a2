"""The schema: made at once or step by step it is the same; never half, never too new."""

import asyncio
import shutil
import sys
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from storage import schema
from storage.connect import open_database
from storage.database_postgres import PostgresDatabase
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.migrations import running
from tests.contract import values as v

Database = SqliteDatabase | PostgresDatabase
ROOT = Path(__file__).resolve().parents[2]
LATER = '''"""A later step."""

from alembic import op

revision = "9999"
down_revision = "{newest}"


def upgrade():
    op.execute("CREATE TABLE later (id TEXT)")
'''


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def empty(request, tmp_path):
    """A database without any table."""
    opened: Database = SqliteDatabase(tmp_path / "empty.db")
    if request.param != "sqlite":
        await opened.aclose()
        opened = PostgresDatabase(request.getfixturevalue("postgres_url"))
    yield opened
    await opened.aclose()


def described(connection: Connection):
    """Everything about the schema that matters, without the order of columns."""
    look = inspect(connection)
    tables = {
        name: {
            "columns": {
                column["name"]: (str(column["type"]), column["nullable"], column["default"])
                for column in look.get_columns(name)
            },
            "key": look.get_pk_constraint(name),
            "indexes": sorted(map(_index, look.get_indexes(name))),
            "unique": sorted(map(str, look.get_unique_constraints(name))),
            "foreign": sorted(map(str, look.get_foreign_keys(name))),
        }
        for name in look.get_table_names()
    }
    if connection.dialect.name == "sqlite":
        return tables, []
    extra = connection.execute(
        text(
            "SELECT relname, reloptions FROM pg_class WHERE relkind IN ('r', 'S')"
            " AND relnamespace = 'public'::regnamespace ORDER BY relname"
        )
    )
    return tables, [tuple(map(str, row)) for row in extra]


def _index(index) -> str:
    options = index.get("dialect_options", {})
    return str({**index, "dialect_options": {name: str(value) for name, value in options.items()}})


async def test_made_at_once_and_step_by_step_it_is_the_same(empty):
    def steps(connection):
        running.migrate(connection, to="head")
        return schema.revision(connection), described(connection)

    def at_once(connection):
        before = schema.upgrade(connection)
        return before, schema.revision(connection), described(connection)

    class UndoError(Exception):
        pass

    seen = {}

    def tried(name, work):
        def unit(connection):
            seen[name] = work(connection)
            raise UndoError

        return unit

    for name, work in (("steps", steps), ("at once", at_once)):
        with pytest.raises(UndoError):
            await empty.with_connection(tried(name, work), write=True)

    assert seen["steps"] == (schema.NEWEST, seen["at once"][2])
    assert seen["at once"][:2] == (None, schema.NEWEST)
    # and both were taken back whole
    assert await empty.with_connection(lambda c: inspect(c).get_table_names()) == []


def test_the_code_knows_every_step():
    scripts = ScriptDirectory.from_config(running.configuration())

    known = [script.revision for script in scripts.walk_revisions()]

    assert tuple(reversed(known)) == schema.REVISIONS
    names = [Path(script.path).stem for script in scripts.walk_revisions()]
    assert [name.partition("_")[0] for name in names] == known


@pytest.fixture
def later_step(tmp_path, monkeypatch):
    """Makes the code one step newer."""
    newest, known = schema.NEWEST, schema.REVISIONS
    folder = tmp_path / "migrations"
    shutil.copytree(running.FOLDER, folder)
    (folder / "versions" / "9999_later.py").write_text(LATER.format(newest=newest))

    def come():
        monkeypatch.setattr(running, "FOLDER", folder)
        monkeypatch.setattr(schema, "REVISIONS", (*known, "9999"))
        monkeypatch.setattr(schema, "NEWEST", "9999")

    return come


async def test_an_older_schema_is_refused_or_migrated(empty, later_step):
    newest = schema.NEWEST
    await empty.with_connection(schema.upgrade, write=True)
    await empty.run(v.file_case)
    later_step()

    with pytest.raises(StorageError, match="schema_old") as refused:
        await empty.with_connection(schema.check)
    assert refused.value.facts["found"] == newest
    assert await empty.with_connection(schema.upgrade, write=True) == newest
    assert await empty.with_connection(schema.upgrade, write=True) == "9999"
    await empty.with_connection(schema.check)
    assert "later" in await empty.with_connection(lambda c: inspect(c).get_table_names())
    assert await empty.read(lambda tx: tx.cases.load("C-2026-0001")) is not None


async def test_a_newer_schema_is_refused(empty):
    await empty.with_connection(schema.upgrade, write=True)
    newer = text("UPDATE alembic_version SET version_num = '9999'")
    await empty.with_connection(lambda c: c.execute(newer), write=True)

    for look in (schema.check, schema.revision):
        with pytest.raises(StorageError, match="schema_newer"):
            await empty.with_connection(look)
    with pytest.raises(StorageError, match="schema_newer"):
        await empty.with_connection(schema.upgrade, write=True)


async def test_somebody_elses_tables_are_not_touched(empty):
    theirs = text("CREATE TABLE files (id INTEGER)")
    await empty.with_connection(lambda c: c.execute(theirs), write=True)

    with pytest.raises(StorageError, match="schema_missing"):
        await empty.with_connection(schema.upgrade, write=True)


async def test_several_that_upgrade_at_once_make_it_once(empty):
    found = await asyncio.gather(
        *(empty.with_connection(schema.upgrade, write=True) for _ in range(4))
    )

    assert sorted(map(str, found)) == [schema.NEWEST] * 3 + ["None"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return request.getfixturevalue("postgres_url")


async def test_an_empty_database_gets_the_schema_unless_it_must_not_be_touched(empty_url):
    with pytest.raises(StorageError, match="schema_old"):
        await open_database(empty_url, upgrade=False)
    for upgrade in (None, False, True):
        opened = await open_database(empty_url, upgrade=upgrade)
        await opened.run(lambda tx: tx.cases.next_id(prefix="C", year=2026))
        await opened.aclose()


async def test_an_older_schema_is_migrated_by_whoever_may(empty_url, tmp_path, later_step):
    local = empty_url.startswith("sqlite")
    first = await open_database(empty_url)
    await first.aclose()
    bot = await open_database(empty_url, exclusive=True)
    later_step()

    with pytest.raises(StorageError, match="schema_old"):
        await open_database(empty_url)
    if local:
        with pytest.raises(StorageError, match="database_in_use"):
            await open_database(empty_url, upgrade=True)
    await bot.aclose()

    upgraded = await open_database(empty_url, exclusive=local, upgrade=None if local else True)
    await upgraded.with_connection(schema.check)
    await upgraded.aclose()


KILLED = """
import asyncio, os, signal, sys
from sqlalchemy import event
from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.migrations import running

async def main(path, count):
    left = [count]
    def dying(*_):
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
    def work(connection):
        event.listen(connection, "before_cursor_execute", dying)
        running.migrate(connection, to="head")
    await SqliteDatabase(path).with_connection(work, write=True)

asyncio.run(main(sys.argv[1], int(sys.argv[2])))
"""


@pytest.mark.parametrize("statement", [3, 30])
async def test_a_migration_that_was_killed_can_be_run_again(tmp_path, statement):
    file = tmp_path / "killed.db"
    killed = await asyncio.create_subprocess_exec(
        sys.executable, "-c", KILLED, str(file), str(statement), cwd=ROOT
    )
    assert await killed.wait() == -9

    database = await open_database(f"sqlite:///{file}")
    await database.run(v.file_case)
    await database.aclose()
