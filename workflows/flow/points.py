"""Points for lateness: charged at the close of each overdue working day (rules: points).

Whoever has the task at the close is charged, at most the points that `[penalties]` allows for one
task. A day charges nobody while the task is unclaimed or blocked, its assignee is away, its clock
is paused, or the product did not run at the close; each such day is recorded with the reason. A
clock plans one close at a time, because such days do not count towards the most.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from workflows.case.clock import Clock, PlannedRung
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Lane, Post, progress, watched
from workflows.case.events import Body, Event
from workflows.case.fact import Fact
from workflows.case.people import find_people
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.case.world import World
from workflows.durations import Span, Unit
from workflows.fact_rules import POINTS
from workflows.model.clocks import Rung
from workflows.moments import MINUTE, Moment

ON_TIME = 15 * MINUTE  # a rung that fires later than this was missed during a downtime
DAY = Span(amount=1, unit=Unit.WORKING_DAYS)

Spared = Literal["unclaimed", "blocked", "away", "down", "paused", "counted", "capped"]


class PointsCharged(Body, frozen=True, kw_only=True):
    """An overdue working day was over, and whoever had the task was charged points.

    `day` is the close of the day, `next` the next one that the clock plans.
    """

    stored = "PointsCharged"

    clock: str
    rung: str
    task: str
    person: str
    points: int
    day: Moment
    next: PlannedRung | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Add the points to the facts about the person, and plan the next close."""
        fact = Fact(
            name=POINTS,
            number=self.points * 100,
            seq=event.seq,
            at=self.day,
            subject=self.person,
            task=self.task,
            node=case.known_task(self.task).node,
        )
        return _planned(case, self.clock, self.rung, self.next).with_fact(fact)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify the person, outside their quiet hours; one message for each task is updated."""
        yield Post(
            to=self.person,
            slot=points_slot(self.task),
            kind="points",
            lane=Lane.REMINDER,
            task=self.task,
            quiet=True,
        )
        yield from progress(self.task)


class DaySpared(Body, frozen=True, kw_only=True):
    """An overdue working day was over and charged nobody, for this reason.

    * `unclaimed`, `blocked`: nobody had the task.
    * `away`: its assignee was away, or had left.
    * `down`: the product did not run at the close.
    * `paused`: the clock waited for an answer at the close; `rung` is empty then, as it is for all
      but the last of several added signers.
    * `counted`: the person was charged for this day of the same visit already.
    * `capped`: the task has the most points that it can have.
    """

    stored = "DaySpared"

    clock: str
    rung: str
    task: str
    day: Moment
    why: Spared
    next: PlannedRung | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Plan the next close."""
        return _planned(case, self.clock, self.rung, self.next)


def points_slot(task_id: str) -> str:
    """Return the slot of the message about the points of a task."""
    return f"points:{task_id}"


def _planned(case: Case, key: str, rung: str, new: PlannedRung | None) -> Case:
    """Return the case with this rung fired and the next one planned."""
    if not rung:
        return case
    clock = case.clock(key)
    assert clock is not None, f"no clock {key}"
    rest = [one for one in clock.planned if one.id != rung]
    if new is not None:
        rest.append(new)
    planned = tuple(sorted(rest, key=lambda one: one.at))
    return case.with_clock(key, planned=planned, fired=(*clock.fired, rung))


def charge(draft: Draft, clock: Clock, planned: PlannedRung, rung: Rung) -> None:
    """Charge whoever has the task of a clock for the day that ended with this rung, or nobody.

    While several added signers have it, each of them is charged; they share its most points.
    """
    *others, last = watched(draft.case, clock.key)
    for task in others:
        _charge(draft, clock, planned, rung, task=task, last=False)
    _charge(draft, clock, planned, rung, task=last, last=True)


def _charge(
    draft: Draft, clock: Clock, planned: PlannedRung, rung: Rung, *, task: Task, last: bool
) -> None:
    """Charge whoever has this task. The last of them also plans the next day."""
    assert rung.points is not None, "the rung charges points"
    item = task.item
    left = most_left(draft, item)
    points = min(rung.points, left)
    why = _spared(draft, task, planned.at) if points else "capped"
    fired = planned.id if last else ""
    if why is not None:
        draft.cause(
            DaySpared(
                clock=clock.key,
                rung=fired,
                task=item,
                day=planned.at,
                why=why,
                next=_next(draft, clock, planned) if points and last else None,
            )
        )
        return
    assert task.assignee is not None, "an unclaimed task is spared"
    draft.cause(
        PointsCharged(
            clock=clock.key,
            rung=fired,
            task=item,
            person=task.assignee,
            points=points,
            day=planned.at,
            next=_next(draft, clock, planned) if points < left and last else None,
        )
    )


def waivers(case: Case, world: World) -> tuple[str, ...]:
    """Return the keys of the people who may waive the points that a case has charged."""
    rule = world.definition.penalties
    if rule is None or all(fact.name != POINTS for fact in case.facts):
        return ()
    return find_people(rule.waived_by, case=case, world=world, values=world.values)


def most_left(draft: Draft, task_id: str) -> int:
    """Return how many points a task may still give; waived ones count as given."""
    rule = draft.world.definition.penalties
    most = rule.most if rule is not None else 0
    given = (fact for fact in draft.case.facts if fact.name == POINTS and fact.task == task_id)
    return max(0, most - sum(fact.number for fact in given) // 100)


def _next(draft: Draft, clock: Clock, planned: PlannedRung) -> PlannedRung:
    index, _, repeat = planned.id.partition(".")
    at = draft.world.calendar.named(clock.calendar).add(planned.at, DAY)
    return PlannedRung(id=f"{index}.{int(repeat or 0) + 1}", at=at, charges=True)


def _spared(draft: Draft, task: Task, day: Moment) -> Spared | None:
    """Return why nobody is charged for a day, or None."""
    directory, process = draft.world.directory, draft.case.process
    if draft.world.now - day > ON_TIME:
        return "down"
    if task.assignee is None:
        return "blocked" if task.blocked else "unclaimed"
    if directory.away(task.assignee, at=day - 1, process=process):
        return "away"
    if not directory.active(task.assignee):
        return "away"
    return "counted" if _counted(draft.case, task, day) else None


def _counted(case: Case, task: Task, day: Moment) -> bool:
    """Return whether the assignee was charged for this day of the visit by another task."""
    return any(
        fact.name == POINTS
        and fact.subject == task.assignee
        and fact.at == day
        and fact.task != task.item
        and (charged := case.task(fact.task)) is not None
        and charged.visit == task.visit
        for fact in case.facts
    )


def spare_paused(draft: Draft, clock: Clock) -> None:
    """Record the closes that passed while an overdue clock was paused; they charge nobody.

    The close of the day on which the clock fell due is none of them, since it charges nobody.
    """
    if clock.paused_at is None or clock.left is None or clock.left.microseconds >= 0:
        return
    ladder = draft.world.definition.ladders.get(clock.ladder)
    if ladder is None or all(rung.points is None for rung in ladder.rungs):
        return
    calendar = draft.world.calendar.named(clock.calendar)
    day = calendar.add(calendar.subtract(clock.paused_at, DAY), DAY)
    while day < draft.world.now:
        if day >= max(clock.paused_at, calendar.add(clock.due_at, DAY)):
            draft.cause(
                DaySpared(clock=clock.key, rung="", task=clock.about, day=day, why="paused")
            )
        day = calendar.add(day, DAY)
