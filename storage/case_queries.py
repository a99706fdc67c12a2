"""Builds the statements for lists of cases; apart from `storage.cases` for the length of that file.

The few cases of a person, or of a group, are read and sorted. Many are read in the order of an
index until the page is full, so that a list costs the same among a hundred thousand cases. SQLite
chooses an index by the conditions that it sees; those whose index would be a bad choice are hidden
from it by a `concat`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    exists,
    func,
    not_,
    or_,
    select,
)

from storage import tables as t
from storage.searching import given_for, has_word
from workflows.case.status import Status
from workflows.moments import Moment
from workflows.records import CaseQuery, CaseRow

_cases = t.cases.c
_EQUAL = ("process", "status", "filer")
_OWN = {"participant": t.participants, "copied_to": t.followers, "watched_by": t.followers}
_MANY = ("processes", "filers", "held_by")
_TIMES = ("overdue_at", "in_time_at", "filed_since", "closed_since")
FEW = 3000  # so many rows are read and sorted
_GIVEN = (*_EQUAL, *_OWN, *_MANY, "decided_by", *_TIMES)


def listing(
    connection: Connection, query: CaseQuery, *, place: Moment | None
) -> tuple[Select[Any], dict[str, Any]]:
    """Return the statement of a page of cases and its parameters.

    `place` is when the case `query.before` was filed, or was due in a list by due times. If it
    is not due any more, its place is not known, and the page is the first one.
    """
    given = _given(query) | {"limit": query.limit, "skip": query.skip}
    if query.before is not None and place is not None:
        given |= {"place": place, "before": query.before}
    return _listing(_names(connection, given, query), _words(query), connection.dialect.name), given


def counting(connection: Connection, query: CaseQuery) -> tuple[Select[Any], dict[str, Any]]:
    """Return the statement that counts the matching cases, and its parameters."""
    given = _given(query)
    return _counting(
        _names(connection, given, query), _words(query), connection.dialect.name
    ), given


def _given(query: CaseQuery) -> dict[str, Any]:
    named = {name: getattr(query, name) for name in _GIVEN}
    given = {name: value for name, value in named.items() if value is not None}
    given |= {name: list(given[name]) for name in _MANY if name in given}
    return given | given_for(query.words)


def _names(connection: Connection, given: dict[str, Any], query: CaseQuery) -> frozenset[str]:
    """Return the names of the conditions, by which a statement is cached."""
    state = {None: (), False: ("running",), True: ("ended",)}[query.ended]
    few = ("few",) if _has_few(connection, given) else ()
    order = ("oldest",) if query.oldest else ()
    return frozenset((*given.keys() & {*_GIVEN, "before"}, *state, *few, *order))


def _has_few(connection: Connection, given: dict[str, Any]) -> bool:
    """Return whether the person whose list it is, or the group, has few rows of cases."""
    name = next((one for one in (*_OWN, "held_by") if one in given), None)
    if name is None:
        return False
    found = connection.execute(_few(name), {name: given[name]}).scalar_one()
    return int(found) <= FEW


@cache
def _few(name: str) -> Select[Any]:
    if name == "held_by":
        rows = select(t.task_people.c.case_id).where(*_held())
    else:
        own = _OWN[name].c
        rows = select(own.case_id).where(own.person == bindparam(name, type_=Text))
    return select(func.count()).select_from(rows.limit(FEW + 1).subquery())


def _held() -> tuple[ColumnElement[bool], ...]:
    people, group = t.task_people.c, bindparam("held_by", type_=Text, expanding=True)
    return people.active, people.role == "owner", people.person.in_(group)


def _words(query: CaseQuery) -> tuple[bool, ...]:
    """Return for each word whether it may be the name of a process."""
    return tuple(bool(word.processes) for word in query.words)


@cache
def _listing(given: frozenset[str], words: tuple[bool, ...], dialect: str) -> Select[Any]:
    """Build the statement for these conditions; cached."""
    source, case_id, created = _source(given)
    statement = select(*(_cases[name] for name in CaseRow.__dataclass_fields__)).select_from(source)
    statement = statement.where(*_conditions(given, words, dialect, case_id=case_id))
    by_due = "overdue_at" in given and "oldest" not in given
    time, number = (_cases.due_at, _cases.id) if by_due else (created, case_id)
    ascending = by_due or "oldest" in given
    if "before" in given:
        at, before = bindparam("place", type_=BigInteger), bindparam("before", type_=Text)
        after = number > before if ascending else number < before
        statement = statement.where(
            or_(time > at if ascending else time < at, and_(time == at, after))
        )
    order = (time, number) if ascending else (time.desc(), number.desc())
    return statement.order_by(*order).limit(bindparam("limit")).offset(bindparam("skip"))


@cache
def _counting(given: frozenset[str], words: tuple[bool, ...], dialect: str) -> Select[Any]:
    source, case_id, _ = _source(given)
    statement = select(func.count()).select_from(source)
    return statement.where(*_conditions(given, words, dialect, case_id=case_id))


def _source(given: frozenset[str]) -> tuple[FromClause, ColumnElement[str], ColumnElement[int]]:
    """Return what is read first, and its columns of the case and of when it was filed.

    These are the rows of the person whose list it is, or of the open tasks of a group if they are
    few. Of somebody who has many cases the overdue ones are read first, since these are fewer.
    """
    if _reads_held(given):
        held = select(t.task_people.c.case_id).where(*_held()).distinct().subquery("held")
        return held.join(t.cases, _cases.id == held.c.case_id), _cases.id, _cases.created_at
    own = _own(given)
    if own is None:
        return t.cases, _cases.id, _cases.created_at
    rows = own.c
    return own.join(t.cases, _cases.id == rows.case_id), rows.case_id, rows.created_at


def _own(given: frozenset[str]) -> Any:
    """Return the table of the person's own cases if these are read first."""
    if "overdue_at" in given and "few" not in given:
        return None
    return next((table for name, table in _OWN.items() if name in given), None)


