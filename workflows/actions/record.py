"""Record: record an action of the definition inside a task, such as answering the customer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.errors import Refusal
from workflows.flow import authority, clocks, entering, facts, reopening, stale
from workflows.model.definition import Definition


class ActionRecorded(Body, frozen=True, kw_only=True, omit_defaults=True):
    """An action of the definition was recorded inside a task.

    `changed` are the ids of the fields that its form changed, as of `TaskCompleted`.
    """

    stored = "ActionRecorded"

    task: str
    action: str
    content: ContentRef
    changed: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Add the action to those of the task and of the case."""
        task = case.known_task(self.task)
        case = case.with_task(self.task, actions=(*task.actions, self.action))
        case = case.with_form(f"action:{self.action}", self.content)
        case = case.with_edits(self.changed, by=self.task)
        actions = (*case.scope(task.scope).actions, self.action)
        return case.with_scope(task.scope, actions=actions)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the task, which no longer ask for the action."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAction(Command):
    """Record an action of the definition; a clock that runs until this action is stopped."""

    task: str
    action: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse an action that the node of the task does not offer."""
        task, principal = authority.require_owner(draft, self.task)
        action = draft.world.definition.actions.get(self.action)
        if action is None or task.node not in action.nodes or task.parent:
            raise Refusal("action_not_offered")
        changed = stale.changed(draft, self.values)
        draft.emit(
            ActionRecorded(task=task.id, action=self.action, content=self.content, changed=changed),
            on_behalf_of=principal,
        )
        again = stale.void(draft, by=task.id, fields=changed)
        if again:
            reopening.ask_again(draft, again)
        for key, clock in draft.world.definition.clocks.items():
            if clock.until == self.action:
                clocks.stop(draft, key, why="done")
        facts.note(draft, self.values)
        entering.plan_again(draft)


def _moves(definition: Definition, case: Case, task: Task) -> Iterator[Move]:
    if task.assignee is None:
        return
    for key, action in definition.actions.items():
        if task.node in action.nodes and key not in case.recorded(task.scope):
            yield Move(does="record", node=task.node, action=key, form=action.form)


def _record(deed: Deed) -> Command:
    return RecordAction(
        actor=deed.actor,
        via=VIA,
        task=deed.task,
        action=deed.action,
        content=CONTENT,
        values=deed.values,
    )


ACTION = ActionType(
    name="record",
    command=RecordAction,
    events=(ActionRecorded,),
    does={"record": _record},
    needs="action",
    rehearsal=OnTask(moves=_moves, forward=True),
)
