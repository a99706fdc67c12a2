"""What a rung does to a late task: hand it to somebody else, or decide it (rules: ladders).

A task is handed over by the rules of a transfer, to the first person found who may have it. Only a
node with `low_risk` is decided, always as the system and never for a person; a blocked task is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from workflows.case.clock import Clock
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, news, progress, watched
from workflows.case.events import Body, Event
from workflows.case.passed_over import PassedOver
from workflows.case.people import find_people
from workflows.case.state import Case
from workflows.case.task import TIMER, TaskStatus
from workflows.flow import adding, clocks, entering, offer, offering
from workflows.model.clocks import RungOutcome


class ReassignmentDue(Body, frozen=True, kw_only=True):
    """A rung was due that hands the task over; nobody may have it where `to` is None.

    TaskTransferred follows where somebody may. `told` are those who had it before.
    """

    stored = "ReassignmentDue"

    clock: str
    rung: str
    task: str
    to: str | None
    told: tuple[str, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Record the rung as fired."""
        return clocks.fired(case, self.clock, (self.rung,))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify those who had the task."""
        yield from news(self.told, kind="reassigned", seq=event.seq, task=self.task)


class DecidedByTimer(Body, frozen=True, kw_only=True):
    """A rung decided a task of low risk, because nobody had; its owners are notified."""

    stored = "DecidedByTimer"

    clock: str
    rung: str
    task: str
    outcome: RungOutcome
    told: tuple[str, ...]

    def apply(self, case: Case, event: Event) -> Case:
        """Record the rung as fired, and close the task; without other signers also its visit."""
        case = clocks.fired(case, self.clock, (self.rung,)).with_task(
            self.task,
            status=TaskStatus.DONE,
            outcome=self.outcome,
            decided_by=event.actor,
            decided_at=event.at,
            rule=TIMER,
        )
        task = case.known_task(self.task)
        return case if task.seat else case.without_visit(task.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards and those of signers who have not signed, and notify its owners."""
        yield from progress(self.task, soon=True)
        task = case.known_task(self.task)
        for seat in case.ballot(task.visit) if task.seat else ():
            if seat.status is TaskStatus.OPEN:
                yield Refresh(task=seat.id)
        yield from news(self.told, kind="timed_out", seq=event.seq, task=self.task)


def reassign(draft: Draft, clock: Clock, rung: str, people: str) -> bool:
    """Hand the task of a clock to the first who may have it of the people that are named.

    While added signers have it, the first of these loses theirs.
    Those who are present come first. Returns whether anybody may.
    """
    task = watched(draft.case, clock.key)[0]
    directory = draft.world.directory
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    named = find_people(
        people, case=draft.case, world=draft.world, values=draft.values, assignees=task.owners
    )
    others = tuple(person for person in named if person not in task.owners)
    found, out = offer.sift(others, offer.barred(place, way="handed"))
    present = directory.present_first(found, at=draft.world.now, process=draft.case.process)
    to = next(iter(present), None)
    draft.cause(
        ReassignmentDue(
            clock=clock.key,
            rung=rung,
            task=task.id,
            to=to,
            told=tuple(filter(directory.active, task.owners)) if to is not None else (),
            passed_over=out,
        )
    )
    if to is not None:
        offering.hand_over(draft, task, to=to, why="reassigned")
    return to is not None


def decide(draft: Draft, clock: Clock, rung: str, outcome: RungOutcome) -> bool:
    """Decide the task of a clock as the system, unless it is blocked; return whether it did.

    Its clock is cancelled: nobody did it in time.
    """
    at_hand = watched(draft.case, clock.key)
    if any(one.blocked for one in at_hand):
        return False
    task = draft.task(at_hand[0].item)
    told = tuple(filter(draft.world.directory.active, adding.owners_of(at_hand)))
    draft.cause(
        DecidedByTimer(clock=clock.key, rung=rung, task=task.id, outcome=outcome, told=told)
    )
    offering.close_task_clocks(draft, task, why="cancelled")
    verdict = adding.vote(draft, draft.task(task.id), outcome)
    if verdict:
        entering.leave(draft, draft.task(task.id), verdict)
    return True
