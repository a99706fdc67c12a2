"""The reset of the playground: deletes all cases.

The directory, the published definitions and the chain of the directory are kept; the chain records
the reset.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import delete

from storage import tables as t
from storage.metadata import metadata
from storage.unit import Tx

KEPT_AT_RESET = {
    *("people", "accounts", "departments", "definitions", "table_values", "counters", "settings"),
    *("directory_events", "directory_rows", "chain_heads"),
}


def forget_cases(tx: Tx, *, settings: Collection[str]) -> None:
    """Delete all rows except those of the company and these settings."""
    for table in reversed(metadata.sorted_tables):
        if table.name not in KEPT_AT_RESET:
            tx.connection.execute(delete(table))
    tx.connection.execute(delete(t.settings).where(t.settings.c.name.not_in(settings)))
    directory = tx.people.directory()
    tx.people.replace(tuple(directory.people.values()), tuple(directory.departments.values()))
