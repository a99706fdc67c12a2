"""Wait for: the assignee waits for the customer or a supplier; clocks that pause are paused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, FilerQuestion, Task
from workflows.durations import Span, Unit
from workflows.errors import Refusal
from workflows.flow import authority, pauses
from workflows.model.clocks import Outside
from workflows.model.definition import Definition
from workflows.moments import MINUTE, Moment

WORDS = {"wait_for_customer": "customer", "wait_for_supplier": "supplier"}


class WaitingBegan(Body, frozen=True, kw_only=True):
    """The assignee waits for somebody outside; clocks that pause are paused.

    `until` is when something is expected, if the assignee gave a day.
    """

    stored = "WaitingBegan"

    task: str
    on: Outside
    content: ContentRef
    until: Moment | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Record what the task waits for."""
        waits = FilerQuestion(
            by=event.actor,
            to="",
            content=self.content,
            at=event.at,
            on=self.on,
            until=self.until,
        )
        return case.with_task(self.task, question=waits)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards, which say what the task waits for."""
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitFor(Command):
    """Wait for the customer or a supplier; a task waits for one thing at a time.

    Without a day the assignee is reminded as the definition says, else from the opening of that day
    on. The pause has the cap of all pauses of the task.
    """

    task: str
    on: Outside
    content: ContentRef
    until: date | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse a second pause, a party that the definition does not name, and a past day."""
        task, principal = authority.require_owner(draft, self.task)
        pauses.require_free(task)
        limit = self._limit(draft, task)
        until = None if limit is None else draft.world.now + limit.microseconds
        draft.emit(
            WaitingBegan(task=task.id, on=self.on, content=self.content, until=until),
            on_behalf_of=principal,
        )
        pauses.pause(draft, draft.task(task.id), limit=limit)

    def _limit(self, draft: Draft, task: Task) -> Span | None:
        """Return the time until the opening of the day on which something is expected."""
        if self.until is None:
            return None
        calendar, now = pauses.calendar_of(draft, task), draft.world.now
        if self.until <= calendar.day_of(now):
            raise Refusal("waiting_day_past")
        ahead = calendar.opening_of(self.until) - now
        return Span(amount=-(-ahead // MINUTE), unit=Unit.MINUTES)


def _moves(definition: Definition, case: Case, task: Task) -> Iterator[Move]:
    paused = any(one.question is not None for one in case.open_tasks)  # one pause at a time
    if task.assignee is None or paused or definition.pause is None:
        return
    for word, on in WORDS.items():
        if on in definition.pause.on:
            yield Move(does=word, node=task.node)


def _wait_for(deed: Deed) -> Command:
    on: Outside = "customer" if deed.does == "wait_for_customer" else "supplier"
    return WaitFor(actor=deed.actor, via=VIA, task=deed.task, on=on, content=CONTENT)


ACTION = ActionType(
    name="wait_for",
    command=WaitFor,
    events=(WaitingBegan,),
    does=dict.fromkeys(WORDS, _wait_for),
    rehearsal=OnTask(moves=_moves),
)
