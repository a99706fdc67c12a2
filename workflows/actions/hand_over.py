"""Hand over: whoever is above somebody who has left gives a task to another person.

The rules are in docs/explanation/rules.md (rules: leavers).
"""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.task import Task
from workflows.errors import Refusal
from workflows.flow import authority, offer, offering
from workflows.flow.leavers import may_hand_over


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver(Command):
    """Give an open task that a leaver had to somebody else. The due time is unchanged."""

    task: str
    leaver: str
    to: str

    def decide(self, draft: Draft) -> None:
        """Refuse a task that the leaver did not have, and a recipient who may not have it."""
        directory = draft.world.directory
        task = authority.require_open(draft, self.task)
        if directory.active(self.leaver) or not was_with(task, self.leaver):
            raise Refusal("not_of_a_leaver")
        if not may_hand_over(draft.case, draft.world, leaver=self.leaver, person=self.actor):
            raise Refusal("may_not_hand_over")
        if not directory.active(self.to):
            raise Refusal("person_unknown")
        if self.to == task.assignee:
            raise Refusal("has_it_already", by=self.to)
        place = offer.Place.of(task, case=draft.case, world=draft.world)
        why = offer.barred(place, way="handed").get(self.to)
        if why is not None:
            raise Refusal(f"transfer_to_{why}")
        offering.hand_over(draft, task, to=self.to, why="handed_over")


def was_with(task: Task, person: str) -> bool:
    """Return whether a person has a task, or had it before it was handed on."""
    return person in (*task.owners, *task.former)


ACTION = ActionType(
    name="hand_over",
    command=HandOver,
    rehearsal=Untried(why="nobody leaves in a rehearsal"),
)
