"""The past cases of a process, own and imported, as works read them in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.office import Office
from handlers.reports.cases import PAGE, histories
from storage.unit import Tx
from workflows.metrics.history import History
from workflows.metrics.imported import past_history
from workflows.moments import Moment
from workflows.records import CaseQuery


def past_cases(
    tx: Tx, office: Office, process: str, *, cut_off: Moment, since: Moment | None = None
) -> Iterator[History]:
    """Yield the cases that were filed until the cut-off, and since a moment if one is given."""
    before: str | None = None
    while before != "":
        query = CaseQuery(process=process, filed_since=since, before=before, limit=PAGE)
        rows = tx.cases.find(query)
        yield from histories(tx, office, rows, cut_off=cut_off)
        before = rows[-1].id if len(rows) == PAGE else ""
    yield from _imported(tx, office, process, cut_off=cut_off, since=since)


def _imported(
    tx: Tx, office: Office, process: str, *, cut_off: Moment, since: Moment | None
) -> Iterator[History]:
    which = tuple(one.id for one in tx.imports.of(process) if one.finished)
    after: str | None = "" if which else None
    while after is not None:
        page = tx.imports.page(process, after=after, most=PAGE, which=which, since=since)
        for case in page:
            history = past_history(case, process=process, calendar=office.calendar, cut_off=cut_off)
            if history is not None:
                yield history
        after = page[-1].number if len(page) == PAGE else None
