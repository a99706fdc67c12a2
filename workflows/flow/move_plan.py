"""What a move to another version changes in a case, for the plan that is shown before it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workflows.case.clock import Clock, ClockStatus
from workflows.case.state import Case
from workflows.moments import Moment

Change = Literal["same", "renamed", "planned", "ends", "begins"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanLine:
    """One open visit, task, branch or clock: its node or due time now, and after the move.

    A task has its people, too.
    """

    what: Literal["step", "task", "branch", "clock"]
    id: str
    now: str | Moment | None
    then: str | Moment | None
    change: Change
    people: tuple[str, ...] = ()


def plan_lines(before: Case, after: Case) -> Iterator[PlanLine]:
    """Yield what is open in a case, as it is and as it will be after its move."""
    for old in before.visits:
        new = after.visit(old.id)
        assert new is not None, "a move opens and closes no visit"
        yield _named("step", old.id, old.node, new.node)
    for task in before.tasks:
        if task.unfinished:
            then = after.known_task(task.id).node
            yield _named("task", task.id, task.node, then, people=task.owners)
    for scope in before.scopes:
        if scope.open and scope.rest is None:
            for one, other in zip(scope.open, after.scope(scope.id).open, strict=True):
                yield _named("branch", scope.id, one, other)
    yield from _clocks(before, after)


def _named(
    what: Literal["step", "task", "branch"],
    id: str,
    now: str,
    then: str,
    *,
    people: tuple[str, ...] = (),
) -> PlanLine:
    change: Change = "same" if now == then else "renamed"
    return PlanLine(what=what, id=id, now=now, then=then, change=change, people=people)


def _clocks(before: Case, after: Case) -> Iterator[PlanLine]:
    for key in dict.fromkeys(clock.key for clock in (*before.clocks, *after.clocks)):
        old, new = _going(before.clock(key)), _going(after.clock(key))
        if old is None and new is None:
            continue
        now = None if old is None else old.due_at
        then = None if new is None else new.due_at
        change: Change = "same" if old == new else "planned"
        if old is None or new is None:
            change = "begins" if old is None else "ends"
        yield PlanLine(what="clock", id=key, now=now, then=then, change=change)


def _going(clock: Clock | None) -> Clock | None:
    return None if clock is None or clock.status is ClockStatus.STOPPED else clock
