"""Reads the cases of a quarter that ran on one version, to be replayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers.office import Office
from handlers.reports.cases import PAGE, histories, new_groups, pages_of
from storage.unit import Tx
from workflows.loading import Loaded
from workflows.moments import DAY, Moment
from workflows.records import CaseRow
from workflows.what_if.comparing import Quarter
from workflows.what_if.past import PastCase, past_tasks

QUARTER = 91 * DAY


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadQuarter:
    """A quarter, and since when its cases were filed.

    `others` counts cases of other versions, which are not in it; `spared` those that were left out
    because there are too many to replay.
    """

    quarter: Quarter
    since: Moment
    others: int
    spared: int = 0


def read_quarter(
    tx: Tx,
    office: Office,
    loaded: Loaded,
    *,
    since: Moment | None = None,
    until: Moment | None = None,
    most: int | None = None,
) -> ReadQuarter:
    """Return the cases of a version as they were at `until`, which is now without it.

    They were filed since then, else in the 91 days before `until`. If there are more than `most`,
    as many are taken, at equal distances.
    """
    ruler = new_groups(office).ruler
    if until is not None:
        ruler = replace(ruler, cut_off=until)
    begin = ruler.cut_off - QUARTER if since is None else since
    pages = pages_of(tx, loaded.definition.key, since=begin)
    rows = [row for page in pages for row in page if row.created_at < ruler.cut_off]
    own = [row for row in rows if row.definition == loaded.hash]
    kept = _spread(own, len(own) if most is None else min(most, len(own)))
    found: list[PastCase] = []
    for place in range(0, len(kept), PAGE):
        found += _past(tx, office, kept[place : place + PAGE], cut_off=ruler.cut_off)
    quarter = Quarter(
        cases=tuple(found), loaded=loaded, directory=office.directory(tx), ruler=ruler
    )
    return ReadQuarter(
        quarter=quarter,
        since=begin,
        others=len(rows) - len(own),
        spared=len(own) - len(kept),
    )


def _spread(rows: Sequence[CaseRow], count: int) -> Sequence[CaseRow]:
    """Return so many of the rows, at equal distances."""
    return [rows[place * len(rows) // count] for place in range(count)]


def _past(
    tx: Tx, office: Office, rows: Sequence[CaseRow], *, cut_off: Moment
) -> Iterator[PastCase]:
    ids = tuple(row.id for row in rows)
    values: Mapping[str, dict[str, object]] = defaultdict(dict)
    for form in tx.contents.forms_of_each(ids):
        values[form.case_id].update((form.body or {}).get("values", {}))
    known = {one.case: one for one in histories(tx, office, rows, cut_off=cut_off)}
    for case_id, events in tx.cases.events_of(ids):
        if case_id in known:
            tasks = past_tasks(events, calendar=office.calendar, cut_off=cut_off)
            yield PastCase(history=known[case_id], tasks=tuple(tasks), values=values[case_id])
