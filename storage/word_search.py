"""Finds the few cases that may have the words of a search.

Whether a case has a word is decided by `searching.in_case`; this leaves cases out that cannot.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from zlib import crc32

from sqlalchemy import Connection, func, select

from storage import tables as t
from storage import word_index as index
from storage.searching import holding, plain
from storage.statements import many_values, one_of
from storage.word_tables import searched_contents
from workflows.records import SearchWord

FEW = 1000  # cases that are read and sorted; each is compared in full
WAITING_MOST = 2 * index.SEGMENT  # contents that a search compares without the index
_NUMBER = re.compile(r"[a-z]{0,4}-?[0-9]*-?[0-9]*")  # what can be a part of a case number
_rows = searched_contents.c


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The cases that have all words, if they are few; those of each word that names a process.

    `cases` is None when they are many. `listed` has the cases with the word in a number or a form,
    by the position of the word, if these are few.
    """

    cases: tuple[str, ...] | None = None
    listed: dict[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """What is known of one word; `hits` is None if the index cannot say."""

    hits: index.Hits | None
    beside: set[str] | None  # further cases, by number or not yet indexed; None: too many
    cases: set[str] | None = None  # all cases that may have the word; None: too many


def narrowed(connection: Connection, words: Sequence[SearchWord]) -> Narrowed:
    """Return the few cases to which the words lead."""
    if not words or index.waiting(connection, most=WAITING_MOST + 1) > WAITING_MOST:
        return Narrowed()
    listed: dict[int, tuple[str, ...]] = {}
    few: list[set[str]] = []
    many: list[_Found] = []
    for position, word in enumerate(words):
        found = _found(connection, plain(word.word))
        if found.cases is None and not word.processes:
            many.append(found)
        elif found.cases is not None and word.processes:
            listed[position] = tuple(sorted(found.cases))
            of_process = _of_processes(connection, word.processes)
            if len(of_process) <= FEW:
                few.append(found.cases | of_process)
        elif found.cases is not None:
            few.append(found.cases)
    cases = set.intersection(*few) if few else _common(connection, many)
    return Narrowed(None if cases is None else tuple(sorted(cases)), listed)


def _found(connection: Connection, word: str) -> _Found:
    hits = index.hits(connection, word)
    beside = _beside(connection, word)
    if hits is None or beside is None or sum(map(int.bit_count, hits.values())) > FEW:
        return _Found(hits, beside)
    cases = beside | _cases_of(connection, index.numbers_of(hits))
    return _Found(hits, beside, cases if len(cases) <= FEW else None)


def _beside(connection: Connection, word: str) -> set[str] | None:
    """Return the cases with a word that is not in the index; None if they are many."""
    dialect, contents = connection.dialect.name, t.contents.c
    here = (contents.case_id == _rows.case_id) & (contents.id == _rows.content)
    waiting = (
        select(_rows.case_id)
        .join_from(searched_contents, t.contents, here)
        .where(_rows.number.is_(None), holding(contents.words, "word", dialect))
    )
    found = set(connection.execute(waiting, {"word": word}).scalars())
    if _NUMBER.fullmatch(word) and _may_be_a_number(connection, word):
        number = func.lower(t.cases.c.id)
        numbered = select(t.cases.c.id).where(holding(number, "word", dialect)).limit(FEW + 1)
        found |= set(connection.execute(numbered, {"word": word}).scalars())
    return found if len(found) <= FEW else None


def _may_be_a_number(connection: Connection, word: str) -> bool:
    """Return whether a word may be in the number of a case; mere letters are in a prefix."""
    if not word.isalpha():
        return True
    prefixes = connection.execute(select(t.case_numbers.c.prefix).distinct()).scalars()
    return any(word in prefix.lower() for prefix in prefixes)


def _cases_of(connection: Connection, numbers: Collection[int]) -> set[str]:
    """Return the cases of indexed contents."""
    dialect = connection.dialect.name
    rows = select(_rows.case_id).where(one_of(_rows.number, "numbers", dialect))
    return set(connection.execute(rows, {"numbers": many_values(numbers, dialect)}).scalars())


def _of_processes(connection: Connection, processes: Sequence[str]) -> set[str]:
    rows = select(t.cases.c.id).where(t.cases.c.process.in_(processes)).limit(FEW + 1)
    return set(connection.execute(rows).scalars())


def _common(connection: Connection, many: Sequence[_Found]) -> set[str] | None:
    """Return the cases that have two frequent words or more, if they are few.

    They are compared by the hashes of the cases, of which the index has one for each content.
    """
    known = [(one.hits, one.beside) for one in many]
    sure = [(hits, beside) for hits, beside in known if hits is not None and beside is not None]
    if len(sure) < 2:  # noqa: PLR2004 - one alone has many
        return None
    hashes = index.hashes_of_cases(connection)
    sets = [
        {*index.cases_of(hits, hashes), *(crc32(one.encode()) for one in beside)}
        for hits, beside in sure
    ]
    common = set.intersection(*sets)
    if len(common) > FEW:
        return None
    hits, beside = sure[0]
    each = zip(index.numbers_of(hits), index.cases_of(hits, hashes), strict=True)
    numbers = [number for number, hashed in each if hashed in common]
    return beside | _cases_of(connection, numbers)
