"""Checks that the stored state agrees with the events.

`audit.py` shows that no event was changed; this compares the events with the snapshot, the timers,
the tasks and participants, the points, the latest facts, the unique values, the messages and the
files. It repairs nothing. Cases are checked in pages, each on a snapshot of its own, so that a bot
can go on working and neither memory nor the log of the database grows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, func, select

from storage import tables as t
from storage.audit import problem_of_case, problem_of_definitions, problems_of_database
from storage.cases import case_due
from storage.casework import due_times, task_row
from storage.codec import event_from, state_from
from storage.directory_audit import problem_of_directory
from storage.errors import StorageError
from storage.faults import ChainProblem, Fault
from storage.filesystem import FoundFile
from storage.fsck_people import PastPeople, people_differences
from storage.fsck_words import segment_after, unsearched, wrong_segments
from storage.points import rows_of
from storage.registers import rows_of as facts_of
from storage.unique_values import claims_of, definitions_of
from storage.word_tables import searched_contents
from workflows.case.events import Event, evolve
from workflows.case.state import Case
from workflows.model.definition import Definition
from workflows.moments import Moment

PAGE = 100

AnyRow = Row[*tuple[Any, ...]]

_CASES = select(t.cases).where(t.cases.c.id > bindparam("after")).order_by(t.cases.c.id).limit(PAGE)
_OF_A_CASE = (
    t.events,
    t.contents,
    t.timers,
    t.tasks,
    t.task_people,
    t.participants,
    t.followers,
    t.points,
    t.latest_facts,
    t.unique_values,
    searched_contents,
)
_ROWS = {
    table.name: select(table)
    .where(table.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(*table.primary_key.columns)
    for table in _OF_A_CASE
}
_LEFT = {
    table.name: select(table.c.case_id, func.count().label("rows"))
    .where(table.c.case_id > bindparam("after"))  # rows of no case have the case id ""
    .where(~exists().where(t.cases.c.id == table.c.case_id))
    .group_by(table.c.case_id)
    .order_by(table.c.case_id)
    .limit(PAGE)
    for table in (*_OF_A_CASE, t.outbox, t.messages, t.mails, t.digest_lines, t.files)
}
_FILES = (
    select(t.files.c.id, t.files.c.case_id, t.files.c.size, t.files.c.sha256)
    .where(t.files.c.id > bindparam("after"))
    .order_by(t.files.c.id)
    .limit(PAGE)
)
_UNREADABLE = (StorageError, AssertionError, KeyError, ValueError, TypeError, AttributeError)


class DifferenceKind(StrEnum):
    """The kinds of differences; their values are stable. Changed data is a `Fault`."""

    UNREADABLE = "unreadable"  # the events or the snapshot cannot be read
    SNAPSHOT = "snapshot"  # it differs from the result of the events
    CASE_COLUMNS = "case_columns"  # a column of the case differs from its snapshot
    TIMER_MISSING = "timer_missing"
    TIMER_ORPHAN = "timer_orphan"
    TIMER_TIME = "timer_time"  # it would fire at another time
    TASK_MISSING = "task_missing"
    TASK_ORPHAN = "task_orphan"
    TASK_COLUMNS = "task_columns"
    TASK_PEOPLE = "task_people"  # other people may act on it or were given it
    PARTICIPANT_MISSING = "participant_missing"
    PARTICIPANT_ORPHAN = "participant_orphan"
    FOLLOWERS = "followers"  # who was copied in or watches is not what the events say
    POINTS = "points"  # a charge is missing, differs, or has no fact
    LATEST_FACTS = "latest_facts"  # a row is missing, differs, or has no fact
    UNIQUE_VALUES = "unique_values"  # a value is not claimed, or claimed by a case without it
    SEARCH = "search"  # the index of the search is not what the texts of the contents give
    LEFT_OVER = "left_over"  # rows of a case that does not exist
    FILE_MISSING = "file_missing"
    FILE_CHANGED = "file_changed"
    FILE_STRAY = "file_stray"  # a file without a record
    FILE_UNFINISHED = "file_unfinished"  # an interrupted write


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference and its place: `what` is the timer, task, person, column, table or file."""

    case_id: str
    fault: DifferenceKind | Fault
    what: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.case_id, self.fault.value, self.what) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferencePage:
    """The findings of a page; `after` is the start of the next page, None after the last."""

    findings: tuple[Difference, ...]
    after: str | None
    cases: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFile:
    """The recorded size and hash of an upload."""

    id: str
    case_id: str
    size: int
    sha256: str


