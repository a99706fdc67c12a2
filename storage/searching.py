"""The search over cases: the normalized text of each form is stored beside its content.

The text is in the row of the content, so erasing the content erases it too. A search covers the
cases of one person; the database compares the text of each.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, bindparam, exists, func, or_

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


def has_word(
    number: int, dialect: str, *, case_id: ColumnElement[str], names_process: bool
) -> ColumnElement[bool]:
    """Return the condition that a case has a word in its number, its forms or its process name."""
    holds = func.strpos if dialect == POSTGRESQL else func.instr
    word, content = bindparam(f"word_{number}", type_=Text), t.contents.c
    there = (content.case_id == case_id, content.words.is_not(None))
    found = [
        holds(func.lower(case_id), word) > 0,
        exists().where(*there, holds(content.words, word) > 0),
    ]
    if names_process:
        processes = bindparam(f"processes_{number}", type_=Text, expanding=True)
        found.append(t.cases.c.process.in_(processes))
    return or_(*found)


def given_for(words: Sequence[SearchWord]) -> dict[str, Any]:
    """Return the parameters of `has_word` for these words."""
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
