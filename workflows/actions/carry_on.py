"""Carry on: the assignee ends waiting for the customer or a supplier; the clocks resume."""

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
from workflows.flow import authority, pauses
from workflows.model.definition import Definition


class WaitingEnded(Body, frozen=True, kw_only=True):
    """What the task waited for has come, or is not waited for any more."""

    stored = "WaitingEnded"

    task: str
    paused: int  # microseconds for which the clocks were paused

    def apply(self, case: Case, event: Event) -> Case:
        """End the pause."""
        return pauses.over(case, self.task, paused=self.paused)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards, which show the due time again."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryOn(Command):
    """End the pause; the clocks resume with the time that was left."""

    task: str

    def decide(self, draft: Draft) -> None:
        """Refuse it unless the task waits for somebody outside; a question is answered instead."""
        task, principal = authority.require_owner(draft, self.task)
        if task.question is None or task.question.on == "filer":
            raise Refusal("nothing_awaited")
        spent = pauses.paused_time(draft, task)
        draft.emit(WaitingEnded(task=task.id, paused=spent), on_behalf_of=principal)
        pauses.go_on(draft, task)


def _moves(_: Definition, __: Case, task: Task) -> Iterator[Move]:
    if task.question is not None and task.question.on != "filer":
        yield Move(does="carry_on", node=task.node)


def _carry_on(deed: Deed) -> Command:
    return CarryOn(actor=deed.actor, via=VIA, task=deed.task)


ACTION = ActionType(
    name="carry_on",
    command=CarryOn,
    events=(WaitingEnded,),
    does={"carry_on": _carry_on},
    rehearsal=OnTask(moves=_moves),
)
