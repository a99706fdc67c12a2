"""Replan: compute due times again after a change of the calendar's data."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.errors import Refusal
from workflows.flow import authority, clocks, pauses, starts, until


@dataclass(frozen=True, slots=True, kw_only=True)
class Replan(Command):
    """Compute due times again after a change of the calendar's data."""

    def decide(self, draft: Draft) -> None:
        """Plan each running clock again; rungs that fired are kept as fired."""
        authority.require_running(draft)
        for clock in draft.case.clocks:
            if clock.status is ClockStatus.RUNNING:
                _replan(draft, clock)
        if not draft.steps:
            raise Refusal("nothing_to_change")


def _replan(draft: Draft, clock: Clock) -> None:
    """Plan a clock again; emit nothing if no time changes."""
    if clock.kind in (ClockKind.BLOCKED, ClockKind.START, ClockKind.WORK):
        return  # their interval is in wall-clock time
    if clock.kind is ClockKind.UNTIL:
        until.replan(draft, clock.about, why="calendar")
        return
    if clock.kind is ClockKind.BEGIN:
        starts.replan(draft, clock.key)
        return
    if clock.kind is ClockKind.CAP:
        new = pauses.cap(draft, draft.task(clock.about), why="calendar")
    else:
        new = clocks.planned(
            draft,
            key=clock.key,
            limit=clock.span,
            ladder=clock.ladder,
            started_at=clock.started_at,
            why="calendar",
        )
    if (new.due_at, new.rungs, new.provisional) != (
        clock.due_at,
        clock.planned,
        clock.provisional,
    ):
        draft.cause(new)


ACTION = ActionType(
    name="replan",
    command=Replan,
    rehearsal=Untried(why="the calendar of a rehearsal does not change"),
)
