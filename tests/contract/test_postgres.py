"""What only PostgreSQL can do to us: other replicas, lost connections, deadlocks."""

import asyncio
from urllib.parse import urlsplit

import pytest

from storage.connect import open_database
from storage.database_postgres import PostgresDatabase
from storage.errors import StorageError
from storage.unit import Tx
from tests.contract import owed
from tests.contract import values as v
from workflows.case.effects import Refresh

pytestmark = pytest.mark.postgres

OTHERS = (
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def database(migrated_url):
    opened = await open_database(migrated_url)
    yield opened
    await opened.aclose()


@pytest.fixture
async def replica(migrated_url):
    opened = PostgresDatabase(migrated_url)
    yield opened
    await opened.aclose()


def put(name, value="1"):
    return lambda tx: tx.settings.put(name, value)


def get(name):
    return lambda tx: tx.settings.get(name)


def connection(database):
    """A connection whose transaction stays open for as long as a test wants."""
    return database._engine.connect()  # noqa: SLF001 - a unit ends by itself


async def while_held(holder, unit, inside):
    """Runs `inside` while a unit of `holder` that has done its work waits for its commit."""
    reached, released = asyncio.Event(), asyncio.Event()

    async def hold():
        async with connection(holder) as held:
            await held.run_sync(unit)
            reached.set()
            await released.wait()
            await held.commit()

    holding = asyncio.ensure_future(hold())
    await reached.wait()
    try:
        return await inside()
    finally:
        released.set()
        await holding


def due(tx):
    return tx.timers.due(now=v.at(100), limit=10)


async def test_timers_of_a_case_that_another_replica_decides_are_skipped(database, replica):
    def two(tx):
        v.file_case(tx, v.case("C-2026-0001"))
        v.file_case(tx, v.case("C-2026-0002"))

    await database.run(two)

    def decide(connection):
        connection.exec_driver_sql("SELECT * FROM cases WHERE id = 'C-2026-0001' FOR UPDATE")

    left = await while_held(replica, decide, lambda: database.run(due))

    assert [timer.case_id[-1] for timer in left] == ["2"]
    assert [timer.case_id[-1] for timer in await database.run(due)] == ["1", "2"]


async def test_whoever_only_looks_sees_every_timer_and_waits_for_nobody(database, replica):
    await database.run(v.file_case)

    def decide(connection):
        connection.exec_driver_sql("SELECT * FROM cases FOR UPDATE")

    async def look():
        return await database.read(due), await database.read(lambda tx: tx.cases.open_ids())

    timers, open_ids = await while_held(replica, decide, look)

    assert len(timers) == 1
    assert open_ids == ("C-2026-0001",)


async def test_two_replicas_see_each_others_directory(database, replica):
    await database.run(lambda tx: tx.people.replace([], []))
    await replica.read(lambda tx: tx.people.directory())
    await database.run(lambda tx: tx.people.replace([person()], []))

    assert "p_1" in (await replica.read(lambda tx: tx.people.directory())).people
    assert await replica.changed_elsewhere()


def person():
    from workflows.directory import Person

    return Person(key="p_1", id="wang.fang", name="王芳")


async def test_connections_that_were_cut_are_replaced(database, migrated_url, postgres_server):
    await asyncio.gather(*(database.run(put(f"s{n}")) for n in range(10)))
    postgres_server.execute(OTHERS, url=migrated_url)

    await asyncio.gather(*(database.run(put(f"t{n}")) for n in range(10)))

    postgres_server.execute(OTHERS, url=migrated_url)
    assert await database.read(get("t9")) == "1"


async def test_a_unit_that_was_cut_off_is_run_again(database, migrated_url, postgres_server):
    tries = []

    def unit(tx):
        tx.settings.put("a", "1")
        tries.append("x")
        if len(tries) == 1:
            postgres_server.execute(OTHERS, url=migrated_url)
        return tx.settings.get("a")

    assert await database.run(unit) == "1"
    assert len(tries) == 2


async def test_a_connection_lost_at_the_commit_leaves_its_fate_open(migrated_url, postgres_server):
    def crash_point(name):
        if name == "db.before_commit":
            postgres_server.execute(OTHERS, url=migrated_url)

    database = PostgresDatabase(migrated_url, crash_point=crash_point)
    with pytest.raises(StorageError, match="database_unreachable") as failed:
        await database.run(put("a"))
    assert failed.value.facts["commit"] == "unknown"
    await database.aclose()


WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


async def test_a_unit_that_loses_a_deadlock_steps_back_and_is_run_again(
    migrated_url, postgres_server
):
    name = urlsplit(migrated_url).path.strip("/")
    postgres_server.execute(f"ALTER DATABASE {name} SET deadlock_timeout = '10ms'")
    stepped_back, tries = [], []

    async def step_back(failures):
        stepped_back.append(failures)

    database = PostgresDatabase(migrated_url, step_back=step_back)
    other = PostgresDatabase(migrated_url)
    await database.run(lambda tx: (put("a")(tx), put("b")(tx)))
    has_a, has_b = asyncio.Event(), asyncio.Event()

    async def wins():
        """Has "a", waits for "b", and is patient enough never to be the one that loses."""
        async with connection(other) as held:
            await held.exec_driver_sql("SET deadlock_timeout = '1h'")
            await held.run_sync(lambda sync: put("a", "2")(Tx(sync)))
            has_a.set()
            await has_b.wait()
            await held.run_sync(lambda sync: put("b", "2")(Tx(sync)))
            await held.commit()

    def loses(tx):
        tries.append("x")
        put("b", "3")(tx)
        has_b.set()
        while len(tries) == 1 and not tx.connection.exec_driver_sql(WAITING).scalar():
            tx.connection.exec_driver_sql("SELECT pg_sleep(0.01)")
        put("a", "3")(tx)

    winning = asyncio.ensure_future(wins())
    await has_a.wait()
    await asyncio.gather(database.run(loses), winning)

    assert (len(tries), stepped_back) == (2, [1])
    assert [await database.read(get(one)) for one in "ab"] == ["3", "3"]
    await database.aclose()
    await other.aclose()


async def test_a_row_that_stays_locked_is_said(database, replica):
    await database.run(put("a"))

    def impatient(tx):
        tx.connection.exec_driver_sql("SET LOCAL lock_timeout = '10ms'")
        tx.settings.put("a", "2")

    def hold(connection):
        connection.exec_driver_sql("SELECT * FROM settings FOR UPDATE")

    with pytest.raises(StorageError, match="database_locked"):
        await while_held(replica, hold, lambda: database.run(impatient))


FULL = "DO $$ BEGIN RAISE EXCEPTION 'no space left' USING ERRCODE = '53100'; END $$"


async def test_a_full_disk_is_said_and_passes(database):
    def full(tx):
        tx.settings.put("a", "1")
        tx.connection.exec_driver_sql(FULL)

    with pytest.raises(StorageError, match="disk_full"):
        await database.run(full)

    assert await database.read(get("a")) is None
    await database.run(put("a"))
    assert await database.read(get("a")) == "1"


@pytest.mark.parametrize("broken", ["/nothing?", "/postgres?port=1&", "stranger@/postgres?"])
async def test_a_server_that_cannot_be_reached_is_said(migrated_url, broken):
    parts = urlsplit(migrated_url)
    user = "" if "@" in broken else parts.netloc
    url = f"{parts.scheme}://{user}{broken}{parts.query}"

    with pytest.raises(StorageError, match="database_unreachable"):
        await open_database(url)


@pytest.mark.parametrize(
    "url",
    ["postgresql://u:pa#ss@h/d", "postgresql://u@h/d?sslmode=HIDDEN", "postgresql://u@h/d?HIDDEN"],
)
async def test_an_address_that_makes_no_sense_is_said_without_its_password(url):
    with pytest.raises(StorageError) as caught:
        await open_database(url)

    assert caught.value.code == "database_unreachable"
    assert "pa" not in str(caught.value.facts)
    assert "HIDDEN" not in str(caught.value.facts)


async def test_a_database_that_cannot_be_written_is_refused(migrated_url, postgres_server):
    name = urlsplit(migrated_url).path.strip("/")
    postgres_server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")

    with pytest.raises(StorageError, match="database_read_only"):
        await open_database(migrated_url)


async def test_a_claim_looks_at_due_messages_through_the_index(database):
    """A million future messages must not slow down an idle look."""
    from storage.outbox_statements import CLAIM

    wanted = {"now": v.at(5), "limit": 9, "owner": "test:1", "lease_until": v.at(6)}

    def plan(tx):
        tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        sql = CLAIM.compile(tx.connection)
        assert "AS MATERIALIZED" in str(sql)
        assert "FOR UPDATE SKIP LOCKED" in str(sql)
        values = sql.construct_params(wanted)
        given = tuple(values[name] for name in sql.positiontup or ())
        lines = tx.connection.exec_driver_sql(f"EXPLAIN {sql}", given)
        return "\n".join(line[0] for line in lines)

    assert "ix_outbox_next_at" in await database.run(plan)


async def test_a_message_that_is_just_reported_as_sent_is_brought_up_to_date_too(database, replica):
    await database.run(owed.add(owed.post()))
    (row,) = await database.run(owed.claim())

    async def refresh():
        unit = owed.add(Refresh(task="t1"), minutes=1)
        refreshed = asyncio.ensure_future(database.run(unit))
        await waiting_for_a_lock(replica)
        return refreshed

    def report(connection):
        Tx(connection).outbox.done(row, sent=owed.sent(row))

    await (await while_held(replica, report, refresh))

    (again,) = await database.run(owed.claim(minutes=2))
    assert (again.slot, again.refresh_only) == (row.slot, True)


async def waiting_for_a_lock(replica):
    """Until somebody waits for somebody else."""
    for _ in range(1000):
        if await replica.with_connection(lambda c: c.exec_driver_sql(WAITING).scalar()):
            return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")


# ------------------------------------------------------------------ connections


async def test_what_has_time_and_what_is_shown_leave_connections_for_decisions(database, replica):
    def lock(connection):
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7)")

    def stuck(tx):
        lock(tx.connection)

    async def decide_meanwhile():
        people = [f"p_{number}" for number in range(20)]
        waiting = [asyncio.ensure_future(database.behind().run(stuck)) for _ in range(20)]
        waiting += [asyncio.ensure_future(database.behind().read(stuck)) for _ in range(20)]
        waiting += [asyncio.ensure_future(database.read(stuck, by=one)) for one in people]
        await asyncio.wait(waiting, timeout=0)
        for name in "abc":
            await database.run(put(name))
        assert not any(one.done() for one in waiting)
        return waiting

    await asyncio.gather(*await while_held(replica, lock, decide_meanwhile))

    assert [await database.read(get(name)) for name in "abc"] == ["1", "1", "1"]
