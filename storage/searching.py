"""The search over cases: the normalized text of each form is stored beside its content.

A word that few cases may have, as the index says (`storage/word_index.py`), leads to these cases.
Of a word that many have, cases are read in the order of the list until the page is full. Either
way the database compares the texts of the cases that it reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, func, literal_column, or_, select

from storage import tables as t
from storage.statements import POSTGRESQL
from workflows.records import SearchWord

_OPAQUE = re.compile(r"[a-z]_[0-9a-z]{6,}")  # the id of a file or the key of a person, not a word


def plain(text: str) -> str:
    """Return a text in the form in which it is compared: full width and case are normalized."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(body: Mapping[str, Any] | None) -> str | None:
    """Return the searchable text of a content, the values of a form; None if it has none."""
    values = (body or {}).get("values")
    if not isinstance(values, Mapping):
        return None
    return plain("\n".join(_each(list(values.values())))) or None


def holding(text: ColumnElement[Any], name: str, dialect: str) -> ColumnElement[bool]:
    """Return the condition that a text has a word, a parameter of this name."""
    holds = func.strpos if dialect == POSTGRESQL else func.instr
    return holds(text, bindparam(name, type_=Text)) > 0


def in_case(number: int, dialect: str, *, case_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Return the condition that a case has a word in its number or its forms."""
    name, content = f"word_{number}", t.contents.c
    there = (content.case_id == case_id, content.words.is_not(None))
    return or_(
        holding(func.lower(case_id), name, dialect),
        # PostgreSQL would answer EXISTS with a table of all contents that have the word.
        select(content.id)
        .where(*there, holding(content.words, name, dialect))
        .limit(literal_column("1"))
        .scalar_subquery()
        .is_not(None),
    )


def given_for(words: Sequence[SearchWord]) -> dict[str, Any]:
    """Return the parameters of `in_case` for these words."""
    given: dict[str, Any] = {}
    for number, wanted in enumerate(words):
        given[f"word_{number}"] = plain(wanted.word)
        if wanted.processes:
            given[f"processes_{number}"] = list(wanted.processes)
    return given


def _each(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _each(one)
    elif value is not None and not _OPAQUE.fullmatch(str(value)):
        yield str(value)
