"""The tables of facts and rules: numbers of tables, unique values, points, latest facts."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import big, flag, moment, number, text
from storage.metadata import metadata

# Rows are only added: the newest that holds counts, and facts name the version that they used.
table_values = Table(
    "table_values",
    metadata,
    text("process", key=True),
    text("name", key=True),  # of the table in the definition
    number("version", key=True),  # counts the values of the table, from 1
    text("option"),
    text("value"),  # a decimal number
    text("holds_from"),  # a date, as ISO 8601
    moment("set_at"),
    text("set_by"),
)

# The values of unique fields of open cases, as they are compared; `unique_values.compared`.
unique_values = Table(
    "unique_values",
    metadata,
    text("process", key=True),
    text("field", key=True),
    text("value", key=True),
    text("case_id"),
    Index(None, "case_id"),
)

# The points of cases for lateness, one row for each charge, as the facts of the case have them.
points = Table(
    "points",
    metadata,
    text("case_id", key=True),
    big("seq", key=True),  # of the event that charged them
    text("process"),
    text("definition"),
    text("node"),
    text("person"),
    number("points"),
    moment("day"),  # the close of the working day
    flag("waived"),
    Index(None, "person", "day"),
    Index(None, "process", "day"),
)

# The latest fact of each name that is about the case itself, as the case has them.
latest_facts = Table(
    "latest_facts",
    metadata,
    text("case_id", key=True),
    text("name", key=True),
    text("process"),
    text("option"),  # "" for a number
    big("number"),  # counts hundredths
    Index(None, "process", "name", "option", "case_id"),
)
