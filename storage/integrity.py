"""The integrity of the database itself: its pages, and objects that closeloop did not create.

The chains show whether the data that is read was changed. This finds what they do not read: a
damaged page, an index that does not match its table, an added trigger.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateIndex

from storage.schema import VERSION_TABLE
from storage.statements import SQLITE, is_postgresql
from storage.tables import metadata

_MOST = 20
_WORDS = (" CHECK ", " DEFAULT ", " GENERATED ", " WHERE ", " COLLATE ")
_MASTER = text("SELECT type, name, tbl_name, sql FROM sqlite_master")
_AMCHECK = text(
    "SELECT count(*) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
    " WHERE p.proname = 'bt_index_check' AND has_function_privilege(p.oid, 'EXECUTE')"
)
_INDEXES = text(
    "SELECT c.oid FROM pg_class c JOIN pg_am a ON a.oid = c.relam AND a.amname = 'btree'"
    " JOIN pg_index i ON i.indexrelid = c.oid JOIN pg_class o ON o.oid = i.indrelid"
    " WHERE o.relname = ANY(:tables) AND o.relnamespace = current_schema()::regnamespace"
    " AND c.relkind = 'i' AND i.indisvalid ORDER BY c.relname"
)
_CHECK_INDEX = text("SELECT bt_index_check(CAST(CAST(:index AS oid) AS regclass), true)")
_TRIGGERS = text(
    "SELECT 'trigger', t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
    " WHERE NOT t.tgisinternal AND c.relname = ANY(:tables)"
    " AND c.relnamespace = current_schema()::regnamespace"
    " UNION ALL SELECT 'rule', rulename FROM pg_rules"
    " WHERE tablename = ANY(:tables) AND schemaname = current_schema()"
)


def damages(connection: Connection) -> tuple[str, ...]:
    """Return the first damages that the database's own check reports.

    On PostgreSQL, indexes are compared with their tables if the extension amcheck is installed; a
    damage is then an error of the database.
    """
    if is_postgresql(connection):
        if connection.execute(_AMCHECK).scalar():
            for (index,) in connection.execute(_INDEXES, {"tables": _tables()}).all():
                connection.execute(_CHECK_INDEX, {"index": index})
        return ()
    rows = connection.execute(text(f"PRAGMA integrity_check({_MOST})")).scalars().all()
    found = [str(row) for row in rows if row != "ok"]
    for table, rowid, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
        found.append(f"row {rowid} of {table} has no {parent}")
    return tuple(found[:_MOST])


def foreign_objects(connection: Connection) -> tuple[str, ...]:
    """Return the objects of the schema that are unknown or differ from their definition."""
    if is_postgresql(connection):
        rows = connection.execute(_TRIGGERS, {"tables": _tables()})
        return tuple(sorted(f"{kind} {name}" for kind, name in rows))
    return tuple(sorted({*_strange_objects(connection), *_strange_columns(connection)}))


def programs(connection: Connection) -> tuple[str, ...]:
    """Return triggers and views in an SQLite database; no release ever had one."""
    rows = connection.execute(_MASTER)
    return tuple(sorted(f"{row.type} {row.name}" for row in rows if row.type in _PROGRAMS))


_PROGRAMS = ("trigger", "view")


def _tables() -> list[str]:
    return sorted(metadata.tables)


def _strange_objects(connection: Connection) -> Iterator[str]:
    expected = {("table", name) for name in (*metadata.tables, VERSION_TABLE)}
    indexes = {index.name: index for table in metadata.tables.values() for index in table.indexes}
    expected |= {("index", str(name)) for name in indexes}
    partial = {
        index.name: _normal(str(CreateIndex(index).compile(dialect=connection.dialect)))
        for index in indexes.values()
        if index.dialect_options[SQLITE]["where"] is not None
    }
    there = {(row.type, row.name): row for row in connection.execute(_MASTER)}
    for place, row in there.items():
        if row.name.startswith("sqlite_"):
            continue
        sql = _normal(row.sql or "")
        own = partial.get(row.name, "")
        if place not in expected or (sql != own if own else any(word in sql for word in _WORDS)):
            yield f"{row.type} {row.name}"
    for kind, name in expected - there.keys() - {("table", VERSION_TABLE)}:
        yield f"{kind} {name} is missing"
    for index_name, index in indexes.items():
        found = connection.execute(text(f'PRAGMA index_info("{index_name}")')).all()
        if found and [row[2] for row in found] != list(index.columns.keys()):
            yield f"index {index_name}"


def _normal(sql: str) -> str:
    return f"{' '.join(sql.upper().replace('(', ' (').split())} "


def _strange_columns(connection: Connection) -> Iterator[str]:
    for name, table in metadata.tables.items():
        found = connection.execute(text(f'PRAGMA table_xinfo("{name}")')).all()
        columns = {row[1]: (row[2].upper(), bool(row[3]), row[6]) for row in found}
        ours = {
            column.name: (
                column.type.compile(connection.dialect).upper(),
                not column.nullable,
                0,
            )
            for column in table.c
        }
        if found and columns != ours:
            yield f"table {name}"
