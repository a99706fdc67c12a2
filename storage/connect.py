"""Opens the database that a URL names, with a schema that fits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError

if TYPE_CHECKING:
    from storage.database_postgres import PostgresDatabase

    Database = SqliteDatabase | PostgresDatabase

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")

_READ_ONLY = text("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only') = 'on'")


def _nothing(*_: object) -> None:
    """What happens at a crash point when nobody asks for more."""


async def open_database(
    url: str,
    *,
    exclusive: bool = False,
    upgrade: bool | None = None,
    crash_point: Callable[[str], None] = _nothing,
) -> Database:
    """The database of a URL, `sqlite:///file.db` or `postgresql://…`, with a schema that fits.

    `upgrade` brings the schema up to date; by default only that of SQLite, where nobody else can be
    at work. StorageError when it cannot be opened, belongs to another running bot (`exclusive`, for
    SQLite), cannot be written (`database_read_only`), or when its schema is too old (`schema_old`)
    or too new (`schema_newer`).
    """
    database: Database
    if url.startswith(SQLITE):
        path = Path(url.removeprefix(SQLITE))
        database = SqliteDatabase(path, exclusive=exclusive, crash_point=crash_point)
        upgrade = upgrade is not False
    elif url.startswith(POSTGRESQL):
        from storage.database_postgres import PostgresDatabase

        database = PostgresDatabase(url, crash_point=crash_point)
    else:
        raise StorageError("url_unknown", scheme=url.partition(":")[0])
    try:
        await _prepare(database, upgrade=bool(upgrade))
    except BaseException:
        await database.aclose()
        raise
    return database


async def _prepare(database: Database, *, upgrade: bool) -> None:
    if not isinstance(database, SqliteDatabase):
        await database.with_connection(_refuse_read_only, write=True)
    if not upgrade:
        await database.with_connection(schema.check)
    elif await database.with_connection(schema.revision) != schema.NEWEST:
        await database.with_connection(schema.upgrade, write=True)


def _refuse_read_only(connection: Connection) -> None:
    if connection.execute(_READ_ONLY).scalar():
        raise StorageError("database_read_only")