def check_cases(connection: Connection, *, after: str) -> DifferencePage:
    """Check a page of cases and everything that belongs to them."""
    page = connection.execute(_CASES, {"after": after}).all()
    ids = {"cases": [case.id for case in page]}
    kept = {name: _by_case(connection.execute(rows, ids)) for name, rows in _ROWS.items()}
    definitions = definitions_of(connection, {case.definition for case in page})
    findings = tuple(
        finding
        for case in page
        for here in [{name: rows.get(case.id, []) for name, rows in kept.items()}]
        for finding in (*_case(case, here), *_unique(case, here, definitions))
    )
    return DifferencePage(
        findings=findings,
        after=page[-1].id if len(page) == PAGE else None,
        cases=len(page),
        events=sum(map(len, kept[t.events.name].values())),
    )


LEFT_OVERS = tuple(_LEFT)


def check_left_overs(connection: Connection, table: str, *, after: str) -> DifferencePage:
    """Check a page of a table for rows of cases that do not exist."""
    rows = connection.execute(_LEFT[table], {"after": after}).all()
    return DifferencePage(
        findings=tuple(
            Difference(
                case_id=row.case_id, fault=DifferenceKind.LEFT_OVER, what=f"{table}: {row.rows}"
            )
            for row in rows
        ),
        after=rows[-1].case_id if len(rows) == PAGE else None,
    )


def check_search(connection: Connection, *, after: str) -> DifferencePage:
    """Check the next segment of the index of the search."""
    segment = segment_after(connection, after)
    wrong = wrong_segments(connection, segment)
    fault = DifferenceKind.SEARCH
    return DifferencePage(
        findings=tuple(Difference(case_id="", fault=fault, what=f"segment {n}") for n in wrong),
        after=None if segment is None else str(segment),
    )


def check_database(connection: Connection) -> DifferencePage:
    """Check the pages of the database, and its schema for unknown objects."""
    return DifferencePage(
        findings=tuple(map(_finding, problems_of_database(connection))), after=None
    )


def check_directory(connection: Connection) -> DifferencePage:
    """Check the hashes of definitions and the digests of the directory's rows."""
    problems = (problem_of_definitions(connection), problem_of_directory(connection))
    return DifferencePage(
        findings=tuple(_finding(one) for one in problems if one is not None), after=None
    )


def every_page(connection: Connection) -> Iterator[DifferencePage]:
    """Check everything but the files in one transaction, and yield the pages."""
    yield check_database(connection)
    yield from _pages(partial(check_cases, connection))
    for name in LEFT_OVERS:
        yield from _pages(partial(check_left_overs, connection, name))
    yield from _pages(partial(check_search, connection))
    yield check_directory(connection)


def _pages(check: Callable[..., DifferencePage]) -> Iterator[DifferencePage]:
    after: str | None = ""
    while after is not None:
        page = check(after=after)
        yield page
        after = page.after


def _finding(problem: ChainProblem) -> Difference:
    what = problem.what or f"{problem.seq or ''}"
    return Difference(case_id=problem.case_id, fault=problem.fault, what=what)


def recorded_files(connection: Connection, *, after: str) -> tuple[RecordedFile, ...]:
    """Return a page of recorded uploads; an empty page is the last."""
    rows = connection.execute(_FILES, {"after": after})
    return tuple(RecordedFile(**row) for row in rows.mappings())


