"""A task of a case: a piece of work for one person, and the reference to what was written in it."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from workflows.case.scope import Scope
from workflows.case.spot import Spot
from workflows.model.clocks import WaitingOn
from workflows.moments import Moment

TIMER = "timer"  # the rule by which a rung of a ladder decides a task
ADMIN = "admin"  # the rule by which an administrator skips a step

Joins = Literal["", "before", "after", "advice"]
"""How a task belongs to the task under which it was added."""

AddedSign = Literal["all", "any", "in_turn"]
"""The rule by which several added signers sign."""


class ContentRef(Struct, frozen=True, kw_only=True):
    """A reference to stored content; `digest`, of `workflows.canonical`, verifies it."""

    id: str
    digest: str


class TaskStatus(StrEnum):
    """The status of a task. Only an open task can be acted on."""

    WAITING = "waiting"  # for its turn among several signers, or for signers who were added
    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"  # its assignee sent the case back
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"  # the other signers decided without it


class FilerQuestion(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a task waits for: an answer of the filer, or somebody outside, and since when.

    `to` is empty where it waits for somebody outside; `until` is when something is expected then.
    """

    by: str
    to: str
    content: ContentRef
    at: Moment
    on: WaitingOn = "filer"
    until: Moment | None = None


class Verdict(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was decided about one subject of an approval; nothing yet while `outcome` is empty."""

    subject: str
    outcome: str = ""
    content: ContentRef | None = None
    by: str = ""
    on_behalf_of: str | None = None
    at: Moment = 0
    rule: str = ""  # the rule by which it carries over from an earlier round


class Task(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A piece of work for one person, or for several of whom one claims it."""

    id: str
    node: str
    round: int
    visit: str = ""  # the id of the visit that it belongs to
    scope: str = ""  # the scope of this visit
    branch: str = ""  # and the branch of its fork
    seat: int = 0  # its number among several signers, from 1; 0 for a task of its own
    weight: int = 1  # of its vote
    follows: int = 0  # the seat after which somebody who was added beside it has their turn
    added_by: str = ""  # whoever added its assignee as a signer or asked them for their advice
    parent: str = ""  # the task under which it was added; "" for one that has a seat
    joins: Joins = ""
    group: str = ""  # the first task that was added together with it
    sign: AddedSign = "all"  # of this group
    status: TaskStatus
    assignee: str | None
    candidates: tuple[str, ...]
    opened_at: Moment
    deputies: tuple[tuple[str, str], ...] = ()  # (principal, deputy) that were offered the task
    deputies_out: tuple[tuple[str, str], ...] = ()  # (principal, deputy) that may not act on it
    rescuers: tuple[str, ...] = ()  # recipients of escalations who may take it over
    hops: int = 0  # how often it was transferred
    former: tuple[str, ...] = ()  # earlier assignees, before it was transferred or taken over
    question: FilerQuestion | None = None
    paused_for: int = 0  # microseconds that questions have paused its clocks
    actions: tuple[str, ...] = ()  # recorded in this task
    outcome: str | None = None
    decided_by: str | None = None
    on_behalf_of: str | None = None
    decided_at: Moment | None = None
    content: ContentRef | None = None
    rule: str = ""  # the rule that decided it, as `DecidedByRule` has it, or TIMER
    resume_to: str = ""  # of its visit
    returned_to: str = ""  # the node that a return named, where there are several
    returned_also: tuple[str, ...] = ()  # further nodes that it named, which are taken again too
    admin: str = ""  # the administrator who skipped or cancelled it
    original: str = ""  # the task whose decision this rule repeated
    edited: tuple[str, ...] = ()  # the fields that were changed after it was decided
    voided: bool = False  # its decision counts no more
    voided_by: str = ""  # the task whose decision made it void; its own id if it was taken back
    redone: str = ""  # the task that was opened in its place, at the same visit
    urged_at: tuple[Moment, ...] = ()
    verdicts: tuple[Verdict, ...] = ()  # of an approval that decides about each of its subjects

    @property
    def spot(self) -> Spot:
        """Where in the case it is."""
        return Spot(scope=self.scope, branch=self.branch)

    @property
    def owners(self) -> tuple[str, ...]:
        """The people who have the task: the assignee, or all candidates while it is unclaimed."""
        return (self.assignee,) if self.assignee is not None else self.candidates

    @property
    def people(self) -> tuple[str, ...]:
        """The people who had a part in the task, each at least once."""
        acted = (self.decided_by, self.on_behalf_of, *(deputy for _, deputy in self.deputies))
        part = (*self.owners, *self.candidates, *self.former, *self.rescuers, *acted)
        return tuple(person for person in part if person and person != "system")

    @property
    def item(self) -> str:
        """The id of the task that has the clock: of an added task the one under which it is."""
        return self.parent or self.id

    @property
    def returns_to(self) -> tuple[str, ...]:
        """The nodes that its return named, the earliest first; none where there is only one."""
        return (self.returned_to, *self.returned_also) if self.returned_to else ()

    @property
    def turn(self) -> tuple[int, int]:
        """Its place among the seats: after the one that it follows, else that of its number."""
        return (self.follows, self.seat) if self.follows else (self.seat, 0)

    @property
    def unfinished(self) -> bool:
        """Whether the task is open or waits for its turn."""
        return self.status in (TaskStatus.OPEN, TaskStatus.WAITING)

    @property
    def taken_back(self) -> bool:
        """Whether whoever made the decision took it back."""
        return self.voided_by == self.id

    @property
    def blocked(self) -> bool:
        """Whether the task is open although nobody may act on it."""
        return self.status is TaskStatus.OPEN and not self.owners

    @property
    def untouched(self) -> bool:
        """Whether nobody has claimed, received by transfer, or begun the task."""
        taken = self.candidates or self.former or self.assignee in self.rescuers or self.added_by
        begun = self.actions or self.question is not None or self.paused_for
        return self.assignee is None or not (taken or begun)


def form_key(node: str, branch: Scope | None) -> str:
    """Return the key under which the form of a node is kept.

    `branch` is the branch of a wait node in which the form is taken. In a branch with a subject
    each subject has a form of its own, so that one certificate is renewed beside the others.
    """
    subject = branch.opened.subject if branch is not None and branch.opened is not None else ""
    return f"task:{node}:{subject}" if subject else f"task:{node}"
