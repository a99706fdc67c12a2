"""What cases are searched by: the words of their forms, kept in one form beside the contents.

They stand in the row of the content that they come from, so they go with it when it is erased.
A search looks at the cases of one person; the text of each is compared by the database.
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

_OPAQUE = re.compile(r"[a-z]_[0-9a-z]{6,}")  # the id of a file or the key of a person: no word


def plain(text: str) -> str:
    """A text as it is compared: full-width and upper-case letters are as the others."""
    return unicodedata.normalize("NFKC", text).casefold()


def words_of(body: Mapping[str, Any] | None) -> str | None:
    """What a content is found by: the values of a filled form; None when there are none."""
    values = (body or {}).get("values")
    if not isinstance(values, Mapping):
        return None
    return plain("\n".join(_each(list(values.values())))) or None


def has_word(number: int, dialect: str) -> ColumnElement[bool]:
    """Whether a case has a word: in its number, its forms, or the name of its process."""
    holds = func.strpos if dialect == POSTGRESQL else func.instr
    word, content = bindparam(f"word_{number}", type_=Text), t.contents.c
    said = exists().where(content.case_id == t.cases.c.id, holds(content.words, word) > 0)
    processes = bindparam(f"processes_{number}", type_=Text, expanding=True)
    return or_(
        holds(func.lower(t.cases.c.id), word) > 0,
        t.cases.c.process.in_(processes),
        said,
    )


def given_for(words: Sequence[SearchWord]) -> dict[str, Any]:
    """The values of `has_word`, for each of these words."""
    given: dict[str, Any] = {}
    for number, wanted in enumerate(words):
        given[f"word_{number}"] = plain(wanted.word)
        given[f"processes_{number}"] = list(wanted.processes)
    return given


def _each(value: object) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for one in value:
            yield from _each(one)
    elif value is not None and not _OPAQUE.fullmatch(str(value)):
        yield str(value)
