"""The table of numbers that an owner gave to tables of a published definition."""

from __future__ import annotations

from sqlalchemy import Table

from storage.columns import moment, number, text
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
