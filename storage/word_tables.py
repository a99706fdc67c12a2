"""The tables of the index over the words of contents. All their rows can be made again."""

from __future__ import annotations

from sqlalchemy import Index, Table

from storage.columns import big, binary, text
from storage.metadata import metadata

# Each content that had words; `number` is its place in the index, null while it waits for one.
searched_contents = Table(
    "searched_contents",
    metadata,
    text("case_id", key=True),
    text("content", key=True),
    big("number", null=True),
    Index(None, "number"),
)

# A part of the index that is written once, with a hash of the case of each of its contents.
word_segments = Table("word_segments", metadata, big("segment", key=True), binary("cases"))

# The pairs of characters that begin with `first`, each with the contents of a segment that have it.
word_pairs = Table(
    "word_pairs",
    metadata,
    text("first", key=True),
    big("segment", key=True),
    binary("contents"),
)
