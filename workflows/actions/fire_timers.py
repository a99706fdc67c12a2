"""Fire timers: handle what is due on a clock: its rungs, the end of a pause, a blocked task.

Of messages that became due together, for example during downtime, only the highest is sent (rules:
ladders); rungs with points fire for each day, and one that changes the task fires before messages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.clock import Clock, ClockKind, ClockStatus, PlannedRung
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import (
    ESCALATION,
    Effect,
    Lane,
    Post,
    Refresh,
    escalation_slot,
    progress,
    watched,
    watched_tasks,
)
from workflows.case.events import Body, Event
from workflows.case.passed_over import Fallback, PassedOver
from workflows.case.state import Case
from workflows.errors import Refusal
from workflows.flow import (
    clocks,
    going_on,
    offer,
    offering,
    pauses,
    points,
    rung_effects,
    start_clocks,
)
from workflows.flow.reach import escalated, reminded
from workflows.flow.rung_effects import DecidedByTimer, ReassignmentDue
from workflows.model.clocks import Ladder, Rung
from workflows.moments import Moment


class Reminded(Body, frozen=True, kw_only=True):
    """A reminder was due and was sent to these people."""

    stored = "Reminded"

    clock: str
    rung: str
    to: tuple[str, ...]
    overdue: bool

    def apply(self, case: Case, event: Event) -> Case:
        """Record the rung as fired."""
        return clocks.fired(case, self.clock, (self.rung,))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send each of them a message, outside their quiet hours."""
        tasks = watched_tasks(case, self.clock)
        for person in self.to:
            yield Post(
                to=person,
                slot=f"remind:{event.seq}",
                kind="reminder",
                lane=Lane.REMINDER,
                task=next(iter(tasks), None),
                args={"clock": self.clock, "rung": self.rung},
                quiet=True,
            )
        for task_id in tasks:
            yield Refresh(task=task_id)


class Escalated(Body, frozen=True, kw_only=True):
    """A deadline was missed and these people were notified.

    `level` counts the escalations of the clock, `heard` has all people that the clock has reached
    so far. An entry of `passed_over` with a `task` is a recipient who may not take that task over.
    """

    stored = "Escalated"

    clock: str
    rung: str
    level: int
    to: tuple[str, ...]
    may_take_over: bool
    with_history: bool
    fallback: Fallback = ""
    heard: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Record the rung as fired, and the recipients who may take a task over."""
        case = clocks.fired(case, self.clock, (self.rung,))
        case = case.with_clock(self.clock, level=self.level, heard=self.heard)
        told = tuple(dict.fromkeys((*case.escalated_to, *self.to)))
        case = replace(case, escalated_to=told)
        if not self.may_take_over:
            return case
        for task in watched(case, self.clock):
            # The filer is notified like anybody else, but may not take the task over.
            out = {one.person for one in self.passed_over if one.task == task.id}
            found = dict.fromkeys((*task.rescuers, *self.to))
            out |= {case.filer, case.acting_filer}
            rescuers = tuple(person for person in found if person not in out)
            case = case.with_task(task.id, rescuers=rescuers)
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send each of them the escalation, or update the one that they have."""
        tasks = watched_tasks(case, self.clock)
        about = next(iter(tasks), None)
        for person in self.to:
            yield Post(
                to=person,
                slot=escalation_slot(about or self.clock),
                kind=ESCALATION,
                lane=Lane.ESCALATION,
                task=about,
                args={"seq": str(event.seq)},
            )
        for task_id in tasks:
            yield from progress(task_id)


class RungsCollapsed(Body, frozen=True, kw_only=True):
    """Rungs that were due and reached nobody.

    `late` rungs were due together with a higher one, which fired instead. All recipients of
    `merged` rungs had been reached by the clock before. A `blocked` task is not decided by a rung.
    """

    stored = "RungsCollapsed"

    clock: str
    rungs: tuple[str, ...]
    why: Literal["late", "merged", "blocked"] = "late"

    def apply(self, case: Case, event: Event) -> Case:
        """Record the rungs as fired."""
        return clocks.fired(case, self.clock, self.rungs)


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimers(Command):
    """Handle what is due on one clock. Refusal `nothing_due` when nothing is."""

    clock: str

    def decide(self, draft: Draft) -> None:
        """End a pause or a wait, offer a blocked task again, or fire the rungs that are due."""
        clock = draft.case.clock(self.clock)
        if clock is None or clock.status is not ClockStatus.RUNNING:
            raise Refusal("nothing_due")
        if clock.kind in (ClockKind.START, ClockKind.WORK):  # handled under `handlers/`
            raise Refusal("nothing_due")
        due = [rung for rung in clock.planned if rung.at <= draft.world.now]
        if not due:
            raise Refusal("nothing_due")
        match clock.kind:
            case ClockKind.CAP:
                pauses.lapse(draft, draft.task(clock.about), why="silence")
            case ClockKind.BLOCKED:
                offering.look_again(draft, clock.about)
            case ClockKind.UNTIL:
                going_on.day_came(draft, clock.about)
            case ClockKind.BEGIN:
                _begin(draft, clock, due)
            case _:
                _climb(draft, clock, due)


