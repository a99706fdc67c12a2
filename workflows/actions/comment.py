"""Comment: write a text on a case, also after its end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards, news, standing, task_slot
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.flow import authority


class Commented(Body, frozen=True, kw_only=True):
    """Somebody wrote a comment. With `follows`, the writer watches the case from now on."""

    stored = "Commented"

    content: ContentRef
    task: str | None = None
    follows: bool = False

    def apply(self, case: Case, event: Event) -> Case:
        """Let the writer watch the case."""
        return case.with_watcher(event.actor) if self.follows else case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify the filer, the owners of open tasks and all who watch the case."""
        yield from case_cards()  # the writer's card gets the button that stops watching
        for open_task in case.open_tasks:
            yield Refresh(slot=task_slot(open_task.id))
        at_work = (owner for task in case.open_tasks for owner in task.owners)
        filer = (case.acting_filer,) if case.watches(case.acting_filer) else ()
        about = self.task or case.tasks[-1].id  # so that erasing the content updates this message
        for person in dict.fromkeys((*filer, *at_work, *case.following)):
            if person != event.actor:
                args = standing(case, person)
                yield from news((person,), kind="comment", seq=event.seq, task=about, args=args)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddComment(Command):
    """Write a comment on the case or under a task; a closed case can be commented on too."""

    content: ContentRef
    task: str | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse an actor who may not read the case."""
        authority.require_reader(draft)
        if self.task is not None and not draft.case.has_left(self.task):
            draft.task(self.task)
        draft.emit(Commented(content=self.content, task=self.task, follows=True))


def _comment(deed: Deed) -> Command:
    return AddComment(actor=deed.actor, via=VIA, content=CONTENT)


ACTION = ActionType(
    name="comment",
    command=AddComment,
    events=(Commented,),
    does={"comment": _comment},
    rehearsal=Untried(why="words change nothing"),
)
