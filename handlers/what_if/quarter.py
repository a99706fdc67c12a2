"""Reads the cases of a quarter that ran on one version, to be replayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from handlers.office import Office
from handlers.reports.cases import histories, new_groups, pages_of
from storage.unit import Tx
from workflows.loading import Loaded
from workflows.moments import DAY, Moment
from workflows.records import CaseRow
from workflows.what_if.comparing import Quarter
from workflows.what_if.past import PastCase, past_tasks

QUARTER = 91 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuarter:
    """A quarter, since when its cases were filed, and how many of other versions are not in it."""

    quarter: Quarter
    since: Moment
    others: int


def read_quarter(
    tx: Tx, office: Office, loaded: Loaded, *, since: Moment | None = None
) -> ReadQuarter:
    """Return the cases of a version filed since then, else in the last 91 days, up to now."""
    ruler = new_groups(office).ruler
    begin = ruler.cut_off - QUARTER if since is None else since
    found: list[PastCase] = []
    others = 0
    for rows in pages_of(tx, loaded.definition.key, since=begin):
        own = [row for row in rows if row.definition == loaded.hash]
        others += len(rows) - len(own)
        found += _past(tx, office, own, cut_off=ruler.cut_off)
    quarter = Quarter(
        cases=tuple(found), loaded=loaded, directory=office.directory(tx), ruler=ruler
    )
    return ReadQuarter(quarter=quarter, since=begin, others=others)


def _past(
    tx: Tx, office: Office, rows: Sequence[CaseRow], *, cut_off: Moment
) -> Iterator[PastCase]:
    ids = tuple(row.id for row in rows)
    if not ids:
        return
    values: Mapping[str, dict[str, object]] = defaultdict(dict)
    for form in tx.contents.forms_of_each(ids):
        values[form.case_id].update((form.body or {}).get("values", {}))
    known = {one.case: one for one in histories(tx, office, rows, cut_off=cut_off)}
    for case_id, events in tx.cases.events_of(ids):
        if case_id in known:
            tasks = past_tasks(events, calendar=office.calendar, cut_off=cut_off)
            yield PastCase(history=known[case_id], tasks=tuple(tasks), values=values[case_id])
