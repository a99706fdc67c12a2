"""Predicts what will happen to a case if nobody acts.

The playground shows the prediction and the auditor compares it with what happened, so that the
rules exist only once (the auditor of grafana/oncall had a copy, which was wrong five times).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workflows.case.clock import Clock, ClockKind, ClockStatus, PlannedRung
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow.clocks import LAPSE, TELL, at_work
from workflows.flow.offer import watchers
from workflows.flow.reach import escalated, reminded
from workflows.model.clocks import Rung
from workflows.moments import Moment

Kind = Literal["reminder", "escalation", "points", "reassign", "outcome", "due", "lapse", "blocked"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One event that is expected: a rung, a due time, or the end of a pause."""

    at: Moment
    kind: Kind
    clock: str
    to: tuple[str, ...]

    @property
    def matters(self) -> bool:
        """Whether it will reach anybody; a rung that reaches nobody new is merged into others."""
        return bool(self.to) or self.kind == "lapse"


def overdue(case: Case, *, now: Moment) -> tuple[Clock, ...]:
    """Return the running clocks that are past their due time."""
    running = (clock for clock in case.clocks if clock.status is ClockStatus.RUNNING)
    return tuple(clock for clock in running if clock.ladder and clock.due_at <= now)


def at_top(case: Case, *, now: Moment) -> tuple[Clock, ...]:
    """Return the overdue clocks that have no rung left that reaches somebody.

    The clock of a question is left out, because the cap on the pause follows it.
    """
    late = overdue(case, now=now)
    return tuple(c for c in late if not c.climbs and c.kind is not ClockKind.WAIT)


def outlook(case: Case, world: World, *, most: int = 20) -> tuple[Ahead, ...]:
    """Return at most `most` expected events, earliest first, with recipients as of now."""
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
    """Return the planned rungs of a clock in order; escalations reach each person only once."""
    found, heard = [], clock.heard
    for planned in clock.planned:
        if planned.id == LAPSE:
            found.append(Ahead(at=planned.at, kind="lapse", clock=clock.key, to=()))
            continue
        if planned.id == TELL:
            to = watchers(case, world)
            found.append(Ahead(at=planned.at, kind="blocked", clock=clock.key, to=to))
            continue
        if not clock.ladder:
            continue  # the start of another case or of a day, which notifies nobody
        rung = world.definition.ladders[clock.ladder].rungs[int(planned.id.partition(".")[0])]
        if not rung.tells:
            found.append(_effect(rung, planned, case, clock))
            continue
        to = _told(rung, case, clock, world, heard)
        kind: Kind = "escalation" if rung.escalate else "reminder"
        heard = (*heard, *to) if rung.escalate else heard
        found.append(Ahead(at=planned.at, kind=kind, clock=clock.key, to=to))
    return found


def _effect(rung: Rung, planned: PlannedRung, case: Case, clock: Clock) -> Ahead:
    """Return what a rung will do that changes something, with those who have the task until then.

    Who gets a task that is handed over is decided when the rung fires.
    """
    kinds: dict[str, Kind] = {"points": "points", "reassign": "reassign", "outcome": "outcome"}
    return Ahead(at=planned.at, kind=kinds[rung.does], clock=clock.key, to=at_work(case, clock.key))


def _told(
    rung: Rung, case: Case, clock: Clock, world: World, heard: tuple[str, ...]
) -> tuple[str, ...]:
    """Return the people that a rung will reach; none if it will be merged or finds nobody."""
    values = world.values
    try:
        if rung.escalate is None:
            return reminded(rung, case=case, world=world, clock=clock.key, values=values)
        return escalated(
            rung.escalate, case=case, world=world, clock=clock.key, values=values, heard=heard
        ).people
    except Refusal:  # the refusal is reported when the rung fires
        return ()
