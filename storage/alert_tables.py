"""The tables of digests and of alerts."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import big, flag, moment, number, packed, text
from storage.metadata import metadata

# The lines of digests: one for each overdue task, person and digest.
digest_lines = Table(
    "digest_lines",
    metadata,
    text("case_id", key=True),
    text("person", key=True),
    text("digest", key=True),  # the slot of the digest's message
    text("task", key=True),
    moment("at"),
    Index(None, "person", "digest"),
)

# The state of each alert at its last check.
alerts = Table(
    "alerts",
    metadata,
    text("process", key=True),
    text("alert", key=True),
    text("subject", key=True),  # the person whom it is about, or ""
    text("phase"),
    moment("since"),
    moment("clear_since", null=True),
    moment("checked_at"),
    text("checks"),  # the last ones: 1 where it was raised
    flag("flapping"),
    big("value"),  # when the oldest case was filed, a number of tasks, or how many count
    number("n"),  # of a rate: how many values it has
    moment("fired_at", null=True),  # when it fired last
    packed("told"),  # who got the message
    packed("managers"),  # the managers who got it later
)
