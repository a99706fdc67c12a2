"""The tables of reviews: what was posted, and what was decided about each proposal."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import moment, number, packed, text
from storage.metadata import metadata

reviews = Table(
    "reviews",
    metadata,
    text("process", key=True),
    text("period", key=True),  # the one that it is about, such as "2026-Q3"
    text("definition"),  # in force when it was posted
    moment("posted_at"),
    packed("body"),  # numbers, and names of the definition; nobody's name
)

review_decisions = Table(
    "review_decisions",
    metadata,
    text("process", key=True),
    text("period", key=True),
    number("proposal", key=True),  # its rank in the review
    text("decision"),  # accepted or postponed
    text("person"),
    moment("at"),
    text("reason"),  # why it was postponed; "" once its author is erased
    text("case_id", null=True),  # the change case that was started
    Index(None, "person"),
)
