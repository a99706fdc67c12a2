"""Snapshots of another version are written anew from the events of their cases."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

from storage import tables as t
from storage.codec import event_from, state_from, state_text
from storage.registers import Registers
from workflows.case.events import fold

_STATES = select(t.cases.c.id, t.cases.c.state).order_by(t.cases.c.id)
_TEXTS = (
    select(t.events.c.text)
    .where(t.events.c.case_id == bindparam("of_case"))
    .order_by(t.events.c.seq)
)
_REWRITE = (
    update(t.cases).where(t.cases.c.id == bindparam("of_case")).values(state=bindparam("text"))
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
