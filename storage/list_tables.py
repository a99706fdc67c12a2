"""The tables from which a person's lists of cases and tasks are read.

All their rows can be derived from the events again.
"""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage import import_tables as import_tables  # noqa: PLC0414 - part of the schema
from storage import login_tables as login_tables  # noqa: PLC0414 - part of the schema
from storage import review_tables as review_tables  # noqa: PLC0414 - part of the schema
from storage import survey_tables as survey_tables  # noqa: PLC0414 - part of the schema
from storage import training_tables as training_tables  # noqa: PLC0414 - part of the schema
from storage import word_tables as word_tables  # noqa: PLC0414 - part of the schema
from storage.columns import flag, moment, text
from storage.metadata import metadata

participants = Table(
    "participants",
    metadata,
    text("case_id", key=True),
    text("person", key=True),
    moment("created_at"),  # of the case
    Index(None, "person", "created_at", "case_id"),
)

# Everybody who was copied in, or watches the case. Unlike a participant, not all may read it.
followers = Table(
    "followers",
    metadata,
    text("case_id", key=True),
    text("person", key=True),
    moment("created_at"),  # of the case
    flag("copied"),
    flag("watches"),
    Index(None, "person", "created_at", "case_id"),
)

task_people = Table(
    "task_people",
    metadata,
    text("case_id", key=True),
    text("task", key=True),
    text("person", key=True),
    text("role"),  # "owner", "deputy", "rescuer"; "" for a person who may no longer act
    flag("active"),  # may act on the task now
    flag("given"),  # was assigned the task at some time
    flag("did"),  # decided it, or a deputy did for them
    Index(None, "person", "active", "role"),
    Index(None, "person", "given"),
    Index(None, "person", "did", "case_id"),
)
