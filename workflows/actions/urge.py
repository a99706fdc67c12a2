"""Urge: the filer or a process owner asks the owners of open tasks to hurry."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.case.world import World
from workflows.durations import Span, Unit
from workflows.errors import Refusal
from workflows.flow import authority
from workflows.moments import DAY, Moment

URGE_EVERY = Span(amount=4, unit=Unit.WORKING_HOURS)  # per task (rules: urging)
URGE_DAILY = 3  # per task in 24 hours


class Urged(Body, frozen=True, kw_only=True):
    """The owners of these tasks were asked to hurry. No deadline changed."""

    stored = "Urged"

    tasks: tuple[str, ...]
    content: ContentRef | None

    def apply(self, case: Case, event: Event) -> Case:
        """Record the time in each of the tasks."""
        for task_id in self.tasks:
            task = case.known_task(task_id)
            case = case.with_task(task_id, urged_at=(*task.urged_at, event.at))
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the tasks, which show it."""
        for task_id in self.tasks:
            yield from progress(task_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urge(Command):
    """Ask the owners of open tasks to hurry: of these `tasks`, of all without any.

    Each task can be urged once in 4 working hours and 3 times in 24 hours (rules: urging).
    """

    tasks: tuple[str, ...] = ()
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse in the quiet hours of all owners, beyond the limits, and during a question."""
        authority.require_running(draft)
        owners = owners_of(draft.case, draft.world)
        if self.actor != draft.case.acting_filer and self.actor not in owners:
            raise Refusal("only_who_waits_may_urge")
        tasks = [
            task
            for task in urgeable(draft.case, self.actor)
            if not self.tasks or task.id in self.tasks
        ]
        if not tasks:
            raise Refusal("nothing_to_urge")
        reasons = {task.id: why_not(task, draft.world) for task in tasks}
        ready = tuple(task.id for task in tasks if reasons[task.id] is None)
        if not ready:
            raise next(reason for reason in reasons.values() if reason is not None)
        draft.emit(Urged(tasks=ready, content=self.content))


def urgeable(case: Case, person: str) -> tuple[Task, ...]:
    """Return the open tasks that this person, who waits for them, does not have themselves."""
    return tuple(task for task in case.open_tasks if person not in task.owners)


def why_not(task: Task, world: World) -> Refusal | None:
    """Return why a task cannot be urged now, or None."""
    now, calendar = world.now, world.calendar
    if task.question is not None:
        return Refusal("urge_while_paused")
    if all(world.quiet.get(owner, False) for owner in task.owners):
        return Refusal("urge_in_quiet_hours")
    if len(_since(task, now - DAY)) >= URGE_DAILY:
        return Refusal("urged_enough_today", most=URGE_DAILY)
    if task.urged_at:
        again = calendar.add(task.urged_at[-1], URGE_EVERY)
        if now < again:
            return Refusal("urged_too_soon", again=again)
    return None


def _since(task: Task, start: Moment) -> list[Moment]:
    return [at for at in task.urged_at if at > start]


def _urge(deed: Deed) -> Command:
    return Urge(actor=deed.actor, via=VIA, content=CONTENT)


ACTION = ActionType(
    name="urge",
    command=Urge,
    events=(Urged,),
    does={"urge": _urge},
    rehearsal=Untried(why="it moves no deadline"),
)
