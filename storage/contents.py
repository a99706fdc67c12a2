"""The store of personal content, which events refer to and which can be erased."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, literal_column, select, update

from storage import tables as t
from storage.prepared import Prepared, Row
from storage.searching import words_of
from storage.statements import many_values, one_of
from storage.word_index import forget
from storage.word_tables import searched_contents
from workflows.canonical import canonical_json
from workflows.records import FORM, Content

_PUT = Prepared(insert(t.contents))
_PUT_SEARCHED = Prepared(insert(searched_contents))
_ORDER = (t.contents.c.at, t.contents.c.case_id, t.contents.c.id)
_FIELDS = tuple(Content.__dataclass_fields__)
_ALL = select(*(t.contents.c[name] for name in _FIELDS))
_OF_CASE = Prepared(_ALL.where(t.contents.c.case_id == bindparam("case_id")).order_by(*_ORDER))
_IS_FORM = t.contents.c.kind.like(literal_column(f"'{FORM}%'"))
_FORMS_OF = Prepared(
    _ALL.where(t.contents.c.case_id == bindparam("case_id"), _IS_FORM).order_by(*_ORDER)
)
_BY_AUTHOR = _ALL.where(t.contents.c.author == bindparam("author")).order_by(*_ORDER)
_ERASE = (
    update(t.contents)
    .where(t.contents.c.id.in_(bindparam("ids", expanding=True)))
    .values(body=None, salt="", words=None)
)


class Contents:
    """The store of personal content."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, content: Content) -> None:
        """Store a content."""
        body = None if content.body is None else canonical_json(content.body)
        words = words_of(content.body)
        _PUT.change(
            self._connection,
            {
                "id": content.id,
                "case_id": content.case_id,
                "kind": content.kind,
                "author": content.author,
                "at": content.at,
                "salt": content.salt,
                "body": body,
                "digest": content.digest,
                "words": words,
            },
        )
        if words is not None:
            row = {"case_id": content.case_id, "content": content.id, "number": None}
            _PUT_SEARCHED.change(self._connection, row)

    def of_case(self, case_id: str) -> Mapping[str, Content]:
        """Return the contents of a case by id, oldest first."""
        return _by_id(_OF_CASE.rows(self._connection, case_id=case_id))

    def forms_of(self, case_id: str) -> Mapping[str, Content]:
        """Return the submitted forms of a case by id, oldest first."""
        return _by_id(_FORMS_OF.rows(self._connection, case_id=case_id))

    def forms_of_each(self, case_ids: Sequence[str]) -> Iterator[Content]:
        """Yield the submitted forms of several cases, the oldest of all first."""
        dialect = self._connection.dialect.name
        ids = {"case_ids": many_values(case_ids, dialect)}
        for row in self._connection.execute(_forms_of_each(dialect), ids).mappings():
            yield content_from(row)

    def by_author(self, person: str) -> tuple[Content, ...]:
        """Return the contents that a person wrote, oldest first."""
        rows = self._connection.execute(_BY_AUTHOR, {"author": person}).mappings()
        return tuple(content_from(row) for row in rows)

    def erase(self, content_ids: Sequence[str]) -> None:
        """Erase the body, the salt and the words of contents, in the index too; digests remain."""
        forget(self._connection, content_ids)
        self._connection.execute(_ERASE, {"ids": list(content_ids)})


@cache
def _forms_of_each(dialect: str) -> Select[Any]:
    wanted = one_of(t.contents.c.case_id, "case_ids", dialect)
    return _ALL.where(wanted, _IS_FORM).order_by(*_ORDER)


def _by_id(rows: Iterable[Row]) -> Mapping[str, Content]:
    contents = (content_from(dict(zip(_FIELDS, row, strict=True))) for row in rows)
    return {content.id: content for content in contents}


def content_from(row: Mapping[Any, Any]) -> Content:
    """Return the content of a row, which may have more columns."""
    fields: dict[str, Any] = {name: row[name] for name in _FIELDS}
    fields["body"] = None if row["body"] is None else json.loads(row["body"])
    return Content(**fields)
