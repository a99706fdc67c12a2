"""Answer: the filer answers the question for which a task waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnTask
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, news, progress
from workflows.case.events import Body, Event
from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.case.task import ContentRef, Task
from workflows.errors import Refusal
from workflows.flow import authority, pauses
from workflows.model.definition import Definition


class QuestionAnswered(Body, frozen=True, kw_only=True):
    """The filer answered, or the person who got the question instead of the filer."""

    stored = "QuestionAnswered"

    task: str
    content: ContentRef
    paused: int  # microseconds for which the clocks were paused
    instead_of: str = ""  # the filer, where somebody else answered

    def apply(self, case: Case, event: Event) -> Case:
        """End the question of the task."""
        return pauses.over(case, self.task, paused=self.paused)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send the answer to the owners of the task."""
        owners = pauses.owners(case, self.task)
        yield from news(owners, kind="answered", seq=event.seq, task=self.task)
        yield from progress(self.task, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerQuestion(Command):
    """Answer the question; the clocks resume with the time that was left.

    If the filer cannot be reached, the process owner got the question and may answer it.
    """

    task: str
    content: ContentRef
    diverted: bool = False  # the actor got the question, as the filer cannot be reached

    def decide(self, draft: Draft) -> None:
        """Refuse an actor who did not get the question."""
        task = authority.require_open(draft, self.task)
        if task.question is None or task.question.on != "filer":
            raise Refusal("nothing_asked")
        asked = task.question.to
        if asked != self.actor:
            unreachable = self.diverted or not draft.world.directory.active(asked)
            if not unreachable or self.actor not in owners_of(draft.case, draft.world):
                raise Refusal("question_not_yours")
        spent = pauses.paused_time(draft, task)
        draft.emit(
            QuestionAnswered(
                task=task.id,
                content=self.content,
                paused=spent,
                instead_of=asked if asked != self.actor else "",
            )
        )
        pauses.go_on(draft, task)


def _moves(_: Definition, __: Case, task: Task) -> Iterator[Move]:
    if task.question is not None and task.question.on == "filer":
        yield Move(does="answer", node=task.node)


def _by(case: Case, _: Task) -> str:
    return case.filer


def _answer(deed: Deed) -> Command:
    return AnswerQuestion(actor=deed.actor, via=VIA, task=deed.task, content=CONTENT)


ACTION = ActionType(
    name="answer",
    command=AnswerQuestion,
    events=(QuestionAnswered,),
    does={"answer": _answer},
    rehearsal=OnTask(moves=_moves, by=_by),
)
