"""The store of the values of unique fields: each value belongs to one open case of a process."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, select

from storage import tables as t
from storage.contents import content_from
from storage.searching import plain
from storage.statements import upsert
from workflows.case.state import Case
from workflows.errors import DefinitionError
from workflows.form_values import unique_of, values_of
from workflows.loading import load_definition
from workflows.model.definition import Definition

_values = t.unique_values.c
_CLAIM = upsert(t.unique_values)
_OF_CASE = select(_values.process, _values.field, _values.value).where(
    _values.case_id == bindparam("of")
)
_HAS = select(_values.case_id).where(
    _values.process == bindparam("in_process"),
    _values.field == bindparam("in_field"),
    _values.value == bindparam("this"),
)
_RELEASE = delete(t.unique_values).where(
    _values.process == bindparam("in_process"),
    _values.field == bindparam("in_field"),
    _values.value == bindparam("this"),
    _values.case_id == bindparam("of"),
)


_DEFINITIONS = select(t.definitions.c.hash, t.definitions.c.text).where(
    t.definitions.c.hash.in_(bindparam("hashes", expanding=True))
)


def compared(text: str) -> str:
    """Return a text as unique values are compared: without blanks, width and case."""
    return "".join(plain(text).split())


def claims_of(
    case: Case, contents: Iterable[Row[*tuple[Any, ...]]], definition: Definition
) -> set[tuple[str, str, str]]:
    """Return the (process, field, value) rows that a case should have, from its stored forms."""
    forms = {one.id: content_from(one._mapping) for one in contents}
    held = unique_of(case, values_of(case, forms, definition), definition)
    return {(case.process, name, compared(text)) for name, text in held.items()}


def definitions_of(connection: Connection, hashes: Iterable[str]) -> Mapping[str, Definition]:
    """Return the definitions with these hashes that can be read."""
    rows = connection.execute(_DEFINITIONS, {"hashes": sorted(hashes)})
    found = {row.hash: _definition(row.text) for row in rows}
    return {name: one for name, one in found.items() if one is not None}


@lru_cache(maxsize=64)
def _definition(text: str) -> Definition | None:
    try:
        return load_definition(text, file="").definition
    except DefinitionError:
        return None  # the check of the definitions says so


class UniqueValues:
    """The store of unique values."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def claim(self, process: str, case_id: str, values: Mapping[str, str]) -> Mapping[str, str]:
        """Make these values, by the field's id, the unique values of a case; free its others.

        A transaction that claims the same value at the same time is waited for.

        Returns:
            The other cases that have one of the values, by the field's id.
        """
        wanted = {(process, field, compared(text)) for field, text in values.items()}
        had = {tuple(row) for row in self._connection.execute(_OF_CASE, {"of": case_id})}
        for key in sorted(had - wanted):
            self._connection.execute(_RELEASE, {**_named(key), "of": case_id})
        taken: dict[str, str] = {}
        for key in sorted(wanted - had):
            row = dict(zip(("process", "field", "value"), key, strict=True))
            owner = None
            while owner is None:  # again if the value is freed between the two statements
                self._connection.execute(_CLAIM.on(self._connection), {**row, "case_id": case_id})
                owner = self._connection.execute(_HAS, _named(key)).scalar_one_or_none()
            if owner != case_id:
                taken[key[1]] = owner
        return taken


def _named(key: tuple[str, ...]) -> dict[str, str]:
    return dict(zip(("in_process", "in_field", "this"), key, strict=True))
