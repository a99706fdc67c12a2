"""Opens the database that a URL names, with a schema that fits."""

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
    """What happens at a crash point when nobody asks for more."""


async def _at_once(failures: int) -> None:
    """Nobody is waited for."""


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
    """The database of a URL, `sqlite:///file.db` or `postgresql://…`, with a schema that fits.

    An empty database gets the schema. An older one is migrated when `upgrade` asks for it, and by
    default where nobody else can be at work: on SQLite by the running bot (`exclusive`). With
    `upgrade=False` nothing is touched. StorageError when it cannot be opened, belongs to another
    running bot (`database_in_use`), cannot be written (`database_read_only`), or when its schema is
    too old (`schema_old`) or too new (`schema_newer`). `step_back` is PostgreSQL's.

    Before an SQLite database is migrated, a copy of it is made beside it, and `copied` is called
    with its path; StorageError `upgrade_no_room` or `upgrade_no_copy` when it cannot be made.
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
    """Make or migrate the schema where that is wanted; otherwise it has to fit."""
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
    """Copy what is to be migrated, unless somebody has migrated it meanwhile."""
    found = await database.with_connection(schema.revision)
    if found is None or found == schema.NEWEST:
        return
    path, at = database.path, seal.now()
    copied(await in_thread(lambda: copy_before_upgrade(path, revision=found, at=at)))


def _refuse_read_only(connection: Connection) -> None:
    if connection.execute(_READ_ONLY).scalar():
        raise StorageError("database_read_only")
