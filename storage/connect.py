"""Opens the database at a URL and makes sure that its schema is current."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.journal import UNSEALED, Seal
from storage.sqlite_copy import copy_before_upgrade
from storage.threads import in_thread

if TYPE_CHECKING:
    from storage.database_postgres import PostgresDatabase

    Database = SqliteDatabase | PostgresDatabase

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")

_READ_ONLY = text("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")


def _nothing(*_: object) -> None:
    """Do nothing; the default of the callbacks."""


async def _at_once(failures: int) -> None:
    """Retry immediately; the default of `step_back`."""


async def open_database(
    url: str,
    *,
    exclusive: bool = False,
    upgrade: bool | None = None,
    crash_point: Callable[[str], None] = _nothing,
    step_back: Callable[[int], Awaitable[None]] = _at_once,
    seal: Seal = UNSEALED,
    copied: Callable[[Path], None] = _nothing,
) -> Database:
    """Open the database at a URL, `sqlite:///file.db` or `postgresql://…`.

    An empty database is created. An older schema is upgraded if `upgrade` is true; by default only
    on SQLite by the running bot (`exclusive`), when no other process can be at work. With
    `upgrade=False` the database is not changed. Before an SQLite database is upgraded, a copy is
    made beside it, and `copied` is called with its path. `step_back` waits between retries on
    PostgreSQL.

    Raises StorageError when the database cannot be opened, is used by another running bot
    (`database_in_use`), cannot be written (`database_read_only`), has an older schema that is not
    to be upgraded (`schema_old`) or a newer one (`schema_newer`), or cannot be copied
    (`upgrade_no_room`, `upgrade_no_copy`).
    """
    database: Database
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE))
        database = SqliteDatabase(path, exclusive=exclusive, crash_point=crash_point, seal=seal)
        older = exclusive if upgrade is None else upgrade
    elif url.startswith(POSTGRESQL):
        from storage.database_postgres import PostgresDatabase

        database = PostgresDatabase(url, crash_point=crash_point, step_back=step_back, seal=seal)
        older = upgrade is True
    else:
        raise StorageError("url_unknown", scheme=url.partition(":")[0])
    try:
        await _prepare(database, empty=upgrade is not False, older=older, seal=seal, copied=copied)
    except BaseException:
        await database.aclose()
        raise
    return database


async def _prepare(
    database: Database, *, empty: bool, older: bool, seal: Seal, copied: Callable[[Path], None]
) -> None:
    """Create or upgrade the schema where allowed, else check that it is current."""
    if not isinstance(database, SqliteDatabase):
        await database.with_connection(_refuse_read_only, write=True)
    found = await database.with_connection(schema.revision)
    if found == schema.NEWEST:
        return
    if not (empty if found is None else older):
        await database.with_connection(schema.check)
    if isinstance(database, SqliteDatabase) and found is not None:
        database.hold()
        await _copy(database, seal=seal, copied=copied)
    await database.with_connection(schema.upgrade, write=True)


async def _copy(database: SqliteDatabase, *, seal: Seal, copied: Callable[[Path], None]) -> None:
    """Copy the database before its upgrade, unless it has been upgraded meanwhile."""
    found = await database.with_connection(schema.revision)
    if found is None or found == schema.NEWEST:
        return
    path, at = database.path, seal.now()
    copied(await in_thread(lambda: copy_before_upgrade(path, revision=found, at=at)))


def _refuse_read_only(connection: Connection) -> None:
    if connection.execute(_READ_ONLY).scalar():
        raise StorageError("database_read_only")
