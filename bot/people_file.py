"""Reads `people.toml`, or a CSV table, and validates it as a whole.

A file refers to people by their ids. The result are records with these ids; `people_import.py`
turns them into the directory of the database.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from bot.config import CHATS
from bot.findings import (
    ConfigSource,
    Findings,
    Keys,
    finding,
    read_bytes,
    read_toml,
    shown,
    terminal_words,
)
from bot.settings_values import check_zone
from handlers.encodings import UTF_8, NotText
from handlers.i18n import Translator
from handlers.table_reader import EncodingUnclear, QuoteUnclear, Row, TableRead, read_table
from workflows.errors import ConfigError

PersonId = Annotated[str, StringConstraints(pattern=r"^\w[\w.-]{0,79}$")]
Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Mail = Annotated[str, StringConstraints(pattern=r"^([^@\s]+@[^@\s]+)?$", max_length=200)]
Account = Annotated[str, BeforeValidator(lambda value: str(value) if type(value) is int else value)]


class _Names(BaseModel):
    model_config = ConfigDict(extra="forbid")

    zh: Name
    en: Name


class _Department(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Key
    name: _Names
    head: str = ""


class _Person(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: PersonId
    name: Name
    name_en: str = ""
    title: str = ""
    title_en: str = ""
    email: Mail = ""
    department: str
    manager: str = ""
    roles: tuple[Key, ...] = ()
    language: Literal["zh", "en", ""] = ""
    timezone: Annotated[str, AfterValidator(lambda zone: check_zone(zone) if zone else zone)] = ""
    slack: Annotated[Account, StringConstraints(pattern=r"^([UW][A-Z0-9]{2,20})?$")] = ""
    telegram: Annotated[Account, StringConstraints(pattern=r"^(\d{1,20})?$")] = ""


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    departments: tuple[dict[str, Any], ...] = Field(min_length=1)
    people: tuple[dict[str, Any], ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """One person in the file; `department` and `manager` are ids."""

    id: str
    name: str
    name_en: str = ""
    title: str = ""
    title_en: str = ""
    email: str = ""
    department: str = ""
    manager: str = ""
    roles: tuple[str, ...] = ()
    language: str = ""
    timezone: str = ""
    accounts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentRecord:
    """One department in the file; `head` is the id of a person or ""."""

    id: str
    name_zh: str
    name_en: str
    head: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """The content of a file. For a table `departments` is None: those of the database are kept."""

    people: tuple[PersonRecord, ...]
    departments: tuple[DepartmentRecord, ...] | None
    encoding: str = UTF_8


def read_people(
    path: Path,
    *,
    departments: Collection[str] = (),
    encoding: str | None = None,
    words: Translator | None = None,
) -> PeopleFile:
    """Read `people.toml`, or a table whose name ends in `.csv`.

    `departments` are the ids in the database, which a table may use; `encoding` is the encoding of
    a table when it was given by the user. Raises Unreadable when the file does not exist, and
    ConfigError with all findings.
    """
    words = words or terminal_words()
    read_as = UTF_8
    if path.suffix.lower() == ".csv":
        table = _table(path, encoding=encoding, words=words)
        read_as = table.encoding
        findings = Findings(source=_source(table, path), words=words)
        _check_columns(findings)
        for row, cells in table.surplus():
            keys = ("people", table.rows.index(row))
            findings.add("surplus_cells", keys, cells=", ".join(cells), columns=len(table.columns))
        known = set(departments)
    else:
        findings = Findings(source=read_toml(path, words=words), words=words)
        _check_outline(findings)
        known = {str(raw.get("id")) for raw in findings.source.data["departments"]}
    return replace(read_records(findings, departments=known), encoding=read_as)


def read_records(findings: Findings, *, departments: Collection[str]) -> PeopleFile:
    """Validate the `people`, and the `departments` if there are any, of a source that was read.

    `departments` are the ids that people may belong to. Raises ConfigError with all findings.
    """
    said = findings.source.data
    groups = _entries("departments", _Department, findings) if "departments" in said else None
    people = _entries("people", _Person, findings)
    _check_people(said["people"], said.get("departments", ()), known=departments, findings=findings)
    findings.throw()
    return PeopleFile(
        people=tuple(map(_person, people)),
        departments=None if groups is None else tuple(map(_department, groups)),
    )


# ------------------------------------------------------------------------------------ entries

_Model = TypeVar("_Model", bound=BaseModel)


def _check_outline(findings: Findings) -> None:
    """Check that the file has people and departments and nothing else; raises if not."""
    try:
        _File.model_validate(findings.source.data)
    except ValidationError as error:
        findings.add_invalid(error, _File)
        if any(details["type"] != "extra_forbidden" for details in error.errors()):
            findings.throw()


def _entries(kind: str, model: type[_Model], findings: Findings) -> list[_Model]:
    """Return the valid entries and add findings for the others.

    What is missing from an entry that repeats an id is not reported: it does not belong there.
    """
    found = []
    ids: set[str] = set()
    for index, raw in enumerate(findings.source.data[kind]):
        name = str(raw.get("id") or "").lower()
        again = bool(name) and name in ids
        ids.add(name)
        try:
            found.append(model.model_validate(raw))
        except ValidationError as error:
            known = "missing" if again else ""
            findings.add_invalid(error, model, under=(kind, index), leave_out=known)
    return found


def _person(one: _Person) -> PersonRecord:
    accounts = {name: str(getattr(one, name)) for name in CHATS if getattr(one, name)}
    return PersonRecord(**one.model_dump(exclude=set(CHATS)), accounts=accounts)


def _department(one: _Department) -> DepartmentRecord:
    return DepartmentRecord(id=one.id, name_zh=one.name.zh, name_en=one.name.en, head=one.head)


# ---------------------------------------------------------------------------- across entries

Entries = Sequence[Mapping[str, Any]]


def _check_people(
    people: Entries, departments: Entries, *, known: Collection[str], findings: Findings
) -> None:
    """Add findings about entries in relation to each other; invalid entries are included.

    `known` are the ids of departments that people may belong to.
    """
    _note_repeated("departments", departments, "id", findings)
    for key in ("id", "email", *CHATS):
        _note_repeated("people", people, key, findings)
    people_ids = {_text(person, "id") for person in people}
    for index, person in enumerate(people):
        for key, allowed in (("department", known), ("manager", people_ids)):
            _note_missing(("people", index, key), _text(person, key), allowed, findings)
    for index, one in enumerate(departments):
        _note_missing(("departments", index, "head"), _text(one, "head"), people_ids, findings)
    places = {_text(person, "id"): index for index, person in enumerate(people)}
    managers = {_text(one, "id"): _text(one, "manager") for one in people if _text(one, "id")}
    for circle in _circles(managers):
        keys: Keys = ("people", places[circle[0]], "manager")
        findings.add("manager_circle", keys, circle=" → ".join(circle))


def _text(entry: Mapping[str, Any], key: str) -> str:
    """Return the value of a key, "" when it is no text, which is reported elsewhere."""
    value = entry.get(key, "")
    return str(value) if isinstance(value, str) or type(value) is int else ""


def _note_repeated(kind: str, entries: Entries, key: str, findings: Findings) -> None:
    first: dict[str, int] = {}
    for index, entry in enumerate(entries):
        value = _text(entry, key)
        same = (
            value.lower()
        )  # ids and addresses that differ only in case are taken for a typing error
        if value and same in first:
            other = findings.place((kind, first[same], key))
            findings.add("repeated", (kind, index, key), value=value, other=other)
        first.setdefault(same, index)


def _note_missing(keys: Keys, wanted: str, known: Collection[str], findings: Findings) -> None:
    if not wanted or wanted in known:
        return
    code = "unknown_department" if keys[-1] == "department" else "unknown_person"
    close = difflib.get_close_matches(wanted, known, n=1)
    if close:
        findings.add(f"{code}_close", keys, value=wanted, close=close[0])
    else:
        findings.add(code, keys, value=wanted)


def _circles(managers: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield every circle of managers once; it begins and ends with the same person."""
    done: set[str] = set()
    for start in managers:
        line: list[str] = []
        current = start
        while current in managers and current not in done and current not in line:
            line.append(current)
            current = managers[current]
        if current in line:
            yield [*line[line.index(current) :], current]
        done.update(line)


