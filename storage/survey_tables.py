"""The tables of anonymous surveys. No row has an answer beside a person, or a time of an answer."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import flag, moment, number, packed, text
from storage.metadata import metadata

# The counters of all answers are in `sealed`, which only a key outside the database opens.
employee_surveys = Table(
    "employee_surveys",
    metadata,
    text("process", key=True),
    text("slot", key=True),  # the period in which it was opened, such as "2026-Q4"
    text("definition"),
    moment("opened_at"),
    moment("remind_at", null=True),  # null once reminded
    moment("closes_at"),
    moment("closed_at", null=True),
    number("asked"),
    text("sealed", null=True),  # null once closed
    packed("published", null=True),  # what was published at the close
)

# Who was asked, until the close.
employee_survey_people = Table(
    "employee_survey_people",
    metadata,
    text("process", key=True),
    text("slot", key=True),
    text("person", key=True),
    flag("answered"),
    Index(None, "person"),
)
