"""Finds the cases of a list: whose they are, their state, words in them; overdue ones first.

Everybody has lists of what they filed, decided, were copied into and watch. Managers and heads of
departments have the list of the open work of their people, owners and administrators that of all
cases of their processes.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from handlers import start
from handlers.answers import plain_forms
from handlers.i18n import LANGUAGES, translator
from handlers.office import Office
from handlers.searching import sees_words, wanted_words
from handlers.spoken import leading
from handlers.table_values import process_owners
from storage.searching import plain
from storage.unit import Tx
from workflows.directory import Directory, Person
from workflows.errors import Refusal
from workflows.moments import Moment
from workflows.records import CaseQuery, CaseRow

MOST = 20  # cases on a page
PAGES_MOST = 500
TEXT_MOST = 30  # bytes of the words that a button carries


class View(StrEnum):
    """Whose cases a list has."""

    MINE = "mine"  # in which the reader takes part
    FILED = "filed"
    DONE = "done"  # of which the reader decided a task
    COPIED = "copied"
    WATCHED = "watched"
    TEAM = "team"  # of which somebody of the reader's line has an open task
    ALL = "all"  # of the processes that the reader owns


class State(StrEnum):
    """The state of the cases in a list."""

    ANY = "any"
    OVERDUE = "overdue"
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked for; `page` counts from 0.

    The last four are asked for on the dashboard only, and "" asks for none. The department is that
    of the filer, in the team's list that of the people who have the work. The step is a node.
    """

    view: View = View.MINE
    state: State = State.ANY
    text: str = ""
    page: int = 0
    process: str = ""
    department: str = ""
    step: str = ""
    status: str = ""  # one that ends a case

    @property
    def argument(self) -> str:
        """This as the argument of a button's token; "" if its words do not fit."""
        text = self.text.encode()
        if len(text) > TEXT_MOST:
            return ""
        words = base64.b32encode(text).decode().rstrip("=").lower()
        return f"{self.view}-{self.state}-{self.page}-{words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of cases, and whether there are more."""

    rows: tuple[CaseRow, ...]
    more: bool


def wanted_of(argument: str) -> Wanted:
    """Read the argument of a button's token. Raises Refusal `button_unknown`."""
    view, state, page, words = (*argument.split("-", 3), "", "", "")[:4]
    try:
        text = base64.b32decode(words.upper() + "=" * (-len(words) % 8)).decode()
        wanted = Wanted(view=View(view), state=State(state), text=text, page=int(page))
    except (ValueError, binascii.Error) as error:
        raise Refusal("button_unknown") from error
    if not 0 <= wanted.page <= PAGES_MOST:
        raise Refusal("button_unknown")
    return wanted


def read_wanted(text: str) -> Wanted:
    """Read what was typed after the command: whose cases, their state, words to search.

    The labels of views and states are read in every language, before the words.
    """
    rest = " ".join(plain(plain_forms(text)).split())
    wanted, labels = Wanted(), dict(_labels())
    while label := leading(rest, labels):
        one = labels[label]
        wanted = replace(wanted, view=one) if isinstance(one, View) else replace(wanted, state=one)
        rest = rest.removeprefix(label).lstrip()
    return replace(wanted, text=rest)


def _labels() -> Iterator[tuple[str, View | State]]:
    for language in LANGUAGES:
        words = translator(language)
        for view in View:
            yield plain(words.t(f"view.{view}")), view
        for state in State:
            yield plain(words.t(f"state.{state}")), state


def views_of(tx: Tx, office: Office, *, reader: Person) -> tuple[View, ...]:
    """Return the lists that a person has."""
    directory = office.directory(tx)
    team = (View.TEAM,) if directory.line_of(reader.key) else ()
    owned = _owned(tx, office, directory, reader)
    every = (View.ALL,) if owned is None or owned else ()
    own = (View.MINE, View.FILED, View.DONE, View.COPIED, View.WATCHED)
    return (*own, *team, *every)


def find_cases(tx: Tx, office: Office, wanted: Wanted, *, reader: Person, language: str) -> Found:
    """Return a page of a list: the overdue cases first, then the newest.

    Raises Refusal `no_team` or `owns_no_process` for a list that the reader does not have.
    """
    query, text = _query(tx, office, wanted, reader=reader)
    query = _narrowed(query, wanted, office.directory(tx))
    words = tuple(wanted_words(tx, office, text, language))
    query = replace(query, words=words, limit=MOST + 1, skip=wanted.page * MOST)
    state = State.CLOSED if wanted.status else wanted.state
    rows = _in_order(tx, query, state, now=office.clock.now())
    reads = wanted.view in (View.MINE, View.FILED, View.DONE, View.COPIED)
    seen = (
        row
        for row in rows[:MOST]
        if sees_words(tx, office, row, wanted=words, reader=reader, language=language, reads=reads)
    )
    return Found(rows=tuple(seen), more=len(rows) > MOST)


