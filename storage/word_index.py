"""The index of a search: which contents have which pairs of adjacent characters.

A word is in a content only if all its pairs are. So a search looks up a few pairs, and compares the
texts of the contents that have them all. Chinese needs no division into words for this.

The index is written in segments of some thousand contents, which are added by `add_segment` and
never merged. Until then contents wait, and a search compares their texts. An erased content is
taken out of its segment by `forget`, in the transaction that erases it.
"""

from __future__ import annotations

import re
import struct
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, count, pairwise
from typing import Any
from zlib import crc32

from msgspec import msgpack
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from storage import tables as t
from storage.statements import upsert
from storage.word_tables import searched_contents, word_pairs, word_segments
from workflows.errors import Conflict

SEGMENT = 4096  # contents; also the distance of the first numbers of two segments
_BITMAP = SEGMENT // 8  # bytes; a shorter value is a list of two bytes a content
LONGEST = 1_000_000  # characters of a segment, unless a single content has more
LOOKED_UP = 3  # pairs of a word; the comparison of the texts does the rest

_rows, _contents = searched_contents.c, t.contents.c
_of_content = (_contents.case_id == _rows.case_id, _contents.id == _rows.content)
_WAITING = (
    select(_rows.case_id, _rows.content, _contents.words)
    .join_from(searched_contents, t.contents, _of_content[0] & _of_content[1])
    .where(_rows.number.is_(None), _contents.words.is_not(None))
    .limit(SEGMENT)
    .execution_options(yield_per=100)
)
_LEFT = select(func.count()).select_from(
    select(_rows.case_id).where(_rows.number.is_(None)).limit(bindparam("most")).subquery()
)
_LAST = select(func.max(word_segments.c.segment))
_NEW = upsert(word_segments)
_NUMBERED = (
    update(searched_contents)
    .where(_rows.case_id == bindparam("of_case"), _rows.content == bindparam("of_content"))
    .where(_rows.number.is_(None))
    .values(number=bindparam("new"))
)
_ERASED = (
    select(searched_contents, _contents.words)
    .join_from(searched_contents, t.contents, _of_content[0] & _of_content[1])
    .where(_contents.id.in_(bindparam("ids", expanding=True)))
    .with_for_update(of=searched_contents)
)
_FORGET = delete(searched_contents).where(
    _rows.case_id == bindparam("of_case"), _rows.content == bindparam("of_content")
)
_pairs = word_pairs.c
_IN_SEGMENT = (
    select(_pairs.first, _pairs.contents)
    .where(_pairs.segment == bindparam("segment"))
    .where(_pairs.first.in_(bindparam("firsts", expanding=True)))
    .order_by(_pairs.first)
    .with_for_update()  # another one may erase something else of this segment
)
_LOOKED_UP = select(_pairs.first, _pairs.segment, _pairs.contents).where(
    _pairs.first.in_(bindparam("firsts", expanding=True))
)
_this_row = (_pairs.segment == bindparam("of_segment"), _pairs.first == bindparam("of_first"))
_CHANGE = update(word_pairs).where(*_this_row).values(contents=bindparam("new"))
_DROP = delete(word_pairs).where(*_this_row)
_in_segment = (_rows.number >= bindparam("low"), _rows.number < bindparam("low") + SEGMENT)
_UNERASED = (
    select(func.count(_contents.words))
    .join_from(searched_contents, t.contents, _of_content[0] & _of_content[1])
    .where(*_in_segment)
)

_DIGITS = bytes.maketrans(b"01", b"\0\1")

Hits = Mapping[int, int]  # of each segment the contents, as the bits of a number


# ------------------------------------------------------------------ the pairs


_pieces = re.compile(r"[^\s\x00-\x20]+").findall  # PostgreSQL cannot store every character


def pairs_of(text: str) -> set[str]:
    """Return what is indexed of a text: the pairs of adjacent characters, and some characters.

    A single character is found by the pairs that begin with it, so the last one of each piece
    is indexed alone; and so is each of ASCII, with which too many pairs begin.
    """
    found: set[str] = set()
    for piece in _pieces(text):
        found.update(map("".join, pairwise(piece)))
        found.add(piece[-1])
    found.update(one for one in set(text) if "!" <= one <= "~")
    return found


