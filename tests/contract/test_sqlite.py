"""What only the embedded database promises: groups, one bot for each file, nothing lost."""

import asyncio
import os
import sqlite3
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from storage.connect import open_database
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.threads import GROUP
from tests.contract import values as v
from workflows.records import Change

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(tmp_path):
    return tmp_path / "closeloop.db"


@pytest.fixture
async def database(file):
    opened = await open_database(f"sqlite:///{file}")
    yield opened
    await opened.aclose()


@pytest.fixture
async def commits(file, database):
    """A second writer on the same file, and how often it has committed."""
    passed: list[str] = []
    opened = SqliteDatabase(file, busy_timeout=0.01, crash_point=passed.append)
    yield opened, passed
    await opened.aclose()


def put(name, value="1"):
    return lambda tx: tx.settings.put(name, value)


def get(name):
    return lambda tx: tx.settings.get(name)


async def together(database, *units):
    """The answers of units that wait while another one keeps the writer busy."""
    gate = threading.Event()
    first = asyncio.ensure_future(database.run(lambda _: gate.wait()))
    others = [asyncio.ensure_future(database.run(unit)) for unit in units]
    await asyncio.wait([first, *others], timeout=0)  # all are handed in
    gate.set()
    return (await asyncio.gather(first, *others, return_exceptions=True))[1:]


# ------------------------------------------------------------------ groups


async def test_units_that_wait_share_a_commit(commits):
    database, passed = commits
    await together(database, *(put(f"s{n}") for n in range(GROUP - 1)))

    assert passed == ["db.before_commit", "db.after_commit"]


async def test_a_group_has_a_limit(commits):
    database, passed = commits
    await together(database, *(put(f"s{n}") for n in range(GROUP)))

    assert passed.count("db.after_commit") == 2


async def test_a_unit_that_fails_takes_only_its_own_work_back(commits):
    database, passed = commits

    def fail(tx):
        tx.settings.put("b", "1")
        raise ZeroDivisionError

    def break_a_rule(tx):
        tx.settings.put("d", "1")
        tx.connection.exec_driver_sql("INSERT INTO settings VALUES ('d', '2')")

    answers = await together(database, put("a"), fail, put("c"), break_a_rule, put("e"))

    assert passed.count("db.after_commit") == 1
    assert [type(answer).__name__ for answer in answers] == [
        "NoneType", "ZeroDivisionError", "NoneType", "IntegrityError", "NoneType",
    ]  # fmt: skip
    values = [await database.read(get(name)) for name in "abcde"]
    assert values == ["1", None, "1", None, "1"]


async def test_an_error_of_the_commit_is_everybodys(commits):
    database, _ = commits

    def found_at_the_commit(tx):
        tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        tx.connection.exec_driver_sql(
            "INSERT INTO accounts VALUES ('slack', 'U1', 'nobody', '', '')"
        )

    answers = await together(database, put("a"), found_at_the_commit, put("c"))

    assert all("FOREIGN KEY" in str(answer) for answer in answers)
    assert [await database.read(get(name)) for name in "ac"] == [None, None]
    await database.run(put("a"))
    assert await database.read(get("a")) == "1"


async def test_a_unit_that_changes_nothing_wakes_nobody(database):
    told = []
    database.on_commit = lambda: told.append("commit")

    await database.run(lambda tx: tx.outbox.claim(now=v.NOW, limit=9, owner="o", lease_until=v.NOW))
    assert told == []

    await together(database, get("a"), put("a"))
    assert told == ["commit"]


async def test_a_directory_that_was_not_committed_is_forgotten(commits):
    database, _ = commits
    seen = []

    def change(tx):
        tx.people.replace([], [])

    def look_and_spoil(tx):
        seen.append(tx.people.directory())
        tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
        tx.connection.exec_driver_sql(
            "INSERT INTO accounts VALUES ('slack', 'U1', 'nobody', '', '')"
        )

    await together(database, change, look_and_spoil)
    await database.run(change)

    assert await database.read(lambda tx: tx.people.directory()) is not seen[0]


