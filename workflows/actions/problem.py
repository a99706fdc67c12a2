"""Problem: report what is wrong with the process at a step of a case, also after its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Lane, Post
from workflows.case.events import Body, Event
from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import authority
from workflows.moments import DAY, Moment

REPORTED_FOR = 30 * DAY  # after the end of a case (rules: problems)
CARD = "problem"  # the kind of the message to an owner, which has one for each case


class ProblemKind(StrEnum):
    """What is wrong with a process."""

    UNCLEAR = "unclear"
    SLOW = "slow"
    WRONG_PERSON = "wrong_person"
    MISSING = "missing"  # information, or a field of a form
    TECHNICAL = "technical"
    OTHER = "other"


class ProblemReported(Body, frozen=True, kw_only=True):
    """Somebody reported a problem with the process at a node. `told` are the owners."""

    stored = "ProblemReported"

    node: str
    kind: str  # a `ProblemKind`; those of later releases are read, too
    content: ContentRef
    task: str = ""
    told: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Return the case unchanged."""
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify the owners once; a later report of the case updates that message."""
        about = self.task or next(reversed(case.task_ids), None)  # erasing it updates this message
        for owner in self.told:
            yield Post(to=owner, slot=CARD, kind=CARD, lane=Lane.DIGEST, task=about, quiet=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportProblem(Command):
    """Report a problem with a step, until 30 days after the end of the case.

    It is that of `task`, or `node`, or without both the one that the actor has, else the newest.
    """

    kind: ProblemKind
    content: ContentRef
    task: str = ""
    node: str = ""

    def decide(self, draft: Draft) -> None:
        """Refuse an actor who may not read the case, an unknown step, and a case of long ago."""
        authority.require_reader(draft)
        case, world = draft.case, draft.world
        if not may_be_reported(case, now=world.now):
            raise Refusal("problem_too_late")
        task = self.task
        if task and not case.has_left(task):
            draft.task(task)
        if self.node and not world.definition.has_node(self.node):
            known = ", ".join(node.id for node in world.definition.nodes)
            raise Refusal("node_unknown", node=self.node[:40], known=known)
        owners = owners_of(case, world)
        told = (one for one in owners if one != self.actor and world.directory.active(one))
        draft.emit(
            ProblemReported(
                node=self.node or step_of(case, self.actor, task=task),
                kind=self.kind.value,
                content=self.content,
                task=task,
                told=tuple(told),
            )
        )


def may_be_reported(case: Case, *, now: Moment) -> bool:
    """Return whether the case is running, or ended less than 30 days ago."""
    return case.closed_at is None or now < case.closed_at + REPORTED_FOR


def step_of(case: Case, person: str, *, task: str = "") -> str:
    """Return the node that a report is about, if its author does not name one."""
    known = case.task(task)
    if known is not None:
        return known.node
    if case.closed_at is not None:  # nobody works at the end
        return next((one.node for one in reversed(case.tasks)), case.node)
    return next((one.node for one in case.open_tasks if person in one.owners), case.node)


def _report(deed: Deed) -> Command:
    return ReportProblem(
        actor=deed.actor, via=VIA, kind=ProblemKind.OTHER, task=deed.task, content=CONTENT
    )


ACTION = ActionType(
    name="problem",
    command=ReportProblem,
    events=(ProblemReported,),
    does={"report_problem": _report},
    rehearsal=Untried(why="it changes nothing in the case"),
)
