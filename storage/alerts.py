"""The store of alerts: their states, and the counts of open cases and tasks that they watch.

The counts are read from the running cases, so they cost the same after years.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Connection,
    Text,
    bindparam,
    delete,
    func,
    select,
    type_coerce,
)

from storage import tables as t
from storage.statements import upsert
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.metrics.alerting import Phase, Series
from workflows.moments import Moment
from workflows.records import AlertRow

_row = t.alerts.c
_KEY = ("process", "alert", "subject")
_STATE = ("phase", "since", "clear_since", "checked_at", "checks", "flapping")
_REST = ("value", "n", "fired_at", "told", "managers")
_PUT = upsert(t.alerts, update=(*_STATE, *_REST))
_ALL = select(t.alerts).order_by(_row.process, _row.alert, _row.subject)
_FORGET = delete(t.alerts).where(*(_row[name] == bindparam(f"of_{name}") for name in _KEY))
_cases, _tasks, _people = t.cases.c, t.tasks.c, t.task_people.c
_RUNNING = _cases.status == Status.RUNNING.value
_OPEN = _tasks.status == TaskStatus.OPEN.value
_OLDEST = (
    select(_cases.id, _cases.created_at)
    .where(
        _RUNNING,
        _cases.process.concat("") == bindparam("of_process"),  # the order needs another index
        _cases.node != bindparam("but_at"),
    )
    .order_by(_cases.created_at, _cases.id)
    .limit(bindparam("most"))
)
_open_tasks = t.cases.join(t.tasks, _tasks.case_id == _cases.id)
_BACKLOGS = (
    select(_tasks.process, _tasks.node, func.count())
    .select_from(_open_tasks)
    .where(_RUNNING, _OPEN)
    .group_by(_tasks.process, _tasks.node)
)
_AT_STEP = (
    select(_tasks.case_id, _tasks.opened_at)
    .select_from(_open_tasks)
    .where(
        _RUNNING,
        _OPEN,
        _tasks.process == bindparam("of_process"),
        _tasks.node == bindparam("of_node"),
    )
    .order_by(_tasks.opened_at, _tasks.case_id)
    .limit(bindparam("most"))
)
_one_owner = type_coerce(_tasks.owners, Text).not_like("%,%")
_LOADS = (
    select(_people.person, func.count().label("tasks"))
    .select_from(
        _open_tasks.join(
            t.task_people, (_people.case_id == _tasks.case_id) & (_people.task == _tasks.id)
        )
    )
    .where(
        _RUNNING,
        _OPEN,
        _tasks.process == bindparam("of_process"),
        _people.active,
        _people.role == "owner",
        _one_owner,
    )
    .group_by(_people.person)
    .having(func.count() > bindparam("least", type_=BigInteger))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A case that waits, and since when."""

    case_id: str
    since: Moment


class Alerts:
    """The store of alerts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[AlertRow, ...]:
        """Return the state of every alert that was checked."""
        return tuple(
            AlertRow(
                **{name: row[name] for name in (*_KEY, "value", "n", "fired_at")},
                series=Series(
                    **{**{name: row[name] for name in _STATE}, "phase": Phase(row["phase"])}
                ),
                told=tuple(row["told"]),
                managers=tuple(row["managers"]),
            )
            for row in self._connection.execute(_ALL).mappings()
        )

    def put(self, rows: Iterable[AlertRow]) -> None:
        """Store the states of alerts."""
        written = [
            {name: getattr(row, name) for name in (*_KEY, *_REST)}
            | {name: getattr(row.series, name) for name in _STATE}
            for row in rows
        ]
        if written:
            self._connection.execute(_PUT.on(self._connection), written)

    def forget(self, rows: Iterable[AlertRow]) -> None:
        """Delete the states of alerts that there are no more."""
        gone = [{f"of_{name}": getattr(row, name) for name in _KEY} for row in rows]
        if gone:
            self._connection.execute(_FORGET, gone)

    def oldest(self, process: str, *, but_at: str, most: int) -> tuple[Waiting, ...]:
        """Return the running cases of a process that were filed first; none at node `but_at`."""
        wanted = {"of_process": process, "but_at": but_at, "most": most}
        rows = self._connection.execute(_OLDEST, wanted)
        return tuple(Waiting(case_id=case, since=at) for case, at in rows)

    def backlogs(self) -> Mapping[tuple[str, str], int]:
        """Return how many open tasks there are, by process and node."""
        rows = self._connection.execute(_BACKLOGS)
        return {(process, node): count for process, node, count in rows}

    def at_step(self, process: str, node: str, *, most: int) -> tuple[Waiting, ...]:
        """Return the cases whose tasks at a node have been open for longest."""
        wanted = {"of_process": process, "of_node": node, "most": most}
        rows = self._connection.execute(_AT_STEP, wanted)
        return tuple(Waiting(case_id=case, since=at) for case, at in rows)

    def loads(self, process: str, *, least: int) -> Mapping[str, int]:
        """Return how many open tasks of a process people have alone, of those who have more."""
        wanted = {"of_process": process, "least": least}
        rows = self._connection.execute(_LOADS, wanted)
        return {row.person: row.tasks for row in rows}
