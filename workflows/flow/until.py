"""Waiting for a date: a node that the case leaves when a day opens.

The day is that of a date field, or some days before or after it, by the calendar of the node. The
visit has no task and a clock that is due at the opening of that day. A day that has opened already,
and a field that is empty, end the visit at once (rules: waiting for a date).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Literal

from msgspec import UNSET
from msgspec.structs import replace

from workflows.calendar import WorkCalendar
from workflows.case.clock import Clock, ClockKind, ClockStatus, PlannedRung
from workflows.case.draft import Draft
from workflows.case.effects import Effect, case_cards
from workflows.case.events import Body, Event
from workflows.case.state import Case, Visit
from workflows.durations import Span, Unit
from workflows.field_rules import moved
from workflows.flow.clocks import ClockPlanned, stop
from workflows.model.bounds import DayBound
from workflows.model.nodes import WaitNode
from workflows.moments import Moment, moment_of
from workflows.working_days import FIRST_YEAR, LAST_YEAR

OPENS = "opens"  # the only rung of an `until:` clock
_LIMIT = Span(amount=1, unit=Unit.DAYS)  # a clock has one; the due time is that of the day
_BEFORE_ALL = 0
_FIRST_DAY, _LAST_DAY = date(FIRST_YEAR - 1, 12, 31), date(LAST_YEAR + 1, 1, 1)
_AFTER_ALL = moment_of(datetime(LAST_YEAR, 12, 31, tzinfo=UTC))


class WaitEnded(Body, frozen=True, kw_only=True):
    """The visit of a node that waits for a date is over.

    `why` is `due` when its day has opened, `past` if it had when the case came there, and `empty`
    if there is no date.
    """

    stored = "WaitEnded"

    node: str
    visit: str
    why: Literal["due", "past", "empty"]

    def apply(self, case: Case, event: Event) -> Case:
        """Close the visit, and keep it if the case has waited there."""
        visit = case.visit(self.visit)
        assert visit is not None, f"no visit {self.visit}"
        waited = (visit,) if case.clock(ClockKind.UNTIL.of(self.visit)) is not None else ()
        case = replace(case.without_visit(self.visit), waited=(*case.waited, *waited))
        rested = any(scope.id == self.visit for scope in case.scopes)
        return case.with_scope(self.visit, open=(), joined=True) if rested else case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, which say for what it waits."""
        yield from case_cards()


def begin(draft: Draft, node: WaitNode, visit: Visit) -> bool:
    """Plan the end of the visit; return False if the case goes on at once."""
    at = opening(node, draft.values, draft.world.calendar)
    if at is None or at <= draft.world.now:
        why: Literal["past", "empty"] = "empty" if at is None else "past"
        draft.cause(WaitEnded(node=node.id, visit=visit.id, why=why))
        return False
    draft.cause(_planned(draft, node, visit, at=at, why="started", started_at=draft.world.now))
    return True


def ended(draft: Draft, node: WaitNode, visit: Visit) -> bool:
    """End the visit, whose clock is due; if its day is a later one now, plan it again instead."""
    at = opening(node, draft.values, draft.world.calendar)
    if at is not None and at > draft.world.now:
        replan(draft, visit.id, why="regraded")
        return False
    draft.cause(WaitEnded(node=node.id, visit=visit.id, why="empty" if at is None else "due"))
    stop(draft, ClockKind.UNTIL.of(visit.id), why="cancelled")
    return True


def has_come(draft: Draft, node: WaitNode, visit: Visit) -> bool:
    """Return whether the day for which a node waits has opened, or is not known any more."""
    at = opening(node, draft.values, draft.world.calendar)
    return at is None or at <= draft.world.now


def regrade(draft: Draft) -> None:
    """Plan the waiting visits again whose day has changed with the values of a form."""
    for visit, _ in waiting(draft.case):
        replan(draft, visit.id, why="regraded")


def replan(draft: Draft, visit_id: str, *, why: Literal["regraded", "calendar", "moved"]) -> None:
    """Plan the end of a waiting visit again, if its time changes; without a date it is due now."""
    node, visit, clock = waiting_at(draft, visit_id)
    at = opening(node, draft.values, draft.world.calendar)
    if at is None:
        at = min(clock.due_at, draft.world.now)
    new = _planned(draft, node, visit, at=at, why=why, started_at=clock.started_at)
    if (new.due_at, new.provisional) != (clock.due_at, clock.provisional):
        draft.cause(new)


def waiting(case: Case) -> Iterator[tuple[Visit, Clock]]:
    """Yield the visits that wait for a date, each with its clock."""
    for visit in case.visits:
        clock = case.clock(ClockKind.UNTIL.of(visit.id))
        if clock is not None and clock.status is ClockStatus.RUNNING:
            yield visit, clock


def waiting_at(draft: Draft, visit_id: str) -> tuple[WaitNode, Visit, Clock]:
    """Return the node, the visit and the clock of a visit that waits for a date."""
    visit, clock = next(one for one in waiting(draft.case) if one[0].id == visit_id)
    node = draft.world.definition.node(visit.node)
    assert isinstance(node, WaitNode), "only these wait for a date"
    return node, visit, clock


def opening(node: WaitNode, values: Mapping[str, object], calendar: WorkCalendar) -> Moment | None:
    """Return when the day opens for which a node waits; None if its field is empty.

    A day before or after the years of the calendar counts as long past, or as its last one.
    """
    work = calendar.named(node.calendar)
    day = day_of(node.until, values, work)
    return None if day is None else opening_of(day, work)


def day_of(bound: DayBound | None, values: Mapping[str, object], work: WorkCalendar) -> date | None:
    """Return the day of a date field, or days before or after it; None if the field is empty."""
    given = None if bound is None else values.get(bound.field or "")
    if bound is None or given is None:
        return None
    day = date.fromisoformat(str(given))
    try:
        return day if bound.span is None else moved(day, bound.sign, bound.span, work)
    except ValueError:
        return _FIRST_DAY if day.year <= FIRST_YEAR else _LAST_DAY


def opening_of(day: date, work: WorkCalendar) -> Moment:
    """Return when a day opens; outside of the years of the calendar long ago, or at its end."""
    try:
        return work.opening_of(day)
    except ValueError:
        return _BEFORE_ALL if day.year <= FIRST_YEAR else _AFTER_ALL


def is_provisional(at: Moment, work: WorkCalendar) -> bool:
    """Return whether a day opens in a year whose calendar is not announced yet."""
    return at > _BEFORE_ALL and work.status_at(at) == "provisional"


def _planned(
    draft: Draft,
    node: WaitNode,
    visit: Visit,
    *,
    at: Moment,
    why: Literal["started", "regraded", "calendar", "moved"],
    started_at: Moment,
) -> ClockPlanned:
    work = draft.world.calendar.named(node.calendar)
    return ClockPlanned(
        clock=ClockKind.UNTIL.of(visit.id),
        why=why,
        started_at=started_at,
        limit=str(_LIMIT),
        ladder="",
        due_at=at,
        rungs=(PlannedRung(id=OPENS, at=at),),
        provisional=is_provisional(at, work),
        calendar=node.calendar or UNSET,
    )