async def test_readers_do_not_wait_for_the_writer(database):
    await database.run(put("a", "old"))
    gate = threading.Event()

    def slow(tx):
        tx.settings.put("a", "new")
        gate.wait()

    writing = asyncio.ensure_future(database.run(slow))
    assert await database.read(get("a")) == "old"
    gate.set()
    await writing
    assert await database.read(get("a")) == "new"


# ------------------------------------------------------------------ trouble with the file


async def test_a_full_disk_is_said_and_passes(database):
    def limit(pages):
        return lambda tx: tx.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    await database.run(put("a"))
    await database.run(limit(1))  # as many as there are

    with pytest.raises(StorageError, match="disk_full"):
        await database.run(put("big", "x" * 1_000_000))
    answers = await together(database, put("b"), put("big", "x" * 1_000_000), put("c"))
    assert [getattr(answer, "code", answer) for answer in answers] == [None, "disk_full", None]
    assert await database.read(get("big")) is None

    await database.run(limit(1_000_000))
    await database.run(put("big", "x" * 1_000_000))
    assert [await database.read(get(name)) for name in "abc"] == ["1", "1", "1"]


async def test_a_locked_database_is_said_and_passes(file, commits):
    database, _ = commits
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(StorageError, match="database_locked"):
        await database.run(put("a"))
    answers = await together(database, put("a"), put("b"))
    assert [answer.code for answer in answers] == ["database_locked"] * 2

    other.execute("ROLLBACK")
    other.close()
    await database.run(put("a"))
    assert await database.read(get("a")) == "1"


async def test_what_is_no_database_is_said(tmp_path):
    (tmp_path / "notes.txt").write_text("dear diary " * 1000)

    with pytest.raises(StorageError, match="database_damaged"):
        await open_database(f"sqlite:///{tmp_path}/notes.txt")
    with pytest.raises(StorageError, match="database_unreachable"):
        await open_database(f"sqlite:///{tmp_path}/missing/x.db")
    with pytest.raises(StorageError, match="url_unknown"):
        await open_database("mysql://root@localhost/x")


async def test_only_the_owner_may_read_the_file(database, file):
    await database.run(put("a"))

    for name in (file, *file.parent.glob("closeloop.db-*")):
        assert stat.S_IMODE(name.stat().st_mode) == 0o600, name


async def test_it_flushes_at_every_commit_and_keeps_a_log(database):
    pragma = lambda name: lambda tx: tx.connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # noqa: E731

    assert await database.run(pragma("journal_mode")) == "wal"
    assert await database.run(pragma("synchronous")) == 2
    assert await database.run(pragma("foreign_keys")) == 1


# ------------------------------------------------------------------ several processes


