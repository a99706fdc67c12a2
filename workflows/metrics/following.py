"""Reads the history of a case from its events."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from workflows.actions.problem import ProblemReported
from workflows.actions.start import CaseStarted
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.events import SYSTEM, Event, evolve
from workflows.case.state import Case, Visit
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.metrics.desk_time import Held, Holding, Measure
from workflows.metrics.history import Act, Deadline, Ending, History, Reported, Stay
from workflows.moments import Moment

_ENDINGS = {
    Status.RUNNING: Ending.OPEN,
    Status.COMPLETED: Ending.ENDED,
    Status.REJECTED: Ending.REJECTED,
    Status.WITHDRAWN: Ending.DROPPED,
    Status.TERMINATED: Ending.DROPPED,
}
_BY_PEOPLE = (ClockKind.CASE, ClockKind.TASK, ClockKind.VISIT)  # clocks of what people have to do
RETURNED = "return"  # the outcome of a task that was sent back


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What is known of a case beside its events."""

    version: str
    department: str = ""
    grade: str = ""
    business_end: str = ""  # the node whose entry ends the handling; "" for the end of the case


@dataclass(slots=True, kw_only=True)
class _Staying:
    """A visit so far."""

    visit: Visit
    since: Moment
    again: bool = False
    until: Moment | None = None
    first_act: Moment | None = None
    outcome: str = ""
    by: str = ""
    worked: bool = False  # whether there was a task for people