def _begin(draft: Draft, clock: Clock, due: list[PlannedRung]) -> None:
    """Tell people before a start is due, then open its branch when it is."""
    ahead = [rung for rung in due if rung != clock.planned[-1]]
    if ahead:
        _climb(draft, clock, ahead)
    if clock.planned[-1] in due:
        going_on.start_came(draft, clock.key)


def _ladder(draft: Draft, clock: Clock) -> Ladder:
    if clock.kind is ClockKind.BEGIN:
        return start_clocks.ladder_of(draft.case, draft.world.definition, clock.key)
    return draft.world.definition.ladders[clock.ladder]


def _climb(draft: Draft, clock: Clock, due: list[PlannedRung]) -> None:
    """Charge points for each day that is over, then change the task, or tell people.

    A rung that decides the task comes first, then one that hands it over; what is left tells
    people.
    """
    ladder = _ladder(draft, clock)
    for planned in due:
        rung = _rung(planned, ladder)
        if rung.points is not None:
            points.charge(draft, clock, planned, rung)
    left = [planned for planned in due if _rung(planned, ladder).points is None]
    if left and not _decided(draft, clock, left):
        _hand_over(draft, clock, left)
        _tell(draft, clock, [one for one in left if _rung(one, ladder).tells])


def _decided(draft: Draft, clock: Clock, due: list[PlannedRung]) -> bool:
    """Let the rung decide that does, and return whether the task was decided.

    The rungs below it are not needed then. It decides no blocked task.
    """
    ladder = _ladder(draft, clock)
    for planned in due:
        outcome = _rung(planned, ladder).outcome
        if outcome is None:
            continue
        if rung_effects.decide(draft, clock, planned.id, outcome):
            return True
        draft.cause(RungsCollapsed(clock=clock.key, rungs=(planned.id,), why="blocked"))
    return False


def _hand_over(draft: Draft, clock: Clock, due: list[PlannedRung]) -> None:
    """Hand the task over by the last rung that finds anybody; earlier ones are left out."""
    ladder = _ladder(draft, clock)
    rungs = [planned for planned in due if _rung(planned, ladder).reassign is not None]
    while rungs:
        planned = rungs.pop()
        people = _rung(planned, ladder).reassign
        assert people is not None, "only these rungs are left"
        if rung_effects.reassign(draft, clock, planned.id, people):
            break
    if rungs:
        draft.cause(RungsCollapsed(clock=clock.key, rungs=tuple(one.id for one in rungs)))


def _tell(draft: Draft, clock: Clock, due: list[PlannedRung]) -> None:
    """Fire the highest rung that reaches somebody."""
    if not due:
        return
    ladder = _ladder(draft, clock)
    due.sort(key=lambda planned: _height(planned, ladder), reverse=True)
    merged: list[str] = []
    for index, planned in enumerate(due):
        told = _told(draft, clock, planned.id, _rung(planned, ladder))
        if told is not None:
            late = tuple(rung.id for rung in clock.planned if rung in due[index + 1 :])
            if late:
                draft.cause(RungsCollapsed(clock=clock.key, rungs=late))
            if merged:
                draft.cause(_merged(clock, merged))
            draft.cause(told)
            return
        merged.append(planned.id)
    draft.cause(_merged(clock, merged))


def _merged(clock: Clock, rungs: list[str]) -> RungsCollapsed:
    return RungsCollapsed(clock=clock.key, rungs=tuple(rungs), why="merged")


def _rung(planned: PlannedRung, ladder: Ladder) -> Rung:
    return ladder.rungs[int(planned.id.partition(".")[0])]


def _height(planned: PlannedRung, ladder: Ladder) -> tuple[bool, Moment, int, int]:
    """Return the sort key of a rung: escalations above reminders, later above earlier."""
    index, _, repeat = planned.id.partition(".")
    return _rung(planned, ladder).escalate is not None, planned.at, int(index), int(repeat or 0)


def _told(draft: Draft, clock: Clock, rung_id: str, rung: Rung) -> Reminded | Escalated | None:
    """Return the event of a rung that fires, or None when it reaches nobody new."""
    case, world, values = draft.case, draft.world, draft.values
    if rung.escalate is None:
        to = reminded(rung, case=case, world=world, clock=clock.key, values=values)
        overdue = world.now >= clock.due_at
        return Reminded(clock=clock.key, rung=rung_id, to=to, overdue=overdue) if to else None
    reach = escalated(
        rung.escalate, case=case, world=world, clock=clock.key, values=values, heard=clock.heard
    )
    if not reach.people:
        return None
    out = [*reach.passed_over]
    if rung.may_take_over:
        for task in watched(case, clock.key):
            place = offer.Place.of(task, case=case, world=world)
            bars = offer.barred(place, way="handed")
            out.extend(offer.passed_over(reach.people, bars, task=task.id))
    return Escalated(
        clock=clock.key,
        rung=rung_id,
        level=clock.level + 1,
        to=reach.people,
        may_take_over=rung.may_take_over,
        with_history=rung.with_history,
        fallback=reach.fallback,
        heard=tuple(dict.fromkeys((*clock.heard, *reach.people))),
        passed_over=tuple(out),
    )


ACTION = ActionType(
    name="fire_timers",
    command=FireTimers,
    events=(Reminded, Escalated, RungsCollapsed, ReassignmentDue, DecidedByTimer),
    rehearsal=Untried(why="a rehearsal lets time pass wherever nobody acts"),
)
