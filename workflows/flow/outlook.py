"""What will happen to a case if nobody does anything: the engine's own expectation.

The playground shows it, and the auditor measures against it, so that there is no second copy of the
rules (grafana/oncall's auditor had one, and it was wrong five times).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from workflows.case.state import Case, Clock, ClockStatus
from workflows.case.world import World
from workflows.definition import Rung
from workflows.errors import Refusal
from workflows.flow.clocks import LAPSE, TELL, at_work
from workflows.flow.offer import watchers
from workflows.flow.reach import escalated, reminded


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One thing that is coming: a rung, a due time, or the end of a pause."""

    at: datetime
    kind: Literal["reminder", "escalation", "due", "lapse", "blocked"]
    clock: str
    to: tuple[str, ...]

    @property
    def matters(self) -> bool:
        """Whether anybody will notice; a rung that reaches nobody new is merged into others."""
        return bool(self.to) or self.kind == "lapse"


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
    """The rungs of a clock in their order: who heard of it by then is not told by a later one."""
    found, heard = [], clock.heard
    for planned in clock.planned:
        if planned.id == LAPSE:
            found.append(Ahead(at=planned.at, kind="lapse", clock=clock.key, to=()))
            continue
        if planned.id == TELL:
            to = watchers(case, world)
            found.append(Ahead(at=planned.at, kind="blocked", clock=clock.key, to=to))
            continue
        rung = world.definition.ladders[clock.ladder].rungs[int(planned.id.partition(".")[0])]
        to = _told(rung, case, clock, world, heard)
        kind: Literal["reminder", "escalation"] = "escalation" if rung.escalate else "reminder"
        heard = (*heard, *to) if rung.escalate else heard
        found.append(Ahead(at=planned.at, kind=kind, clock=clock.key, to=to))
    return found


def _told(
    rung: Rung, case: Case, clock: Clock, world: World, heard: tuple[str, ...]
) -> tuple[str, ...]:
    """Whom a rung will reach; nobody when it will be merged, or nobody is there to be told."""
    values = world.values
    try:
        if rung.escalate is None:
            return reminded(rung, case=case, world=world, clock=clock.key, values=values)
        return escalated(
            rung.escalate, case=case, world=world, clock=clock.key, values=values, heard=heard
        ).people
    except Refusal:  # firing it will say so
        return ()