def looked_up(word: str) -> tuple[str, ...]:
    """Return some pairs of a word by which it is looked up; its only character if it has one."""
    pieces = _pieces(word)
    pairs = ["".join(pair) for piece in pieces for pair in pairwise(piece)] or pieces[:1]
    some = [pairs[len(pairs) * n // LOOKED_UP] for n in range(LOOKED_UP - 1) if pairs]
    return tuple(dict.fromkeys([*some, *pairs[-1:]]))


def _place(pair: str) -> tuple[str, str]:
    """Return the row of a pair and its name in it; the pairs of a letter have a row each."""
    return (pair, "") if pair[0] <= "~" else (pair[0], pair[1:])


def _packed(places: bytes) -> bytes:
    """Return a list of places, two bytes each, as a bitmap if that is shorter."""
    if len(places) < _BITMAP:
        return places
    bitmap = bytearray(_BITMAP)
    for place in _listed(places):
        bitmap[place >> 3] |= 1 << (place & 7)
    return bytes(bitmap)


def _list_of(places: Iterable[int]) -> bytes:
    return b"".join(place.to_bytes(2, "little") for place in places)


def _listed(places: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(places) // 2}H", places)


def _bits(packed: bytes) -> int:
    if len(packed) == _BITMAP:
        return int.from_bytes(packed, "little")
    bits = 0
    for place in _listed(packed):
        bits |= 1 << place
    return bits


def places_of(bits: int) -> Iterator[int]:
    """Yield the places of the bits that are set."""
    return compress(count(), _flags(bits))


def _flags(bits: int) -> bytes:
    """Return a byte for each bit, the lowest first, for `compress`."""
    return f"{bits:b}"[::-1].encode().translate(_DIGITS)


read_row = msgpack.Decoder(dict[str, bytes]).decode
_write = msgpack.Encoder(order="deterministic").encode


def rows_of(texts: Iterable[str | None]) -> dict[str, bytes]:
    """Return the rows of a segment by `first`, for its texts in their order."""
    places: dict[str, bytearray] = defaultdict(bytearray)
    for number, text in enumerate(texts):
        place = number.to_bytes(2, "little")
        for pair in pairs_of(text) if text else ():
            places[pair] += place
    rows: dict[str, dict[str, bytes]] = defaultdict(dict)
    for pair, found in places.items():
        first, name = _place(pair)
        rows[first][name] = _packed(bytes(found))
    return {first: _write(row) for first, row in rows.items()}


# ------------------------------------------------------------------ writing


def waiting(connection: Connection, *, most: int) -> int:
    """Return how many contents wait to be indexed, at most `most`."""
    return int(connection.execute(_LEFT, {"most": most}).scalar_one())


@dataclass(frozen=True, slots=True)
class Segment:
    """Contents that wait, and their rows of the index. It is made apart, since that takes long."""

    contents: Sequence[tuple[str, str]]  # (case, content)
    rows: Mapping[str, bytes]


def next_segment(connection: Connection, *, least: int = SEGMENT) -> Segment | None:
    """Return the next segment of the contents that wait; None if fewer than `least` do."""
    if waiting(connection, most=least) < least:
        return None
    contents, texts, length = list[tuple[str, str]](), list[str](), 0
    with connection.execute(_WAITING) as found:
        for row in found:
            length += len(row.words)
            if contents and length > LONGEST:
                break
            contents.append((row.case_id, row.content))
            texts.append(row.words)
    return Segment(contents, rows_of(texts)) if contents else None


def add_segment(connection: Connection, segment: Segment) -> None:
    """Write a segment.

    Raises Conflict if a content was erased since, or another process has indexed it.
    """
    last = connection.execute(_LAST).scalar()
    new = 0 if last is None else int(last) + 1
    hashes = [crc32(case_id.encode()) for case_id, _ in segment.contents]
    row = {"segment": new, "cases": struct.pack(f"<{len(hashes)}I", *hashes)}
    connection.execute(_NEW.on(connection), row)
    low = new * SEGMENT
    numbered = [
        {"of_case": case_id, "of_content": content, "new": low + number}
        for number, (case_id, content) in enumerate(segment.contents)
    ]
    connection.execute(_NUMBERED, numbered)  # whoever erases one of them waits for this
    if connection.execute(_UNERASED, {"low": low}).scalar() != len(numbered):
        raise Conflict("contents_erased", segment=new)
    rows = [{"first": f, "segment": new, "contents": one} for f, one in segment.rows.items()]
    for some in batched(rows, 500):
        connection.execute(insert(word_pairs), some)


def forget(connection: Connection, content_ids: Collection[str]) -> None:
    """Take contents out of the index; their words must still be there."""
    gone: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    erased = connection.execute(_ERASED, {"ids": list(content_ids)}).all()
    for row in erased:
        for pair in () if row.number is None else pairs_of(row.words or ""):
            gone[row.number // SEGMENT][pair] |= 1 << row.number % SEGMENT
    for segment, pairs in gone.items():
        _take_out(connection, segment, pairs)
    if erased:
        keys = [{"of_case": row.case_id, "of_content": row.content} for row in erased]
        connection.execute(_FORGET, keys)


def _take_out(connection: Connection, segment: int, pairs: Mapping[str, int]) -> None:
    firsts: dict[str, list[str]] = defaultdict(list)
    for pair in pairs:
        firsts[_place(pair)[0]].append(pair)
    for some in batched(sorted(firsts), 500):
        found = connection.execute(_IN_SEGMENT, {"segment": segment, "firsts": some}).all()
        for row in found:
            kept = dict(read_row(row.contents))
            for pair in firsts[row.first]:
                name = _place(pair)[1]
                left = _bits(kept.pop(name, b"")) & ~pairs[pair]
                if left:
                    kept[name] = _packed(
                        b"".join(one.to_bytes(2, "little") for one in places_of(left))
                    )
            key = {"of_segment": segment, "of_first": row.first}
            if kept:
                connection.execute(_CHANGE, {**key, "new": _write(kept)})
            else:
                connection.execute(_DROP, key)


def batched(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """Yield the items in parts of this size."""
    for start in range(0, len(items), size):
        yield items[start : start + size]


def start_anew(connection: Connection) -> None:
    """Empty the index, so that every content with words waits to be indexed."""
    for table in (word_pairs, word_segments, searched_contents):
        connection.execute(delete(table))
    words = select(_contents.case_id, _contents.id).where(_contents.words.is_not(None))
    connection.execute(insert(searched_contents).from_select(["case_id", "content"], words))


# ------------------------------------------------------------------ looking up


def hits(connection: Connection, word: str) -> Hits | None:
    """Return the indexed contents that may have a word; None if the word cannot be looked up."""
    pairs = looked_up(word)
    if not pairs:
        return None
    firsts = sorted({_place(pair)[0] for pair in pairs})
    there: dict[int, dict[str, Mapping[str, bytes]]] = defaultdict(dict)
    for row in connection.execute(_LOOKED_UP, {"firsts": firsts}):
        there[row.segment][row.first] = read_row(row.contents)
    found = {segment: having(rows, pairs) for segment, rows in there.items()}
    return {segment: bits for segment, bits in found.items() if bits}


def having(rows: Mapping[str, Mapping[str, bytes]], pairs: Sequence[str]) -> int:
    """Return the contents of a segment that have all these pairs, as bits."""
    bits = -1
    for pair in pairs:
        first, name = _place(pair)
        named = rows.get(first, {})
        if len(pair) > 1 or pair <= "~":
            bits &= _bits(named.get(name, b""))
        else:
            either = 0
            for one in named.values():
                either |= _bits(one)
            bits &= either
        if not bits:
            break
    return bits


def numbers_of(found: Hits) -> list[int]:
    """Return the numbers of contents."""
    return [s * SEGMENT + place for s, bits in found.items() for place in places_of(bits)]


def cases_of(found: Hits, cases: Mapping[int, Any]) -> Iterator[int]:
    """Yield the hash of the case of each content."""
    for segment, bits in found.items():
        yield from compress(cases[segment], _flags(bits))


def hashes_of_cases(connection: Connection) -> Mapping[int, Any]:
    """Return the hashes of the cases of all segments, by segment."""
    rows = connection.execute(select(word_segments))
    return {row.segment: struct.unpack(f"<{len(row.cases) // 4}I", row.cases) for row in rows}
