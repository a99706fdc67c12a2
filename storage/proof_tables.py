"""The tables of the directory's chain, like `events` and `cases` for a case."""

from __future__ import annotations

from sqlalchemy import Table

from storage.columns import big, moment, text
from storage.metadata import metadata

directory_events = Table(
    "directory_events",
    metadata,
    big("seq", key=True),
    text("type"),
    text("actor"),
    moment("at"),
    text("text"),  # the canonical JSON that is hashed
    text("previous"),
    text("hash"),
)

# One row, "directory": the head of the directory's chain.
chain_heads = Table("chain_heads", metadata, text("name", key=True), big("seq"), text("head"))

# The current digest and salt of each covered row, by a name such as "person p_1".
directory_rows = Table(
    "directory_rows", metadata, text("name", key=True), text("salt"), text("digest")
)
