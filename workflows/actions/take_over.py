"""Take over: the recipient of an escalation becomes the assignee of the task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import authority, offering
from workflows.model.definition import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOver(Command):
    """Take a task over that was escalated to the actor."""

    task: str

    def decide(self, draft: Draft) -> None:
        """Refuse an actor to whom the task was not escalated."""
        task = authority.require_open(draft, self.task)
        if self.actor not in task.rescuers:
            raise Refusal("not_escalated_to_you")
        if task.assignee == self.actor:
            raise Refusal("already_yours")
        authority.require_unbarred(draft, task, self.actor, way="handed")
        offering.hand_over(draft, task, to=self.actor, why="take_over")


def _moves(_: Definition, case: Case, task: Task) -> Iterator[Move]:
    beside = case.ballot(task.visit) if task.seat else ()
    if any(seat.assignee in seat.rescuers for seat in beside):
        return  # a second seat that is taken over leads to nothing new
    if task.rescuers and task.assignee not in task.rescuers:
        yield Move(does="take_over", node=task.node)


def _by(_: Case, task: Task) -> str:
    return task.rescuers[0]


def _take_over(deed: Deed) -> Command:
    return TakeOver(actor=deed.actor, via=VIA, task=deed.task)


ACTION = ActionType(
    name="take_over",
    command=TakeOver,
    does={"take_over": _take_over},
    rehearsal=OnTask(moves=_moves, by=_by),
)
