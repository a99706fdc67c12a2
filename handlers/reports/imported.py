"""Reads the cases that were imported from other programs, and adds them to figures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from handlers.office import Office
from handlers.reports.cases import Asked
from storage.unit import Database, Tx
from workflows.metrics.groups import Groups
from workflows.metrics.imported import PastCase, past_history
from workflows.moments import Moment

PAGE = 500  # cases of one unit


def imported_pages(
    tx: Tx, process: str, *, since: Moment | None = None
) -> Iterator[Sequence[PastCase]]:
    """Yield the imported cases of a process in pages, all in this transaction."""
    which = tuple(one.id for one in tx.imports.of(process) if one.finished)
    after: str | None = "" if which else None
    while after is not None:
        page = tx.imports.page(process, after=after, most=PAGE, which=which, since=since)
        if page:
            yield page
        after = page[-1].number if len(page) == PAGE else None


async def add_imported(database: Database, office: Office, groups: Groups, asked: Asked) -> None:
    """Add the imported cases, a page at a time, each as the newest finished import has it."""
    imports = await database.read(lambda tx: tx.imports.of(asked.process))
    which = tuple(one.id for one in imports if one.finished)
    after: str | None = "" if which else None

    def page(tx: Tx) -> str | None:
        assert after is not None, "there is a page to read"
        found = tx.imports.page(
            asked.process, after=after, most=PAGE, which=which, since=asked.since
        )
        for case in found:
            history = past_history(
                case,
                process=asked.process,
                calendar=office.calendar,
                cut_off=groups.ruler.cut_off,
            )
            if history is not None:
                groups.add(history)
        return found[-1].number if len(found) == PAGE else None

    while after is not None:
        after = await database.read(page)
