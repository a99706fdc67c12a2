"""The past cases of a process, own and imported, as works read them in one transaction."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.office import Office
from handlers.reports.cases import histories, pages_of
from handlers.reports.imported import imported_pages
from storage.unit import Tx
from workflows.metrics.history import History
from workflows.metrics.imported import past_history
from workflows.moments import Moment


def past_cases(
    tx: Tx, office: Office, process: str, *, cut_off: Moment, since: Moment | None = None
) -> Iterator[History]:
    """Yield the cases that were filed until the cut-off, and since a moment if one is given."""
    for rows in pages_of(tx, process, since=since):
        yield from histories(tx, office, rows, cut_off=cut_off)
    for page in imported_pages(tx, process, since=since):
        for case in page:
            history = past_history(case, process=process, calendar=office.calendar, cut_off=cut_off)
            if history is not None:
                yield history
