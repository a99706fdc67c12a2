"""Cases and events as tables for people: in their language, with labels and local times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any

from handlers.casework import find, values_of
from handlers.documents.values import value_text
from handlers.export import Sheet
from handlers.i18n import Translator, translator
from handlers.office import Office
from handlers.reading.case import Reading, name_of, open_unchecked
from handlers.reading.record import case_rows
from handlers.wording import tell
from storage.unit import Tx
from workflows.definition import Definition, FieldType, FormField
from workflows.directory import Directory, Person
from workflows.records import CaseQuery, CaseRow, StoredFile

_OUTSIDE = Person(key="", id="", name="")  # reads with the company's own zone
_CASE = ("id", "process", "version", "status", "node", "filer", "created_at", "due_at", "closed_at")
_EVENT = ("case", "process", "at", "actor", "node", "happened", "wrote")


def outside_reading(tx: Tx, office: Office, *, case_id: str, language: str) -> Reading:
    """A case as whoever has the database in hand reads it."""
    return open_unchecked(
        tx, office, case_id=case_id, reader=_OUTSIDE, language=language, lasting=True
    )


def case_sheet(tx: Tx, office: Office, query: CaseQuery, *, language: str) -> Sheet:
    """All cases that fit: what they are, and the latest value of each field under its label."""
    directory, words = office.directory(tx), translator(language)
    labels: dict[str, None] = {}
    found = []
    for row in case_rows(tx, query):
        definition = office.shelf.get(tx, row.definition).definition
        known = _labels(definition, language)
        labels.update(dict.fromkeys(known.values()))
        values = _values(tx, row, definition, directory, language=language)
        told = _case(row, definition, directory, office=office, words=words)
        found.append((told, {known[key]: value for key, value in values.items() if key in known}))
    return Sheet(
        headings=[*(words.t(f"cli.column.{name}") for name in _CASE), *labels],
        rows=[[*told, *(values.get(label) for label in labels)] for told, values in found],
    )


def case_list(tx: Tx, office: Office, query: CaseQuery, *, language: str) -> Sheet:
    """All cases that fit, without their fields."""
    directory, words = office.directory(tx), translator(language)

    def line(row: CaseRow) -> tuple[object, ...]:
        definition = office.shelf.get(tx, row.definition).definition
        return _case(row, definition, directory, office=office, words=words)

    return Sheet(
        headings=[words.t(f"cli.column.{name}") for name in _CASE],
        rows=[line(row) for row in case_rows(tx, query)],
    )


def event_sheet(tx: Tx, office: Office, query: CaseQuery, *, language: str) -> Sheet:
    """What happened in all cases that fit, as their histories tell it."""
    words = translator(language)
    return Sheet(
        headings=[words.t(f"cli.column.{name}") for name in _EVENT],
        rows=_events(tx, office, query, language=language),
    )


def _events(
    tx: Tx, office: Office, query: CaseQuery, *, language: str
) -> Iterator[tuple[object, ...]]:
    for row in case_rows(tx, query):
        reading = outside_reading(tx, office, case_id=row.id, language=language)
        for told in tell(reading):
            node = reading.node(told.node) if told.node else ""
            at = local_time(told.at, zone=reading.zone)
            yield row.id, reading.title, at, told.who, node, told.text, told.quote


def local_time(at: datetime | None, *, zone: tzinfo) -> str:
    """A time as spreadsheets read it: "2026-11-22 16:30"; "" for none."""
    return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"


# ------------------------------------------------------------------------------------ cases


def _case(
    row: CaseRow, definition: Definition, directory: Directory, *, office: Office, words: Translator
) -> tuple[object, ...]:
    language, zone = words.language, office.company.zone_of(None)
    times = (row.created_at, row.due_at, row.closed_at)
    node = definition.node(row.node).name.of(language) if row.node else ""
    return (
        row.id,
        definition.name.of(language),
        row.version,
        words.t(f"status.{row.status}"),
        node,
        name_of(directory.get(row.filer), language),
        *(local_time(at, zone=zone) for at in times),
    )


def _labels(definition: Definition, language: str) -> Mapping[str, str]:
    """The heading of each field: its label, with the name of its form where two are the same."""
    fields = [*definition.all_fields()]
    said = [field.label.of(language) for _, field in fields]
    labels = {}
    for (key, field), label in zip(fields, said, strict=True):
        form = definition.forms[key].name.of(language)
        labels[field.id] = label if said.count(label) == 1 else f"{label} ({form})"
    return labels


def _values(
    tx: Tx, row: CaseRow, definition: Definition, directory: Directory, *, language: str
) -> Mapping[str, Any]:
    files = {file.id: file for file in tx.files.of_case(row.id)}
    names = {key: name_of(person, language) for key, person in directory.people.items()}
    case = find(tx, row.id, lock=False)
    given = values_of(case, tx.contents.of_case(row.id), definition)
    asked = ((definition.field(key), value) for key, value in given.items())
    return {
        field.id: _shown(field, value, files, names, directory, language=language)
        for field, value in asked
        if field is not None
    }


def _shown(
    field: FormField,
    value: Any,
    files: Mapping[str, StoredFile],
    names: Mapping[str, str],
    directory: Directory,
    *,
    language: str,
) -> object:
    if field.type is FieldType.NUMBER and isinstance(value, int | float):
        return value
    if field.type is FieldType.FILES:
        return [files[item].name for item in value or () if item in files]
    departments = {
        one.id: one.name_zh if language == "zh" else one.name_en
        for one in directory.departments.values()
    }
    return value_text(field, value, language=language, names=names, departments=departments)
