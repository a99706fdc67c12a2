"""Histories to be measured, of Monday 2 March 2026 unless a day is given."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from tests.unit.workflows import office
from tests.unit.workflows.office import moment
from workflows.metrics.desk_time import Held
from workflows.metrics.history import Act, Ending, History, Stay
from workflows.metrics.measuring import Ruler

MONDAY = "2026-03-02"
RULER = Ruler(
    calendar=office.calendar(),
    zone=ZoneInfo("Asia/Shanghai"),
    cut_off=moment("2026-03-06 18:00"),
)


def at(time: str, day: str = MONDAY) -> int:
    return moment(f"{day} {time}")


def case(**fields: Any) -> History:
    given: dict[str, Any] = {"case": "C-1", "process": "p", "version": "1", "filed": at("09:00")}
    return History(**{**given, **fields})


def ended(time: str, **fields: Any) -> History:
    return case(ending=Ending.ENDED, ended=at(time), **fields)


def had(task: str, person: str, since: str, until: str, **fields: Any) -> Held:
    gross = at(until) - at(since)
    whole = {"gross": gross, "working": gross, "waiting": 0, "own": gross if person else 0}
    given: dict[str, Any] = {"task": task, "node": "n", "person": person, "ended": 7, **whole}
    return Held(**{**given, "since": at(since), "until": at(until), **fields})


def act(time: str, person: str, outcome: str = "", **fields: Any) -> Act:
    return Act(at=at(time), person=person, node="n", outcome=outcome, **fields)


def stay(node: str, since: str, until: str = "", first: str = "", **fields: Any) -> Stay:
    return Stay(
        node=node,
        since=at(since),
        until=at(until) if until else None,
        first_act=at(first) if first else None,
        **fields,
    )
