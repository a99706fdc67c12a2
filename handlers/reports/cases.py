"""Reads the cases of a process as histories, a page of cases at a time.

A page is one unit, so a report about many cases keeps no snapshot of the database for long. Cases
that are filed while it is made are left out by the cut-off.
"""

from __future__ import annotations

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
from workflows.metrics.measuring import Ruler
from workflows.model.definition import Definition
from workflows.moments import Moment
from workflows.records import CaseQuery, CaseRow

PAGE = 200  # cases of one unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which cases a report is about: those of a process, filed since then."""

    process: str
    since: Moment | None = None


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
        process=asked.process, filed_since=asked.since, before=before or None, limit=PAGE
    )
    rows = tx.cases.find(query)
    directory, cut_off = office.directory(tx), groups.ruler.cut_off
    measure = Measure(calendar=office.calendar, directory=directory, down=downtimes(tx))
    for row in rows:
        events = (chained.event for chained in tx.cases.events(row.id))
        about = _about(tx, office, row, directory)
        history = history_of(events, about=about, measure=measure, cut_off=cut_off)
        if history is not None:
            groups.add(history)
    return rows[-1].id if len(rows) == PAGE else ""


def _about(tx: Tx, office: Office, row: CaseRow, directory: Directory) -> About:
    definition = office.shelf.get(tx, row.definition).definition
    filer = directory.people.get(row.filer)
    return About(
        version=str(row.version),
        department=filer.department if filer is not None else "",
        grade=_grade(tx, row, definition),
        business_end=definition.business_end or "",
    )


def _grade(tx: Tx, row: CaseRow, definition: Definition) -> str:
    """Return what was chosen last in the field by which figures are grouped; "" for nothing."""
    name = definition.grouped_by
    if name is None:
        return ""
    forms = sorted(tx.contents.forms_of(row.id).values(), key=lambda one: one.at, reverse=True)
    chosen = ((one.body or {}).get("values", {}).get(name) for one in forms)
    return next((str(value) for value in chosen if value), "")
