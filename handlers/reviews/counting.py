"""Counts the cases of the period that a review is about, and of the one before.

A page of cases is one unit that only reads. Each period is counted as it was at its end. Of forms
it is counted which fields are filled; what they say is not kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from zoneinfo import ZoneInfo

from handlers.office import Office
from handlers.reports.cases import PAGE, histories
from storage.unit import Database, Tx
from workflows.metrics.groups import Groups
from workflows.metrics.habits import Habits
from workflows.metrics.measuring import Ruler
from workflows.metrics.reviewing import Counted
from workflows.moments import Moment
from workflows.records import FORM, CaseQuery, CaseRow
from workflows.slots import Ended


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedPeriods:
    """The process that is reviewed, the period that has ended, and the one before."""

    process: str
    last: Ended
    former: Ended


async def counted(database: Database, office: Office, periods: ReviewedPeriods) -> Counted:
    """Return what the cases of both periods contribute."""
    found = _nothing_yet(office, periods)
    before: str | None = None
    while before != "":
        page = partial(_add_page, office=office, periods=periods, found=found, before=before)
        before = await database.read(page)
    return found


def _nothing_yet(office: Office, periods: ReviewedPeriods) -> Counted:
    def ruler(cut_off: Moment) -> Ruler:
        calendar = office.calendar
        return Ruler(calendar=calendar, zone=ZoneInfo(calendar.data.zone), cut_off=cut_off)

    end = periods.last.until
    return Counted(
        now=Groups(ruler=ruler(end)),
        before=Groups(ruler=ruler(periods.former.until)),
        both=Groups(ruler=ruler(end)),
        habits=Habits(ruler=ruler(end)),
    )


def _add_page(
    tx: Tx, *, office: Office, periods: ReviewedPeriods, found: Counted, before: str | None
) -> str:
    """Add the cases after `before`, the newest first; return the last one, "" after the end."""
    query = CaseQuery(
        process=periods.process, filed_since=periods.former.since, before=before, limit=PAGE
    )
    rows = tx.cases.find(query)
    last, former = periods.last, periods.former
    now = [row for row in rows if last.since <= row.created_at < last.until]
    past = [row for row in rows if row.created_at < former.until]
    for history in histories(tx, office, now, cut_off=last.until):
        found.now.add(history)
        found.both.add(history)
        found.habits.add(history)
    for history in histories(tx, office, past, cut_off=former.until):
        found.before.add(history)
    for history in histories(tx, office, past, cut_off=last.until):
        found.both.add(history)
    _add_forms(tx, office, now, found.habits, until=last.until)
    return rows[-1].id if len(rows) == PAGE else ""


def _add_forms(
    tx: Tx, office: Office, rows: Sequence[CaseRow], habits: Habits, *, until: Moment
) -> None:
    """Count which fields are filled, in the forms of these cases that were not erased."""
    definitions = {row.id: office.shelf.get(tx, row.definition).definition for row in rows}
    for content in tx.contents.forms_of_each(tuple(definitions)) if rows else ():
        values = (content.body or {}).get("values")
        form = definitions[content.case_id].forms.get(content.kind.removeprefix(FORM))
        if values is not None and form is not None and content.at < until:
            habits.add_form(form.fields, values)