def check_file(record: RecordedFile, found: tuple[int, str] | None) -> Difference | None:
    """Compare the size and hash of a file with its record."""
    if found == (record.size, record.sha256):
        return None
    fault = DifferenceKind.FILE_MISSING if found is None else DifferenceKind.FILE_CHANGED
    return Difference(case_id=record.case_id, fault=fault, what=record.id)


def check_strays(found: Sequence[FoundFile], *, known: frozenset[str]) -> Iterator[Difference]:
    """Yield findings for files in the folder that no record names."""
    for one in found:
        if one.part:
            yield Difference(case_id="", fault=DifferenceKind.FILE_UNFINISHED, what=one.place)
        elif one.id not in known:
            yield Difference(case_id="", fault=DifferenceKind.FILE_STRAY, what=one.place)


# ------------------------------------------------------------------ one case


def _by_case(rows: Any) -> Mapping[str, Sequence[AnyRow]]:
    found: dict[str, list[AnyRow]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(row)
    return found


def _case(row: AnyRow, kept: Mapping[str, Sequence[AnyRow]]) -> Iterator[Difference]:
    chain = kept[t.events.name]
    problem = problem_of_case(row, chain, kept[t.contents.name])
    if problem is not None:
        what = problem.what or f"{problem.seq}"
        yield Difference(case_id=row.id, fault=problem.fault, what=what)
    case = _read(_snapshot, row.state)
    if case is None:
        yield Difference(case_id=row.id, fault=DifferenceKind.UNREADABLE, what="snapshot")
    past = _read(_fold, chain)
    if past is None:
        yield Difference(case_id=row.id, fault=DifferenceKind.UNREADABLE, what="events")
    if case is None or past is None:
        return
    if case != past.case:
        yield Difference(case_id=row.id, fault=DifferenceKind.SNAPSHOT)
    for check in (_columns, _timers, _points, _facts):
        yield from check(row, case, kept)
    yield from _tasks(case, past, kept)
    for kind, what in people_differences(
        case, past.events, kept, past=past.people, left=past.left.keys()
    ):
        yield Difference(case_id=case.id, fault=DifferenceKind(kind), what=what)
    for what in unsearched(kept):
        yield Difference(case_id=case.id, fault=DifferenceKind.SEARCH, what=what)


def _read(how: Callable[[Any], Any], what: Any) -> Any:
    """Return the result of `how`, or None when the value cannot be read."""
    try:
        return how(what)
    except _UNREADABLE:
        return None


def _snapshot(text: str) -> Case:
    case = state_from(text)
    if case is None:
        raise ValueError("a snapshot of another version")  # `db upgrade` folds every case again
    return case


@dataclass(frozen=True, slots=True)
class _Past:
    """The state that the events of a case lead to.

    `left` has the rows of tasks that have left the state, by their ids.
    """

    case: Case
    events: Sequence[Event]
    people: PastPeople
    left: Mapping[str, dict[str, Any]]


def _fold(chain: Sequence[AnyRow]) -> _Past:
    case: Case | None = None
    events, people = [], PastPeople()
    left: dict[str, dict[str, Any]] = {}
    for row in chain:
        events.append(event_from(row.text))
        before, case = case, evolve(case, events[-1])
        people.note(case)
        gone = before.tasks if before is not None and before.gone < case.gone else ()
        left |= {one.id: task_row(case, one, due_at=None) for one in gone if case.has_left(one.id)}
    if case is None:
        raise ValueError("no events")
    return _Past(case, events, people, left)


def _columns(row: AnyRow, case: Case, _: object) -> Iterator[Difference]:
    said: dict[str, Any] = {"status": case.status.value, "due_at": case_due(case)}
    names = ("id", "seq", "process", "definition", "node", "filer", "created_at", "closed_at")
    said |= {name: getattr(case, name) for name in names}
    for name in sorted(name for name, value in said.items() if getattr(row, name) != value):
        yield Difference(case_id=row.id, fault=DifferenceKind.CASE_COLUMNS, what=name)


def _timers(row: AnyRow, case: Case, kept: Mapping[str, Sequence[AnyRow]]) -> Iterator[Difference]:
    wanted: dict[str, Moment] = dict(case.timers())
    there = {timer.clock: timer for timer in kept[t.timers.name]}
    for clock in sorted(wanted.keys() | there.keys()):
        timer = there.get(clock)
        if timer is None:
            yield Difference(case_id=row.id, fault=DifferenceKind.TIMER_MISSING, what=clock)
        elif clock not in wanted:
            yield Difference(case_id=row.id, fault=DifferenceKind.TIMER_ORPHAN, what=clock)
        elif timer.due_at != wanted[clock] or (
            timer.attempts == 0 and timer.next_at != timer.due_at
        ):
            yield Difference(case_id=row.id, fault=DifferenceKind.TIMER_TIME, what=clock)


def _tasks(case: Case, past: _Past, kept: Mapping[str, Sequence[AnyRow]]) -> Iterator[Difference]:
    due = due_times(case)
    wanted = {**past.left} | {
        one.id: task_row(case, one, due_at=due.get(one.id)) for one in case.tasks
    }
    names = t.tasks.c.keys()
    there = {task.id: {name: getattr(task, name) for name in names} for task in kept[t.tasks.name]}
    for task_id in sorted(wanted.keys() | there.keys()):
        if task_id not in there:
            yield Difference(case_id=case.id, fault=DifferenceKind.TASK_MISSING, what=task_id)
        elif task_id not in wanted:
            yield Difference(case_id=case.id, fault=DifferenceKind.TASK_ORPHAN, what=task_id)
        elif wanted[task_id] != there[task_id]:
            yield Difference(case_id=case.id, fault=DifferenceKind.TASK_COLUMNS, what=task_id)


def _points(row: AnyRow, case: Case, kept: Mapping[str, Sequence[AnyRow]]) -> Iterator[Difference]:
    wanted = {charge["seq"]: charge for charge in rows_of(case)}
    there = {charge.seq: dict(charge._mapping) for charge in kept[t.points.name]}
    for seq in sorted(wanted.keys() | there.keys()):
        if wanted.get(seq) != there.get(seq):
            yield Difference(case_id=row.id, fault=DifferenceKind.POINTS, what=str(seq))


def _facts(row: AnyRow, case: Case, kept: Mapping[str, Sequence[AnyRow]]) -> Iterator[Difference]:
    wanted = {fact["name"]: fact for fact in facts_of(case)}
    there = {fact.name: dict(fact._mapping) for fact in kept[t.latest_facts.name]}
    for name in sorted(wanted.keys() | there.keys()):
        if wanted.get(name) != there.get(name):
            yield Difference(case_id=row.id, fault=DifferenceKind.LATEST_FACTS, what=name)


def _unique(
    row: AnyRow,
    kept: Mapping[str, Sequence[AnyRow]],
    definitions: Mapping[str, Definition],
) -> Iterator[Difference]:
    """Compare the claimed values with those of the forms; a moved case may claim fewer."""
    case, chain = _read(_snapshot, row.state), kept[t.events.name]
    if case is None or row.definition not in definitions or not chain:
        return
    wanted = claims_of(case, kept[t.contents.name], definitions[row.definition])
    there = {(one.process, one.field, one.value) for one in kept[t.unique_values.name]}
    moved = f'"definition":"{row.definition}"' not in chain[0].text
    for _, name, _ in sorted((there - wanted) if moved else (wanted ^ there)):
        yield Difference(case_id=row.id, fault=DifferenceKind.UNIQUE_VALUES, what=name)
