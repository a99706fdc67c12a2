"""The store of cases: the chain of events, the snapshot beside it, and queries over both.

`save` compares the new state with the loaded one and writes only the rows that changed: tasks, who
may act on them, timers, participants. All of these can be derived from the events again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    insert,
    select,
    update,
)

from storage import tables as t
from storage.at_once import AtOnce
from storage.case_queries import counting, listing
from storage.casework import save_followers, save_people, save_tasks, save_timers
from storage.codec import event_from, event_text, genesis, link, state_from, state_text
from storage.prepared import Prepared
from storage.statements import InEach, is_postgresql, many_values, one_of, upsert
from storage.word_search import Narrowed, narrowed
from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.events import Event, fold
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.errors import Conflict
from workflows.moments import Moment
from workflows.records import CaseQuery, CaseRow, ChainedEvent, Change, Head, SearchWord

EVENTS_AT_ONCE = 1000  # in memory, of many cases

_snapshot = select(t.cases.c.seq, t.cases.c.head, t.cases.c.state).where(
    t.cases.c.id == bindparam("case_id")
)
_SNAPSHOT = Prepared(_snapshot)
_LOCKED_SNAPSHOT = Prepared(_snapshot.with_for_update())
_NEW_CASE = Prepared(upsert(t.cases))


def _updating(*more: str) -> Prepared:
    names = ("seq", "head", "status", "node", "closed_at", "due_at", "state", *more)
    return Prepared(
        update(t.cases)
        .where(t.cases.c.id == bindparam("case_id"), t.cases.c.seq == bindparam("expected"))
        .values({name: bindparam(name) for name in names})
    )


_UPDATE_CASE = _updating()
_MOVE_CASE = _updating("definition", "version")
_APPEND = Prepared(insert(t.events))
_EVENTS = (
    select(t.events).where(t.events.c.case_id == bindparam("case_id")).order_by(t.events.c.seq)
)
_EVENT = select(t.events).where(
    t.events.c.case_id == bindparam("case_id"), t.events.c.seq == bindparam("seq")
)
_VERSION = Prepared(
    select(t.definitions.c.version)
    .where(
        t.definitions.c.key == bindparam("process"), t.definitions.c.hash == bindparam("definition")
    )
    .order_by(t.definitions.c.version.desc())
    .limit(1)
)
_NEXT_NUMBER = Prepared(
    InEach(
        lambda insert: (
            insert(t.case_numbers)
            .values(prefix=bindparam("prefix"), year=bindparam("year"), last=1)
            .on_conflict_do_update(
                index_elements=[t.case_numbers.c.prefix, t.case_numbers.c.year],
                set_={"last": t.case_numbers.c.last + 1},
            )
            .returning(t.case_numbers.c.last)
        )
    )
)
_OPEN_IDS = (
    select(t.cases.c.id)
    .where(t.cases.c.status == Status.RUNNING.value, t.cases.c.id > bindparam("after"))
    .order_by(t.cases.c.id)
    .limit(bindparam("limit"))
)
_BEHIND_IDS = _OPEN_IDS.where(
    t.cases.c.process == bindparam("process"),
    t.cases.c.definition != bindparam("definition"),
    t.cases.c.version < bindparam("before"),
)
_ANY_VERSION = 2**31 - 1
_BY_DEFINITION = (
    select(t.cases.c.definition, func.count().label("cases"))
    .where(t.cases.c.process == bindparam("process"), t.cases.c.status == Status.RUNNING.value)
    .group_by(t.cases.c.definition)
)
_OVERDUE_IDS = _OPEN_IDS.where(t.cases.c.due_at <= bindparam("now", type_=BigInteger))
_HEADS = (
    select(t.cases.c.id, t.cases.c.seq, t.cases.c.head)
    .where(t.cases.c.id > bindparam("after"))
    .order_by(t.cases.c.id)
    .limit(bindparam("limit"))
)
_PLACE = select(t.cases.c.created_at, t.cases.c.due_at).where(t.cases.c.id == bindparam("case_id"))
_PARTICIPANTS = Prepared(
    select(t.participants.c.person)
    .where(t.participants.c.case_id == bindparam("case_id"))
    .order_by(t.participants.c.person)
)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    seq: int
    head: str
    case: Case


class Cases:
    """The store of cases with their events, tasks and timers."""

    def __init__(self, connection: Connection, *, read_only: bool = False) -> None:
        self._connection = connection
        self._read_only = read_only
        self._loaded: dict[str, _Snapshot] = {}
        self._narrowed: dict[tuple[SearchWord, ...], Narrowed] = {}  # if nothing is written
        self.saved: list[Change] = []  # by this unit, in order

    def next_id(self, *, prefix: str, year: int) -> str:
        """Return the next case number, such as C-2026-0042. A number is never used twice."""
        number = _NEXT_NUMBER.scalar(self._connection, prefix=prefix, year=year)
        return f"{prefix}-{year}-{number:04d}"

    def load(self, case_id: str, *, lock: bool = True) -> Case | None:
        """Return the snapshot of a case, locked until the end of the transaction.

        On SQLite a writing unit is alone anyway; a read-only unit never locks.
        """
        snapshot = self._snapshot(case_id, lock=lock and not self._read_only)
        return None if snapshot is None else snapshot.case

    def save(self, change: Change) -> None:
        """Append events to the chain, and write the snapshot, tasks and timers.

        Raises Conflict when the case was changed since it was loaded, or exists already.
        """
        case, events = change.case, change.events
        assert events, "a change has events"
        assert case.seq == events[-1].seq, f"state {case.seq}, last event {events[-1].seq}"
        before = None if change.new else self._before(case.id)
        expected = 0 if before is None else before.seq
        if events[0].seq != expected + 1:
            raise Conflict("case_changed", case=case.id)
        rows = _chained(case.id, events, genesis(case.id) if before is None else before.head)
        head = rows[-1]["hash"]
        old = None if before is None else before.case
        writes = AtOnce(self._connection)
        writes.add(_APPEND, rows)
        save_tasks(writes, old, case, events)
        save_timers(writes, old, case)
        save_people(writes, old, case, events)
        save_followers(writes, old, case)
        self._write(writes, case, head=head, before=before)
        self._loaded[case.id] = _Snapshot(case.seq, head, case)
        self.saved.append(change)

    def events(self, case_id: str) -> tuple[ChainedEvent, ...]:
        """Return all events of a case, oldest first."""
        rows = self._connection.execute(_EVENTS, {"case_id": case_id})
        return tuple(_event(case_id, row) for row in rows)

    def events_of(self, case_ids: Sequence[str]) -> Iterator[tuple[str, Iterator[Event]]]:
        """Yield the events of several cases, oldest first, a case at a time; not their hashes.

        The events of one case must be read before the next case.
        """
        dialect = self._connection.dialect.name
        ids = {"case_ids": many_values(case_ids, dialect)}
        rows = self._connection.execute(_events_of(dialect), ids).yield_per(EVENTS_AT_ONCE)
        for case_id, found in groupby(rows, key=itemgetter(0)):
            yield case_id, (event_from(text) for _, text in found)

    def event(self, case_id: str, seq: int) -> ChainedEvent | None:
        """Return one event of a case, or None."""
        row = self._connection.execute(_EVENT, {"case_id": case_id, "seq": seq}).first()
        return None if row is None else _event(case_id, row)

    def find(self, query: CaseQuery) -> tuple[CaseRow, ...]:
        """Return the page of the matching cases. An unknown `before` matches none."""
        place: Moment | None = None
        if query.before is not None:
            row = self._connection.execute(_PLACE, {"case_id": query.before}).first()
            if row is None:
                return ()
            by_due = query.overdue_at is not None and not query.oldest
            place = row.due_at if by_due else row.created_at
        rows = self._connection.execute(
            *listing(self._connection, query, self._narrow(query), place=place)
        )
        return tuple(CaseRow(**row) for row in rows.mappings())

    def count(self, query: CaseQuery) -> int:
        """Return how many cases match, whatever the page."""
        statement = counting(self._connection, query, self._narrow(query))
        found: int = self._connection.execute(*statement).scalar_one()
        return found

    def _narrow(self, query: CaseQuery) -> Narrowed:
        """Return the cases to which the words lead; a list of several queries asks once."""
        found = self._narrowed.get(query.words)
        if found is None:
            found = narrowed(self._connection, query.words)
            if self._read_only:
                self._narrowed[query.words] = found
        return found

    def open_ids(self, *, after: str = "", limit: int = 500) -> tuple[str, ...]:
        """Return a page of the ids of running cases, in order."""
        rows = self._connection.execute(_OPEN_IDS, {"after": after, "limit": limit})
        return tuple(rows.scalars())

    def behind_ids(
        self,
        process: str,
        *,
        definition: str,
        before: int = _ANY_VERSION,
        after: str = "",
        limit: int = 500,
    ) -> tuple[str, ...]:
        """Return a page of the ids of a process's running cases with another definition.

        `before` restricts them to versions with a smaller number.
        """
        wanted = {
            "process": process,
            "definition": definition,
            "before": before,
            "after": after,
            "limit": limit,
        }
        return tuple(self._connection.execute(_BEHIND_IDS, wanted).scalars())

    def by_definition(self, process: str) -> dict[str, int]:
        """Return the number of running cases of a process by the hash of their definition."""
        rows = self._connection.execute(_BY_DEFINITION, {"process": process})
        return {row.definition: row.cases for row in rows}

    def overdue_ids(self, *, now: Moment, after: str = "", limit: int = 500) -> tuple[str, ...]:
        """Return a page of the ids of running cases with a clock past its due time."""
        wanted = {"now": now, "after": after, "limit": limit}
        return tuple(self._connection.execute(_OVERDUE_IDS, wanted).scalars())

    def heads(self, *, after: str = "", limit: int = 500) -> tuple[Head, ...]:
        """Return a page of the chain heads of all cases, in order."""
        rows = self._connection.execute(_HEADS, {"after": after, "limit": limit})
        return tuple(Head(case_id=row.id, seq=row.seq, hash=row.head) for row in rows)

    def participants(self, case_id: str) -> frozenset[str]:
        """Return everybody who takes or ever took part in the case."""
        return frozenset(key for (key,) in _PARTICIPANTS.rows(self._connection, case_id=case_id))

    def _before(self, case_id: str) -> _Snapshot:
        snapshot = self._loaded.get(case_id) or self._snapshot(case_id, lock=True)
        if snapshot is None:
            raise Conflict("case_missing", case=case_id)
        return snapshot

    def _snapshot(self, case_id: str, *, lock: bool) -> _Snapshot | None:
        locking = lock and is_postgresql(self._connection)
        statement = _LOCKED_SNAPSHOT if locking else _SNAPSHOT
        row = statement.first(self._connection, case_id=case_id)
        if row is None:
            return None
        seq, head, state = row
        case = state_from(state)
        if case is None:  # written by an earlier release
            case = fold(chained.event for chained in self.events(case_id))
        snapshot = _Snapshot(seq, head, case)
        self._loaded[case_id] = snapshot
        return snapshot

    def _write(self, writes: AtOnce, case: Case, *, head: str, before: _Snapshot | None) -> None:
        """Write the snapshot and the derived rows if the case still has the version before."""
        values: dict[str, Any] = {
            "seq": case.seq,
            "head": head,
            "status": case.status.value,
            "node": case.node,
            "closed_at": case.closed_at,
            "due_at": case_due(case),
            "state": state_text(case),
        }
        moved = before is not None and before.case.definition != case.definition
        if before is None or moved:
            values |= {"definition": case.definition, "version": self._version(case)}
        if before is None:
            values |= {
                "id": case.id,
                "process": case.process,
                "filer": case.filer,
                "created_at": case.created_at,
            }
            written = _NEW_CASE.change(self._connection, values) == 1
            if written:
                writes.send()
        else:
            values |= {"case_id": case.id, "expected": before.seq}
            written = writes.send_if(_MOVE_CASE if moved else _UPDATE_CASE, values)
        if not written:
            raise Conflict("case_changed", case=case.id)

    def _version(self, case: Case) -> int:
        """Return the version number of the case's definition, 0 if it was not published."""
        found: int | None = _VERSION.scalar(
            self._connection, process=case.process, definition=case.definition
        )
        return found or 0


