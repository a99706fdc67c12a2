"""Terminate: end a case that is needed no more, by an administrator or the case that started it."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.events import SYSTEM
from workflows.case.task import ContentRef
from workflows.flow import administering, authority, ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminate(Command):
    """End a running case: cancel its tasks and stop its clocks. A person gives the reason."""

    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Close the case as terminated. Refuse a case that has ended, and who may not end it."""
        authority.require_running(draft)
        if self.actor != SYSTEM:
            administering.require_administrator(draft)
        told = administering.concerned(draft, administering.unfinished(draft.case))
        ending.cancel_others(draft, reason="ended")
        ending.stop_all_clocks(draft, why="cancelled")
        if self.actor == SYSTEM:
            draft.cause(ending.CaseClosed(status="terminated"))
            return
        draft.emit(ending.CaseClosed(status="terminated", content=self.content, told=told))


ACTION = ActionType(
    name="terminate",
    command=Terminate,
    rehearsal=Untried(why="it ends a case at any step"),
)
