"""The reset of the playground: deletes all cases.

The directory, the published definitions and the chain of the directory are kept; the chain records
the reset.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete, exists, not_, update

from storage import tables as t
from storage.metadata import metadata
from storage.unit import Tx
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.moments import Moment

KEPT_AT_RESET = {
    *(
        "people",
        "accounts",
        "departments",
        "definitions",
        "releases",
        "table_values",
        "counters",
        "settings",
    ),
    *("directory_events", "directory_rows", "chain_heads"),
}


def drop_past_messages(tx: Tx, *, now: Moment) -> None:
    """Delete all unsent messages but the cards of open cases and tasks, which may be sent now."""
    owed, tasks = t.outbox.c, t.tasks.c
    running = exists().where(t.cases.c.id == owed.case_id, t.cases.c.status == Status.RUNNING.value)
    of_task = exists().where(
        tasks.case_id == owed.case_id,
        tasks.id == owed.task,
        tasks.status == TaskStatus.OPEN.value,
    )
    cards = running & ((owed.kind == "case") | ((owed.kind == "task") & of_task))
    tx.connection.execute(delete(t.outbox).where(not_(cards)))
    tx.connection.execute(update(t.outbox).values(created_at=now, ready_at=now, next_at=now))
    tx.connection.execute(delete(t.digest_lines))


def forget_cases(tx: Tx, *, settings: Collection[str]) -> None:
    """Delete all rows except those of the company and these settings."""
    for table in reversed(metadata.sorted_tables):
        if table.name not in KEPT_AT_RESET:
            tx.connection.execute(delete(table))
    tx.connection.execute(delete(t.settings).where(t.settings.c.name.not_in(settings)))
    directory = tx.people.directory()
    tx.people.replace(tuple(directory.people.values()), tuple(directory.departments.values()))
