"""The only connection of this process that writes to an SQLite file.

Waiting units are committed in groups. Each unit but the first runs in its own savepoint, so a
failing unit rolls back only its own changes, and the whole group shares one flush to disk. Before
the first unit the transaction is empty, so it is rolled back with the transaction, which saves the
copies of all pages that a savepoint keeps.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import URL, Connection, Engine, NullPool, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError

from storage.errors import StorageError
from storage.journal import UNSEALED, Seal
from storage.people import DirectoryCache
from storage.unit import Tx

Unit = Callable[[Tx], Any]

_CODES = {
    sqlite3.SQLITE_FULL: "disk_full",
    sqlite3.SQLITE_BUSY: "database_locked",
    sqlite3.SQLITE_LOCKED: "database_locked",
    sqlite3.SQLITE_READONLY: "database_read_only",
    sqlite3.SQLITE_CORRUPT: "database_damaged",
    sqlite3.SQLITE_NOTADB: "database_damaged",
    sqlite3.SQLITE_CANTOPEN: "database_unreachable",
    sqlite3.SQLITE_PERM: "database_unreachable",
    sqlite3.SQLITE_IOERR: "database_failed",
    sqlite3.SQLITE_NOMEM: "database_failed",
}
BEGIN = "BEGIN IMMEDIATE"
_PASSING = {"disk_full", "database_locked"}  # the connection remains usable


def sqlite_engine(path: Path, *, busy_timeout: float, readers: int = 0) -> Engine:
    """Return an engine for the file: for one writer, or for a number of read-only connections.

    `busy_timeout` is in seconds.
    """
    _create(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,  # we issue BEGIN ourselves
            "timeout": busy_timeout,
            "cached_statements": 512,
        },
        **(
            {"poolclass": QueuePool, "pool_size": readers, "max_overflow": 0}
            if readers
            else {"poolclass": NullPool}
        ),
    )

    def connected(connection: sqlite3.Connection, _: object) -> None:
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        # Else a savepoint keeps copies of pages in a temporary file, from 16 pages on.
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute("PRAGMA secure_delete=ON")  # not the default of every build
        if readers:
            connection.execute("PRAGMA query_only=ON")

    event.listen(engine.pool, "connect", connected)  # one on the engine would slow every statement
    return engine


def driver(connection: Connection) -> sqlite3.Connection:
    """Return the `sqlite3` connection of a SQLAlchemy connection."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def explained(error: Exception) -> BaseException:
    """Return a StorageError for a failure of the file or the disk; other errors unchanged."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        primary = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        code = _CODES.get(primary)
        if code is not None:
            return StorageError(code, why=str(cause))
    return error


@dataclass(frozen=True, slots=True)
class UnitOutcome:
    """The result of a unit, or the error after which it was rolled back."""

    value: Any = None
    error: BaseException | None = None


class _TransactionLostError(Exception):
    """SQLite rolled back the whole transaction, not only the savepoint."""


class SqliteWriter:
    """Runs units on the writing connection. Not thread-safe."""

    def __init__(
        self,
        path: Path,
        *,
        busy_timeout: float,
        directories: DirectoryCache,
        crash_point: Callable[[str], None],
        seal: Seal = UNSEALED,
    ) -> None:
        self._engine = sqlite_engine(path, busy_timeout=busy_timeout)
        self._directories = directories
        self._crash_point = crash_point
        self._seal = seal
        self.wrote = False  # whether the last run changed a row and committed it
        self._open: Connection | None = None
        self._seen_version: int | None = None

    def run(self, units: Iterable[Unit]) -> list[UnitOutcome]:
        """Run units, commit them together, and return their outcomes in order.

        An error of the commit is the outcome of every unit. When SQLite rolls back the whole
        transaction because of one unit (the disk is full, for example), each unit is run again in
        its own transaction.
        """
        taken: list[Unit] = []
        self.wrote = False
        try:
            return self._together(units, taken)
        except _TransactionLostError as lost:
            self._directories.clear()
            if len(taken) == 1:
                return [UnitOutcome(error=lost.__cause__)]
            return self._one_by_one(taken)
        except Exception as error:  # noqa: BLE001 - it is the answer to every unit of the group
            return [UnitOutcome(error=self._failed(error))] * max(len(taken), 1)

    def changed_elsewhere(self) -> bool:
        """Return whether another process has committed since the last call."""
        version = driver(self._connection()).execute("PRAGMA data_version").fetchone()[0]
        changed = self._seen_version is not None and version != self._seen_version
        self._seen_version = version
        return changed

    def close(self) -> None:
        """Close the connection; the last one to a file truncates its write-ahead log."""
        if self._open is not None:
            self._open.close()
            self._open = None
        self._engine.dispose()

    def _together(self, units: Iterable[Unit], taken: list[Unit]) -> list[UnitOutcome]:
        connection = self._connection()
        raw = driver(connection)
        changes = raw.total_changes
        outcomes: list[UnitOutcome] = []
        raw.execute(BEGIN)  # not by SQLAlchemy, whose bookkeeping costs as much as three statements
        try:
            for unit in units:
                taken.append(unit)
                outcomes.append(self._apart(connection, unit, first=not outcomes))
            self._crash_point("db.before_commit")
            raw.execute("COMMIT")
        except BaseException:
            if raw.in_transaction:
                raw.execute("ROLLBACK")
            raise
        self.wrote = raw.total_changes != changes
        self._crash_point("db.after_commit")
        return outcomes

    def _one_by_one(self, units: Iterable[Unit]) -> list[UnitOutcome]:
        outcomes, wrote = [], False
        for unit in units:
            outcomes += self.run([unit])
            wrote = wrote or self.wrote
        self.wrote = wrote
        return outcomes

    def _apart(self, connection: Connection, unit: Unit, *, first: bool) -> UnitOutcome:
        raw = driver(connection)
        if not first:
            raw.execute("SAVEPOINT unit")
        try:
            value = unit(Tx(connection, directories=self._directories, seal=self._seal))
        except Exception as error:  # noqa: BLE001 - it is the answer to this unit
            if not raw.in_transaction:
                raise _TransactionLostError from explained(error)
            for step in ("ROLLBACK", BEGIN) if first else ("ROLLBACK TO unit", "RELEASE unit"):
                raw.execute(step)
            return UnitOutcome(error=explained(error))
        if not first:
            raw.execute("RELEASE unit")
        return UnitOutcome(value=value)

    def _connection(self) -> Connection:
        if self._open is None:
            self._open = self._engine.connect()
        return self._open

    def _failed(self, error: Exception) -> BaseException:
        self._directories.clear()
        failure = explained(error)
        if not isinstance(failure, StorageError) or failure.code not in _PASSING:
            broken, self._open = self._open, None
            self._seen_version = None
            if broken is not None:
                with contextlib.suppress(Exception):
                    broken.close()
        return failure


def _create(path: Path) -> None:
    """Create the file if it does not exist, readable for its owner only; its log inherits that."""
    with contextlib.suppress(FileExistsError, FileNotFoundError, PermissionError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
