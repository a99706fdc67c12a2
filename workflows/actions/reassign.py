"""Reassign: an administrator gives an open task to another person (rules: administration)."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import administering, authority, offer, offering


@dataclass(frozen=True, slots=True, kw_only=True)
class ReassignTask(Command):
    """Give an open task, or an open seat among several signers, to somebody else.

    The due time is unchanged, and it counts as no transfer of the person who had it.
    """

    task: str
    to: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, and a person who may not have the task."""
        authority.require_running(draft)
        administering.require_administrator(draft)
        task = authority.require_open(draft, self.task)
        if not draft.world.directory.active(self.to):
            raise Refusal("person_unknown")
        if self.to == task.assignee:
            raise Refusal("has_it_already", by=self.to)
        place = offer.Place.of(task, case=draft.case, world=draft.world)
        why = offer.barred(place, way="handed").get(self.to)
        if why is not None:
            raise Refusal(f"transfer_to_{why}")
        told = administering.concerned(draft, [task], but=(self.to,))
        offering.hand_over(
            draft, task, to=self.to, why="administered", content=self.content, told=told
        )


ACTION = ActionType(
    name="reassign",
    command=ReassignTask,
    rehearsal=Untried(why="it changes who has a task, never the way of the case"),
)
