"""The table of mails that wait to be sent; their texts are contents of the case."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import big, moment, number, packed, text
from storage.metadata import metadata

mails = Table(
    "mails",
    metadata,
    text("case_id", key=True),
    text("thread", key=True),  # those of one thread of a case are sent in order; "" to outside
    big("seq", key=True),  # of the event that it was written with
    text("person", null=True),  # None: somebody outside, whose address is in the content
    packed("what"),  # ids that it is made from
    moment("created_at"),
    moment("next_at"),  # created_at, or later after a failure, or the end of the lease
    number("attempts"),
    number("claim"),  # claims; who reports with another has lost the row
    Index(None, "next_at"),
    Index(None, "person"),
)