def _narrowed(query: CaseQuery, wanted: Wanted, directory: Directory) -> CaseQuery:
    """Return the query of a list with what is asked for beside its view."""
    query = replace(query, node=wanted.step or None, status=wanted.status or None)
    if wanted.process:
        listed = query.processes is None or wanted.process in query.processes
        mine = listed and query.process in (None, wanted.process)
        query = replace(query, process=wanted.process, processes=None if mine else ())
    if wanted.department:
        members = people_of_department(directory, wanted.department)
        if query.held_by is None:
            return replace(query, filers=members)
        return replace(query, held_by=tuple(one for one in query.held_by if one in members))
    return query


def people_of_department(directory: Directory, department: str) -> tuple[str, ...]:
    """Return the keys of the people of a department, also of those who have left.

    Raises Refusal `no_such_department` with the departments that there are.
    """
    if department not in directory.departments:
        known = ", ".join(sorted(directory.departments))
        raise Refusal("no_such_department", department=department, known=known)
    people = directory.people.values()
    return tuple(one.key for one in people if one.department == department)


def _in_order(tx: Tx, query: CaseQuery, state: State, *, now: Moment) -> Sequence[CaseRow]:
    """Return the page of the query in which the overdue cases come first."""
    if state is State.CLOSED:
        return tx.cases.find(replace(query, ended=True))
    late = replace(query, overdue_at=now)
    first = tx.cases.find(late)
    missing = query.limit - len(first)
    if state is State.OVERDUE or not missing:
        return first
    before = query.skip + len(first) if first or not query.skip else tx.cases.count(late)
    ended = False if state is State.OPEN else query.ended
    rest = replace(query, in_time_at=now, ended=ended, limit=missing)
    return (*first, *tx.cases.find(replace(rest, skip=max(query.skip - before, 0))))


def _query(tx: Tx, office: Office, wanted: Wanted, *, reader: Person) -> tuple[CaseQuery, str]:
    """Return the query of a view, and the words that remain to be searched."""
    directory, key, text = office.directory(tx), reader.key, wanted.text
    match wanted.view:
        case View.MINE:
            return CaseQuery(participant=key), text
        case View.FILED:
            return CaseQuery(filer=key), text
        case View.DONE:
            return CaseQuery(participant=key, decided_by=key), text
        case View.COPIED:
            return CaseQuery(copied_to=key), text
        case View.WATCHED:
            return CaseQuery(watched_by=key), text
        case View.TEAM:
            return _team(directory, reader, text)
        case View.ALL:
            owned = _owned(tx, office, directory, reader)
            if owned is not None and not owned:
                raise Refusal("owns_no_process")
            single = owned[0] if owned is not None and len(owned) == 1 else None
            return CaseQuery(process=single, processes=None if single else owned), text


def _owned(tx: Tx, office: Office, directory: Directory, reader: Person) -> tuple[str, ...] | None:
    """Return the processes that a person owns; None for an administrator, who has all."""
    if reader.key in directory.admins:
        return None
    loaded = (one.definition for one in start.in_force(tx, office))
    return tuple(one.key for one in loaded if reader.key in process_owners(one, directory))


def _team(directory: Directory, reader: Person, text: str) -> tuple[CaseQuery, str]:
    """Return the query of the open work of a person's line, and the words that remain.

    The name of a department or of somebody of the line, written first, narrows it to their work.
    """
    line = directory.line_of(reader.key)
    if not line:
        raise Refusal("no_team")
    named, rest, names = line, text, dict(_names(directory, line))
    while name := leading(rest, names):
        named, rest = named & names[name], rest.removeprefix(name).lstrip()
    return CaseQuery(held_by=tuple(sorted(named)), ended=False), rest


def _names(directory: Directory, line: frozenset[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the names of departments and people of the line, each with the people it names."""
    people = [directory.people[key] for key in sorted(line)]
    for department in directory.departments.values():
        members = frozenset(one.key for one in people if one.department == department.id)
        for name in (department.id, department.name_zh, department.name_en) if members else ():
            yield plain(name), members
    for one in people:
        for name in filter(None, (one.id, one.name, one.name_en)):
            yield plain(name), frozenset({one.key})
