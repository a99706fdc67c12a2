"""Giving work to whom `offer.py` finds: deputies, tasks offered again, tasks that nobody may do."""

from __future__ import annotations

from typing import Literal

from workflows import events as ev
from workflows.durations import Span, Unit
from workflows.engine import ladders, offer
from workflows.engine.draft import Draft
from workflows.errors import Refusal
from workflows.state import Task

TOLD_EVERY = Span(amount=1, unit=Unit.DAYS)  # who could mend it, while nobody may act


def follow_up(draft: Draft, task_id: str) -> None:
    """After a task came to others: deputies get it too; if it came to nobody, that is told."""
    task = draft.task(task_id)
    ladders.stop(draft, blocked_clock(task), why="done")
    offer_to_deputies(draft, task)
    if task.blocked:
        tell_blocked(draft, task)


def offer_to_deputies(draft: Draft, task: Task) -> None:
    """Offer a task to the deputies of those owners who are away, each pair once.

    Where the deputy may not act on it, that is recorded once, and the owner hears of it.
    """
    for owner in task.owners:
        _offer_to_deputies_of(draft, task, owner)


def _offer_to_deputies_of(draft: Draft, task: Task, owner: str) -> None:
    """The deputy named for now; where that one has left, the one of an absence around it."""
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    for deputy in draft.world.directory.deputies_named(owner, at=draft.world.now):
        if deputy in task.owners:
            return
        pair = (owner, deputy)
        why = offer.why_no_deputy(place, principal=owner, deputy=deputy)
        if why is None and pair not in task.deputies:
            draft.cause(ev.DeputyOffered(task=task.id, principal=owner, deputy=deputy))
        elif why is not None and pair not in task.deputies_out:
            draft.cause(ev.DeputyPassedOver(task=task.id, principal=owner, deputy=deputy, why=why))
        if why != "left":
            return


def follow_directory(draft: Draft, task: Task) -> Task:
    """The task, offered again if the directory now means others for it.

    Only while nobody claimed or began it. Whoever it was offered to and is still meant keeps it,
    so that a load that changed moves nothing. What people left behind is `succeed`'s.
    """
    if not task.untouched:
        return task
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    if task.assignee is not None and offer.still_meant(place, task.assignee):
        return task
    found = offer.meant(place)
    if not found.people:
        if task.owners and not any(map(draft.world.directory.active, task.owners)):
            return task
        found = offer.find(place)
    if task.assignee in found.people or set(found.people) == set(task.owners):
        return task
    return _reoffer(draft, task, found)


def succeed(draft: Draft, task: Task) -> offer.Found | None:
    """Who gets a task whose people have all left; None when its definition means others by now.

    Then it is theirs already.
    """
    if follow_directory(draft, task) is not task:
        return None
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    found = offer.find_successor(place, after=task.owners)
    if not found.people:
        _reoffer(draft, task, found)
        return None
    return found


def _reoffer(draft: Draft, task: Task, found: offer.Found) -> Task:
    alone = len(found.people) == 1
    draft.cause(
        ev.TaskReoffered(
            task=task.id,
            assignee=found.people[0] if alone else None,
            candidates=() if alone else found.people,
            fallback=found.fallback,
            passed_over=found.passed_over,
        )
    )
    follow_up(draft, task.id)
    return draft.task(task.id)


# ---------------------------------------------------------------------------- nobody may act


def blocked_clock(task: Task) -> str:
    """The key of the clock by which it is told every day that nobody may act."""
    return f"{ladders.BLOCKED}{task.id}"


def tell_blocked(draft: Draft, task: Task) -> None:
    """Tell the process owner and the administrators now, and again in a day.

    Refusal `nobody_to_act` when even those are missing: nothing is lost silently.
    """
    to = offer.watchers(draft.case, draft.world)
    if not to:
        raise Refusal("nobody_to_act")
    draft.cause(ev.TaskBlocked(task=task.id, to=to))
    again = draft.world.calendar.add(draft.world.now, TOLD_EVERY)
    draft.cause(
        ev.ClockPlanned(
            clock=blocked_clock(task),
            why="started",
            started_at=draft.world.now,
            limit=TOLD_EVERY,
            ladder="",
            due_at=again,
            rungs=(ev.PlannedRung(id=ladders.TELL, at=again),),
        )
    )


def look_again(draft: Draft, task_id: str) -> None:
    """A day has passed: offer a blocked task if somebody may act by now, else tell it again."""
    task = draft.task(task_id)
    if follow_directory(draft, task).blocked:
        tell_blocked(draft, task)


# ---------------------------------------------------------------------------- handing over


def hand_over(
    draft: Draft,
    task: Task,
    *,
    to: str,
    why: Literal["transfer", "take_over", "left"],
    people: tuple[tuple[str, str], ...],
    content: ev.ContentRef | None = None,
    on_behalf_of: str | None = None,
) -> None:
    """Make a task somebody else's for good."""
    draft.emit(
        ev.TaskTransferred(
            task=task.id, source=task.assignee, to=to, why=why, content=content, people=people
        ),
        on_behalf_of=on_behalf_of,
    )
    follow_up(draft, task.id)