def process(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "tests.contract.writer", *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


async def test_one_bot_for_each_file(file, database):
    with process("hold", file) as bot:
        assert bot.stdout.readline() == "holding\n"

        with pytest.raises(StorageError, match="database_in_use") as refused:
            await open_database(f"sqlite:///{file}", exclusive=True)
        assert refused.value.facts["pid"] == str(bot.pid)
        await database.run(put("a"))  # other commands go on

        bot.kill()
    freed = await open_database(f"sqlite:///{file}", exclusive=True)
    with pytest.raises(StorageError, match="database_in_use"):
        await open_database(f"sqlite:///{file}", exclusive=True)
    await freed.aclose()
    again = await open_database(f"sqlite:///{file}", exclusive=True)
    await again.aclose()


async def test_another_process_is_noticed(database, commits):
    other, _ = commits
    await database.run(put("a"))
    assert not await database.changed_elsewhere()

    await database.run(put("b"))
    await database.read(get("b"))
    assert not await database.changed_elsewhere()

    await other.run(put("c"))
    assert await database.changed_elsewhere()
    assert not await database.changed_elsewhere()


async def test_a_killed_writer_loses_nothing_that_it_acknowledged(file, database):
    said = []
    for _ in range(3):
        with process("write", file) as writer:
            said = [writer.stdout.readline().strip() for _ in range(25)]
            writer.kill()
            said += [line.strip() for line in writer.stdout if line.endswith("\n")]
        missing = [
            case_id
            for case_id in said
            if await database.read(lambda tx, case_id=case_id: tx.cases.load(case_id)) is None
        ]
        assert missing == []
        await database.run(clear)


def clear(tx):
    for table in ("events", "cases", "contents", "tasks", "task_people", "timers", "participants"):
        tx.connection.exec_driver_sql(f"DELETE FROM {table}")


@pytest.mark.parametrize("point", ["db.before_commit", "db.after_commit"])
async def test_what_was_killed_at_a_commit_is_there_whole_or_not_at_all(file, database, point):
    with process("crash", file, point, 4) as writer:
        said = writer.stdout.read().split()

    heads = await database.read(lambda tx: tx.cases.heads())
    assert writer.returncode == -9
    assert set(said) <= {head.case_id for head in heads}
    for head in heads:
        chain = await database.read(lambda tx, head=head: tx.cases.events(head.case_id))
        assert (len(chain), chain[-1].hash) == (head.seq, head.hash)


# ------------------------------------------------------------------ closing, and one thread


async def test_closing_finishes_what_was_handed_in(file, database):
    opened = SqliteDatabase(file)
    waiting = [asyncio.ensure_future(opened.run(put(f"s{n}"))) for n in range(20)]
    await asyncio.wait(waiting, timeout=0)
    await opened.aclose()
    await opened.aclose()

    assert [await one for one in waiting] == [None] * 20
    assert await database.read(get("s19")) == "1"
    with pytest.raises(StorageError, match="database_closed"):
        await opened.run(put("late"))


async def test_who_stops_waiting_harms_nobody(database):
    gate = threading.Event()
    first = asyncio.ensure_future(database.run(lambda _: gate.wait()))
    impatient = asyncio.ensure_future(database.run(put("a")))
    await asyncio.wait([impatient], timeout=0)
    impatient.cancel()
    gate.set()
    await first

    await database.run(put("b"))
    assert await database.read(get("a")) == "1"


class Crash(BaseException):
    """The process dies here."""


@pytest.mark.parametrize(("point", "kept"), [("db.before_commit", None), ("db.after_commit", "1")])
@pytest.mark.parametrize("inline", [True, False])
async def test_a_crash_can_be_played(file, database, point, kept, inline):
    def crash_point(name):
        if name == point:
            raise Crash

    opened = SqliteDatabase(file, inline=inline, crash_point=crash_point)
    with pytest.raises(Crash):
        await opened.run(put("a"))
    await opened.aclose()

    assert await database.read(get("a")) == kept


async def test_everything_can_run_on_one_thread(file, database):
    told = []
    opened = SqliteDatabase(file, inline=True, on_commit=lambda: told.append("commit"))
    threads = []

    def unit(tx):
        threads.append(threading.current_thread())
        return v.file_case(tx)

    saved = await opened.run(unit)
    assert await opened.read(lambda tx: tx.cases.load(saved.id)) == saved
    assert threads == [threading.current_thread()]
    assert told == ["commit"]
    with pytest.raises(ZeroDivisionError):
        await opened.run(lambda _: 1 / 0)
    await asyncio.gather(*(opened.run(v.go_on) for _ in range(5)))
    assert not await opened.changed_elsewhere()
    await database.run(put("a"))
    assert await opened.changed_elsewhere()
    head = Change(case=saved, events=())
    with pytest.raises(AssertionError):
        await opened.run(lambda tx: tx.cases.save(head))
    await opened.aclose()


async def test_who_waits_for_a_turn_may_give_up(file, database):
    opened = SqliteDatabase(file, inline=True)
    wrong = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: wrong.append(context))

    waiting = asyncio.create_task(opened.run(put("a")))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await asyncio.sleep(0)

    assert wrong == []
    assert await database.read(get("a")) is None
    await opened.aclose()
