"""Decide: complete a task, or approve, reject or return an approval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.errors import Refusal
from workflows.flow import authority, entering, returning, stale, verdicts
from workflows.flow.entering import Outcome, TaskCompleted
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, TaskNode, WorkNode

OUTCOMES: tuple[Outcome, ...] = ("complete", "approve", "reject", "return")
WITH_REASON: tuple[Outcome, ...] = ("reject", "return")


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideTask(Command):
    """Complete a task or give the outcome of an approval. Reject and return need a reason."""

    task: str
    outcome: Outcome
    content: ContentRef | None = None
    to: tuple[str, ...] = ()  # the nodes to return to, where there are several

    def decide(self, draft: Draft) -> None:
        """Record the decision and stop the clocks of the task.

        The next route is taken once the votes of all signers give an outcome.
        """
        task, principal = authority.require_owner(draft, self.task)
        node = draft.world.definition.work_node(task.node)
        if self.outcome not in offered(node, task):
            raise Refusal("outcome_not_offered")
        if self.outcome in WITH_REASON and self.content is None:
            raise Refusal("reason_missing")
        entering.require_actions(draft, node, task)
        if self.outcome == "approve" and isinstance(node, ApprovalNode) and node.refuse_expired:
            verdicts.require_valid_subject(draft, task)
        if task.parent:
            draft.values = draft.world.values  # an opinion changes no field
        to = returning.require_targets(draft, task, self.to) if self.outcome == "return" else ()
        changed = () if task.parent else stale.changed(draft, self.values)
        entering.complete(
            draft,
            task,
            TaskCompleted(
                task=task.id,
                outcome=self.outcome,
                content=self.content,
                changed=changed,
                to=next(iter(to), ""),
                also=to[1:],
            ),
            on_behalf_of=principal,
            taken=self.values,
        )


def offered(node: WorkNode, task: Task) -> tuple[str, ...]:
    """Return the outcomes among which the owner of a task chooses.

    An added signer approves or rejects; whoever was asked for advice decides nothing.
    """
    if isinstance(node, TaskNode):
        return ("complete",)
    if task.parent:
        return () if task.joins == "advice" else ("approve", "reject")
    if task.verdicts:
        return ()  # `judge` gives a verdict about each subject
    return tuple(node.outcomes)


def _moves(definition: Definition, case: Case, task: Task) -> Iterator[Move]:
    node = definition.work_node(task.node)
    if task.assignee is None or entering.missing_actions(node, case, task):
        return
    if isinstance(node, TaskNode):
        yield Move(does="complete", node=node.id, form=node.form)
        return
    for outcome in offered(node, task):
        if outcome != "return":
            yield Move(does=outcome, node=node.id, form=node.form)
        elif returning.tried_again(case, task):
            for to, *also in returning.choices(definition, case, task):
                yield Move(does=outcome, node=node.id, to=to, also=tuple(also), form=node.form)


def _decide(deed: Deed) -> Command:
    return DecideTask(
        actor=deed.actor,
        via=VIA,
        task=deed.task,
        outcome=cast("Outcome", deed.does),
        content=CONTENT,
        values=deed.values,
        to=deed.to,
    )


ACTION = ActionType(
    name="decide",
    command=DecideTask,
    does=dict.fromkeys(OUTCOMES, _decide),
    rehearsal=OnTask(moves=_moves, forward=True),
)
