"""Remove a signer: whoever added somebody takes it back while they have not decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import adding, authority, entering, offer, offering, opening


class SignerRemoved(Body, frozen=True, kw_only=True):
    """Somebody who was added as a signer, or asked for advice, was removed undecided."""

    stored = "SignerRemoved"

    task: str

    def apply(self, case: Case, event: Event) -> Case:
        """Cancel the task; it counts for nothing."""
        return case.with_task(
            self.task, status=TaskStatus.CANCELLED, decided_at=event.at, question=None
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards, which lose their buttons, and those of the task above it."""
        yield from progress(self.task, soon=True)
        task = case.known_task(self.task)
        if task.parent:
            yield from progress(task.parent, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveSigner(Command):
    """Remove an added signer: whoever has `task`, or `person` in the same visit."""

    task: str
    person: str = ""

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but whoever added the signer, and a signer who has decided."""
        authority.require_running(draft)
        task = self._theirs(draft, draft.task(self.task))
        if not task.added_by:
            raise Refusal("not_added")
        if not may_remove(draft, task):
            raise Refusal("only_who_added", by=task.added_by)
        adding.require_nobody_added(draft, task)
        if not task.unfinished:
            authority.require_open(draft, task.id)
        principal = task.added_by if task.added_by != self.actor else None
        draft.emit(SignerRemoved(task=task.id), on_behalf_of=principal)
        offering.close_task_clocks(draft, task, why="cancelled")
        outcome = adding.settle(draft, task) if task.parent else opening.vote(draft, task, "")
        if outcome:
            entering.leave(draft, draft.task(task.id), outcome)

    def _theirs(self, draft: Draft, task: Task) -> Task:
        added = (one for one in draft.case.tasks if one.added_by and one.unfinished)
        beside = (one for one in added if one.visit == task.visit)
        return next((one for one in beside if self.person in one.owners), task)


def may_remove(draft: Draft, task: Task) -> bool:
    """Return whether the actor added the person who has a task, or is the deputy of whoever did."""
    return draft.actor == task.added_by or offer.stands_in(
        draft.case, actor=draft.actor, principal=task.added_by, world=draft.world
    )


def _remove(deed: Deed) -> Command:
    return RemoveSigner(actor=deed.actor, via=VIA, task=deed.task, person=deed.to[0])


ACTION = ActionType(
    name="remove_signer",
    command=RemoveSigner,
    events=(SignerRemoved,),
    does={"remove_signer": _remove},
    needs="to",
    rehearsal=Untried(why="a rehearsal adds no signers"),
)
