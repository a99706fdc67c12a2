"""Decide: complete a task, or approve, reject or return an approval."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, cast

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case, counted
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import (
    adding,
    authority,
    clocks,
    entering,
    facts,
    offering,
    opening,
    pauses,
    reopening,
    returning,
    stale,
    until,
)
from workflows.model.definition import Definition
from workflows.model.nodes import TaskNode, WorkNode

Outcome = Literal["complete", "approve", "reject", "return"]
OUTCOMES: tuple[Outcome, ...] = ("complete", "approve", "reject", "return")
WITH_REASON: tuple[Outcome, ...] = ("reject", "return")


class TaskCompleted(Body, frozen=True, kw_only=True, omit_defaults=True):
    """The task was decided: `complete` for a task node, else the outcome of the approval.

    `changed` are the ids of the fields that its form changed, where a rule asks for them; `to` is
    the node that a return names, where there are several. Both are not stored while they are empty.
    """

    stored = "TaskCompleted"

    task: str
    outcome: Outcome
    content: ContentRef | None
    changed: tuple[str, ...] = ()
    to: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Close the task; without other signers also its visit, and count a return.

        An approval is held while signers who were added after it have not signed.
        """
        held = self.outcome == "approve" and case.added(self.task) != ()
        case = case.with_task(
            self.task,
            status=TaskStatus.WAITING if held else TaskStatus.DONE,
            outcome=self.outcome,
            decided_by=event.actor,
            on_behalf_of=event.on_behalf_of,
            decided_at=event.at,
            content=self.content,
            question=None,
            returned_to=self.to,
        )
        task = case.known_task(self.task)
        if task.parent:
            return case  # an opinion, which changes no field; `AddedSignersDecided` follows
        case = case.with_form(f"task:{task.node}", self.content)
        case = case.with_edits(self.changed, by=self.task)
        if task.seat or held:
            return case  # `BallotDecided` follows once the votes give an outcome
        if self.outcome == "return":
            returns = counted(case.scope(task.scope).returns, task.node)
            case = case.with_scope(task.scope, returns=returns)
        return case.without_visit(task.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards, which show the decision, and those of other signers and before it."""
        yield from progress(self.task, soon=True)
        task = case.known_task(self.task)
        for seat in case.ballot(task.visit) if task.seat else ():
            if seat.status is TaskStatus.OPEN:
                yield Refresh(task=seat.id)
        for earlier in case.decided_before(task):  # they cannot be taken back any more
            yield Refresh(task=earlier.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideTask(Command):
    """Complete a task or give the outcome of an approval. Reject and return need a reason."""

    task: str
    outcome: Outcome
    content: ContentRef | None = None
    to: str = ""  # the node to return to, where there are several

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
        missing = missing_actions(node, draft.case, task)
        if missing:
            raise Refusal("action_missing", action=missing[0])
        if task.parent:
            draft.values = draft.world.values  # an opinion changes no field
        to = returning.require_target(draft, task, self.to) if self.outcome == "return" else ""
        changed = () if task.parent else stale.changed(draft, self.values)
        draft.emit(
            TaskCompleted(
                task=task.id, outcome=self.outcome, content=self.content, changed=changed, to=to
            ),
            on_behalf_of=principal,
        )
        again = stale.void(draft, by=task.id, fields=changed)
        if again:
            reopening.ask_again(draft, again)
        decided = draft.task(task.id)
        if not decided.unfinished:
            offering.close_task_clocks(draft, task, why="done")
        elif task.question is not None:
            pauses.go_on(draft, task, why="cancelled")
        if draft.world.formulas and not task.parent:
            facts.note(draft, self.values)
        clocks.regrade(draft)
        if clocks.waits(draft.case):
            until.regrade(draft)
        added = task.parent or draft.case.added(task.id)
        outcome = (adding.vote if added else opening.vote)(draft, decided, self.outcome)
        if outcome:
            entering.leave(draft, draft.task(task.id), outcome)


def offered(node: WorkNode, task: Task) -> tuple[str, ...]:
    """Return the outcomes among which the owner of a task chooses.

    An added signer approves or rejects; whoever was asked for advice decides nothing.
    """
    if isinstance(node, TaskNode):
        return ("complete",)
    if task.parent:
        return () if task.joins == "advice" else ("approve", "reject")
    return tuple(node.outcomes)


def missing_actions(node: WorkNode, case: Case, task: Task) -> tuple[str, ...]:
    """Return the actions to be recorded before a task is decided; an added signer needs none."""
    needed = () if task.parent else node.requires
    return tuple(action for action in needed if action not in case.recorded(task.scope))


def _moves(definition: Definition, case: Case, task: Task) -> Iterator[Move]:
    node = definition.work_node(task.node)
    if task.assignee is None or missing_actions(node, case, task):
        return
    if isinstance(node, TaskNode):
        yield Move(does="complete", node=node.id, form=node.form)
        return
    for outcome in node.outcomes:
        if outcome != "return":
            yield Move(does=outcome, node=node.id, form=node.form)
        elif _may_return(case, task):
            for to in returning.targets(definition, case, task):
                yield Move(does=outcome, node=node.id, to=to, form=node.form)


def _may_return(case: Case, task: Task) -> bool:
    """Return whether a rehearsal tries another return.

    If one approval has returned the case more than once, all others may return it once in total.
    Each approval has its own count, so that combinations of many returns would lead to nothing new.
    """
    spots = case.around(task.spot)
    counted = (one for spot in spots for one in case.scope(spot.scope).returns)
    return sum(count for of, count in counted if of != task.node) <= 1


def _decide(deed: Deed) -> Command:
    return DecideTask(
        actor=deed.actor,
        via=VIA,
        task=deed.task,
        outcome=cast("Outcome", deed.does),
        content=CONTENT,
        values=deed.values,
        to=next(iter(deed.to), ""),
    )


ACTION = ActionType(
    name="decide",
    command=DecideTask,
    events=(TaskCompleted,),
    does=dict.fromkeys(OUTCOMES, _decide),
    rehearsal=OnTask(moves=_moves, forward=True),
)
