"""Claim: one of several to whom a task was offered takes it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case, Task
from workflows.definition import Definition
from workflows.errors import Refusal
from workflows.flow import authority, offering


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskClaimed(Body):
    """One of the candidates took the task."""

    stored = "TaskClaimed"

    task: str
    by: str

    def apply(self, case: Case, event: Event) -> Case:
        """The task has an assignee."""
        return case.with_task(self.task, assignee=self.by)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """The cards of the others lose their button."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTask(Command):
    """Take a task that was offered to several. A deputy takes it for the principal."""

    task: str

    def decide(self, draft: Draft) -> None:
        """Refuse where somebody has it, or the actor is not among those who may."""
        task = authority.require_open(draft, self.task)
        if task.assignee is not None:
            if task.assignee == self.actor:
                raise Refusal("already_yours")
            raise Refusal("already_claimed", by=task.assignee)
        task = offering.follow_directory(draft, task)
        principal = authority.require_standing(draft, task)
        if task.assignee is None:
            on_behalf_of = principal if principal != self.actor else None
            draft.emit(TaskClaimed(task=task.id, by=principal), on_behalf_of=on_behalf_of)


def _moves(_: Definition, __: Case, task: Task) -> Iterator[Move]:
    if task.assignee is None and not task.blocked:
        yield Move(does="claim", node=task.node)


def _by(case: Case, task: Task) -> str:
    """The first who is not the filer."""
    others = (person for person in task.candidates if person != case.filer)
    return next(others, task.candidates[0])


def _claim(deed: Deed) -> Command:
    return ClaimTask(actor=deed.actor, via=VIA, task=deed.task)


ACTION = ActionType(
    name="claim",
    command=ClaimTask,
    events=(TaskClaimed,),
    does={"claim": _claim},
    rehearsal=OnTask(moves=_moves, by=_by, forward=True),
)
