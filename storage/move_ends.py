"""The two databases of a move: each is locked, and has one transaction for the whole move.

Nobody else can write to either meanwhile, and no bot can start on them. A failure is a StorageError
whose fact `end` names the database: "source" or "target".
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, text

from storage import schema
from storage.connect import POSTGRESQL, SQLITE
from storage.errors import StorageError
from storage.people import DirectoryCache
from storage.process_lock import ProcessLock
from storage.sqlite_writer import SqliteWriter, driver, explained, sqlite_engine
from storage.statements import is_postgresql
from storage.tables import metadata

T = TypeVar("T")

SOURCE, TARGET = "source", "target"
BUSY_TIMEOUT_S = 5.0

_LONG = (
    text("SET LOCAL statement_timeout = 0"),
    text("SET LOCAL idle_in_transaction_session_timeout = 0"),
)
_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND application_name = current_setting('application_name') AND pid <> pg_backend_pid()"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The database that is read. `run` calls a function where `connection` can be used."""

    connection: Connection
    run: Callable[[Callable[[], object]], Awaitable[object]]
    explained: Callable[[Exception], BaseException]

    def reading(self) -> AbstractContextManager[None]:
        """Report every failure from inside as one of the source."""
        return _blamed(SOURCE, self.explained)


@contextlib.contextmanager
def _blamed(end: str, explain: Callable[[Exception], BaseException]) -> Iterator[None]:
    """Explain each error from inside, and name the database in a StorageError that names none."""
    try:
        yield
    except Exception as error:
        failure = explain(error)
        if isinstance(failure, StorageError) and "end" not in failure.facts:
            failure = StorageError(failure.code, **{**failure.facts, "end": end})
        if failure is error:
            raise
        raise failure from error


def _as_it_is(error: Exception) -> BaseException:
    return error


@contextlib.asynccontextmanager
async def open_source(url: str) -> AsyncIterator[Source]:
    """Open a database to read it; until the end nobody can write to it.

    Raises StorageError `source_missing` when there is no such file, `database_in_use` when a bot is
    running on it, `replicas_connected` when other processes are connected, and others as
    `open_database`.
    """
    if url.startswith(SQLITE):
        with _sqlite_source(Path(url.removeprefix(SQLITE))) as source:
            yield source
    elif url.startswith(POSTGRESQL):
        async with _postgres_source(url) as source:
            yield source
    else:
        raise StorageError("url_unknown", scheme=url.partition(":")[0], end=SOURCE)


async def write_target(
    url: str,
    source: Source,
    work: Callable[[Connection], T],
    *,
    crash_point: Callable[[str], None],
) -> T:
    """Run a function in one transaction of the target, and return its result after the commit.

    On PostgreSQL it is run again after a connection that was lost before the commit. Raises
    StorageError as `open_database`; then nothing has changed, unless the fact `commit` is given.
    """
    with _blamed(TARGET, _as_it_is):
        if url.startswith(SQLITE):
            path = Path(url.removeprefix(SQLITE))
            return await _in_sqlite(path, source, work, crash_point=crash_point)
        if url.startswith(POSTGRESQL):
            from storage.database_postgres import PostgresDatabase

            database = PostgresDatabase(url, pool_size=1, crash_point=crash_point)
            try:
                return await database.with_connection(
                    lambda connection: work(_long(connection)), write=True
                )
            finally:
                await database.aclose()
        raise StorageError("url_unknown", scheme=url.partition(":")[0])


def lock_target(connection: Connection) -> None:
    """Let nobody else write to the tables of the target until the end of the transaction.

    An SQLite database is locked as a whole already.
    """
    if is_postgresql(connection):
        connection.execute(text(f"LOCK TABLE {_tables()} IN SHARE ROW EXCLUSIVE MODE"))


# ------------------------------------------------------------------ SQLite


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    lock = ProcessLock(path)
    try:
        lock.take()
    except OSError as error:
        why = f"{path}: {error.strerror}"
        raise StorageError("database_unreachable", why=why) from error
    try:
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def _sqlite_source(path: Path) -> Iterator[Source]:
    async def run(call: Callable[[], object]) -> object:
        return call()

    with contextlib.ExitStack() as opened:
        with _blamed(SOURCE, explained):
            if not path.is_file():
                raise StorageError("source_missing")
            opened.enter_context(_locked(path))
            engine = sqlite_engine(path, busy_timeout=BUSY_TIMEOUT_S)
            opened.callback(engine.dispose)
            connection = opened.enter_context(engine.connect())
            driver(connection).execute("BEGIN IMMEDIATE")  # commands cannot write either
            driver(connection).execute("PRAGMA query_only=ON")
            _check_schema(connection)
        yield Source(connection=connection, run=run, explained=explained)


async def _in_sqlite(
    path: Path,
    source: Source,
    work: Callable[[Connection], T],
    *,
    crash_point: Callable[[str], None],
) -> T:
    with _locked(path):
        writer = SqliteWriter(
            path,
            busy_timeout=BUSY_TIMEOUT_S,
            directories=DirectoryCache(),
            crash_point=crash_point,
        )
        try:
            outcomes: list[T] = []

            def call() -> None:
                (outcome,) = writer.run([lambda tx: work(tx.connection)])
                if outcome.error is not None:
                    raise outcome.error
                outcomes.append(outcome.value)

            await source.run(call)
            return outcomes[0]
        finally:
            writer.close()


# ------------------------------------------------------------------ PostgreSQL


@contextlib.asynccontextmanager
async def _postgres_source(url: str) -> AsyncIterator[Source]:
    from storage.database_postgres import explained_for_good, postgres_engine

    engine = postgres_engine(url, pool_size=1).execution_options(
        isolation_level="REPEATABLE READ", postgresql_readonly=True
    )
    async with contextlib.AsyncExitStack() as opened:
        opened.push_async_callback(engine.dispose)
        with _blamed(SOURCE, partial(explained_for_good, connected=False)):
            connection = await opened.enter_async_context(engine.connect())

        async def run(call: Callable[[], object]) -> object:
            return await connection.run_sync(lambda _: call())

        with _blamed(SOURCE, explained_for_good):
            await connection.run_sync(_lock_source)
        assert connection.sync_connection is not None, "it is open"
        yield Source(connection=connection.sync_connection, run=run, explained=explained_for_good)


def _lock_source(connection: Connection) -> None:
    """Let nobody write to the source. The lock comes first: the snapshot is taken after it."""
    _check_schema(connection)
    connection.rollback()
    _long(connection).execute(text(f"LOCK TABLE {_tables()} IN SHARE MODE"))
    others = connection.execute(_OTHERS).scalar_one()
    if others:
        raise StorageError("replicas_connected", count=others)


def _long(connection: Connection) -> Connection:
    """Set no limit to the time of the transaction, and return its connection."""
    for statement in _LONG:
        connection.execute(statement)
    return connection


def _tables() -> str:
    return ", ".join(f'"{name}"' for name in metadata.tables)


def _check_schema(connection: Connection) -> None:
    if schema.revision(connection) is None:
        raise StorageError("source_missing")
    schema.check(connection)
