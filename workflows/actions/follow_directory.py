"""Follow the directory: offer tasks that nobody has begun to the people named now."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.errors import Refusal
from workflows.flow import authority, offering, pauses


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowDirectory(Command):
    """Offer tasks that nobody has begun to the people that the definition names now."""

    def decide(self, draft: Draft) -> None:
        """End questions to people who have left, and offer tasks again."""
        authority.require_running(draft)
        for task in draft.case.open_tasks:
            asked = task.question
            if asked is not None and asked.to and not draft.world.directory.active(asked.to):
                pauses.lapse(draft, task, why="left")
            followed = offering.follow_directory(draft, draft.task(task.id))
            offering.offer_to_deputies(draft, followed)
        if not draft.steps:
            raise Refusal("nothing_to_change")


ACTION = ActionType(
    name="follow_directory",
    command=FollowDirectory,
    rehearsal=Untried(why="the directory of a rehearsal does not change"),
)
