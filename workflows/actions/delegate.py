"""Delegate (委派): ask somebody for their advice; then the task comes back to its owner."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, TaskStatus
from workflows.errors import Refusal
from workflows.flow import adding, authority, opening


class TaskDelegated(Body, frozen=True, kw_only=True):
    """Whoever has an approval asked `to` for advice, in the task `advice`; TaskOpened follows.

    `by` is whoever asked, or their principal.
    """

    stored = "TaskDelegated"

    task: str
    advice: str
    to: str
    by: str
    content: ContentRef | None

    def apply(self, case: Case, event: Event) -> Case:
        """Let the approval wait for the advice."""
        item = case.known_task(self.task)
        visit = next(one for one in case.visits if one.id == item.visit)
        task = visit.task(
            self.advice,
            status=TaskStatus.WAITING,
            assignee=self.to,
            candidates=(),
            opened_at=event.at,
            added_by=self.by,
            parent=item.id,
            joins="advice",
            group=self.advice,
        )
        case = case.with_task(item.id, status=TaskStatus.WAITING)
        return adding.with_added(case, (task,), item=item.id, ahead=True)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the task, which lose their buttons until it comes back."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegate(Command):
    """Ask somebody for advice. The due time is unchanged, and the owner decides afterwards."""

    task: str
    to: str
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse somebody who may not have the task, and a task for which others already sign."""
        task, principal = authority.require_owner(draft, self.task)
        node = adding.require_addable(draft, task, (self.to,))
        adding.require_nobody_added(draft, task)
        if task.question is not None:
            raise Refusal("added_while_asked")
        advice = draft.case.next_task()
        draft.emit(
            TaskDelegated(
                task=task.id,
                advice=advice,
                to=self.to,
                by=principal or self.actor,
                content=self.content,
            ),
            on_behalf_of=principal,
        )
        opening.open_task(draft, node, advice, adding.alone(self.to))


def _delegate(deed: Deed) -> Command:
    return Delegate(actor=deed.actor, via=VIA, task=deed.task, to=deed.to[0], content=CONTENT)


ACTION = ActionType(
    name="delegate",
    command=Delegate,
    events=(TaskDelegated,),
    does={"delegate": _delegate},
    needs="to",
    rehearsal=Untried(why="advice decides nothing"),
)
