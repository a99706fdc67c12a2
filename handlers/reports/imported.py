"""Adds the cases that were imported from other programs to the figures of a process."""

from __future__ import annotations

from handlers.office import Office
from handlers.reports.cases import Asked
from storage.unit import Database, Tx
from workflows.metrics.groups import Groups
from workflows.metrics.imported import past_history

PAGE = 500  # cases of one unit


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
