"""The table of releases: who starts which version of a process."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import moment, number, text
from storage.metadata import metadata

# A release to several departments has one row for each, with the same opening.
releases = Table(
    "releases",
    metadata,
    text("process", key=True),
    number("number", key=True),  # counts the releases of the process, from 1
    text("department"),  # "" for all
    text("kind"),  # "all", "pilot" or "batch"
    number("version"),  # of the definition
    text("opening"),  # the act that opened it; the same act opens nothing twice
    number("batch"),  # of a roll-out, from 1; 0 for other kinds
    moment("opened_at"),
    moment("until", null=True),  # the planned end
    moment("ended_at", null=True),
    text("ended_why"),  # "" while it is open
    text("opened_by"),
    text("second"),  # the second person who released it; "" without one
    text("helper", null=True),  # the person who helps its users in the first weeks
    Index(None, "process", "opening"),
)

# At most one release of a process to all, and one to each department, is open.
_open = releases.c.ended_at.is_(None)
Index(
    "ix_releases_process_department",
    releases.c.process,
    releases.c.department,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)