@cache
def _events_of(dialect: str) -> Select[Any]:
    events = t.events.c
    wanted = one_of(events.case_id, "case_ids", dialect)
    return select(events.case_id, events.text).where(wanted).order_by(events.case_id, events.seq)


def _event(case_id: str, row: Row[Any]) -> ChainedEvent:
    return ChainedEvent(
        case_id=case_id,
        event=event_from(row.text),
        text=row.text,
        previous=row.previous,
        hash=row.hash,
    )


def _chained(case_id: str, events: Sequence[Event], head: str) -> list[dict[str, Any]]:
    rows = []
    for number, event in enumerate(events, start=events[0].seq):
        assert event.seq == number, f"event {event.seq} where {number} was due"
        text = event_text(case_id, event)
        previous, head = head, link(head, text)
        rows.append(
            {
                "case_id": case_id,
                "seq": event.seq,
                "type": event.body.stored,
                "actor": event.actor,
                "at": event.at,
                "text": text,
                "previous": previous,
                "hash": head,
            }
        )
    return rows


def case_due(case: Case) -> Any:
    """Return the earliest due time of a running clock that people know as a deadline."""
    running = [
        clock.due_at
        for clock in case.clocks
        if clock.status is ClockStatus.RUNNING
        and clock.kind not in (ClockKind.BLOCKED, ClockKind.WORK)
    ]
    return min(running, default=None)
