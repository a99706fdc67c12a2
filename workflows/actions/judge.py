"""Judge: the owner of an approval gives a verdict about one or more of its subjects."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from msgspec.structs import replace

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.errors import Refusal
from workflows.flow import authority, entering, returning, verdicts
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode

VerdictOutcome = Literal["approve", "reject", "return"]
WORDS = ("approve_subjects", "reject_subjects", "return_subjects")  # of scenarios
WITH_REASON: tuple[VerdictOutcome, ...] = ("reject", "return")


class SubjectsJudged(Body, frozen=True, kw_only=True, omit_defaults=True):
    """The owner of an approval gave a verdict about these subjects; it replaces an earlier one."""

    stored = "SubjectsJudged"

    task: str
    subjects: tuple[str, ...]
    outcome: VerdictOutcome
    content: ContentRef | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Set the verdicts."""
        given = tuple(
            replace(
                one,
                outcome=self.outcome,
                content=self.content,
                by=event.actor,
                on_behalf_of=event.on_behalf_of,
                at=event.at,
                rule="",
            )
            if one.subject in self.subjects
            else one
            for one in case.known_task(self.task).verdicts
        )
        return case.with_task(self.task, verdicts=given)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the task, which show the verdicts."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSubjects(Command):
    """Give a verdict about one or more subjects. Reject and return need a reason.

    Without `subjects` it is about all that have no verdict yet.
    """

    task: str
    subjects: tuple[str, ...]
    outcome: VerdictOutcome
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Record the verdict; the task is decided once the verdicts give an outcome."""
        task, principal = authority.require_owner(draft, self.task)
        node = draft.world.definition.work_node(task.node)
        if not isinstance(node, ApprovalNode) or self.outcome not in offered(node, task):
            raise Refusal("outcome_not_offered")
        subjects = self.subjects or left(task)
        if not subjects or not {*subjects} <= {one.subject for one in task.verdicts}:
            raise Refusal("subject_unknown")
        if self.outcome in WITH_REASON and self.content is None:
            raise Refusal("reason_missing")
        entering.require_actions(draft, node, task)
        if self.outcome == "return":
            returning.require_targets(draft, task, ())
        if self.outcome == "approve" and node.refuse_expired:
            verdicts.require_valid(draft, node, subjects)
        draft.values = draft.world.values  # a finding about one subject changes no field
        draft.emit(
            SubjectsJudged(
                task=task.id, subjects=subjects, outcome=self.outcome, content=self.content
            ),
            on_behalf_of=principal,
        )
        outcome = verdicts.count(node, draft.task(task.id))
        if outcome:
            entering.complete(
                draft,
                task,
                entering.TaskCompleted(task=task.id, outcome=outcome, content=None),
                on_behalf_of=principal,
                taken={},
            )


def offered(node: ApprovalNode, task: Task) -> tuple[VerdictOutcome, ...]:
    """Return the verdicts among which the owner of a task chooses; none without subjects."""
    return tuple(node.outcomes) if task.verdicts else ()


def left(task: Task) -> tuple[str, ...]:
    """Return the subjects without a verdict."""
    return tuple(one.subject for one in task.verdicts if not one.outcome)


def _moves(definition: Definition, case: Case, task: Task) -> Iterator[Move]:
    """Yield the approval of everything that is left, and one other verdict of each kind."""
    node = definition.work_node(task.node)
    if task.assignee is None or not task.verdicts or not isinstance(node, ApprovalNode):
        return
    if entering.missing_actions(node, case, task):
        return
    yield Move(does="approve_subjects", node=node.id)
    if any(one.outcome != "approve" for one in task.verdicts if one.outcome):
        return
    first = left(task)[0]
    if "reject" in node.outcomes:
        yield Move(does="reject_subjects", node=node.id, to=first)
    if returning.targets(definition, case, task) and returning.tried_again(case, task):
        yield Move(does="return_subjects", node=node.id, to=first)


def _judge(deed: Deed) -> Command:
    outcome = deed.does.partition("_")[0]
    return JudgeSubjects(
        actor=deed.actor,
        via=VIA,
        task=deed.task,
        subjects=tuple(filter(None, deed.to)),
        outcome=cast("VerdictOutcome", outcome),
        content=CONTENT,
    )


ACTION = ActionType(
    name="judge",
    command=JudgeSubjects,
    events=(SubjectsJudged,),
    does=dict.fromkeys(WORDS, _judge),
    rehearsal=OnTask(moves=_moves, forward=True),
)
