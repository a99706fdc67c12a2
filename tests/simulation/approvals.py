"""A second statement of the rules of approvals: ballots, void decisions, who may not judge.

Told from the events of one case, and from the text of the definition as TOML, not from the engine.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from tests.simulation.added import Groups
from tests.simulation.places import Places
from workflows.actions.add_signer import SignersAdded
from workflows.actions.advise import AdviceGiven
from workflows.actions.delegate import TaskDelegated
from workflows.actions.remove_signer import SignerRemoved
from workflows.actions.reopen import CaseReopenedAt
from workflows.actions.revoke import CaseReopened
from workflows.actions.send_back import TaskReturned
from workflows.actions.start import CaseStarted
from workflows.actions.take_back import DecisionTakenBack
from workflows.case.events import Event
from workflows.flow.adding import AddedSignersDecided
from workflows.flow.ballots import BallotDecided, BallotOpened
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.ending import CaseClosed, TaskCancelled
from workflows.flow.entering import NodeEntered, TaskCompleted
from workflows.flow.facts import FactNoted, FactVoided
from workflows.flow.opening import TaskOpened
from workflows.flow.reopening import TasksRenewed
from workflows.flow.stale import DecisionVoided

Wrong = Callable[[str, Event, str], None]

REVIEWS = ("rnd_review", "market_assessment", "finance_review")  # of a launch, in their order
ONE, ALL = 200_000_00, 1_000_000_00  # amounts, in hundredths, above which executives decide
EXECUTIVES = {"one_executive", "all_executives"}


@cache
def file_of(process: str) -> dict[str, Any]:
    """A shipped process, as its file has it."""
    text = files("workflows.processes").joinpath(f"{process}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def nodes_of(process: str) -> Mapping[str, dict[str, Any]]:
    """The nodes of a shipped process, as its file has them."""
    return {node["id"]: node for node in file_of(process)["nodes"]}


def owner_of(process: str) -> str:
    """Who owns a shipped process, as its file has it."""
    return str(file_of(process)["owner"])


@dataclass(slots=True, kw_only=True)
class _Ballot:
    """The seats of one visit, and what their votes said."""

    node: str
    seats: tuple[str, ...]
    votes: dict[str, str] = field(default_factory=dict)
    people: dict[str, frozenset[str]] = field(default_factory=dict)  # who decided a seat, for whom
    outcome: str = ""

    def drop(self, task: str) -> None:
        """A vote counts no more, and the step is open again."""
        self.votes.pop(task, None)
        self.people.pop(task, None)
        self.outcome = ""


@dataclass(slots=True, kw_only=True)
class Decision:
    """A decision that was made, and whether it counts."""

    task: str
    node: str
    outcome: str
    people: frozenset[str]
    branch: str = ""  # of a case at rest, in which it was made
    void: bool = False
    added: bool = False  # of somebody who was added before or after an item


@dataclass(slots=True, kw_only=True)
class Approvals:
    """What the approvals of one case must keep to."""

    wrong: Wrong
    nodes: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    process: str = ""
    filer: str = ""
    amounts: dict[int, int] = field(default_factory=dict)  # by the number of the event
    at: dict[str, str] = field(default_factory=dict)  # the node of each task
    places: Places = field(default_factory=Places)
    open: set[str] = field(default_factory=set)
    ballots: list[_Ballot] = field(default_factory=list)
    groups: Groups = field(default_factory=Groups)
    decisions: list[Decision] = field(default_factory=list)
    over: Event | None = None
    reopened_once: bool = False  # whether it was opened again after an end
    led: bool = False  # whether an administrator led it to the node that is entered next
    passed_over: set[str] = field(default_factory=set)  # what it needs no decision of then

    def tell(self, event: Event) -> None:
        self.places.tell(event.body)
        rule = _RULES.get(type(event.body))
        if rule is not None:
            rule(self, event, event.body)

    def started(self, event: Event, body: CaseStarted) -> None:
        self.process, self.filer = body.process, body.filer
        self.nodes = self.nodes or nodes_of(body.process)

    def noted(self, event: Event, body: FactNoted) -> None:
        if body.fact == "amount":
            self.amounts[event.seq] = body.number

    def fact_voided(self, event: Event, body: FactVoided) -> None:
        for seq in body.facts:
            self.amounts.pop(seq, None)

    @property
    def amount(self) -> int:
        """The latest amount that counts."""
        return self.amounts[max(self.amounts)]

    def opened(self, event: Event, body: TaskOpened) -> None:
        self.at[body.task] = body.node
        self.open.add(body.task)

    # ------------------------------------------------------------------ decisions

    def completed(self, event: Event, body: TaskCompleted) -> None:
        node = self.nodes[self.at[body.task]]
        people = frozenset({event.actor, event.on_behalf_of or event.actor})
        if node["kind"] == "approval":
            self.may_judge(event, node, people, branch=self.places.branch_of(body.task))
        group = self.groups.with_signer(body.task)
        if group is not None:
            group.votes[body.task] = body.outcome
        held = self.groups.holds(body.task, body.outcome, people)
        if not held:
            self.open.discard(body.task)
        if not held and group is None:
            self._voted(event, body.task, body.outcome, people)
        self._changed(body)
        decision = Decision(task=body.task, node=node["id"], outcome=body.outcome, people=people)
        decision.added = group is not None
        decision.branch = self.places.branch_of(body.task)
        self.decisions.append(decision)

    def may_judge(
        self, event: Event, node: dict[str, Any], people: frozenset[str], *, branch: str
    ) -> None:
        """Nobody judges their own request, their own work, or what they may not judge too."""
        if node.get("assignee") != "filer" and self.filer in people:
            self.wrong("own request", event, "the filer judges")
        valid = [one for one in self.decisions if not one.void and one.branch == branch]
        done = (one for one in reversed(valid) if one.outcome == "complete" and one.people)
        work = next(done, None)  # what an administrator skipped is nobody's
        if work is not None and people & work.people - {self.filer}:
            self.wrong("own work", event, f"they did {work.task} themselves")
        for one in valid:
            if one.node in node.get("not_same_as", ()) and people & one.people:
                self.wrong("own work", event, f"they decided {one.task} of {one.node}")

    def _changed(self, body: TaskCompleted) -> None:
        """A changed field makes the approvals void to which it is material."""
        for one in self.decisions:
            if {*self.nodes[one.node].get("material", ())} & {*body.changed}:
                one.void = True

    def voided(self, event: Event, body: DecisionVoided) -> None:
        for one in self.decisions:
            one.void = one.void or one.task == body.task

    def by_rule(self, event: Event, body: DecidedByRule) -> None:
        """A rule repeats a decision that counts, of those whose decision it would be."""
        original = next((one for one in self.decisions if one.task == body.original), None)
        people = original.people if original is not None else frozenset[str]()
        if original is not None and original.void:
            self.wrong("void", event, f"{original.task} is void")
        if self.reopened_once:
            self.wrong("void", event, "that it ended is new since that decision")
        if body.rule == "self_approval":
            self.wrong("own request", event, "no rule of a shipped process says so")
        self.at[body.task] = body.node
        self.decisions.append(
            Decision(task=body.task, node=body.node, outcome=body.outcome, people=people)
        )

    def taken_back(self, event: Event, body: DecisionTakenBack) -> None:
        for one in self.decisions:
            if one.task == body.task and event.actor not in one.people:
                self.wrong("R8", event, f"{one.people} decided it")
            if one.task in (body.task, *body.undone):
                one.void = True
            elif one.task in body.restored:
                one.void = False
        for ballot in self.ballots:
            if body.task in ballot.seats:
                ballot.drop(body.task)

    def renewed(self, event: Event, body: TasksRenewed) -> None:
        """New tasks have the place of others."""
        for new, earlier in body.tasks:
            self.at[new] = self.at[earlier]
            self.open.add(new)
            for ballot in self.ballots:
                if earlier in ballot.seats:
                    ballot.drop(earlier)
                    ballot.seats = (*(one for one in ballot.seats if one != earlier), new)

    # ------------------------------------------------------------------ several signers

    def ballot_opened(self, event: Event, body: BallotOpened) -> None:
        seats = tuple(seat.task for seat in body.seats)
        self.ballots.append(_Ballot(node=body.node, seats=seats))
        self.at.update(dict.fromkeys(seats, body.node))
        self.open.update(seats)

    def _voted(self, event: Event, task: str, outcome: str, people: frozenset[str]) -> None:
        for ballot in self.ballots:
            if task in ballot.seats:
                if people & frozenset().union(*ballot.people.values()):
                    self.wrong("two seats", event, "a second seat of one person")
                if ballot.outcome:
                    self.wrong("open seat", event, "the step was decided already")
                ballot.people[task] = people
                ballot.votes[task] = outcome

    def ballot_decided(self, event: Event, body: BallotDecided) -> None:
        ballot = next(one for one in reversed(self.ballots) if one.node == body.node)
        ballot.outcome = body.outcome
        under = {one for one in self.open if self.groups.items.get(one) in ballot.seats}
        if {*ballot.seats} - {*ballot.votes} | under != {*body.rest}:
            self.wrong("open seat", event, "a seat is left open, or was closed twice")
        self.open.difference_update(body.rest)
        for seat in ballot.seats:
            self.groups.drop(seat)
        said = self._count(ballot)
        if body.outcome != said:
            self.wrong("tally", event, f"the votes say {said or 'nothing yet'}: {ballot.votes}")

    def _count(self, ballot: _Ballot) -> str:
        """What the votes of a step say that all have to sign."""
        node, votes = self.nodes[ballot.node], [*ballot.votes.values()]
        done = len(votes) == len(ballot.seats)
        if "return" in votes:
            return "return" if done or node.get("on_return") != "after_all" else ""
        if "reject" in votes:
            return "reject" if done or node.get("on_reject") != "after_all" else ""
        return "approve" if done else ""

    def _counted(self, event: Event) -> None:
        for ballot in self.ballots:
            if not ballot.outcome and self._count(ballot):
                self.wrong("tally", event, f"{ballot.votes} were not counted")
        for votes in self.groups.uncounted():
            self.wrong("tally", event, f"{votes} of added signers were not counted")

    # ------------------------------------------------------------------ added signers

    def signers_added(self, event: Event, body: SignersAdded) -> None:
        tasks = tuple(seat.task for seat in body.seats)
        node = self.at[body.task]
        self.at.update(dict.fromkeys(tasks, node))
        self.open.update(tasks)
        if body.where != "beside":
            self.groups.begins(body.task, tasks, sign=body.sign)
            return
        ballot = next((one for one in self.ballots if body.task in one.seats), None)
        if ballot is None:
            ballot = _Ballot(node=node, seats=(body.task,))
            self.ballots.append(ballot)
        ballot.seats += tasks

    def delegated(self, event: Event, body: TaskDelegated) -> None:
        self.groups.begins(body.task, (body.advice,), sign="advice")

    def advised(self, event: Event, body: AdviceGiven) -> None:
        """Advice is no vote: the item is its owner's again."""
        self._gone(body.task)

    def group_decided(self, event: Event, body: AddedSignersDecided) -> None:
        """A reject by the group is one of the item; else its own decision counts, or is awaited."""
        group = self.groups.of.pop(body.task)
        if group.left() != {*body.rest}:
            self.wrong("open seat", event, "an added signer is left open, or was closed twice")
        self.open.difference_update(body.rest)
        said = group.count() or ("" if group.left() else "removed")
        if body.outcome != said:
            self.wrong("tally", event, f"the added signers say {said or 'nothing yet'}")
        if body.outcome == "reject":
            by = next(one for one in reversed(self.decisions) if one.task == body.by)
            self.decisions.append(
                Decision(task=body.task, node=by.node, outcome="reject", people=by.people)
            )
        if body.outcome == "reject" or group.held:
            self.open.discard(body.task)
            vote = "reject" if body.outcome == "reject" else "approve"
            self._voted(event, body.task, vote, group.held)

    def removed(self, event: Event, body: SignerRemoved) -> None:
        self._gone(body.task)
        for ballot in self.ballots:
            ballot.seats = tuple(seat for seat in ballot.seats if seat != body.task)

    def _gone(self, task: str) -> None:
        self.open.discard(task)
        self.groups.drop(task)

    # ------------------------------------------------------------------ where a case goes

    def entered(self, event: Event, body: NodeEntered) -> None:
        self._counted(event)
        if left := self.places.here(body, self.open):
            self.wrong("open seat", event, f"{left} are open")
        if self.process == "launch" and not self.led:
            self._way(event, body.node)
        self.led = False
        self.passed_over.discard(body.node)

    def _way(self, event: Event, node: str) -> None:
        """What was to be decided before this node was, and counts."""
        decisive = {*EXECUTIVES, "approved"}
        for before in REVIEWS[: REVIEWS.index(node)] if node in REVIEWS else REVIEWS:
            missing = before not in self.passed_over and not self.stands(before)
            if node in (*REVIEWS, *decisive) and missing:
                self.wrong("void", event, f"{before} is not approved, or void")
        needed = self._authority()
        if node in EXECUTIVES and node != needed and needed not in self.passed_over:
            self.wrong("authority", event, f"{self.amount} needs {needed or 'no executive'}")
        if node == "approved" and needed not in ("", *self.passed_over) and not self.stands(needed):
            self.wrong("authority", event, f"{self.amount} needs {needed}")

    def _authority(self) -> str:
        if self.amount <= ONE:
            return ""
        return "one_executive" if self.amount <= ALL else "all_executives"

    def stands(self, node: str) -> bool:
        """Whether the last decision of a node is an approval that counts."""
        of_node = (one for one in reversed(self.decisions) if one.node == node and not one.added)
        last = next(of_node, None)
        if last is None or last.outcome != "approve" or last.void:
            return False
        seats = next((one for one in self.ballots if last.task in one.seats), None)
        return seats is None or seats.outcome == "approve"

    def cancelled(self, event: Event, body: TaskCancelled | TaskReturned) -> None:
        self._gone(body.task)

    def closed(self, event: Event, body: CaseClosed) -> None:
        self._counted(event)
        self.over = event

    def reopened(self, event: Event, body: CaseReopened | CaseReopenedAt) -> None:
        self.ends()
        self.over, self.reopened_once = None, True

    def ends(self) -> None:
        """Nothing more happens: a case that is over has no open task."""
        if self.over is not None and self.open:
            self.wrong("open seat", self.over, f"{sorted(self.open)} are open")


_RULES: dict[type, Callable[[Approvals, Event, Any], None]] = {
    CaseStarted: Approvals.started,
    FactNoted: Approvals.noted,
    TaskOpened: Approvals.opened,
    TaskCompleted: Approvals.completed,
    DecisionVoided: Approvals.voided,
    DecisionTakenBack: Approvals.taken_back,
    TasksRenewed: Approvals.renewed,
    FactVoided: Approvals.fact_voided,
    BallotOpened: Approvals.ballot_opened,
    BallotDecided: Approvals.ballot_decided,
    NodeEntered: Approvals.entered,
    CaseReopened: Approvals.reopened,
    CaseReopenedAt: Approvals.reopened,
    DecidedByRule: Approvals.by_rule,
    TaskCancelled: Approvals.cancelled,
    TaskReturned: Approvals.cancelled,
    CaseClosed: Approvals.closed,
    SignersAdded: Approvals.signers_added,
    SignerRemoved: Approvals.removed,
    AddedSignersDecided: Approvals.group_decided,
    TaskDelegated: Approvals.delegated,
    AdviceGiven: Approvals.advised,
}
