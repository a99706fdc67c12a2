"""SQLite: one file, one writing thread with group commit, and readers on snapshots.

A unit is durable when `run` returns: in WAL mode with synchronous=FULL every commit is flushed. One
running bot per file (`exclusive`); other commands open the file beside it with short transactions,
which the bot notices with `changed_elsewhere`.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, closing, nullcontext
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from storage.behind import Behind
from storage.journal import UNSEALED, Seal
from storage.people import DirectoryCache
from storage.process_lock import ProcessLock
from storage.sqlite_writer import SqliteWriter, driver, explained, sqlite_engine
from storage.threads import READERS, ReaderThreads, WriterThread, in_thread
from storage.turns import ASKING_EACH, WAITING_MOST, Turns
from storage.unit import Tx
from workflows.errors import Conflict

T = TypeVar("T")

BUSY_TIMEOUT_S = 5.0
SCRUB_WAIT_S = 30.0
RETRIES = 5
ASKING = READERS // 2  # readers for the requests of people


def _nothing(*_: object) -> None:
    """Do nothing; the default of the callbacks."""


class SqliteDatabase:
    """Runs units of work on one SQLite file.

    `exclusive` is for the running bot: opening the file a second time raises StorageError
    `database_in_use`. `inline` runs everything in the caller's thread, for simulated time.
    `crash_point` is called with "db.before_commit" and "db.after_commit" around every commit.
    `seal` gives the chain of the directory its times and salts. `on_commit` is called in the event
    loop after each commit that changed a row.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        exclusive: bool = False,
        inline: bool = False,
        busy_timeout: float = BUSY_TIMEOUT_S,
        crash_point: Callable[[str], None] = _nothing,
        on_commit: Callable[[], None] = _nothing,
        seal: Seal = UNSEALED,
    ) -> None:
        self.path = Path(path)
        self.on_commit = on_commit
        self._lock = ProcessLock(self.path)
        if exclusive:
            self.hold()
        self._directories = DirectoryCache()
        self._read_engine = sqlite_engine(self.path, busy_timeout=busy_timeout, readers=READERS)
        self._writer = SqliteWriter(
            self.path,
            busy_timeout=busy_timeout,
            directories=self._directories,
            crash_point=crash_point,
            seal=seal,
        )
        self._asking = Turns(at_once=ASKING, each=ASKING_EACH, waiting_most=WAITING_MOST)
        self._behind = Turns(at_once=READERS // 2)
        self._writing: WriterThread | None = None
        self._reading: ReaderThreads | None = None
        if not inline:
            self._writing = WriterThread(self._writer, committed=self._committed)
            self._reading = ReaderThreads()

    def hold(self) -> None:
        """Lock the file for this bot until `aclose`. Raises StorageError `database_in_use`."""
        self._lock.take()

    async def run(self, unit: Callable[[Tx], T], *, behind: bool = False) -> T:
        """Run a unit in one transaction and return its result once the commit is durable.

        After a Conflict the unit is run again, up to five times. Raises StorageError when the
        transaction was rolled back. Units with `behind` have lower priority than the others.
        """
        for _ in range(RETRIES):
            try:
                return await self._run(unit, behind=behind)
            except Conflict:
                continue
        return await self._run(unit, behind=behind)

    async def read(self, unit: Callable[[Tx], T], *, by: str = "", behind: bool = False) -> T:
        """Run a unit that only reads, on a snapshot, without waiting for writers.

        `by` is the key of the person who asked. Reads of people, and those with `behind`, share a
        limited number of readers and are run in turns.
        """

        def call() -> T:
            return self._on_snapshot(
                lambda connection: unit(
                    Tx(connection, directories=self._directories, read_only=True)
                )
            )

        if self._reading is None:
            return call()
        async with self._turn(by=by, behind=behind):
            value: T = await self._reading.run(call)
        return value

    def behind(self) -> Behind:
        """Return a view of this database whose units have lower priority than those of people."""
        return Behind(self)

    def _turn(self, *, by: str, behind: bool) -> AbstractAsyncContextManager[None]:
        if behind:
            return self._behind.of("")
        return self._asking.of(by) if by else nullcontext()

    async def with_connection(self, work: Callable[[Connection], T], *, write: bool = False) -> T:
        """Run a function of the storage itself, such as a check, in one transaction."""
        if write:
            return await self._run(lambda tx: work(tx.connection))
        value: T = (
            self._on_snapshot(work)
            if self._reading is None
            else await self._reading.run(lambda: self._on_snapshot(work))
        )
        return value

    async def scrub(self) -> bool:
        """Rewrite the file and truncate its log, so that no erased content remains in either.

        Returns False when another process kept the file busy; then it has to be tried again.
        """
        if self._writing is None:
            return scrub(self.path)
        done: bool = await in_thread(lambda: scrub(self.path))
        return done

    async def changed_elsewhere(self) -> bool:
        """Return whether another process has committed since the last call."""
        if self._writing is None:
            return self._writer.changed_elsewhere()
        changed: bool = await self._writing.between(self._writer.changed_elsewhere)
        return changed

    async def aclose(self) -> None:
        """Finish the submitted units, then close all connections and unlock the file."""
        if self._writing is None:
            self._writer.close()
        else:
            await self._writing.aclose()
        if self._reading is not None:
            self._reading.close()
        self._read_engine.dispose()
        self._lock.release()

    async def _run(self, unit: Callable[[Tx], T], *, behind: bool = False) -> T:
        value: T
        if self._writing is not None:
            value = await self._writing.run(unit, behind=behind)
            return value
        await _turn()  # as with a thread, other tasks may run first
        outcome = self._writer.run([unit])[0]
        if outcome.error is not None:
            raise outcome.error
        if self._writer.wrote:
            self._committed()
        value = outcome.value
        return value

    def _on_snapshot(self, work: Callable[[Connection], T]) -> T:
        try:
            with self._read_engine.connect() as connection, connection.begin():
                driver(connection).execute("BEGIN")
                return work(connection)
        except Exception as error:
            failure = explained(error)
            if failure is error:
                raise
            raise failure from error

    def _committed(self) -> None:
        self.on_commit()


def scrub(path: Path) -> bool:
    """Remove what deleted rows leave in the file; return False when others kept it busy.

    With `secure_delete` the space of a deleted row is overwritten with zeros. But pages that were
    split or moved may still have older copies, and the write-ahead log has former pages until it is
    restarted. So the file is rewritten with VACUUM and the log is truncated.
    """
    try:
        with closing(
            sqlite3.connect(path, timeout=SCRUB_WAIT_S, isolation_level=None)
        ) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        ):
            return False
        failure = explained(error)
        raise failure from error


async def _turn() -> None:
    """Give every ready task of the event loop one turn."""
    loop = asyncio.get_running_loop()
    turn = loop.create_future()
    loop.call_soon(lambda: None if turn.done() else turn.set_result(None))  # may be cancelled
    await turn
