"""Terminate: end a case because the case that started it needs it no more."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.flow import authority, ending


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminate(Command):
    """End a running case: cancel its tasks and stop its clocks."""

    def decide(self, draft: Draft) -> None:
        """Close the case as terminated. Raises Refusal `case_closed` when it has ended."""
        authority.require_running(draft)
        ending.cancel_others(draft, reason="ended")
        ending.stop_all_clocks(draft, why="cancelled")
        draft.cause(ending.CaseClosed(status="terminated"))


ACTION = ActionType(
    name="terminate",
    command=Terminate,
    rehearsal=Untried(why="only the case that started it terminates one"),
)
