"""Builds the statements for lists of cases; apart from `storage.cases` for the length of that file.

The few cases of a person, or of a group, are read and sorted. Many are read in the order of an
index until the page is full, so that a list costs the same among a hundred thousand cases. If the
words of a search lead to few cases, these are read and sorted, whose list it is. SQLite chooses an
index by the conditions that it sees; those whose index would be a bad choice are hidden from it by
a `concat`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from storage.searching import given_for, in_case
from storage.statements import many_values, one_of
from storage.word_search import Narrowed
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.moments import Moment
from workflows.records import CaseQuery, CaseRow

_cases = t.cases.c
_EQUAL = ("process", "status", "filer")
_OWN = {"participant": t.participants, "copied_to": t.followers, "watched_by": t.followers}
_MANY = ("processes", "filers", "held_by")
_TIMES = ("overdue_at", "in_time_at", "filed_since", "closed_since")
FEW = 3000  # so many rows are read and sorted
_GIVEN = (*_EQUAL, "node", *_OWN, *_MANY, "decided_by", *_TIMES)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a statement is cached by: the names of its conditions, and what is known of each word.

    A word may be the name of a process, and then be in few cases otherwise.
    """

    given: frozenset[str]
    words: tuple[tuple[bool, bool], ...]
    dialect: str


def listing(
    connection: Connection, query: CaseQuery, found: Narrowed, *, place: Moment | None
) -> tuple[Select[Any], dict[str, Any]]:
    """Return the statement of a page of cases and its parameters.

    `found` are the cases to which the words lead.
    `place` is when the case `query.before` was filed, or was due in a list by due times. If it
    is not due any more, its place is not known, and the page is the first one.
    """
    given = _given(query) | {"limit": query.limit, "skip": query.skip}
    if query.before is not None and place is not None:
        given |= {"place": place, "before": query.before}
    return _listing(_asked(connection, given, query, found)), given


def counting(
    connection: Connection, query: CaseQuery, found: Narrowed
) -> tuple[Select[Any], dict[str, Any]]:
    """Return the statement that counts the matching cases, and its parameters."""
    given = _given(query)
    return _counting(_asked(connection, given, query, found)), given


def _given(query: CaseQuery) -> dict[str, Any]:
    named = {name: getattr(query, name) for name in _GIVEN}
    given = {name: value for name, value in named.items() if value is not None}
    given |= {name: list(given[name]) for name in _MANY if name in given}
    return given | given_for(query.words)


def _asked(
    connection: Connection, given: dict[str, Any], query: CaseQuery, found: Narrowed
) -> _Asked:
    """Return the statement that is wanted, and give it the cases to which the words lead."""
    dialect = connection.dialect.name
    names = {*given.keys() & {*_GIVEN, "before"}}
    names |= {None: set(), False: {"running"}, True: {"ended"}}[query.ended]
    names |= {"oldest"} if query.oldest else set()
    if found.cases is not None:
        given["worded"] = many_values(found.cases, dialect)
        names |= {"worded", "few"}
    elif _has_few(connection, given):
        names.add("few")
    for number, cases in found.listed.items():
        given[f"listed_{number}"] = many_values(cases, dialect)
    words = [(bool(word.processes), n in found.listed) for n, word in enumerate(query.words)]
    return _Asked(frozenset(names), tuple(words), dialect)


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


@cache
def _listing(asked: _Asked) -> Select[Any]:
    """Build the statement for these conditions; cached."""
    given = asked.given
    source, case_id, created = _source(given)
    statement = select(*(_cases[name] for name in CaseRow.__dataclass_fields__)).select_from(source)
    statement = statement.where(*_conditions(asked, case_id=case_id))
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
def _counting(asked: _Asked) -> Select[Any]:
    source, case_id, _ = _source(asked.given)
    statement = select(func.count()).select_from(source)
    return statement.where(*_conditions(asked, case_id=case_id))


def _source(given: frozenset[str]) -> tuple[FromClause, ColumnElement[str], ColumnElement[int]]:
    """Return what is read first, and its columns of the case and of when it was filed.

    These are the rows of the person whose list it is, or of the open tasks of a group if they are
    few. Of somebody who has many cases the overdue ones are read first, since these are fewer.
    """
    if _reads_held(given):
        held = select(t.task_people.c.case_id).where(*_held()).distinct().subquery("held")
        return held.join(t.cases, _cases.id == held.c.case_id), _cases.id, _cases.created_at
    own = _own(given)
    if "worded" in given:
        return t.cases, _cases.id, _cases.created_at + 0
    if own is None:
        return t.cases, _cases.id, _cases.created_at
    rows = own.c
    return own.join(t.cases, _cases.id == rows.case_id), rows.case_id, rows.created_at


def _own(given: frozenset[str]) -> Any:
    """Return the table of the person's own cases if these are read first."""
    if "worded" in given or ("overdue_at" in given and "few" not in given):
        return None
    return next((table for name, table in _OWN.items() if name in given), None)


def _reads_held(given: frozenset[str]) -> bool:
    return "held_by" in given and "few" in given and not given & {*_OWN, "worded"}


def _conditions(asked: _Asked, *, case_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
    given, found = asked.given, list[ColumnElement[bool]]()
    few, worded = "few" in given, "worded" in given
    if worded:
        found.append(one_of(_cases.id, "worded", asked.dialect))
    for name in given.intersection(_EQUAL):
        found.append((_cases[name].concat("") if worded else _cases[name]) == bindparam(name))
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
        filed = _cases.created_at + 0 if worded else _cases.created_at
        found.append(filed >= bindparam("filed_since"))
    if "closed_since" in given:
        found.append(_cases.closed_at >= bindparam("closed_since"))
    if "processes" in given:
        many = bindparam("processes", type_=Text, expanding=True)
        found.append(_cases.process.concat("").in_(many))  # the order needs another index
    if "filers" in given:
        filer = _cases.filer.concat("") if worded else _cases.filer
        found.append(filer.in_(bindparam("filers", type_=Text, expanding=True)))
    if "node" in given:
        found.append(_at_node(case_id))
    found += _people(given, case_id=case_id)
    found += _words(asked, case_id=case_id)
    return found


def _at_node(case_id: ColumnElement[str]) -> ColumnElement[bool]:
    tasks, node = t.tasks.c, bindparam("node", type_=Text)
    there = exists().where(
        tasks.case_id == case_id, tasks.node == node, tasks.status == TaskStatus.OPEN.value
    )
    return or_(_cases.node == node, there)


def _words(asked: _Asked, *, case_id: ColumnElement[str]) -> Iterator[ColumnElement[bool]]:
    for number, (named, listed) in enumerate(asked.words):
        there = in_case(number, asked.dialect, case_id=case_id)
        if listed:
            there = and_(one_of(case_id, f"listed_{number}", asked.dialect), there)
        if named:
            processes = bindparam(f"processes_{number}", type_=Text, expanding=True)
            there = or_(_cases.process.in_(processes), there)
        yield there


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
