"""Reads the cases of a process as histories, a page of cases at a time.

A page is one unit, so a report about many cases keeps no snapshot of the database for long. Cases
that are filed while it is made are left out by the cut-off.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.downtimes import downtimes
from handlers.office import Office
from storage.unit import Tx
from workflows.directory import Directory
from workflows.metrics.desk_time import Measure
from workflows.metrics.following import About, history_of
from workflows.metrics.groups import Groups
from workflows.metrics.history import History
from workflows.metrics.measuring import Ruler
from workflows.moments import Moment
from workflows.records import CaseQuery, CaseRow

PAGE = 200  # cases of one unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases a report is about: those of a process, filed since then, decided by a person."""

    process: str
    since: Moment | None = None
    decided_by: str | None = None


def new_groups(office: Office) -> Groups:
    """Return groups without a case yet; their cut-off is now."""
    calendar = office.calendar
    ruler = Ruler(calendar=calendar, zone=ZoneInfo(calendar.data.zone), cut_off=office.clock.now())
    return Groups(ruler=ruler)


def working_day(office: Office) -> int:
    """Return the length of the company's usual working day, in microseconds."""
    day = date(2000, 1, 1)
    spans = (
        datetime.combine(day + timedelta(days=stop <= start), stop) - datetime.combine(day, start)
        for start, stop in office.calendar.data.hours
    )
    return sum(span // timedelta(microseconds=1) for span in spans)


def add_page(tx: Tx, *, office: Office, groups: Groups, asked: Asked, before: str | None) -> str:
    """Add the cases after `before`, the newest first; return the last one, "" after the end."""
    query = CaseQuery(
        process=asked.process,
        decided_by=asked.decided_by,
        filed_since=asked.since,
        before=before,
        limit=PAGE,
    )
    rows = tx.cases.find(query)
    for history in histories(tx, office, rows, cut_off=groups.ruler.cut_off):
        groups.add(history)
    return rows[-1].id if len(rows) == PAGE else ""


def pages_of(tx: Tx, process: str, *, since: Moment | None = None) -> Iterator[Sequence[CaseRow]]:
    """Yield the cases of a process in pages, the newest first, all in this transaction."""
    before: str | None = None
    while before != "":
        query = CaseQuery(process=process, filed_since=since, before=before, limit=PAGE)
        rows = tx.cases.find(query)
        if rows:
            yield rows
        before = rows[-1].id if len(rows) == PAGE else ""


def histories(
    tx: Tx, office: Office, rows: Sequence[CaseRow], *, cut_off: Moment
) -> Iterator[History]:
    """Yield the histories of cases until the cut-off, without those that were filed later."""
    directory = office.directory(tx)
    measure = Measure(calendar=office.calendar, directory=directory, down=downtimes(tx))
    abouts = _abouts(tx, office, rows, directory)
    for case_id, events in tx.cases.events_of(tuple(row.id for row in rows)):
        about = abouts[case_id]
        history = history_of(events, about=about, measure=measure, cut_off=cut_off)
        if history is not None:
            yield history


def _abouts(
    tx: Tx, office: Office, rows: Sequence[CaseRow], directory: Directory
) -> Mapping[str, About]:
    """Return what is known of each case beside its events."""
    definitions = {row.id: office.shelf.get(tx, row.definition).definition for row in rows}
    grades = _grades(tx, {key: one.grouped_by for key, one in definitions.items()})
    found = {}
    for row in rows:
        filer = directory.people.get(row.filer)
        found[row.id] = About(
            version=str(row.version),
            department=filer.department if filer is not None else "",
            grade=grades.get(row.id, ""),
            business_end=definitions[row.id].business_end or "",
        )
    return found


def _grades(tx: Tx, fields: Mapping[str, str | None]) -> Mapping[str, str]:
    """Return what was chosen last in the field by which the figures of each case are grouped."""
    grouped = [case_id for case_id, name in fields.items() if name is not None]
    chosen: dict[str, str] = {}
    for form in tx.contents.forms_of_each(grouped) if grouped else ():
        value = (form.body or {}).get("values", {}).get(fields[form.case_id])
        if value:
            chosen[form.case_id] = str(value)
    return chosen
