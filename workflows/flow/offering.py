"""Gives tasks to the people that `offer.py` finds; offers them again; reports blocked tasks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec import UNSET, UnsetType

from workflows import assignment
from workflows.case.clock import ClockKind, PlannedRung
from workflows.case.draft import Draft
from workflows.case.effects import Effect, news, progress, task_cards
from workflows.case.events import Body, Event
from workflows.case.passed_over import Bar, Fallback, PassedOver
from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.durations import Span, Unit
from workflows.errors import Refusal
from workflows.flow import clocks, offer, pauses
from workflows.flow.clocks import ClockPlanned

TOLD_EVERY = Span(amount=1, unit=Unit.DAYS)  # notices about a blocked task
HandOver = Literal["transfer", "take_over", "left", "handed_over", "reassigned", "administered"]


class TaskReoffered(Body, frozen=True, kw_only=True):
    """The directory changed, and the task was offered to these people instead."""

    stored = "TaskReoffered"

    task: str
    assignee: str | None
    candidates: tuple[str, ...]
    fallback: Fallback = ""
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Replace assignee, candidates, and the deputies of people who lost the task."""
        task = case.known_task(self.task)
        return case.with_task(
            self.task,
            assignee=self.assignee,
            candidates=self.candidates,
            deputies=tuple(pair for pair in task.deputies if pair[0] in self._owners),
            deputies_out=tuple(pair for pair in task.deputies_out if pair[0] in self._owners),
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send each of them the card."""
        yield from task_cards(self.task, self._owners)
        yield from progress(self.task, soon=True)

    @property
    def _owners(self) -> tuple[str, ...]:
        return self.candidates if self.assignee is None else (self.assignee,)


class TaskBlocked(Body, frozen=True, kw_only=True):
    """Nobody may act on the task; these people were notified, again each day."""

    stored = "TaskBlocked"

    task: str
    to: tuple[str, ...]

    def apply(self, case: Case, event: Event) -> Case:
        """Return the case unchanged: the task without owners is blocked already."""
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify these people; a repeated notice updates the message without a sound."""
        slot = f"blocked:{self.task}"
        yield from news(self.to, kind="blocked", seq=event.seq, task=self.task, slot=slot)


class StepInTold(Body, frozen=True, kw_only=True):
    """Nobody whom the definition names was found, and the owners were notified of who has it.

    `fallback` is the rule that found `people`; owners who have the task are not notified.
    """

    stored = "StepInTold"

    task: str
    people: tuple[str, ...]
    fallback: Fallback
    to: tuple[str, ...]

    def apply(self, case: Case, event: Event) -> Case:
        """Return the case unchanged: the task is with these people already."""
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify the owners."""
        yield from news(self.to, kind="step_in", seq=event.seq, task=self.task)


class DeputyOffered(Body, frozen=True, kw_only=True):
    """The principal is absent and the deputy got the task too; the first decision counts."""

    stored = "DeputyOffered"

    task: str
    principal: str
    deputy: str

    def apply(self, case: Case, event: Event) -> Case:
        """Add the deputy to those who were offered the task."""
        pairs = (*case.known_task(self.task).deputies, (self.principal, self.deputy))
        return case.with_task(self.task, deputies=pairs)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send the deputy the card."""
        yield from task_cards(self.task, (self.deputy,))


class DeputyPassedOver(Body, frozen=True, kw_only=True):
    """The principal is absent, but the deputy may not act on this task."""

    stored = "DeputyPassedOver"

    task: str
    principal: str
    deputy: str
    why: Bar

    def apply(self, case: Case, event: Event) -> Case:
        """Record the pair, so that it is not tried again."""
        pairs = (*case.known_task(self.task).deputies_out, (self.principal, self.deputy))
        return case.with_task(self.task, deputies_out=pairs)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify the principal that no deputy acts on the task."""
        slot, who = f"deputy:{event.seq}", (self.principal,)
        yield from news(who, kind="no_deputy", seq=event.seq, task=self.task, slot=slot)


class TaskTransferred(Body, frozen=True, kw_only=True):
    """The task was given to somebody else permanently. Its due time is unchanged.

    `people` are the names set by gateways that meant the former assignee and mean the new one from
    now on, so that the next visit of the node goes to the new assignee as well.
    """

    stored = "TaskTransferred"

    task: str
    source: str | None
    to: str
    why: HandOver
    content: ContentRef | None
    people: tuple[tuple[str, str], ...] = ()  # (name in the definition, person)
    told: tuple[str, ...] | UnsetType = UNSET  # beside the new assignee, of an administrator

    def apply(self, case: Case, event: Event) -> Case:
        """Set the new assignee and keep the former ones."""
        task = case.known_task(self.task)
        hops = task.hops + (self.why == "transfer")
        former = tuple(dict.fromkeys((*task.former, *task.owners)))
        case = case.with_task(self.task, assignee=self.to, hops=hops, former=former)
        return case.with_people(self.people)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send the new assignee the card; notify the others if an administrator did it."""
        yield from task_cards(self.task, (self.to,))
        yield from progress(self.task, soon=True)
        yield from news(self.told or (), kind="administered", seq=event.seq, task=self.task)


def follow_up(draft: Draft, task_id: str) -> None:
    """Offer a task that has new owners to their deputies; report it if it has none."""
    task = draft.task(task_id)
    clocks.stop(draft, blocked_clock(task), why="done")
    offer_to_deputies(draft, task)
    if task.blocked:
        tell_blocked(draft, task)


def tell_owners(draft: Draft, task_id: str, found: offer.Found) -> None:
    """Tell the process owners that others step in on a task, because nobody else was found.

    Not where a rule puts somebody in the place of the filer, whom the definition does name.
    """
    if found.fallback in ("nobody", "owners_manager", "admin") and found.people:
        owners = owners_of(draft.case, draft.world)
        to = tuple(owner for owner in owners if owner not in found.people)
        if to:
            draft.cause(
                StepInTold(task=task_id, people=found.people, fallback=found.fallback, to=to)
            )


def offer_to_deputies(draft: Draft, task: Task) -> None:
    """Offer a task to the deputies of owners who are absent, each pair once.

    A deputy who may not act on the task is recorded once, and the owner is notified.
    """
    for owner in task.owners:
        _offer_to_deputies_of(draft, task, owner)


def _offer_to_deputies_of(draft: Draft, task: Task, owner: str) -> None:
    """Offer a task to the owner's deputy.

    If that deputy has left, the deputy of an absence that encloses it gets the offer.
    """
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    process = draft.case.process
    for deputy in draft.world.directory.deputies_named(owner, at=draft.world.now, process=process):
        if deputy in task.owners:
            return
        pair = (owner, deputy)
        why = offer.why_no_deputy(place, principal=owner, deputy=deputy)
        if why is None and pair not in task.deputies:
            draft.cause(DeputyOffered(task=task.id, principal=owner, deputy=deputy))
        elif why is not None and pair not in task.deputies_out:
            draft.cause(DeputyPassedOver(task=task.id, principal=owner, deputy=deputy, why=why))
        if why != "left":
            return


def follow_directory(draft: Draft, task: Task) -> Task:
    """Offer a task again if the definition now names other people; return the task.

    Only a task that nobody claimed or began is offered again. A person who has the offer and is
    still named keeps it, so that a change in workload moves nothing. `succeed` handles tasks of
    leavers.
    """
    if not task.untouched:
        return task
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    if task.assignee is not None and offer.still_meant(place, task.assignee):
        return task
    found = offer.meant(place)
    if not found.people:
        if task.owners and (task.seat or not any(map(draft.world.directory.active, task.owners))):
            return task  # everybody who is named as a signer has a seat
        found = offer.find(place)
    if task.assignee in found.people or set(found.people) == set(task.owners):
        return task
    return _reoffer(draft, task, found)


def offer_beside(draft: Draft, task: Task) -> None:
    """Offer the unclaimed seats beside this one to those who may still have one."""
    for seat in draft.case.ballot(task.visit):
        if seat.status is TaskStatus.OPEN and seat.assignee is None:
            follow_directory(draft, seat)


def succeed(draft: Draft, task: Task) -> offer.Found | None:
    """Return who gets a task whose owners have all left.

    Returns None when the task was offered to other people by its definition, or is blocked.
    """
    if follow_directory(draft, task) is not task:
        return None
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    found = offer.find_successor(place, after=task.owners)
    if not found.people:
        _reoffer(draft, task, found)
        return None
    return found


def replace_leaver(draft: Draft, task: Task) -> bool:
    """Give a task whose owners have all left to somebody else; return whether they have."""
    directory = draft.world.directory
    if task.blocked or any(directory.active(owner) for owner in task.owners):
        return False
    found = succeed(draft, task)
    if found is not None:
        present = directory.present_first(
            found.people, at=draft.world.now, process=draft.case.process
        )
        hand_over(draft, task, to=present[0], why="left")
    return True


def _reoffer(draft: Draft, task: Task, found: offer.Found) -> Task:
    alone = len(found.people) == 1
    draft.cause(
        TaskReoffered(
            task=task.id,
            assignee=found.people[0] if alone else None,
            candidates=() if alone else found.people,
            fallback=found.fallback,
            passed_over=found.passed_over,
        )
    )
    tell_owners(draft, task.id, found)
    follow_up(draft, task.id)
    return draft.task(task.id)


# ---------------------------------------------------------------------------- blocked tasks


def blocked_clock(task: Task) -> str:
    """Return the key of the clock that repeats the notice about a blocked task."""
    return ClockKind.BLOCKED.of(task.id)


def tell_blocked(draft: Draft, task: Task) -> None:
    """Notify the process owner and the administrators now, and plan the next notice.

    Raises Refusal `nobody_to_act` when there is neither an owner nor an administrator.
    """
    to = offer.watchers(draft.case, draft.world)
    if not to:
        raise Refusal("nobody_to_act")
    draft.cause(TaskBlocked(task=task.id, to=to))
    again = draft.world.calendar.add(draft.world.now, TOLD_EVERY)
    draft.cause(
        ClockPlanned(
            clock=blocked_clock(task),
            why="started",
            started_at=draft.world.now,
            limit=str(TOLD_EVERY),
            ladder="",
            due_at=again,
            rungs=(PlannedRung(id=clocks.TELL, at=again),),
        )
    )


def look_again(draft: Draft, task_id: str) -> None:
    """Offer a blocked task again; if it is still blocked, repeat the notice."""
    task = draft.task(task_id)
    if follow_directory(draft, task).blocked:
        tell_blocked(draft, task)


def close_task_clocks(draft: Draft, task: Task, *, why: Literal["done", "cancelled"]) -> None:
    """Stop the clocks of a task; resume case clocks that its question paused.

    With the last seat of several signers the clock of their visit is stopped, too.
    """
    if task.question is not None:
        pauses.go_on(draft, task, why="cancelled", resume_task=False)
    clocks.stop(draft, ClockKind.TASK.of(task.id), why=why)
    clocks.stop(draft, blocked_clock(task), why=why)
    if task.seat and not any(seat.unfinished for seat in draft.case.ballot(task.visit)):
        clocks.stop(draft, ClockKind.VISIT.of(task.visit), why=why)


# ---------------------------------------------------------------------------- transfers


def hand_over(
    draft: Draft,
    task: Task,
    *,
    to: str,
    why: HandOver,
    content: ContentRef | None = None,
    on_behalf_of: str | None = None,
    told: tuple[str, ...] | UnsetType = UNSET,
) -> None:
    """Give a task to somebody else permanently.

    `to` is the key of the new assignee, who also replaces the former one under the names that
    gateways set. `why` is the reason, `content` the reason in words, `on_behalf_of` the principal
    if a deputy hands it over, `told` who is notified beside the new assignee. The clock of
    the task is unchanged (rules: transfer).
    """
    people = tuple((name, to) for name in _names_of(draft, task))
    event = TaskTransferred(
        task=task.id,
        source=task.assignee,
        to=to,
        why=why,
        content=content,
        people=people,
        told=told,
    )
    if why == "left":
        draft.cause(event)
    else:
        draft.emit(event, on_behalf_of=on_behalf_of)
    follow_up(draft, task.id)


def _names_of(draft: Draft, task: Task) -> tuple[str, ...]:
    """Return the gateways' names by which the definition means the assignee of a task."""
    expression = draft.world.definition.work_node(task.node).assignee
    if expression is None or task.added_by:
        return ()
    fixed = dict(draft.case.people)
    names = assignment.parse(expression).names
    return tuple(name for name in names if name in fixed and fixed[name] == task.assignee)
