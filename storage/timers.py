"""The store of timers: one row for each running clock that has a rung left.

The rows are written by `casework.py`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Connection, bindparam, func, select, update

from storage import tables as t
from storage.columns import storable
from storage.prepared import Prepared
from storage.statements import is_postgresql
from workflows.moments import Moment
from workflows.records import DueTimer

_timers = t.timers.c
_TIMER = select(_timers.case_id, _timers.clock, _timers.due_at, _timers.attempts)
_due = (
    _TIMER.where(_timers.next_at <= bindparam("now", type_=BigInteger))
    .order_by(_timers.next_at, _timers.case_id, _timers.clock)
    .limit(bindparam("limit"))
)
_DUE = Prepared(_due)
# A decision locks its case first, and so does this: the lock of a case covers its timers.
_DUE_AND_FREE = Prepared(
    _due.join(t.cases, t.cases.c.id == _timers.case_id).with_for_update(
        of=t.cases, skip_locked=True
    )
)
_POSTPONE = (
    update(t.timers)
    .where(
        _timers.case_id == bindparam("case"),
        _timers.clock == bindparam("key"),
        _timers.due_at == bindparam("was", type_=BigInteger),
    )
    .values(
        next_at=bindparam("until", type_=BigInteger),
        attempts=_timers.attempts + 1,
        error=bindparam("why"),
    )
    .returning(_timers.attempts)
)
_NEXT_AT = Prepared(select(func.min(_timers.next_at)))
_OF_CASE = _TIMER.where(_timers.case_id == bindparam("case")).order_by(_timers.clock)


class Timers:
    """The store of timers. `Cases.save` writes them."""

    def __init__(self, connection: Connection, *, read_only: bool = False) -> None:
        self._connection = connection
        self._locks = is_postgresql(connection) and not read_only

    def due(self, *, now: Moment, limit: int) -> tuple[DueTimer, ...]:
        """Return due timers, earliest first.

        On PostgreSQL it locks the cases of the returned timers until the end of the transaction,
        and skips timers of cases that are locked. In a read-only transaction it returns all and
        locks none.
        """
        statement = _DUE_AND_FREE if self._locks else _DUE
        rows = statement.rows(self._connection, now=now, limit=limit)
        return tuple(
            DueTimer(case_id=case_id, clock=clock, due_at=due_at, attempts=attempts)
            for case_id, clock, due_at, attempts in rows
        )

    def postpone(self, timer: DueTimer, *, until: Moment, error: str) -> int:
        """Postpone a timer after a failure; return how often it has failed.

        Returns 0 when the timer was deleted or planned again meanwhile.
        """
        failed = {
            "case": timer.case_id,
            "key": timer.clock,
            "was": timer.due_at,
            "until": until,
            "why": storable(error),
        }
        return self._connection.execute(_POSTPONE, failed).scalar() or 0

    def next_at(self) -> Moment | None:
        """Return when the next timer is to be fired, or None."""
        found: Moment | None = _NEXT_AT.scalar(self._connection)
        return found

    def of_case(self, case_id: str) -> tuple[DueTimer, ...]:
        """Return the timers of a case, due or not, by clock."""
        rows = self._connection.execute(_OF_CASE, {"case": case_id}).mappings()
        return tuple(DueTimer(**row) for row in rows)
