"""The store of timers: one row for each running clock that has a rung left, and for each work.

The rows are written by `casework.py`.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import BigInteger, Connection, bindparam, func, select, update

from storage import tables as t
from storage.columns import storable
from storage.prepared import Prepared
from storage.statements import is_postgresql
from workflows.case.clock import ClockKind
from workflows.moments import Moment
from workflows.records import DueTimer

_timers = t.timers.c
_TIMER = select(_timers.case_id, _timers.clock, _timers.due_at, _timers.attempts)
_IS_WORK = _timers.clock.startswith(f"{ClockKind.WORK}:")
_due = (
    _TIMER.where(_timers.next_at <= bindparam("now", type_=BigInteger), ~_IS_WORK)
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
_NEXT_AT = Prepared(select(func.min(_timers.next_at)).where(~_IS_WORK))
_NEXT_WORK_AT = Prepared(select(func.min(_timers.next_at)).where(_IS_WORK))
_due_works = (
    _TIMER.where(_timers.next_at <= bindparam("now", type_=BigInteger), _IS_WORK)
    .order_by(_timers.next_at, _timers.case_id, _timers.clock)
    .limit(1)
)
_DUE_WORK = Prepared(_due_works)
_DUE_WORK_AND_FREE = Prepared(
    _due_works.join(t.cases, t.cases.c.id == _timers.case_id).with_for_update(
        of=t.cases, skip_locked=True
    )
)
_EXTEND = (
    update(t.timers)
    .where(
        _timers.case_id == bindparam("case"),
        _timers.clock == bindparam("key"),
        _timers.attempts == bindparam("tried"),
    )
    .values(next_at=bindparam("until", type_=BigInteger), error=bindparam("why"))
)
_OF_CASE = _TIMER.where(_timers.case_id == bindparam("case")).order_by(_timers.clock)


class Timers:
    """The store of timers. `Cases.save` writes them."""

    def __init__(self, connection: Connection, *, read_only: bool = False) -> None:
        self._connection = connection
        self._locks = is_postgresql(connection) and not read_only

    def due(self, *, now: Moment, limit: int) -> tuple[DueTimer, ...]:
        """Return due timers, earliest first, without those of works.

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

    def claim_work(self, *, now: Moment, until: Moment) -> DueTimer | None:
        """Claim the earliest due work until a time; None if none is due.

        The claim is counted in `attempts` and ends by itself, so that another process does the
        work if this one has died.
        """
        statement = _DUE_WORK_AND_FREE if self._locks else _DUE_WORK
        row = next(iter(statement.rows(self._connection, now=now)), None)
        if row is None:
            return None
        case_id, clock, due_at, attempts = row
        timer = DueTimer(case_id=case_id, clock=clock, due_at=due_at, attempts=attempts)
        return replace(timer, attempts=self.postpone(timer, until=until, error=""))

    def extend_work(self, work: DueTimer, *, until: Moment, error: str = "") -> bool:
        """Extend a claim, or end it at `until` after a failure; False if it was lost meanwhile."""
        facts = {
            "case": work.case_id,
            "key": work.clock,
            "tried": work.attempts,
            "until": until,
            "why": storable(error),
        }
        return self._connection.execute(_EXTEND, facts).rowcount == 1

    def next_work_at(self) -> Moment | None:
        """Return when the next work is due, or the claim of one ends; None without any."""
        found: Moment | None = _NEXT_WORK_AT.scalar(self._connection)
        return found

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
        """Return when the next timer is to be fired, or None; works are not counted."""
        found: Moment | None = _NEXT_AT.scalar(self._connection)
        return found

    def of_case(self, case_id: str) -> tuple[DueTimer, ...]:
        """Return the timers of a case, due or not, by clock."""
        rows = self._connection.execute(_OF_CASE, {"case": case_id}).mappings()
        return tuple(DueTimer(**row) for row in rows)
