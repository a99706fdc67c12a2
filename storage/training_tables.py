"""The table of training cards: who got the one of a version, and has read it."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import moment, number, text
from storage.metadata import metadata

trainings = Table(
    "trainings",
    metadata,
    text("process", key=True),
    number("version", key=True),
    text("person", key=True),
    text("node"),  # the step at which they first used it; "" for filing a case
    moment("shown_at"),
    moment("read_at", null=True),
    Index(None, "person"),
)
