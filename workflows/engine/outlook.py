"""What will happen to a case if nobody does anything: the engine's own expectation.

The playground shows it, and the auditor measures against it, so that there is no second copy of the
rules (grafana/oncall's auditor had one, and it was wrong five times).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.engine.draft import find_people_or_owner
from workflows.engine.ladders import LAPSE, at_work, with_deputies
from workflows.errors import Refusal
from workflows.state import Case, Clock, ClockStatus
from workflows.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One thing that is coming: a rung, a due time, or the end of a pause."""

    at: datetime
    kind: Literal["reminder", "escalation", "due", "lapse"]
    clock: str
    to: tuple[str, ...]


def overdue(case: Case, *, now: datetime) -> tuple[Clock, ...]:
    """The clocks that run and are past their due time."""
    running = (clock for clock in case.clocks if clock.status is ClockStatus.RUNNING)
    return tuple(clock for clock in running if clock.ladder and clock.due_at <= now)


def at_top(case: Case, *, now: datetime) -> tuple[Clock, ...]:
    """Those of them that have fired their last rung: their ladders tell nobody any more.

    Not the clock on a question: when it has said all, the cap on the pause takes over.
    """
    late = overdue(case, now=now)
    return tuple(c for c in late if not c.planned and not c.key.startswith("wait:"))


def outlook(case: Case, world: World, *, most: int = 20) -> tuple[Ahead, ...]:
    """What is ahead, earliest first. Whom it will reach is resolved as of now."""
    found: list[Ahead] = []
    for clock in case.clocks:
        if clock.status is not ClockStatus.RUNNING:
            continue
        found.extend(_rungs(case, clock, world))
        if clock.due_at >= world.now and clock.ladder:
            to = at_work(case, clock.key)
            found.append(Ahead(at=clock.due_at, kind="due", clock=clock.key, to=to))
    return tuple(sorted(found, key=lambda ahead: (ahead.at, ahead.clock))[:most])


def _rungs(case: Case, clock: Clock, world: World) -> list[Ahead]:
    found = []
    for planned in clock.planned:
        if planned.id == LAPSE:
            found.append(Ahead(at=planned.at, kind="lapse", clock=clock.key, to=()))
            continue
        rung = world.definition.ladders[clock.ladder].rungs[int(planned.id.partition(".")[0])]
        expression = rung.escalate or rung.remind
        assert expression is not None, "a rung reminds or escalates"
        kind: Literal["reminder", "escalation"] = "escalation" if rung.escalate else "reminder"
        to = _told(expression, case, clock, world)
        found.append(Ahead(at=planned.at, kind=kind, clock=clock.key, to=to))
    return found


def _told(expression: str, case: Case, clock: Clock, world: World) -> tuple[str, ...]:
    assignees = at_work(case, clock.key)
    try:
        people, _ = find_people_or_owner(
            expression, case=case, world=world, values=world.values, assignees=assignees
        )
    except Refusal:  # nobody is there to be told; firing it will say so
        return ()
    return with_deputies(people, case=case, world=world)