def _reads_held(given: frozenset[str]) -> bool:
    return "held_by" in given and "few" in given and not given & _OWN.keys()


def _conditions(
    given: frozenset[str],
    words: tuple[bool, ...],
    dialect: str,
    *,
    case_id: ColumnElement[str],
) -> list[ColumnElement[bool]]:
    found = [_cases[name] == bindparam(name) for name in _EQUAL if name in given]
    few = "few" in given
    running = (_cases.status.concat("") if few else _cases.status) == Status.RUNNING.value
    if "running" in given:
        found.append(running)
    if "ended" in given:
        found.append(not_(running))
    if "overdue_at" in given:
        found += [running, _cases.due_at <= bindparam("overdue_at")]
    if "in_time_at" in given:
        due = _cases.due_at
        found.append(or_(not_(running), due.is_(None), due > bindparam("in_time_at")))
    if "filed_since" in given:
        found.append(_cases.created_at >= bindparam("filed_since"))
    if "closed_since" in given:
        found.append(_cases.closed_at >= bindparam("closed_since"))
    if "processes" in given:
        many = bindparam("processes", type_=Text, expanding=True)
        found.append(_cases.process.concat("").in_(many))  # the order needs another index
    if "filers" in given:
        found.append(_cases.filer.in_(bindparam("filers", type_=Text, expanding=True)))
    found += _people(given, case_id=case_id)
    found += [
        has_word(number, dialect, case_id=case_id, names_process=named)
        for number, named in enumerate(words)
    ]
    return found


def _people(given: frozenset[str], *, case_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Return the conditions about the people of the case."""
    found: list[ColumnElement[bool]] = []
    first = _own(given)
    for name, table in _OWN.items():
        if name not in given:
            continue
        rows, person = table.c, bindparam(name, type_=Text)
        flag = {"copied_to": "copied", "watched_by": "watches"}.get(name)
        conditions = [rows.person == person, *([rows[flag]] if flag else ())]
        if table is first:
            found += conditions
        else:
            found.append(exists().where(rows.case_id == case_id, *conditions))
    people = t.task_people.c
    if "decided_by" in given:
        person = bindparam("decided_by")
        found.append(exists().where(people.case_id == case_id, people.person == person, people.did))
    if "held_by" in given and not _reads_held(given):
        many = bindparam("held_by", type_=Text, expanding=True)
        held = (people.active, people.role == "owner", people.person.concat("").in_(many))
        found.append(exists().where(people.case_id == case_id, *held))
    return found
