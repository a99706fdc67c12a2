"""What is derived from the events of cases is written anew, for migrations."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, true, update

from storage import tables as t
from storage.casework import followers_of, people_who_did
from storage.codec import event_from, state_from, state_text
from storage.registers import Registers
from workflows.case.events import Event, evolve, fold

_STATES = select(t.cases.c.id, t.cases.c.state).order_by(t.cases.c.id)
_TEXTS = (
    select(t.events.c.text)
    .where(t.events.c.case_id == bindparam("of_case"))
    .order_by(t.events.c.seq)
)
_REWRITE = (
    update(t.cases).where(t.cases.c.id == bindparam("of_case")).values(state=bindparam("text"))
)

_IDS = select(t.cases.c.id).order_by(t.cases.c.id)
_people = t.task_people.c
_DID = (
    update(t.task_people)
    .where(_people.case_id == bindparam("of_case"), _people.task == bindparam("of_task"))
    .where(_people.person == bindparam("who"))
    .values(did=true())
)


def renumber_facts(connection: Connection) -> None:
    """Write the latest facts of each case again.

    Earlier code gave their rows on PostgreSQL the numbers of a sequence.
    """
    for row in connection.execute(_STATES).all():
        case = state_from(row.state)
        if case is not None and case.facts:
            Registers(connection).follow(case)


def refold(connection: Connection) -> int:
    """Fold each case again whose snapshot has the shape of another version; return how many.

    The chain of events is only read. Migrations call this after the shape of snapshots changed.
    """
    old = [row.id for row in connection.execute(_STATES) if state_from(row.state) is None]
    for case_id in old:
        texts = connection.execute(_TEXTS, {"of_case": case_id}).scalars()
        state = state_text(fold(map(event_from, texts)))
        connection.execute(_REWRITE, {"of_case": case_id, "text": state})
    return len(old)


def refollow(connection: Connection) -> None:
    """Write anew who decided each task, who was copied in, and who watches, from the events.

    A case whose events cannot be folded is left out; `fsck` says what is wrong with it.
    """
    for case_id in connection.execute(_IDS).scalars().all():
        texts = connection.execute(_TEXTS, {"of_case": case_id}).scalars()
        events = [event_from(text) for text in texts]
        for task, person in sorted(set(people_who_did(events))):
            _note_done(connection, case_id=case_id, task=task, person=person)
        rows = _followers(events)
        if rows:
            connection.execute(insert(t.followers), rows)


def _followers(events: Iterable[Event]) -> list[dict[str, Any]]:
    case, copied = None, set[str]()
    try:
        for event in events:
            case = evolve(case, event)
            copied |= {*case.copied}
    except (AssertionError, LookupError, ValueError, StopIteration):
        return []
    return [] if case is None else [*followers_of(case, copied=copied).values()]


def _note_done(connection: Connection, *, case_id: str, task: str, person: str) -> None:
    key = {"of_case": case_id, "of_task": task, "who": person}
    if not connection.execute(_DID, key).rowcount:
        row = {"case_id": case_id, "task": task, "person": person, "role": "", "active": False}
        connection.execute(insert(t.task_people), {**row, "given": False, "did": True})
