"""Advise: give the advice for which the owner of an approval asked; it is no vote."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, news, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef, TaskStatus
from workflows.errors import Refusal
from workflows.flow import adding, authority, offering

ADVISE = "advise"  # the outcome of a task in which advice was given


class AdviceGiven(Body, frozen=True, kw_only=True):
    """Somebody gave the advice that they were asked for; the approval is its owner's again."""

    stored = "AdviceGiven"

    task: str
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Close the task of the advice, and open the approval again."""
        case = case.with_task(
            self.task,
            status=TaskStatus.DONE,
            outcome=ADVISE,
            decided_by=event.actor,
            on_behalf_of=event.on_behalf_of,
            decided_at=event.at,
            content=self.content,
        )
        return case.with_task(case.known_task(self.task).parent, status=TaskStatus.OPEN)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards, and tell the owner of the approval."""
        item = case.known_task(case.known_task(self.task).parent)
        yield from progress(self.task, soon=True)
        yield from progress(item.id, soon=True)
        yield from news(item.owners, kind=adding.BACK, seq=event.seq, task=item.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Advise(Command):
    """Give advice. A deputy gives it for the person who was asked."""

    task: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody who was not asked."""
        task, principal = authority.require_owner(draft, self.task)
        if task.joins != "advice":
            raise Refusal("no_advice_asked")
        draft.emit(AdviceGiven(task=task.id, content=self.content), on_behalf_of=principal)
        offering.close_task_clocks(draft, task, why="done")
        adding.come_back(draft, draft.task(task.parent))


def _advise(deed: Deed) -> Command:
    return Advise(actor=deed.actor, via=VIA, task=deed.task, content=CONTENT)


ACTION = ActionType(
    name="advise",
    command=Advise,
    events=(AdviceGiven,),
    does={"advise": _advise},
    rehearsal=Untried(why="a rehearsal asks nobody for advice"),
)
