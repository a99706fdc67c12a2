"""Opens the database that a URL names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storage import schema
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError

SQLITE = "sqlite:///"
POSTGRESQL = ("postgresql://", "postgres://")


def _nothing(*_: object) -> None:
    """What happens at a crash point when nobody asks for more."""


async def open_database(
    url: str,
    *,
    exclusive: bool = False,
    upgrade: bool | None = None,
    crash_point: Callable[[str], None] = _nothing,
) -> SqliteDatabase:
    """The database of a URL, `sqlite:///file.db` or `postgresql://…`, with a schema that fits.

    `upgrade` brings the schema up to date; by default only that of SQLite, where nobody else can be
    at work. StorageError when it cannot be opened, belongs to another running bot (`exclusive`), or
    has a schema that is too old (`schema_old`) or too new (`schema_newer`).
    """
    if not url.startswith(SQLITE):
        raise StorageError("url_unknown", url=url.split(":", maxsplit=1)[0])
    database = SqliteDatabase(
        Path(url.removeprefix(SQLITE)), exclusive=exclusive, crash_point=crash_point
    )
    try:
        if upgrade is False:
            await database.with_connection(schema.check)
        else:
            await ensure(database)
    except BaseException:
        await database.aclose()
        raise
    return database


async def ensure(database: SqliteDatabase) -> None:
    """Upgrade the schema where it is not the newest; a look costs no write."""
    current = await database.with_connection(schema.revision)
    if current != schema.NEWEST:
        await database.with_connection(schema.upgrade, write=True)
