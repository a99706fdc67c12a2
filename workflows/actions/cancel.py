"""Cancel: an administrator ends one open step while others go on (rules: administration)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import adding, administering, authority, entering, offering, opening
from workflows.model.nodes import ForkNode


class StepCancelled(Body, frozen=True, kw_only=True):
    """An administrator cancelled a task: a branch, a seat among several, or an added signer.

    It counts for nothing. `told` has the people who were notified.
    """

    stored = "StepCancelled"

    task: str
    told: tuple[str, ...]
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Cancel the task, and end its visit unless other signers have a seat there."""
        case = case.with_task(
            self.task,
            status=TaskStatus.CANCELLED,
            decided_at=event.at,
            question=None,
            admin=event.actor,
        )
        task = case.known_task(self.task)
        return case if task.parent or _others(case, task) else case.without_visit(task.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards, which lose their buttons, and notify those concerned."""
        yield from progress(self.task, soon=True)
        task = case.known_task(self.task)
        if task.parent:
            yield from progress(task.parent, soon=True)
        yield from administering.tell(self.told, seq=event.seq, task=self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelStep(Command):
    """Cancel an open task. The branch that it is in has ended then; other signers decide."""

    task: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, their own case, and the last step of a case."""
        authority.require_running(draft)
        administering.require_administrator(draft)
        task = authority.require_open(draft, self.task)
        administering.require_no_party(draft, task)
        beside = task.parent != "" or _others(draft.case, task)
        if not beside and is_last(draft.case, task):
            raise Refusal("last_step")
        draft.emit(
            StepCancelled(
                task=task.id,
                told=administering.concerned(draft, [task]),
                content=self.content,
            )
        )
        offering.close_task_clocks(draft, task, why="cancelled")
        if not beside:
            entering.enter(draft, _end_of_branch(draft, task), spot=task.spot)
            return
        vote = adding.settle(draft, task) if task.parent else opening.vote(draft, task, "")
        if vote:
            entering.leave(draft, draft.task(task.parent or task.id), vote)


def _others(case: Case, task: Task) -> bool:
    """Return whether somebody else has a seat of the same ballot, or gave a vote that counts."""
    seats = (one for one in case.ballot(task.visit) if one.id != task.id)
    return any(one.unfinished or (one.outcome is not None and not one.voided) for one in seats)


def is_last(case: Case, task: Task) -> bool:
    """Return whether a case is nowhere but at the visit of a task."""
    around = {spot.scope for spot in case.around(task.spot)}
    return not any(
        visit.id not in around or case.scope(visit.id).rest is not None
        for visit in case.visits
        if visit.id != task.visit
    )


def _end_of_branch(draft: Draft, task: Task) -> str:
    """Return the node at which the branch of a task ends: the join, or where the case rests."""
    fork = draft.world.definition.node(draft.case.scope(task.scope).fork)
    return fork.join if isinstance(fork, ForkNode) else fork.id


ACTION = ActionType(
    name="cancel",
    command=CancelStep,
    events=(StepCancelled,),
    rehearsal=Untried(why="a rehearsal ends every branch by itself"),
)
