"""PostgreSQL, for several replicas on one database.

Every decision locks its case first, so READ COMMITTED is sufficient; the version that is written is
an assertion. A unit runs on one connection in one transaction. Units are run again after a deadlock
and after a connection that was lost before the commit.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.behind import Behind
from storage.errors import StorageError
from storage.journal import UNSEALED, Seal
from storage.people import DirectoryCache
from storage.turns import ASKING_EACH, WAITING_MOST, Turns
from storage.unit import Tx
from workflows.errors import Conflict

T = TypeVar("T")

RETRIES = 5
CONNECT_TIMEOUT_S = 10.0
# Tables with personal content; the others have only keys, results and digests.
PERSONAL = (
    *("contents", "files", "people", "accounts", "link_notices", "link_tries", "drafts"),
    *("inbox", "dead_letters", "outbox", "messages", "chat_messages", "timers", "word_pairs"),
    *("imports", "imported_cases"),
)
SESSION = {
    "application_name": "closeloop",
    "timezone": "UTC",
    "jit": "off",  # every statement is short
    "lock_timeout": "10s",
    "statement_timeout": "60s",
    "idle_in_transaction_session_timeout": "60s",
}

_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock
_CODES = {
    "25006": "database_read_only",
    "28000": "database_unreachable",  # authentication failed
    "28P01": "database_unreachable",
    "3D000": "database_unreachable",  # no such database
    "42501": "database_forbidden",  # the user has not the right
    "53100": "disk_full",
    "53300": "database_unreachable",  # too many connections
    "55P03": "database_locked",
    "57014": "database_locked",  # statement timeout
    "57P01": "database_unreachable",  # the server is going down
    "57P02": "database_unreachable",
    "57P03": "database_unreachable",
    "XX001": "database_damaged",
    "XX002": "database_damaged",
}


def _nothing(*_: object) -> None:
    """Do nothing; the default of the callbacks."""


async def _at_once(failures: int) -> None:
    """Retry immediately; the default of `step_back`."""


class _AgainError(Exception):
    """The transaction was rolled back, and the unit may succeed when run again."""


class PostgresDatabase:
    """Runs units of work on PostgreSQL.

    `url` is a URL of libpq: `postgresql://user:password@host/name?sslmode=require`. `crash_point`
    is called with "db.before_commit" and "db.after_commit" around every commit. `on_commit` is
    called after each commit of this process. `step_back` waits before a unit is run again, longer
    after each failure, so that two units that block each other do not meet again.
    """

    def __init__(
        self,
        url: str,
        *,
        pool_size: int = 10,
        crash_point: Callable[[str], None] = _nothing,
        on_commit: Callable[[], None] = _nothing,
        step_back: Callable[[int], Awaitable[None]] = _at_once,
        seal: Seal = UNSEALED,
    ) -> None:
        self._seal = seal
        self.on_commit = on_commit
        self._step_back = step_back
        self._crash_point = crash_point
        self._directories = DirectoryCache()
        self._engine = postgres_engine(url, pool_size=pool_size)
        share = max(1, pool_size * 3 // 10)  # the other connections are for decisions
        self._asking = Turns(at_once=share, each=ASKING_EACH, waiting_most=WAITING_MOST)
        self._behind = Turns(at_once=share)
        self._snapshots = self._engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    async def run(self, unit: Callable[[Tx], T], *, behind: bool = False) -> T:
        """Run a unit in one transaction and return its result once the commit is durable.

        After a Conflict, a deadlock or a connection lost before the commit the unit is run again,
        up to five times. Raises StorageError when the transaction was rolled back; with
        `commit="unknown"` it may have been committed. Units with `behind` share a few connections.
        """
        async with self._turn(behind=behind):
            return await self.with_connection(
                lambda connection: unit(
                    Tx(connection, directories=self._directories, seal=self._seal)
                ),
                write=True,
            )

    async def read(self, unit: Callable[[Tx], T], *, by: str = "", behind: bool = False) -> T:
        """Run a unit that only reads, on a snapshot, without waiting for writers.

        `by` is the key of the person who asked. Reads of people, and those with `behind`, share a
        limited number of connections and are run in turns.
        """
        async with self._turn(by=by, behind=behind):
            return await self.with_connection(
                lambda connection: unit(
                    Tx(connection, directories=self._directories, read_only=True)
                )
            )

    def behind(self) -> Behind:
        """Return a view of this database whose units use only a few of the connections."""
        return Behind(self)

    def _turn(self, *, by: str = "", behind: bool = False) -> AbstractAsyncContextManager[None]:
        if behind:
            return self._behind.of("")
        return self._asking.of(by) if by else nullcontext()

    async def with_connection(self, work: Callable[[Connection], T], *, write: bool = False) -> T:
        """Run a function of the storage itself, such as a check, in one transaction."""
        once = self._write if write else self._look
        for failures in range(1, RETRIES + 1):
            try:
                return await once(work)
            except (Conflict, _AgainError):
                await self._step_back(failures)
        try:
            return await once(work)
        except _AgainError as error:
            raise StorageError("database_unreachable", why=str(error.__cause__)) from error

    async def scrub(self) -> bool:
        """Rewrite the tables with personal content, so that no erased content remains in them.

        A plain VACUUM only marks the space of dead rows as free; `VACUUM (FULL)` rewrites a table
        and locks it meanwhile. Returns False when another transaction held a table for too long.
        """
        try:
            async with self._engine.connect() as connection:
                apart = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await apart.execute(text("SET statement_timeout = 0"))
                for table in PERSONAL:
                    await apart.execute(text(f"VACUUM (FULL) {table}"))
                await connection.invalidate()  # its settings were changed
        except Exception as error:
            failure = _explained(error, connected=True, committing=False)
            if isinstance(failure, StorageError) and failure.code == "database_locked":
                return False
            if failure is error:
                raise
            raise failure from error
        return True

    async def changed_elsewhere(self) -> bool:
        """Return True: another process may always have committed."""
        return True

    async def aclose(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    async def _write(self, work: Callable[[Connection], T]) -> T:
        connected = committing = False
        try:
            async with self._engine.connect() as connection:
                connected = True
                value = await connection.run_sync(work)
                self._crash_point("db.before_commit")
                committing = True
                await connection.commit()
        except Exception as error:
            failure = _explained(error, connected=connected, committing=committing)
            if failure is error:
                raise
            raise failure from error
        self._crash_point("db.after_commit")
        self.on_commit()
        return value

    async def _look(self, work: Callable[[Connection], T]) -> T:
        connected = False
        try:
            async with self._snapshots.connect() as connection:
                connected = True
                return await connection.run_sync(work)
        except Exception as error:
            failure = _explained(error, connected=connected, committing=False)
            if failure is error:
                raise
            raise failure from error


def postgres_engine(url: str, *, pool_size: int) -> AsyncEngine:
    """Return an engine with so many connections. asyncpg itself reads the URL."""

    async def connect(**_: Any) -> Any:
        import asyncpg

        return await asyncpg.connect(url, timeout=CONNECT_TIMEOUT_S, server_settings=SESSION)

    return create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect,
        connect_args={"prepared_statement_cache_size": 400},
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=CONNECT_TIMEOUT_S,
    )


def explained_for_good(error: Exception, *, connected: bool = True) -> Exception:
    """Return a StorageError for a failure of the server; other errors unchanged.

    For a transaction that is not run again.
    """
    failure = _explained(error, connected=connected, committing=False)
    if isinstance(failure, _AgainError):
        return StorageError("database_unreachable", why=str(failure))
    return failure


def _explained(error: Exception, *, connected: bool, committing: bool) -> Exception:
    """Return how a failure is reported: as one to retry, a StorageError, or unchanged."""
    if isinstance(error, Conflict | StorageError):
        return error
    state = _sqlstate(error)
    if isinstance(error, PoolTimeoutError):
        return StorageError("database_locked", why="all connections are busy")
    lost = _is_lost(error) or _CODES.get(state) == "database_unreachable"
    if lost and committing:
        return StorageError("database_unreachable", commit="unknown", why=_said(error))
    if state in _AGAIN or _is_stale(error) or (lost and connected):
        return _AgainError(_said(error))
    if lost:
        return StorageError("database_unreachable", why=_said(error))
    if state in _CODES:
        return StorageError(_CODES[state], why=_said(error))
    if not connected:  # a URL that asyncpg cannot use; its message may contain a password
        why = _said(error) if state else type(error).__name__
        return StorageError("database_unreachable", why=why)
    return error


def _sqlstate(error: Exception) -> str:
    cause = error.orig if isinstance(error, DBAPIError) else error
    return str(getattr(cause, "sqlstate", None) or "")


def _is_lost(error: Exception) -> bool:
    if isinstance(error, DBAPIError):
        return error.connection_invalidated
    return isinstance(error, OSError | asyncio.TimeoutError)


def _is_stale(error: Exception) -> bool:
    """Return whether a prepared statement was invalidated by a migration."""
    return isinstance(error, DBAPIError) and type(error.orig).__name__ == (
        "InvalidCachedStatementError"
    )


def _said(error: Exception) -> str:
    return str(error.orig if isinstance(error, DBAPIError) else error)[:300]
