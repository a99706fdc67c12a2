"""Checks the revision of the schema, and upgrades it.

The check is quick and does not import Alembic. An empty database is created with the newest schema;
an older one is migrated. Both happen in one transaction, so a killed upgrade leaves the database
unchanged.
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
    "0009",
    "0010",
    "0011",
    "0012",
    "0013",
    "0014",
    "0015",
    "0016",
    "0017",
    "0018",
    "0019",
    "0020",
    "0021",
    "0022",
    "0023",
    "0024",
    "0025",
    "0026",
    "0027",
    "0028",
    "0029",
)  # oldest first; a test compares them with migrations/versions
NEWEST = REVISIONS[-1]
VERSION_TABLE = "alembic_version"

_MIGRATION_LOCK = 7_262_011_934  # any number, the same for all replicas
_MAKE_VERSION_TABLE = text(
    f"CREATE TABLE {VERSION_TABLE} (version_num VARCHAR(32) NOT NULL,"
    f" CONSTRAINT {VERSION_TABLE}_pkc PRIMARY KEY (version_num))"
)
_STAMP = text(f"INSERT INTO {VERSION_TABLE} (version_num) VALUES (:revision)")  # noqa: S608 - a constant
_ENCODING = text("SHOW server_encoding")
_REVISION = text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608 - a constant


def revision(connection: Connection) -> str | None:
    """Return the revision of the schema, or None for an empty database.

    Raises StorageError `schema_newer` when the database was upgraded by a newer release,
    `schema_missing` when it has tables but no revision, so belongs to another program, and
    `database_encoding` when it is empty and cannot store every character. An SQLite file belongs to
    one program; on PostgreSQL others may have tables of other names beside ours.
    """
    found = inspect(connection).get_table_names()
    if VERSION_TABLE in found:
        current = connection.execute(_REVISION).scalar()
        if current is not None and current not in REVISIONS:
            raise StorageError("schema_newer", found=current, known=NEWEST)
        if current is not None:
            return str(current)
    others = set(found) - {VERSION_TABLE}
    if is_postgresql(connection):
        others &= set(metadata.tables)
        encoding = connection.execute(_ENCODING).scalar_one()
        if encoding != "UTF8":
            raise StorageError("database_encoding", found=encoding)
    if others:
        raise StorageError("schema_missing")
    return None


def check(connection: Connection) -> None:
    """Raise StorageError `schema_old` when the schema has to be upgraded first."""
    current = revision(connection)
    if current != NEWEST:
        raise StorageError("schema_old", found=current or "empty", known=NEWEST)


def upgrade(connection: Connection) -> str | None:
    """Upgrade the schema in the transaction of the connection; return the former revision.

    Replicas that upgrade at the same time wait for each other; the later ones find nothing to do.
    """
    if is_postgresql(connection):
        connection.execute(text("SET LOCAL statement_timeout = 0"))  # a large table takes long
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
