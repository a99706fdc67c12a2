"""A second statement of administration: who repairs a case, who hears of it, what it leaves behind.

Told from the events of one case and from the messages that were committed with them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.approvals import EXECUTIVES, REVIEWS, Approvals, Decision, file_of, owner_of
from workflows.actions.add_signer import SignersAdded
from workflows.actions.advise import AdviceGiven
from workflows.actions.cancel import StepCancelled
from workflows.actions.claim import TaskClaimed
from workflows.actions.hand_over_case import CaseHandedOver
from workflows.actions.jump import CaseJumped
from workflows.actions.merge import CaseMerged
from workflows.actions.reopen import CaseReopenedAt
from workflows.actions.revoke import CaseReopened
from workflows.actions.send_back import TaskReturned
from workflows.actions.skip import StepSkipped
from workflows.actions.start import CaseStarted
from workflows.actions.take_in import DuplicateTakenIn
from workflows.actions.watch import WatchChanged
from workflows.case.effects import Post
from workflows.case.events import SYSTEM, Event
from workflows.directory import Directory
from workflows.flow.ballots import BallotOpened
from workflows.flow.clocks import ClockPlanned, ClockStopped
from workflows.flow.ending import CaseClosed, TaskCancelled
from workflows.flow.entering import NodeEntered, TaskCompleted
from workflows.flow.offering import TaskReoffered, TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.flow.reopening import TasksRenewed
from workflows.moments import SECOND, Moment

Wrong = Callable[[str, Event, str], None]

SLOT = "administered"  # of the messages about what an administrator did
EXACT = SECOND  # how well what is left of a clock is kept
BEFORE = ("revise", *REVIEWS, "authority")  # the way of a launch to those who decide by its amount


@dataclass(slots=True, kw_only=True)
class Administered:
    """What administrators did to one case, and whether they might."""

    wrong: Wrong
    directory: Directory
    approvals: Approvals
    posts: Mapping[tuple[str, str], Post]  # that were committed, by person and slot
    merged: Counter[tuple[str, str, str]]  # (duplicate, other, who): 0 if both say so
    case_id: str
    filer: str = ""
    in_place: str = ""
    owners: frozenset[str] = frozenset()
    having: dict[str, tuple[str, ...]] = field(default_factory=dict)  # who has each task
    decided: set[str] = field(default_factory=set)
    unwatched: set[str] = field(default_factory=set)
    clocks: set[str] = field(default_factory=set)  # that run or are paused
    due: dict[str, Moment] = field(default_factory=dict)  # of clocks of the whole case, by key
    until: dict[str, Moment] = field(default_factory=dict)  # when each of these was stopped
    left: dict[str, Moment] = field(default_factory=dict)  # of those that ran until the end
    losing: set[str] = field(default_factory=set)  # who just lost a task
    ended_at: Moment = 0
    goes_to: str = ""  # the node that is entered next
    gone: set[str] = field(default_factory=set)  # tasks that an administrator just ended
    into: str = ""
    marks: dict[str, int] = field(default_factory=dict)  # decisions before each node's last visit
    last: Event | None = None

    # ------------------------------------------------------------------ before the others are told

    def before(self, event: Event) -> None:
        """Judge an event by what was so before it."""
        if self.last is not None and self.last.at != event.at:
            self._settled(self.last)
        rule = _RULES.get(type(event.body))
        if rule is not None:
            rule(self, event, event.body)
        self.last = event

    def ends(self) -> None:
        """Nothing more happens."""
        if self.last is not None:
            self._settled(self.last)

    def _settled(self, event: Event) -> None:
        """What an administrator did is done: nothing of what they ended goes on."""
        if self.goes_to:
            self.wrong("administered", event, f"{self.goes_to} was never entered")
        for task in sorted(self.gone):
            if task in self.approvals.open:
                self.wrong("open seat", event, f"{task} was ended and is open")
            if f"task:{task}" in self.clocks:
                self.wrong("administered", event, f"the clock of {task} still runs")
        if self.left and not self.ended_at:
            self.wrong("clocks", event, f"{sorted(self.left)} do not go on")
            self.left = {}
        self.goes_to, self.gone, self.losing = "", set(), set()

    # ------------------------------------------------------------------ who

    def started(self, event: Event, body: CaseStarted) -> None:
        self.filer = self.in_place = body.filer
        role = owner_of(body.process).removeprefix("role:")
        self.owners = frozenset(
            one.key for one in self.directory.people.values() if role in one.roles
        )
        assert "admins" not in file_of(body.process), "no shipped process has any"

    def handed_over(self, event: Event, body: CaseHandedOver) -> None:
        self.in_place = body.to

    def opened(self, event: Event, body: TaskOpened | TaskReoffered) -> None:
        alone = (body.assignee,) if body.assignee is not None else ()
        self.having[body.task] = alone or tuple(body.candidates)

    def seats(self, event: Event, body: BallotOpened) -> None:
        for seat in body.seats:
            alone = (seat.assignee,) if seat.assignee is not None else ()
            self.having.setdefault(seat.task, alone or tuple(seat.candidates))

    def claimed(self, event: Event, body: TaskClaimed) -> None:
        self.having[body.task] = (body.by,)

    def renewed(self, event: Event, body: TasksRenewed) -> None:
        self.having.update((new, self.having.get(earlier, ())) for new, earlier in body.tasks)

    def lost(self, event: Event, body: TaskCancelled) -> None:
        self.losing.update(self.having.get(body.task, ()))

    def completed(self, event: Event, body: TaskCompleted | TaskReturned | AdviceGiven) -> None:
        self.decided.add(body.task)

    def watches(self, event: Event, body: WatchChanged) -> None:
        (self.unwatched.discard if body.on else self.unwatched.add)(event.actor)

    def _administers(self, event: Event) -> None:
        """R8: owners of the process and administrators of the company, nobody else."""
        may = self.owners | self.directory.admins
        active = {one for one in may if self.directory.people[one].active}
        if event.actor not in may or (event.actor not in active and active == may):
            self.wrong("R8", event, "no administrator")

    def _no_party(self, event: Event, task: str) -> None:
        """Nobody helps their own case past an approval."""
        case, node = self.approvals, self.approvals.nodes[self.approvals.at[task]]
        if node["kind"] != "approval":
            return
        if event.actor in (self.filer, self.in_place):
            self.wrong("own request", event, "the filer passes over an approval")
        people = frozenset({event.actor})
        case.may_judge(event, node, people, branch=case.places.branch_of(task))
        ballot = next((one for one in reversed(case.ballots) if task in one.seats), None)
        if ballot is None:
            return
        for seat in ballot.seats:
            mine = event.actor in self.having.get(seat, ()) and seat in case.open
            if seat != task and (mine or event.actor in ballot.people.get(seat, ())):
                self.wrong("own work", event, f"they have the seat {seat} of it")

    def _outsider(self, event: Event) -> None:
        """Whoever filed a case or did its work leads it nowhere, if somebody has to approve it."""
        case = self.approvals
        if all(node["kind"] != "approval" for node in case.nodes.values()):
            return
        if event.actor in (self.filer, self.in_place):
            self.wrong("own request", event, "the filer leads the case elsewhere")
        for one in case.decisions:
            if one.outcome == "complete" and not one.void and event.actor in one.people:
                self.wrong("own work", event, f"they did {one.task}")

    # ------------------------------------------------------------------ who hears of it

    def _got_by(self, slot: str) -> set[str]:
        """Who got the message of a slot."""
        return {person for person, name in self.posts if name == slot}

    def _hear(self, event: Event, tasks: Iterable[str], *, but: Collection[str] = ()) -> None:
        """The filer, the owners, and who has these tasks, got one message about it."""
        having = {one for task in tasks for one in self.having.get(task, ())}
        self._got(event, having - {*but}, self._got_by(f"{SLOT}:{event.seq}"), {*but})

    def _got(self, event: Event, having: set[str], got: set[str], but: set[str]) -> None:
        gone = {key for key, one in self.directory.people.items() if not one.active}
        should = {self.in_place, *self.owners, *having} - {event.actor} - but
        if lacking := should - gone - got:
            self.wrong("told", event, f"{sorted(lacking)} heard nothing of it")
        if needless := got - should:
            self.wrong("told", event, f"{sorted(needless)} have nothing to do with it")

    # ------------------------------------------------------------------ what they did

    def skipped(self, event: Event, body: StepSkipped) -> None:
        self._administers(event)
        self._no_party(event, body.task)
        case, closed = self.approvals, {body.task, *body.rest}
        if left := self._beside(body.task) - closed:
            self.wrong("open seat", event, f"{sorted(left)} of the step are left open")
        self._hear(event, closed)
        self.gone |= closed
        self.decided.add(body.task)
        case.open -= closed
        for ballot in case.ballots:
            if closed & {*ballot.seats}:
                ballot.outcome = body.outcome
        for task in closed:
            case.groups.drop(task)
        branch = case.places.branch_of(body.task)
        case.decisions.append(
            Decision(
                task=body.task,
                node=body.node,
                outcome=body.outcome,
                people=frozenset(),
                branch=branch,
            )
        )

    def _beside(self, task: str) -> set[str]:
        """The open tasks of the step of a task."""
        case = self.approvals
        here = {one for one in case.open if case.at[one] == case.at[task]}
        return {one for one in here if case.places.of(one) == case.places.of(task)}

    def cancelled(self, event: Event, body: StepCancelled) -> None:
        self._administers(event)
        self._no_party(event, body.task)
        self._hear(event, [body.task])
        self.gone.add(body.task)
        case = self.approvals
        case.open.discard(body.task)
        case.groups.drop(body.task)
        ballot = next((one for one in reversed(case.ballots) if body.task in one.seats), None)
        if case.process != "supplier" and not case.open and (ballot is None or not ballot.votes):
            self.wrong("administered", event, "it was the last open step")
        if ballot is not None:
            ballot.seats = tuple(one for one in ballot.seats if one != body.task)
            ballot.outcome = ballot.outcome if ballot.seats else "cancelled"

    def jumped(self, event: Event, body: CaseJumped) -> None:
        self._administers(event)
        self._outsider(event)
        tasks = self.approvals.places.inside((body.scope, body.branch), self.approvals.open)
        self._hear(event, tasks)
        self.gone.update(tasks)
        self._leads(body.to)

    def _leads(self, node: str) -> None:
        """The case goes on at a node: what it has passed over needs no decision any more."""
        self.goes_to = node
        case = self.approvals
        case.led = True
        way = (*BEFORE[: BEFORE.index(node)],) if node in BEFORE else (*BEFORE, *EXECUTIVES)
        case.passed_over |= {one for one in way if one != node and not case.stands(one)}

    def reopened(self, event: Event, body: CaseReopenedAt) -> None:
        self._administers(event)
        self._outsider(event)
        if self.into:
            self.wrong("merged", event, f"the case is a duplicate of {self.into}")
        got = self._got_by(f"{SLOT}:{event.seq}")
        people = {one for task in self.decided for one in self.having.get(task, ())}
        self._got(event, people & got, got, set())
        self._leads(body.node)
        self.left = {  # a withdrawal stops them after the end, at the same time
            key: self.due[key] - at for key, at in self.until.items() if at == self.ended_at
        }
        if {*self.left} != {key for key, _ in body.clocks}:
            self.wrong("clocks", event, f"{sorted(self.left)} ran until the end")
        self.ended_at = 0

    def entered(self, event: Event, body: NodeEntered) -> None:
        if self.goes_to:
            if body.node != self.goes_to:
                self.wrong("administered", event, f"it was led to {self.goes_to}")
            self.goes_to = ""
            self._void(event, body.node)
        elif self.into:
            self.wrong("merged", event, f"the case is a duplicate of {self.into}")
        self.marks[body.node] = len(self.approvals.decisions)

    def _void(self, event: Event, node: str) -> None:
        """Approvals since the case was at a step count no more once it is led back there."""
        case = self.approvals
        if case.nodes[node]["kind"] == "end":  # nothing comes after it that they could count for
            return
        since = case.decisions[self.marks.get(node, len(case.decisions)) :]
        branches = {one.branch for one in since}
        for one in since if branches <= {""} else ():
            if one.outcome == "approve" and not one.void:
                self.wrong("void", event, f"{one.task} of {one.node} counts still")

    def opened_again(self, event: Event, body: CaseReopened) -> None:
        self.ended_at, self.left = 0, {}

    def merges(self, event: Event, body: CaseMerged) -> None:
        self._administers(event)
        if self.into or self.ended_at:
            self.wrong("merged", event, "a case that was over")
        self._hear(event, self.approvals.open)
        self.gone |= self.approvals.open
        self.into = body.into
        self._both(self.case_id, body.into, event.actor, 1)

    def takes_in(self, event: Event, body: DuplicateTakenIn) -> None:
        self._administers(event)
        self._hear(event, self.approvals.open)
        self._both(body.case, self.case_id, event.actor, -1)

    def _both(self, duplicate: str, other: str, who: str, count: int) -> None:
        self.merged[duplicate, other, who] += count

    def transferred(self, event: Event, body: TaskTransferred) -> None:
        if body.why == "administered":
            self._administers(event)
            self._hear(event, [body.task], but=(body.to,))
            card = self.posts.get((body.to, f"task:{body.task}"))
            if card is None and self.directory.people[body.to].active:
                self.wrong("told", event, f"{body.to} got no card")
        self.having[body.task] = (body.to,)

    def added(self, event: Event, body: SignersAdded) -> None:
        people = tuple(seat.assignee or "" for seat in body.seats)
        if event.on_behalf_of is None and event.actor not in self.having[body.task]:
            self._administers(event)
            self._hear(event, [body.task], but=people)
        self.having.update((seat.task, (seat.assignee or "",)) for seat in body.seats)

    def closed(self, event: Event, body: CaseClosed) -> None:
        self.ended_at = event.at
        if body.status != "terminated" or event.actor == SYSTEM:
            return
        self._administers(event)
        should = {self.in_place, *self.owners, *self.losing} - {event.actor} - self.unwatched
        gone = {key for key, one in self.directory.people.items() if not one.active}
        if lacking := should - gone - self._got_by("closed"):
            self.wrong("told", event, f"{sorted(lacking)} heard nothing of it")

    # ------------------------------------------------------------------ clocks

    def planned(self, event: Event, body: ClockPlanned) -> None:
        self.clocks.add(body.clock)
        if ":" in body.clock:
            return
        left = None if self.ended_at else self.left.pop(body.clock, None)
        if left is not None and abs(body.due_at - event.at - left) > EXACT:
            self.wrong("clocks", event, f"{left} were left of {body.clock}")
        self.due[body.clock] = body.due_at
        self.until.pop(body.clock, None)

    def stopped(self, event: Event, body: ClockStopped) -> None:
        self.clocks.discard(body.clock)
        rule = file_of(self.approvals.process).get("clocks", {}).get(body.clock)
        if rule is not None and (rule["until"] == "end" or body.why == "cancelled"):
            self.until[body.clock] = event.at


_RULES: Mapping[type, Callable[[Administered, Event, Any], None]] = {
    CaseStarted: Administered.started,
    CaseHandedOver: Administered.handed_over,
    TaskOpened: Administered.opened,
    TaskReoffered: Administered.opened,
    BallotOpened: Administered.seats,
    TasksRenewed: Administered.renewed,
    TaskClaimed: Administered.claimed,
    TaskCompleted: Administered.completed,
    TaskReturned: Administered.completed,
    AdviceGiven: Administered.completed,
    TaskCancelled: Administered.lost,
    WatchChanged: Administered.watches,
    StepSkipped: Administered.skipped,
    StepCancelled: Administered.cancelled,
    CaseJumped: Administered.jumped,
    CaseReopenedAt: Administered.reopened,
    CaseReopened: Administered.opened_again,
    NodeEntered: Administered.entered,
    CaseMerged: Administered.merges,
    DuplicateTakenIn: Administered.takes_in,
    TaskTransferred: Administered.transferred,
    SignersAdded: Administered.added,
    CaseClosed: Administered.closed,
    ClockPlanned: Administered.planned,
    ClockStopped: Administered.stopped,
}
