"""The only connection that writes to an SQLite file in this process.

Units that wait together are committed together: each runs in a savepoint of its own, so that one
that fails takes only its own work back, and all of them share one flush to the disk.
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
_PASSING = {"disk_full", "database_locked"}  # the connection itself is still good


def sqlite_engine(path: Path, *, busy_timeout: float, readers: int = 0) -> Engine:
    """An engine for the file: for one writer, or for so many readers that never write."""
    _create(path)
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={
            "check_same_thread": False,
            "isolation_level": None,  # BEGIN is ours
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
        connection.execute("PRAGMA secure_delete=ON")  # not every SQLite is built with it
        if readers:
            connection.execute("PRAGMA query_only=ON")

    event.listen(engine.pool, "connect", connected)  # one on the engine would slow every statement
    return engine


def driver(connection: Connection) -> sqlite3.Connection:
    """The driver's connection under this one."""
    return cast("sqlite3.Connection", connection.connection.dbapi_connection)


def explained(error: Exception) -> BaseException:
    """A StorageError for what the file or the disk is to blame for; anything else as it is."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, sqlite3.Error):
        primary = getattr(cause, "sqlite_errorcode", 0) & 0xFF
        code = _CODES.get(primary)
        if code is not None:
            return StorageError(code, why=str(cause))
    return error


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a unit: its value, or the error that took its work back."""

    value: Any = None
    error: BaseException | None = None


class _TransactionLostError(Exception):
    """SQLite took the whole transaction back, not only the savepoint."""


class SqliteWriter:
    """Runs units on the one writing connection. Not safe between threads: give it one."""

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

    def run(self, units: Iterable[Unit]) -> list[Outcome]:
        """Execute units and commit them together; their outcomes, in order.

        An error of the commit is the outcome of all of them. When SQLite takes the whole
        transaction back because of one (the disk is full, say), each is run again by itself.
        """
        taken: list[Unit] = []
        self.wrote = False
        try:
            return self._together(units, taken)
        except _TransactionLostError as lost:
            self._directories.clear()
            if len(taken) == 1:
                return [Outcome(error=lost.__cause__)]
            return self._one_by_one(taken)
        except Exception as error:  # noqa: BLE001 - it is the answer to every unit of the group
            return [Outcome(error=self._failed(error))] * max(len(taken), 1)

    def changed_elsewhere(self) -> bool:
        """Whether another process has committed since this was asked last."""
        version = driver(self._connection()).execute("PRAGMA data_version").fetchone()[0]
        changed = self._seen_version is not None and version != self._seen_version
        self._seen_version = version
        return changed

    def close(self) -> None:
        """Close the connection; the last one to leave also empties the write-ahead log."""
        if self._open is not None:
            self._open.close()
            self._open = None
        self._engine.dispose()

    def _together(self, units: Iterable[Unit], taken: list[Unit]) -> list[Outcome]:
        connection = self._connection()
        changes = driver(connection).total_changes
        outcomes = []
        with connection.begin():
            driver(connection).execute("BEGIN IMMEDIATE")
            for unit in units:
                taken.append(unit)
                outcomes.append(self._apart(connection, unit))
            self._crash_point("db.before_commit")
        self.wrote = driver(connection).total_changes != changes
        self._crash_point("db.after_commit")
        return outcomes

    def _one_by_one(self, units: Iterable[Unit]) -> list[Outcome]:
        outcomes, wrote = [], False
        for unit in units:
            outcomes += self.run([unit])
            wrote = wrote or self.wrote
        self.wrote = wrote
        return outcomes

    def _apart(self, connection: Connection, unit: Unit) -> Outcome:
        raw = driver(connection)
        raw.execute("SAVEPOINT unit")
        try:
            value = unit(Tx(connection, directories=self._directories, seal=self._seal))
        except Exception as error:  # noqa: BLE001 - it is the answer to this unit
            if not raw.in_transaction:
                raise _TransactionLostError from explained(error)
            raw.execute("ROLLBACK TO unit")
            raw.execute("RELEASE unit")
            return Outcome(error=explained(error))
        raw.execute("RELEASE unit")
        return Outcome(value=value)

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
    """Make the file for its owner only, if it is not there; the log beside it inherits that."""
    with contextlib.suppress(FileExistsError, FileNotFoundError, PermissionError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL, 0o600))
