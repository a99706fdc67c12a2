"""Compares the index of the search with the texts of the contents.

Apart from `storage.fsck` for the length of that file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from storage import tables as t
from storage.word_index import SEGMENT, rows_of
from storage.word_tables import searched_contents, word_pairs, word_segments

_rows, _pairs = searched_contents.c, word_pairs.c
_SEGMENTS = (
    select(word_segments.c.segment)
    .where(word_segments.c.segment > bindparam("after"))
    .order_by(word_segments.c.segment)
    .limit(1)
)
_TEXTS = (
    select(_rows.number, t.contents.c.words)
    .join_from(
        searched_contents,
        t.contents,
        (t.contents.c.case_id == _rows.case_id) & (t.contents.c.id == _rows.content),
    )
    .where(_rows.number >= bindparam("low"), _rows.number < bindparam("low") + SEGMENT)
)
_STORED = select(_pairs.first, _pairs.contents).where(_pairs.segment == bindparam("segment"))
_NO_SEGMENT = (
    select(_pairs.segment)
    .where(_pairs.segment.not_in(select(word_segments.c.segment)))
    .distinct()
    .order_by(_pairs.segment)
)


def unsearched(kept: Mapping[str, Sequence[Row[Any]]]) -> Iterator[str]:
    """Yield the contents of a case that have words and no row for the search, or the reverse."""
    words = {row.id for row in kept[t.contents.name] if row.words is not None}
    yield from sorted(words ^ {row.content for row in kept[searched_contents.name]})


def segment_after(connection: Connection, after: str) -> int | None:
    """Return the next segment of the index; None after the last."""
    found = connection.execute(_SEGMENTS, {"after": int(after or -1)}).scalar()
    return None if found is None else int(found)


def wrong_segments(connection: Connection, segment: int | None) -> Sequence[int]:
    """Return this segment if it is not what the texts of its contents give.

    For None, return the segments of pairs that the index does not know.
    """
    if segment is None:
        return connection.execute(_NO_SEGMENT).scalars().all()
    low = segment * SEGMENT
    texts = [""] * SEGMENT
    for row in connection.execute(_TEXTS, {"low": low}):
        texts[row.number - low] = row.words or ""
    stored = connection.execute(_STORED, {"segment": segment})
    kept = {row.first: bytes(row.contents) for row in stored}
    return [] if kept == rows_of(texts) else [segment]
