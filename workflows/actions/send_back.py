"""Send back: the assignee of a task returns the case to an earlier node, with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import authority, ending, entering, forks, offering
from workflows.model.definition import Definition
from workflows.model.nodes import TaskNode


class TaskReturned(Body, frozen=True, kw_only=True):
    """The assignee sent the case back to an earlier node, whose decisions become void."""

    stored = "TaskReturned"

    task: str
    to: str
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Close the task and its visit."""
        case = case.with_task(
            self.task,
            status=TaskStatus.RETURNED,
            outcome="return",
            decided_by=event.actor,
            on_behalf_of=event.on_behalf_of,
            decided_at=event.at,
            content=self.content,
            question=None,
        )
        task = case.known_task(self.task)
        return case.without_visit(task.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards, which show where the case was sent."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendBack(Command):
    """Send the case back to a node that it visited and that the definition offers."""

    task: str
    to: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Enter the node again; one before a fork cancels the branches of the fork."""
        task, principal = authority.require_owner(draft, self.task)
        if self.to not in targets(draft.world.definition, draft.case, task):
            raise Refusal("return_not_offered")
        draft.emit(
            TaskReturned(task=task.id, to=self.to, content=self.content), on_behalf_of=principal
        )
        offering.close_task_clocks(draft, task, why="cancelled")
        beside = [one for one in draft.case.tasks if one.unfinished and one.spot == task.spot]
        ending.cancel(draft, beside, reason="returned")
        entering.enter(draft, self.to, spot=forks.led_to(draft, task, self.to))


def targets(definition: Definition, case: Case, task: Task) -> tuple[str, ...]:
    """Return the visited nodes to which this task may send its case back."""
    node = definition.work_node(task.node)
    offered = node.return_to if isinstance(node, TaskNode) else ()
    return tuple(to for to in offered if to in case.been(task.spot))


def _moves(definition: Definition, _: Case, task: Task) -> Iterator[Move]:
    node = definition.work_node(task.node)
    if task.assignee is not None and isinstance(node, TaskNode):
        for target in node.return_to:
            yield Move(does="send_back", node=node.id, to=target)


def _send_back(deed: Deed) -> Command:
    return SendBack(actor=deed.actor, via=VIA, task=deed.task, to=deed.to[0], content=CONTENT)


ACTION = ActionType(
    name="send_back",
    command=SendBack,
    events=(TaskReturned,),
    does={"send_back": _send_back},
    needs="to",
    rehearsal=OnTask(moves=_moves),
)
