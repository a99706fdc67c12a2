"""Ask: the assignee asks the filer a question; clocks that pause are paused until the answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, news, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, FilerQuestion, Task
from workflows.errors import Refusal
from workflows.flow import authority, pauses
from workflows.model.definition import Definition


class QuestionAsked(Body, frozen=True, kw_only=True):
    """The assignee asked the filer a question; clocks that pause are paused."""

    stored = "QuestionAsked"

    task: str
    to: str
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Add the question to the task."""
        question = FilerQuestion(by=event.actor, to=self.to, content=self.content, at=event.at)
        return case.with_task(self.task, question=question)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send the filer the question."""
        slot = f"ask:{event.seq}"
        yield from news((self.to,), kind="question", seq=event.seq, task=self.task, slot=slot)
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskFiler(Command):
    """Ask the filer a question; a task has one open question at a time."""

    task: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse a second question, one of the filer, and one to a filer who has left."""
        task, principal = authority.require_owner(draft, self.task)
        pauses.require_free(task)
        filer = draft.case.acting_filer
        if filer == self.actor:
            raise Refusal("you_are_the_filer")
        if not draft.world.directory.active(filer):
            raise Refusal("filer_left")
        draft.emit(
            QuestionAsked(task=task.id, to=filer, content=self.content),
            on_behalf_of=principal,
        )
        pauses.pause(draft, draft.task(task.id))


def _moves(definition: Definition, case: Case, task: Task) -> Iterator[Move]:
    asked = any(one.question is not None for one in case.open_tasks)  # one pause at a time
    offered = definition.pause is not None and "filer" in definition.pause.on
    if task.assignee is not None and not asked and offered:
        yield Move(does="ask", node=task.node)


def _ask(deed: Deed) -> Command:
    return AskFiler(actor=deed.actor, via=VIA, task=deed.task, content=CONTENT)


ACTION = ActionType(
    name="ask",
    command=AskFiler,
    events=(QuestionAsked,),
    does={"ask": _ask},
    rehearsal=OnTask(moves=_moves),
)
