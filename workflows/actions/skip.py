"""Skip: an administrator leaves a step by an outcome that they name (rules: administration)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workflows.case.action_type import ActionType, Untried
from workflows.case.clock import ClockKind
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards
from workflows.case.events import SYSTEM, Body, Event
from workflows.case.state import Case
from workflows.case.task import ADMIN, ContentRef, Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import administering, authority, clocks, entering, offering
from workflows.model.nodes import TaskNode, WorkNode

By = Literal["approve", "reject", "complete"]


class StepSkipped(Body, frozen=True, kw_only=True):
    """An administrator left a step by this outcome; nobody decided it.

    `task` has the outcome of the step. `rest` are the other tasks of the visit, which are not
    needed any more; `told` has the people who were notified.
    """

    stored = "StepSkipped"

    task: str
    node: str
    outcome: By
    rest: tuple[str, ...]
    told: tuple[str, ...]
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """End the visit with this outcome, by the rule `admin`."""
        for task in self.rest:
            case = case.with_task(
                task, status=TaskStatus.SUPERSEDED, decided_at=event.at, question=None
            )
        case = case.with_task(
            self.task,
            status=TaskStatus.DONE,
            outcome=self.outcome,
            decided_by=SYSTEM,
            on_behalf_of=None,
            decided_at=event.at,
            question=None,
            rule=ADMIN,
            admin=event.actor,
        )
        return case.without_visit(case.known_task(self.task).visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the step, and notify those concerned."""
        for task in (self.task, *self.rest):
            yield Refresh(task=task, soon=True)
        yield from case_cards()
        yield from administering.tell(self.told, seq=event.seq, task=self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipStep(Command):
    """Leave the step of a task by an outcome: all its signers, and those who were added."""

    task: str
    outcome: By
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, their own case, and an outcome it does not have."""
        authority.require_running(draft)
        administering.require_administrator(draft)
        task = draft.task(self.task)
        item = draft.task(task.parent) if task.parent else task
        if not item.unfinished:
            authority.require_open(draft, task.id)
        offered = ways(draft.world.definition.work_node(item.node))
        if self.outcome not in offered:
            raise Refusal("outcome_not_offered", offered=", ".join(offered))
        administering.require_no_party(draft, item)
        unfinished = [one for one in draft.case.tasks if one.visit == item.visit and one.unfinished]
        rest = [one for one in unfinished if one.id != item.id]
        draft.emit(
            StepSkipped(
                task=item.id,
                node=item.node,
                outcome=self.outcome,
                rest=tuple(one.id for one in rest),
                told=administering.concerned(draft, unfinished),
                content=self.content,
            )
        )
        _close(draft, unfinished, item.visit)
        entering.leave(draft, draft.task(item.id), self.outcome)


def ways(node: WorkNode) -> tuple[By, ...]:
    """Return the outcomes by which a step can be skipped. To go back, a case is led elsewhere."""
    if isinstance(node, TaskNode):
        return ("complete",)
    approvals: tuple[By, ...] = ("approve", "reject")
    return tuple(one for one in approvals if one in node.outcomes)


def _close(draft: Draft, tasks: list[Task], visit: str) -> None:
    for one in tasks:
        offering.close_task_clocks(draft, one, why="cancelled")
    clocks.stop(draft, ClockKind.VISIT.of(visit), why="cancelled")


ACTION = ActionType(
    name="skip",
    command=SkipStep,
    events=(StepSkipped,),
    rehearsal=Untried(why="the outcomes of a step are tried by those who have it"),
)