@dataclass(slots=True, kw_only=True)
class Following:
    """What was seen of a case so far, followed event by event."""

    about: About
    stays: dict[str, _Staying] = field(default_factory=dict)
    open: dict[str, _Staying] = field(default_factory=dict)
    tasks: dict[str, Task] = field(default_factory=dict)
    clocks: dict[str, Clock] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    problems: list[Reported] = field(default_factory=list)
    ladder_ends: list[str] = field(default_factory=list)
    since: dict[str, Moment] = field(default_factory=dict)  # when each task got its assignee
    ended: Moment | None = None
    department: str = ""  # of the filer then; "" in events of earlier releases
    reopened: bool = False

    def follow(self, before: Case | None, case: Case, event: Event) -> None:
        """Follow the next event, from the state before it to the state after it."""
        if isinstance(event.body, CaseStarted):
            self.department = event.body.department
        if isinstance(event.body, ProblemReported):
            self.problems.append(_reported(event.body, event.at))
        if before is None or case.visits is not before.visits:
            self._visits(case, event.at)
        if before is None or case.tasks is not before.tasks:
            for task in case.tasks:
                if self.tasks.get(task.id) is not task:
                    self._task(task, event)
        if before is None or case.clocks is not before.clocks:
            self._clocks(case)
        if before is not None and before.closed_at is not None and case.closed_at is None:
            self.reopened = True
            self.ended = None

    def _visits(self, case: Case, at: Moment) -> None:
        here = {visit.id for visit in case.visits}
        for visit in case.visits:
            if visit.id not in self.stays:
                begun = _Staying(visit=visit, since=at, again=self._again(case, visit))
                self.stays[visit.id] = self.open[visit.id] = begun
                self._end(case, visit, at)
        for gone in [one for one in self.open if one not in here]:
            self.open.pop(gone).until = at

    def _again(self, case: Case, visit: Visit) -> bool:
        """Return whether a visit repeats work: one that a wait node begins anew does not."""
        if case.started(visit.spot) is None:
            return visit.round > 1
        place = (visit.node, visit.scope)
        return any((one.visit.node, one.visit.scope) == place for one in self.stays.values())

    def _end(self, case: Case, visit: Visit, at: Moment) -> None:
        """Note the business end, and that it was none where the case comes back afterwards."""
        if visit.node == self.about.business_end:
            self.ended = at
        elif visit.round > 1 and case.started(visit.spot) is None:
            self.ended = None

    def _task(self, task: Task, event: Event) -> None:
        """Follow the change of one task: what a person did there is an act."""
        before = self.tasks.get(task.id)
        self.tasks[task.id] = task
        if before is None or task.assignee != before.assignee:
            self.since[task.id] = event.at
        staying = self.stays[task.visit]
        staying.worked = True
        if before is None:
            return
        decided = task.decided_at is not None and task.decided_at != before.decided_at
        touched = (task.assignee, task.actions, task.question) != (
            before.assignee,
            before.actions,
            before.question,
        )
        if not (decided or touched):
            return
        person = "" if event.actor == SYSTEM or task.rule else event.actor
        outcome = ""
        if decided:
            outcome = RETURNED if task.status is TaskStatus.RETURNED else task.outcome or ""
        if person and staying.first_act is None:
            staying.first_act = event.at
        if decided:
            staying.outcome, staying.by = outcome, person
        if person:
            since = self.since[task.id] if decided else None
            act = Act(at=event.at, person=person, node=task.node, outcome=outcome, had_since=since)
            self.acts.append(act)

    def _clocks(self, case: Case) -> None:
        for clock in case.clocks:
            before = self.clocks.get(clock.key)
            if before is clock:
                continue
            self.clocks[clock.key] = clock
            fired = before is not None and before.fired != clock.fired
            if fired and not clock.planned and clock.kind in _BY_PEOPLE:
                about = self._deadline(clock)
                self.ladder_ends.append(about.node or about.name)
            stopped = before is not None and before.status is ClockStatus.STOPPED
            if clock.status is ClockStatus.STOPPED and not stopped and clock.kind in _BY_PEOPLE:
                self.deadlines.append(self._deadline(clock))

    def _deadline(self, clock: Clock) -> Deadline:
        """Return a clock as a deadline, with the node of its task or visit."""
        name, node = "", ""
        if clock.kind is ClockKind.CASE:
            name = clock.key
        elif clock.kind is ClockKind.TASK:
            node = self.tasks[clock.about].node
        else:
            node = self.stays[clock.about].visit.node
        return Deadline(
            due=clock.due_at, name=name, node=node, stopped=clock.stopped_at, met=clock.met
        )

    def running(self) -> Iterator[Deadline]:
        """Yield the deadlines whose clocks have not stopped."""
        for clock in self.clocks.values():
            if clock.status is not ClockStatus.STOPPED and clock.kind in _BY_PEOPLE:
                yield self._deadline(clock)

    def history(self, case: Case, *, held: tuple[Held, ...] = ()) -> History:
        """Return the history until now; `held` says who had which task for how long."""
        return History(
            case=case.id,
            process=case.process,
            version=self.about.version,
            filed=case.created_at,
            filer=case.filer,
            department=self.department or self.about.department,
            grade=self.about.grade,
            ending=Ending.ENDED if self.ended else _ENDINGS[case.status],
            ended=self.ended or case.closed_at,
            stays=tuple(_stay(one) for one in self.stays.values() if one.worked),
            acts=tuple(self.acts),
            held=held,
            deadlines=(*self.deadlines, *self.running()),
            pauses=tuple(span for one in held for span in one.paused),
            problems=tuple(self.problems),
            ladder_ends=tuple(self.ladder_ends),
            reopened=self.reopened,
            asked=case.survey is not None,
            score=case.survey.score if case.survey is not None else None,
        )


def history_of(
    events: Iterable[Event], *, about: About, measure: Measure, cut_off: Moment
) -> History | None:
    """Return the history of a case from its events in order; None if it was filed later.

    `cut_off` is the end of the observation: later events are left out.
    """
    case: Case | None = None
    seen, holding = Following(about=about), Holding(measure)
    for event in events:
        if event.at > cut_off:
            break
        before, case = case, evolve(case, event)
        seen.follow(before, case, event)
        holding.follow(case, event)
    if case is None:
        return None
    return seen.history(case, held=holding.until(case, cut_off))


def _reported(body: ProblemReported, at: Moment) -> Reported:
    return Reported(at=at, node=body.node, kind=body.kind, content=body.content.id)


def _stay(one: _Staying) -> Stay:
    return Stay(
        node=one.visit.node,
        again=one.again,
        since=one.since,
        until=one.until,
        first_act=one.first_act,
        outcome=one.outcome,
        by=one.by,
    )
