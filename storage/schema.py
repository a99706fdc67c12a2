"""Whether the schema is the one that this code knows, and making it so.

Looking is quick and needs no migration library. An empty database gets the newest schema at once;
an older one is migrated. Everything happens in one transaction: killed half-way, it is as before.
"""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from storage.errors import StorageError
from storage.statements import is_postgresql
from storage.tables import metadata

REVISIONS = (
    "0001",
    "0002",
    "0003",
    "0004",
    "0005",
    "0006",
    "0007",
    "0008",
)  # oldest first; a test compares them with migrations/versions
NEWEST = REVISIONS[-1]
VERSION_TABLE = "alembic_version"

_MIGRATION_LOCK = 7_262_011_934  # any number, the same for all replicas
_MAKE_VERSION_TABLE = text(
    f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL,"
    f" CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
)
_STAMP = text(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (:revision)")  # noqa: S608 - a constant
_REVISION = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant


def revision(connection: Connection) -> str | None:
    """The revision of the schema; None for an empty database.

    StorageError `schema_newer` when this code is too old for it, `schema_missing` when there are
    tables but no revision: then it is somebody else's database.
    """
    found = inspect(connection).get_table_names()
    if VERSION_TABLE in found:
        current = connection.execute(_REVISION).scalar()
        if current is not None and current not in REVISIONS:
            raise StorageError("schema_newer", found=current, known=NEWEST)
        if current is not None:
            return str(current)
    if set(found) & set(metadata.tables):
        raise StorageError("schema_missing")
    return None


def check(connection: Connection) -> None:
    """StorageError `schema_old` when `closeloop db upgrade` has to be run first."""
    current = revision(connection)
    if current != NEWEST:
        raise StorageError("schema_old", found=current or "empty", known=NEWEST)


def upgrade(connection: Connection) -> str | None:
    """Bring the schema up to date, in the transaction of the connection; what it was before.

    Replicas that do this at the same time wait for each other and then find nothing to do.
    """
    if is_postgresql(connection):
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a big table takes its time
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
    before = revision(connection)
    if before is None:
        metadata.create_all(connection, checkfirst=False)
        connection.execute(_MAKE_VERSION_TABLE)
        connection.execute(_STAMP, {"revision": NEWEST})
    elif before != NEWEST:
        from storage.migrations.running import migrate

        migrate(connection, to=NEWEST)
    return before
