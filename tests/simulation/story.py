"""A second opinion on every story: told from the events alone, by rules written down once more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from handlers.office import Office
from storage.unit import Tx
from tests import laws
from tests.simulation import registered
from tests.simulation.administered import Administered
from tests.simulation.approvals import Approvals, owner_of
from tests.simulation.lateness import Lateness
from tests.simulation.record import Ledger
from tests.simulation.suppliers import PROCESS, Supplier
from workflows.actions.add_signer import SignersAdded
from workflows.actions.answer import QuestionAnswered
from workflows.actions.ask import QuestionAsked
from workflows.actions.cancel import StepCancelled
from workflows.actions.claim import TaskClaimed
from workflows.actions.delegate import TaskDelegated
from workflows.actions.fire_timers import Escalated, Reminded
from workflows.actions.hand_over_case import CaseHandedOver
from workflows.actions.record import ActionRecorded
from workflows.actions.score import SurveyAnswered
from workflows.actions.send_back import TaskReturned
from workflows.actions.skip import StepSkipped
from workflows.actions.start import CaseStarted
from workflows.calendar import WorkCalendar
from workflows.case.effects import Post
from workflows.case.events import SYSTEM, Event
from workflows.case.state import Case
from workflows.directory import Absence, Directory
from workflows.flow.ballots import BallotDecided
from workflows.flow.clocks import ClockPlanned
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import TaskCompleted
from workflows.flow.offering import TaskReoffered, TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.moments import MINUTE, SECOND, Moment

EARLY = 5 * MINUTE + 30 * SECOND  # what the guard tolerates, and machines that differ


class Listener(Protocol):
    """Hears what is wrong, and knows the time: a scene, or the stage of a script."""

    def now(self) -> Moment: ...

    def wrong(self, promise: str, what: str) -> None: ...


def check(
    scene: Listener, ledger: Ledger, tx: Tx, cases: Mapping[str, Case], *, office: Office
) -> None:
    """R2, R4, R5, R8 for every case, and the promises of approvals, of points and of suppliers."""
    told: dict[str, list[tuple[Moment, Event]]] = {case_id: [] for case_id in cases}
    for at, case_id, event in ledger.events:
        told.setdefault(case_id, []).append((at, event))
    directory = office.directory(tx)
    suppliers: dict[str, Supplier] = {}
    merged: Counter[tuple[str, str, str]] = Counter()
    for case_id, seen in told.items():
        kept = [chained.event for chained in tx.cases.events(case_id)] if case_id in cases else []
        if kept != [event for _, event in seen]:
            scene.wrong("R5", f"{case_id}: {len(seen)} events committed, {len(kept)} kept")
            continue
        posts = {(to, slot): post for (of, to, slot), post in ledger.posts.items() if of == case_id}
        story = _Story(
            scene=scene,
            posts=posts,
            merged=merged,
            case_id=case_id,
            directory=directory,
            calendar=office.calendar,
            noted=ledger.absences,
        )
        for at, event in seen:
            story.tell(at, event)
        story.administered.ends()
        story.approvals.ends()
        story.lateness.ends(scene.now())
        rows = [(row.seq, row.person, row.points, row.waived) for row in tx.points.of_case(case_id)]
        if rows != laws.charged(kept):
            scene.wrong("points", f"{case_id}: the ledger has {rows}")
        if story.approvals.process == PROCESS:
            suppliers[case_id] = _supplier(story, seen, tx, now=scene.now())
    for duplicate, count in merged.items():
        if count:
            scene.wrong("merged", f"{duplicate}: said by one of the two only")
    registered.check(scene.wrong, tx, suppliers, office=office)


def _supplier(
    story: _Story, seen: Sequence[tuple[Moment, Event]], tx: Tx, *, now: Moment
) -> Supplier:
    """What became of a supplier, by a statement of its own."""
    supplier = Supplier(
        told_wrong=story.wrong,
        calendar=story.calendar,
        bodies=tx.contents.of_case(story.case_id),
    )
    for at, event in seen:
        supplier.tell(at, event)
    supplier.ends(now)
    return supplier


@dataclass(slots=True, kw_only=True)
class _Task:
    """Who may do what with it, by the events."""

    assignee: str | None
    candidates: tuple[str, ...]
    rescuers: set[str] = field(default_factory=set)
    had: set[str] = field(default_factory=set)  # by whom, before it was handed on
    decided: bool = False

    @property
    def owners(self) -> tuple[str, ...]:
        return self.candidates if self.assignee is None else (self.assignee,)


@dataclass(slots=True, kw_only=True)
class _Story:
    scene: Listener
    case_id: str
    directory: Directory
    calendar: WorkCalendar
    noted: Mapping[str, Moment]  # when each absence was noted on the way
    posts: Mapping[tuple[str, str], Post]  # the messages about it, by person and slot
    merged: Counter[tuple[str, str, str]]
    filer: str = ""
    in_place: str = ""  # of the filer: whoever the case was handed over to
    owner_role: str = ""
    tasks: dict[str, _Task] = field(default_factory=dict)
    rungs: dict[str, dict[str, Moment]] = field(default_factory=dict)
    asked: dict[str, str] = field(default_factory=dict)
    told: set[str] = field(default_factory=set)  # whom a case clock was escalated to
    under: dict[str, list[str]] = field(default_factory=dict)  # tasks added under another
    at: Moment = 0  # by the true time
    approvals: Approvals = field(init=False)
    lateness: Lateness = field(init=False)
    administered: Administered = field(init=False)

    def __post_init__(self) -> None:
        self.approvals = Approvals(wrong=self.wrong)
        self.administered = Administered(
            wrong=self.wrong,
            directory=self.directory,
            approvals=self.approvals,
            posts=self.posts,
            merged=self.merged,
            case_id=self.case_id,
        )
        self.lateness = Lateness(
            wrong=self.wrong,
            calendar=self.calendar,
            absences=self.directory.absences,
            noted=self.noted,
        )

    def tell(self, at: Moment, event: Event) -> None:
        self.at = at
        self.administered.before(event)
        rule = _RULES.get(type(event.body))
        if rule is not None:
            rule(self, at, event, event.body)
        self.approvals.tell(event)
        self.lateness.tell(at, event)

    def wrong(self, promise: str, event: Event, why: str) -> None:
        self.scene.wrong(promise, f"{self.case_id} {event.seq} {why}: {event}")

    # ------------------------------------------------------------------ who

    def require(self, event: Event, owner: str | None) -> None:
        """R8: the actor owns the task, or stands in for who owns it."""
        if owner is None or (event.actor != owner and not self._stands_in(event, owner)):
            self.wrong("R8", event, f"the task is {owner}'s")

    def _stands_in(self, event: Event, owner: str) -> bool:
        if event.on_behalf_of != owner or self.filer in (event.actor, owner):
            return False
        return any(
            absence.person == owner
            and absence.deputy == event.actor
            and absence.starts_at <= event.at
            and (event.at <= absence.ends_at or self._ended_later(absence))
            for absence in self.directory.absences
        )

    def _ended_later(self, absence: Absence) -> bool:
        """Whether another one ended it, noted later by a machine whose clock was behind."""
        return any(
            one.person == absence.person
            and one.starts_at == absence.ends_at
            and self.noted.get(one.id, 0) > self.at
            for one in self.directory.absences
        )

    def started(self, at: Moment, event: Event, body: CaseStarted) -> None:
        self.filer = self.in_place = body.filer
        self.owner_role = owner_of(body.process).removeprefix("role:")

    def case_handed_over(self, at: Moment, event: Event, body: CaseHandedOver) -> None:
        """R8: only the case of a filer who has left."""
        if body.source != self.in_place or self.directory.people[body.source].active:
            self.wrong("R8", event, "the filer has not left")
        self.in_place = body.to

    def opened(self, at: Moment, event: Event, body: TaskOpened) -> None:
        self.tasks[body.task] = _Task(assignee=body.assignee, candidates=body.candidates)

    def reoffered(self, at: Moment, event: Event, body: TaskReoffered) -> None:
        task = self.tasks[body.task]
        task.assignee, task.candidates = body.assignee, body.candidates

    def claimed(self, at: Moment, event: Event, body: TaskClaimed) -> None:
        task = self.tasks[body.task]
        if body.by not in task.candidates or task.assignee is not None:
            self.wrong("R2", event, "not to be claimed")
        self.require(event, body.by)
        task.assignee = body.by

    def transferred(self, at: Moment, event: Event, body: TaskTransferred) -> None:
        task = self.tasks[body.task]
        if body.why == "transfer":
            self.require(event, task.assignee)
        elif body.why == "take_over":
            if event.actor != body.to or event.actor not in task.rescuers | self.told:
                self.wrong("R8", event, "nobody asked them to take over")
        elif body.why == "handed_over":
            self._hands_over(event, task)
        elif body.why != "administered" and event.actor != SYSTEM:
            self.wrong("R8", event, "only the rounds replace who left")
        task.had.update(task.owners)
        task.assignee = body.to

    def _hands_over(self, event: Event, task: _Task) -> None:
        """R8: what somebody had who has left, by who is above them, or owns the process."""
        people = self.directory.people
        may = {one.key for one in people.values() if self.owner_role in one.roles}
        gone = {one for one in (*task.had, *task.owners) if not people[one].active}
        above = {people[one].manager for one in gone}
        for _ in people:  # and whom these report to
            above |= {people[one].manager for one in above if one}
        if not gone or event.actor not in may | above | self.directory.admins:
            self.wrong("R8", event, f"of those who had it {gone} have left")

    def recorded(self, at: Moment, event: Event, body: ActionRecorded) -> None:
        self.require(event, self.tasks[body.task].assignee)

    def completed(self, at: Moment, event: Event, body: TaskCompleted | TaskReturned) -> None:
        task = self.tasks[body.task]
        self.require(event, task.assignee)
        if task.decided:
            self.wrong("R2", event, "decided already")
        task.decided = True

    def skipped(self, at: Moment, event: Event, body: StepSkipped) -> None:
        """An administrator decided it by a rule, and whoever had it cannot any more."""
        for task in (body.task, *body.rest):
            self.tasks.setdefault(task, _Task(assignee=None, candidates=())).decided = True

    def cancelled(self, at: Moment, event: Event, body: StepCancelled) -> None:
        self.tasks[body.task].decided = True

    def ballot_decided(self, at: Moment, event: Event, body: BallotDecided) -> None:
        for task in body.rest:
            self.tasks.setdefault(task, _Task(assignee=None, candidates=())).decided = True

    def asks(self, at: Moment, event: Event, body: QuestionAsked) -> None:
        self.require(event, self.tasks[body.task].assignee)

    def answers(self, at: Moment, event: Event, body: QuestionAnswered) -> None:
        if self.in_place not in (event.actor, body.instead_of):
            self.wrong("R8", event, "somebody else was asked")

    def scores(self, at: Moment, event: Event, body: SurveyAnswered) -> None:
        if event.actor != self.in_place:
            self.wrong("R8", event, "somebody else was asked")

    def closed(self, at: Moment, event: Event, body: CaseClosed) -> None:
        if body.status == "withdrawn" and event.actor not in (self.in_place, SYSTEM):
            self.wrong("R8", event, "only the filer may withdraw")

    # ------------------------------------------------------------------ when

    def planned(self, at: Moment, event: Event, body: ClockPlanned) -> None:
        self.rungs[body.clock] = {rung.id: rung.at for rung in body.rungs}

    def reminded(self, at: Moment, event: Event, body: Reminded) -> None:
        self._in_time(at, event, body.clock, body.rung)

    def added(self, at: Moment, event: Event, body: SignersAdded) -> None:
        if body.where != "beside":
            self.under.setdefault(body.task, []).extend(seat.task for seat in body.seats)

    def delegated(self, at: Moment, event: Event, body: TaskDelegated) -> None:
        self.under.setdefault(body.task, []).append(body.advice)

    def escalated(self, at: Moment, event: Event, body: Escalated) -> None:
        self._in_time(at, event, body.clock, body.rung)
        kind, _, task = body.clock.partition(":")
        if body.may_take_over and kind == "task":
            for one in (task, *self.under.get(task, ())):  # added signers have it meanwhile
                if one in self.tasks:
                    self.tasks[one].rescuers.update(body.to)
        elif body.may_take_over:
            self.told.update(body.to)

    def _in_time(self, at: Moment, event: Event, clock: str, rung: str) -> None:
        """R4: by the true time, not by what some clock said."""
        planned = self.rungs.get(clock, {}).get(rung)
        if planned is None:
            self.wrong("R4", event, "nobody planned that")
        elif at < planned - EARLY:
            self.wrong("R4", event, f"{planned - at} too early")
        if event.actor != SYSTEM:
            self.wrong("R8", event, "only the clock does that")


_RULES: Mapping[type, Callable[[Any, Moment, Event, Any], None]] = {
    CaseStarted: _Story.started,
    CaseHandedOver: _Story.case_handed_over,
    BallotDecided: _Story.ballot_decided,
    TaskOpened: _Story.opened,
    TaskReoffered: _Story.reoffered,
    TaskClaimed: _Story.claimed,
    TaskTransferred: _Story.transferred,
    ActionRecorded: _Story.recorded,
    TaskCompleted: _Story.completed,
    TaskReturned: _Story.completed,
    QuestionAsked: _Story.asks,
    QuestionAnswered: _Story.answers,
    SurveyAnswered: _Story.scores,
    CaseClosed: _Story.closed,
    ClockPlanned: _Story.planned,
    Reminded: _Story.reminded,
    Escalated: _Story.escalated,
    SignersAdded: _Story.added,
    TaskDelegated: _Story.delegated,
    StepSkipped: _Story.skipped,
    StepCancelled: _Story.cancelled,
}
