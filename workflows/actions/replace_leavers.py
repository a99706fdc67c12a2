"""Replace leavers: give open tasks of people who left to their manager or the process owner."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.errors import Refusal
from workflows.flow import authority, offering


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceLeavers(Command):
    """Give open tasks of people who left to their manager or the process owner."""

    def decide(self, draft: Draft) -> None:
        """Keep a task that has an active owner as it is; hand over the others."""
        authority.require_running(draft)
        for task in draft.case.open_tasks:
            offering.replace_leaver(draft, task)
        if not draft.steps:
            raise Refusal("nothing_to_change")


ACTION = ActionType(
    name="replace_leavers",
    command=ReplaceLeavers,
    rehearsal=Untried(why="nobody leaves in a rehearsal"),
)
