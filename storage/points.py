"""The store of points for lateness over all cases, for the ledgers of people and owners."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, select

from storage import tables as t
from storage.statements import upsert
from workflows.case.state import Case
from workflows.fact_rules import POINTS
from workflows.moments import Moment

_points = t.points.c
_SAVE = upsert(t.points, update=("definition", "node", "waived"))
_NEWEST = (_points.day.desc(), _points.case_id.desc(), _points.seq.desc())
_OF_PERSON = (
    select(t.points)
    .where(_points.person == bindparam("of"))
    .order_by(*_NEWEST)
    .limit(bindparam("most"))
)
_OF_PROCESS = (
    select(t.points)
    .where(_points.process == bindparam("of"))
    .order_by(*_NEWEST)
    .limit(bindparam("most"))
)
_OF_CASE = select(t.points).where(_points.case_id == bindparam("of")).order_by(_points.seq)
_SUM = func.coalesce(func.sum(_points.points), 0)
_TOTAL = select(_SUM).where(_points.person == bindparam("of"), _points.waived.is_(False))
_TOTAL_OF_PROCESS = select(_SUM).where(
    _points.process == bindparam("of"), _points.waived.is_(False)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsRow:
    """A charge of points. `day` is the close of the overdue working day."""

    case_id: str
    seq: int
    process: str
    definition: str
    node: str
    person: str
    points: int
    day: Moment
    waived: bool


def rows_of(case: Case) -> Iterator[dict[str, Any]]:
    """Yield the row of each charge of a case."""
    for fact in case.facts:
        if fact.name == POINTS:
            yield {
                "case_id": case.id,
                "seq": fact.seq,
                "process": case.process,
                "definition": case.definition,
                "node": fact.node,
                "person": fact.subject,
                "points": fact.number // 100,
                "day": fact.at,
                "waived": bool(fact.voided),
            }


class PointsLedger:
    """The store of charges, which follow the facts of the cases."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def follow(self, case: Case) -> None:
        """Store the points of a case as its facts have them."""
        rows = list(rows_of(case))
        if rows:
            self._connection.execute(_SAVE.on(self._connection), rows)

    def of_person(self, person: str, *, most: int) -> tuple[PointsRow, ...]:
        """Return the newest charges of a person, waived ones included."""
        rows = self._connection.execute(_OF_PERSON, {"of": person, "most": most}).mappings()
        return tuple(PointsRow(**row) for row in rows)

    def of_process(self, process: str, *, most: int) -> tuple[PointsRow, ...]:
        """Return the newest charges of a process, waived ones included."""
        rows = self._connection.execute(_OF_PROCESS, {"of": process, "most": most}).mappings()
        return tuple(PointsRow(**row) for row in rows)

    def of_case(self, case_id: str) -> tuple[PointsRow, ...]:
        """Return the charges of a case, oldest first, waived ones included."""
        rows = self._connection.execute(_OF_CASE, {"of": case_id}).mappings()
        return tuple(PointsRow(**row) for row in rows)

    def total(self, person: str) -> int:
        """Return the points of a person that were not waived."""
        return int(self._connection.execute(_TOTAL, {"of": person}).scalar_one())

    def total_of_process(self, process: str) -> int:
        """Return the points of a process that were not waived."""
        return int(self._connection.execute(_TOTAL_OF_PROCESS, {"of": process}).scalar_one())
