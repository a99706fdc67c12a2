"""The rows that the chain of the directory covers, as text that is equal on every database.

Covered are people with their accounts, departments, absences, published versions, their releases,
the numbers that their tables were given, and the settings that decide whether messages are sent.
Not covered are the language and time zone that a platform reports for an account, and the last tick
of the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from storage import tables as t
from workflows.canonical import canonical_json

SETTINGS = ("hold", "kind")

Rows = dict[str, str]

_PAGE = 500


def person(key: str) -> str:
    """Return the name of a person's row in the chain."""
    return f"person {key}"


def absence(absence_id: str) -> str:
    """Return the name of an absence's row in the chain."""
    return f"absence {absence_id}"


def definition(key: str, version: int) -> str:
    """Return the name of a published version's row in the chain."""
    return f"definition {key} v{version}"


def release(process: str, number: int) -> str:
    """Return the name of a release's row in the chain."""
    return f"release {process} n{number}"


def table_value(process: str, table: str, version: int) -> str:
    """Return the name of a table's value in the chain."""
    return f"table {process}/{table} v{version}"


def setting(name: str) -> str:
    """Return the name of a setting's row in the chain."""
    return f"setting {name}"


def digest(name: str, text: str, *, salt: str) -> str:
    """Return the salted digest of a row."""
    return hashlib.sha256(f"{salt}\n{name}\n{text}".encode()).hexdigest()


def read_rows(connection: Connection, names: Sequence[str] | None = None) -> Rows:
    """Return the covered rows by name: those of `names` that exist, or all."""
    if names is None:
        found: Rows = {}
        for read in _READ.values():
            found |= read(connection, None)
        return found
    keys: dict[str, list[str]] = {kind: [] for kind in _READ}
    for name in names:
        kind, _, key = name.partition(" ")
        keys[kind].append(key)
    return {
        name: text
        for kind, wanted in keys.items()
        for start in range(0, len(wanted), _PAGE)
        for name, text in _READ[kind](connection, wanted[start : start + _PAGE]).items()
    }


def _of(statement: Select[Any], column: Any, keys: Iterable[str] | None) -> Select[Any]:
    return statement if keys is None else statement.where(column.in_(list(keys)))


def _people(connection: Connection, keys: Iterable[str] | None) -> Rows:
    accounts: dict[str, dict[str, str]] = {}
    for row in connection.execute(_of(select(t.accounts), t.accounts.c.person, keys)):
        accounts.setdefault(row.person, {})[row.platform] = row.account
    rows = connection.execute(_of(select(t.people), t.people.c.key, keys)).mappings()
    return {
        person(row["key"]): canonical_json({**row, "accounts": accounts.get(row["key"], {})})
        for row in rows
    }


def _departments(connection: Connection, keys: Iterable[str] | None) -> Rows:
    rows = connection.execute(_of(select(t.departments), t.departments.c.id, keys)).mappings()
    return {f"department {row['id']}": canonical_json(dict(row)) for row in rows}


def _absences(connection: Connection, keys: Iterable[str] | None) -> Rows:
    rows = connection.execute(_of(select(t.absences), t.absences.c.id, keys)).mappings()
    return {absence(row["id"]): canonical_json(_without_empty(row, "process")) for row in rows}


def _without_empty(row: Mapping[Any, Any], column: str) -> dict[Any, Any]:
    """Return a row without a column that is empty.

    Earlier releases recorded such rows without this column.
    """
    return {name: value for name, value in row.items() if name != column or value}


def _definitions(connection: Connection, keys: Iterable[str] | None) -> Rows:
    columns = [column for column in t.definitions.c if column.name != "text"]  # the hash covers it
    wanted = None if keys is None else {key.rpartition(" v")[0] for key in keys}
    rows = connection.execute(_of(select(*columns), t.definitions.c.key, wanted)).mappings()
    found = {definition(row["key"], row["version"]): canonical_json(dict(row)) for row in rows}
    return found if keys is None else _named(found, keys)


def _releases(connection: Connection, keys: Iterable[str] | None) -> Rows:
    wanted = None if keys is None else {key.rpartition(" n")[0] for key in keys}
    rows = connection.execute(_of(select(t.releases), t.releases.c.process, wanted)).mappings()
    found = {
        release(row["process"], row["number"]): canonical_json(_without_empty(row, "helper"))
        for row in rows
    }
    return found if keys is None else _named(found, keys)


def _named(found: Rows, keys: Iterable[str]) -> Rows:
    wanted = set(keys)
    return {name: text for name, text in found.items() if name.partition(" ")[2] in wanted}


def _table_values(connection: Connection, keys: Iterable[str] | None) -> Rows:
    wanted = None if keys is None else {key.partition("/")[0] for key in keys}
    rows = connection.execute(_of(select(t.table_values), t.table_values.c.process, wanted))
    found = {
        table_value(row["process"], row["name"], row["version"]): canonical_json(dict(row))
        for row in rows.mappings()
    }
    return found if keys is None else _named(found, keys)


def _settings(connection: Connection, keys: Iterable[str] | None) -> Rows:
    rows = connection.execute(_of(select(t.settings), t.settings.c.name, keys or SETTINGS))
    return {setting(row.name): canonical_json({"value": row.value}) for row in rows}


_READ: Mapping[str, Callable[[Connection, Iterable[str] | None], Rows]] = {
    "person": _people,
    "department": _departments,
    "absence": _absences,
    "definition": _definitions,
    "release": _releases,
    "table": _table_values,
    "setting": _settings,
}
