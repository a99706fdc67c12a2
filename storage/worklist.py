"""The store of open tasks, by person and across cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, bindparam, func, literal, select

from storage import tables as t
from storage.columns import Packed
from storage.prepared import Prepared
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.moments import Moment
from workflows.records import TaskRow

_people = t.task_people.c
_mine = (
    select(_people.case_id, _people.task)
    .where(_people.person.in_(bindparam("people", expanding=True)), _people.active.is_(True))
    .distinct()
    .subquery("mine")
)
_OF = (
    select(
        t.tasks.c.case_id,
        t.tasks.c.id.label("task"),
        t.tasks.c.node,
        t.tasks.c.process,
        t.tasks.c.definition,
        t.tasks.c.owners,
        t.tasks.c.claimed,
        t.tasks.c.opened_at,
        t.tasks.c.due_at,
    )
    .join(_mine, (_mine.c.case_id == t.tasks.c.case_id) & (_mine.c.task == t.tasks.c.id))
    .order_by(
        t.tasks.c.due_at.asc().nulls_last(), t.tasks.c.opened_at, t.tasks.c.case_id, t.tasks.c.id
    )
    .limit(bindparam("limit"))
)


# Only running cases have open tasks, so only these are read.
_OWNERLESS = (
    select(t.cases.c.id)
    .join(t.tasks, t.tasks.c.case_id == t.cases.c.id)
    .where(
        t.cases.c.status == Status.RUNNING.value,
        t.cases.c.id > bindparam("after"),
        t.tasks.c.status == TaskStatus.OPEN.value,
        t.tasks.c.owners == literal([], type_=Packed),
    )
    .distinct()
    .order_by(t.cases.c.id)
    .limit(bindparam("limit"))
)
_AT_ONCE = 16  # people per statement
_NAMES = tuple(f"person_{number}" for number in range(_AT_ONCE))


def _counted(*conditions: ColumnElement[bool]) -> Prepared:
    among = _people.person.in_([bindparam(name, type_=Text) for name in _NAMES])
    counted = select(_people.person, func.count()).where(among, *conditions)
    return Prepared(counted.group_by(_people.person))


_LATE = (
    select(_people.person, func.count())
    .join(t.tasks, (t.tasks.c.case_id == _people.case_id) & (t.tasks.c.id == _people.task))
    .where(
        _people.person.in_(bindparam("people", expanding=True)),
        _people.active.is_(True),
        _people.role == "owner",
        t.tasks.c.due_at <= bindparam("now", type_=BigInteger),
    )
    .group_by(_people.person)
)
_LOADS = _counted(_people.active.is_(True), _people.role == "owner")
_TURNS = _counted(_people.given.is_(True))


class Worklist:
    """The store of open tasks across cases."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, people: Sequence[str], *, limit: int = 100) -> tuple[TaskRow, ...]:
        """Return the open tasks that any of these people may act on, earliest due first.

        These are tasks that they have or may claim, tasks that they may act on as deputies, and
        tasks that were escalated to them and that they may take over.
        """
        rows = self._connection.execute(_OF, {"people": list(people), "limit": limit})
        return tuple(TaskRow(**{**row, "owners": tuple(row["owners"])}) for row in rows.mappings())

    def ownerless(self, *, after: str = "", limit: int = 500) -> tuple[str, ...]:
        """Return a page of the ids of running cases with an open task that nobody may act on."""
        wanted = {"after": after, "limit": limit}
        return tuple(self._connection.execute(_OWNERLESS, wanted).scalars())

    def loads(self, people: Iterable[str]) -> Mapping[str, int]:
        """Return how many open tasks each of these people has or may claim."""
        return self._count(_LOADS, people)

    def late(self, people: Sequence[str], *, now: Moment) -> Mapping[str, int]:
        """Return how many overdue tasks each of those people has or may claim who has any."""
        rows = self._connection.execute(_LATE, {"people": list(people), "now": now})
        return {row[0]: row[1] for row in rows}

    def turns(self, people: Iterable[str]) -> Mapping[str, int]:
        """Return how many tasks each of these people was ever given, by assignment or transfer."""
        return self._count(_TURNS, people)

    def _count(self, statement: Prepared, people: Iterable[str]) -> dict[str, int]:
        found = dict.fromkeys(people, 0)
        wanted = list(found)
        for start in range(0, len(wanted), _AT_ONCE):
            some = dict(zip_longest(_NAMES, wanted[start : start + _AT_ONCE]))
            found.update(statement.rows(self._connection, **some))
        return found
