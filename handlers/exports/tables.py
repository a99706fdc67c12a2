"""Makes tables of the cases that match a query, and of their events.

Tables for programs have ids, keys and ISO 8601 times; tables for people have labels in their
language and local times.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from handlers.downtimes import downtimes
from handlers.exports.spreadsheet import Sheet, number_of
from handlers.history import tell
from handlers.office import Office
from handlers.reading.case import Reading, open_unchecked
from handlers.reading.facts import fact_title
from handlers.reading.fair_time import times_of, times_of_case
from handlers.reading.filled import FilledField
from handlers.reading.formatter import Formatter, formatter
from handlers.reading.record import case_rows, history, hours_of, json_of, summary, values
from storage.unit import Tx
from workflows.case.fact import Fact
from workflows.metrics.desk_time import Held, held_times
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.moments import HOUR
from workflows.records import CaseQuery, CaseRow

CASE_COLUMNS = (
    *("id", "process", "version", "status", "node", "filer"),
    *("created_at", "due_at", "closed_at"),
)
TIMES = ("gross_h", "working_h", "waiting_h", "own_h")  # of a case, or until an event of a task
EVENT_COLUMNS = (
    *("case", "process", "seq", "at", "actor", "on_behalf_of"),
    *("via", "type", "node", "outcome"),
    *TIMES,
    "task",
)
_EVENT = ("case", "process", "at", "actor", "node", "happened", "wrote", *TIMES)
_NUMBERS = (FieldType.NUMBER, FieldType.MONEY)


def outside_reading(tx: Tx, office: Office, *, case_id: str, language: str) -> Reading:
    """Read a case for a user with access to the database, without a check of the reader."""
    return open_unchecked(tx, office, case_id=case_id, language=language, on_paper=True)


def case_table(
    tx: Tx, office: Office, query: CaseQuery
) -> tuple[Sequence[str], list[Mapping[str, Any]]]:
    """Return columns and rows of the cases for programs, with the latest fields and facts."""
    fields: dict[str, None] = {}
    facts: dict[str, None] = {}
    rows: list[Mapping[str, Any]] = []
    for row in case_rows(tx, query):
        reading = outside_reading(tx, office, case_id=row.id, language=office.company.language)
        fields.update(dict.fromkeys(field.id for _, field in reading.definition.all_fields()))
        given = {f"field:{name}": value for name, value in values(reading).items()}
        facts.update(dict.fromkeys(reading.definition.kept))
        given |= {f"fact:{key}": str(fact.value) for key, fact in _facts(reading)}
        times = hours_of(times_of_case(reading))
        rows.append(json_of(summary(row, reading.directory)) | times | json_of(given))
    named = (*(f"field:{name}" for name in fields), *(f"fact:{name}" for name in facts))
    return (*CASE_COLUMNS, *TIMES, *named), rows


def event_rows(tx: Tx, office: Office, query: CaseQuery) -> Iterator[Mapping[str, Any]]:
    """Yield all events of the cases, case by case, for programs."""
    directory, now, down = office.directory(tx), office.clock.now(), downtimes(tx)
    for row in case_rows(tx, query):
        events = tuple(chained.event for chained in tx.cases.events(row.id))
        held = held_times(events, calendar=office.calendar, directory=directory, now=now, down=down)
        for seq, told in enumerate(history(events, directory), start=1):
            times = dict(zip(TIMES, _hours(held, seq), strict=True))
            task = getattr(events[seq - 1].body, "task", None) or None
            yield {
                "case": row.id,
                "process": row.process,
                "seq": seq,
                **json_of(told),
                **times,
                "task": task,
            }


def _hours(held: Sequence[Held], seq: int) -> tuple[float | None, ...]:
    """Return the times of whoever had a task until this event, in hours; None for none."""
    ended = [one for one in held if one.ended == seq and one.person]
    if not ended:
        return (None,) * len(TIMES)
    parts = zip(*((one.gross, one.working, one.waiting, one.own) for one in ended), strict=True)
    return tuple(round(sum(part) / HOUR, 2) for part in parts)


def as_sheet(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Sheet:
    """Return rows for programs as a sheet."""
    headings = [column.removeprefix("field:").removeprefix("fact:") for column in columns]
    return Sheet(headings=headings, rows=([row.get(one) for one in columns] for row in rows))


def case_sheet(tx: Tx, office: Office, query: CaseQuery, *, language: str) -> Sheet:
    """Return the cases with the latest value of each field and fact, for people."""
    write = formatter(office, office.directory(tx), reader=None, language=language)
    labels: dict[str, None] = {}
    found = []
    for row in case_rows(tx, query):
        definition = office.shelf.get(tx, row.definition).definition
        titles = [fact_title(name, definition, write) for name in definition.kept]
        known = _labels(definition, language, besides=titles)
        labels.update(dict.fromkeys((*known.values(), *titles)))
        reading = outside_reading(tx, office, case_id=row.id, language=language)
        told = {known[one.field.id]: _value(reading, one) for one in reading.fields}
        told |= {name: number for _, name, number in reading.facts}
        found.append(
            ((*_case(row, definition, write), *hours_of(times_of_case(reading)).values()), told)
        )
    return Sheet(
        headings=[*_headings((*CASE_COLUMNS, *TIMES), write), *labels],
        rows=[[*case, *(told.get(label) for label in labels)] for case, told in found],
    )


def _value(reading: Reading, one: FilledField) -> object:
    """Return the value of a field for a cell: a number, a day that can be sorted, or a text."""
    if one.erased or one.value in (None, ""):
        return reading.in_full(one)
    if one.field.type in _NUMBERS:
        return number_of(one.value)
    if one.field.type is FieldType.DATE:
        return date.fromisoformat(str(one.value))
    return reading.in_full(one)


def case_list(
    tx: Tx, office: Office, query: CaseQuery, *, language: str, most: int | None = None
) -> Sheet:
    """Return the cases without their fields, all or the first `most`, for people."""
    write = formatter(office, office.directory(tx), reader=None, language=language)
    rows = (
        _case(row, office.shelf.get(tx, row.definition).definition, write)
        for row in case_rows(tx, query, most=most)
    )
    return Sheet(headings=_headings(CASE_COLUMNS, write), rows=[*rows])


def event_sheet(tx: Tx, office: Office, query: CaseQuery, *, language: str) -> Sheet:
    """Return the events of the cases as the sentences of their histories, for people."""
    write = formatter(office, office.directory(tx), reader=None, language=language)
    return Sheet(
        headings=_headings(_EVENT, write), rows=_events(tx, office, query, language=language)
    )


def _headings(columns: Iterable[str], write: Formatter) -> list[str]:
    return [write.words.t(f"cli.column.{name}") for name in columns]


def _events(
    tx: Tx, office: Office, query: CaseQuery, *, language: str
) -> Iterator[tuple[object, ...]]:
    for row in case_rows(tx, query):
        reading = outside_reading(tx, office, case_id=row.id, language=language)
        held = times_of(reading)
        for told in tell(reading):
            node = reading.node(told.node) if told.node else ""
            at, times = reading.sortable(told.at), _hours(held, told.seq)
            yield row.id, reading.title, at, told.who, node, told.text, told.quote, *times


def _case(row: CaseRow, definition: Definition, write: Formatter) -> tuple[object, ...]:
    return (
        row.id,
        write.text(definition.name),
        row.version,
        write.words.t(f"status.{row.status}"),
        write.text(definition.node(row.node).name) if row.node else "",
        write.name(row.filer),
        *(write.sortable(at) for at in (row.created_at, row.due_at, row.closed_at)),
    )


def _facts(reading: Reading) -> Iterator[tuple[str, Fact]]:
    for key in reading.definition.kept:
        fact = reading.case.fact(key)
        if fact is not None:
            yield key, fact


def _labels(definition: Definition, language: str, *, besides: Sequence[str]) -> Mapping[str, str]:
    """Return the heading of each field: its label, with the name of its form if not unique.

    `besides` are further headings of the same table.
    """
    fields = [*definition.all_fields()]
    said = [field.label.of(language) for _, field in fields]
    labels = {}
    for (key, field), label in zip(fields, said, strict=True):
        form = definition.forms[key].name.of(language)
        alone = [*said, *besides].count(label) == 1
        labels[field.id] = label if alone else f"{label} ({form})"
    return labels
