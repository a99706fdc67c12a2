"""Take in: a case goes on with the matter of a duplicate, which has ended (`merge`)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, every_card
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import administering
from workflows.flow.entering import CopiedIn


class DuplicateTakenIn(Body, frozen=True, kw_only=True):
    """Another case was merged into this one."""

    stored = "DuplicateTakenIn"

    case: str
    told: tuple[str, ...]
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Keep the number of the duplicate."""
        return replace(case, merged=(*case.merged, self.case))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, and tell those concerned."""
        yield from every_card(case)
        yield from administering.tell(self.told, seq=event.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeIn(Command):
    """Note that a case was merged into this one; `copied` gets a copy, if the owner wants it."""

    case: str
    content: ContentRef
    copied: str = ""

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, and a case that was itself merged."""
        case = draft.case
        administering.require_administrator(draft)
        if case.merged_into:
            raise Refusal("case_merged", into=case.merged_into)
        if self.case in case.merged:
            raise Refusal("nothing_to_change")
        told = administering.concerned(draft, administering.unfinished(case))
        draft.emit(DuplicateTakenIn(case=self.case, told=told, content=self.content))
        if draft.world.directory.active(self.copied) and self.copied not in case.participants:
            draft.emit(CopiedIn(people=(self.copied,), content=None))


ACTION = ActionType(
    name="take_in",
    command=TakeIn,
    events=(DuplicateTakenIn,),
    rehearsal=Untried(why="a rehearsal has one case"),
)