# ------------------------------------------------------------------------------------ tables


def _table(path: Path, *, encoding: str | None, words: Translator) -> TableRead:
    """Read a table. Raises ConfigError when its encoding or its delimiter is ambiguous."""
    file = shown(path)
    content = read_bytes(path, words=words)
    try:
        return read_table(content, encoding=encoding)
    except EncodingUnclear as error:
        found = [
            finding(
                "encoding_unclear", words=words, file=file, encoding=one, sample=", ".join(texts)
            )
            for one, texts in error.samples.items()
        ]
    except QuoteUnclear as error:
        found = [finding("quote_unclear", words=words, file=file, line=error.line)]
    except NotText:
        code = "not_text" if encoding is None else "not_encoded_so"
        found = [finding(code, words=words, file=file, encoding=encoding)]
    raise ConfigError(found)


def _source(table: TableRead, path: Path) -> ConfigSource:
    """Return the rows in the shape of TOML, with the line on which each begins."""
    columns = [column.lower() for column in table.columns]
    lines: dict[Keys, int] = {("columns",): table.line}
    lines |= {("people", index): row.line for index, row in enumerate(table.rows)}
    data = {"columns": columns, "people": [_row(columns, row) for row in table.rows]}
    return ConfigSource(file=shown(path), data=data, lines=lines)


def _row(columns: list[str], row: Row) -> dict[str, Any]:
    """Return a row without empty cells, with its roles as a list."""
    given: dict[str, Any] = {
        column: cell for column, cell in zip(columns, row.cells, strict=False) if cell
    }
    if "roles" in given:
        given["roles"] = [
            role.strip() for role in re.split("[;；,，、]", given["roles"]) if role.strip()
        ]
    return given


def _check_columns(findings: Findings) -> None:
    """Check that there are rows and the required columns; raises if not."""
    columns = findings.source.data["columns"]
    known = tuple(_Person.model_fields)
    for column in columns:
        if column not in known or columns.count(column) > 1:
            findings.add("column", ("columns",), where=column or "?", known=", ".join(known))
    for column in ("id", "name", "department"):
        if column not in columns:
            findings.add("missing_column", ("columns",), where=column, column=column)
    if not findings.source.data["people"]:
        findings.add("too_short", ("columns",), where="people")
    findings.throw()
