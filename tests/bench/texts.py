"""Texts of forms as a company writes them, a hundred characters each, for searches among many."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from storage import tables as t
from storage.word_index import add_segment, next_segment
from storage.word_tables import searched_contents

if TYPE_CHECKING:
    from sqlalchemy import Connection

EACH = 4  # further contents of a case
LENGTH = 100
BATCH = 20_000
FREQUENT, ELSEWHERE, SELDOM = "龖龗", "龗龖", "鱻麤"
_VOCABULARY = 30_000


def more_contents(connection: Connection) -> None:
    """Give each case further contents; the frequency of their words falls as in real texts."""
    cases = connection.execute(select(t.cases.c.id).order_by(t.cases.c.id)).scalars().all()
    texts = _texts()
    keys = itertools.product(enumerate(cases), range(EACH))
    while some := list(itertools.islice(keys, BATCH)):
        rows = [
            {"case_id": case_id, "id": f"more_{number}", "words": text + _said(place, number)}
            | {"kind": "form:more", "author": "", "at": 0, "salt": "", "digest": "", "body": None}
            for ((place, case_id), number), text in zip(some, texts, strict=False)
        ]
        connection.execute(insert(t.contents), rows)
        searched = [{"case_id": row["case_id"], "content": row["id"]} for row in rows]
        connection.execute(insert(searched_contents), searched)


def _said(place: int, number: int) -> str:
    """Return what a content has beside its text: half of the cases one word, half the other."""
    if place % 500 == number == 1:
        return f" {SELDOM}"
    return f" {(FREQUENT, ELSEWHERE)[place % 2]}" if number == 0 else ""


def index_more(connection: Connection) -> bool:
    """Index a segment, as the running bot does; return False if too few contents wait."""
    segment = next_segment(connection)
    if segment is not None:
        add_segment(connection, segment)
    return segment is not None


def _texts() -> Iterator[str]:
    chance = random.Random(14)
    signs = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
    lengths = chance.choices((2, 2, 2, 3, 4), k=_VOCABULARY)
    vocabulary = ["".join(chance.choices(signs, k=length)) for length in lengths]
    vocabulary[100::50] = [f"{word}{n}" for n, word in enumerate(vocabulary[100::50])]
    weights = list(itertools.accumulate(1 / (rank + 10) for rank in range(_VOCABULARY)))
    while True:
        words = chance.choices(vocabulary, cum_weights=weights, k=LENGTH // 2)
        yield "".join(words)[:LENGTH]
