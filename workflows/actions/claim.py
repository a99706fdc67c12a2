"""Claim: one of the candidates takes a task."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import authority, offering
from workflows.model.definition import Definition


class TaskClaimed(Body, frozen=True, kw_only=True):
    """One of the candidates took the task."""

    stored = "TaskClaimed"

    task: str
    by: str

    def apply(self, case: Case, event: Event) -> Case:
        """Set the assignee."""
        return case.with_task(self.task, assignee=self.by)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the other candidates, which lose their button."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTask(Command):
    """Claim a task that was offered to several people. A deputy claims it for the principal."""

    task: str

    def decide(self, draft: Draft) -> None:
        """Refuse a task that has an assignee, and an actor who is not a candidate."""
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
            offering.offer_beside(draft, task)


def _moves(_: Definition, __: Case, task: Task) -> Iterator[Move]:
    if task.assignee is None and not task.blocked:
        yield Move(does="claim", node=task.node)


def _by(case: Case, task: Task) -> str:
    """Return the first candidate who is not the filer, or else the first."""
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
