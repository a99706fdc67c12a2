"""Merge: an administrator ends a case because it is the duplicate of another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import administering, authority, ending


class CaseMerged(Body, frozen=True, kw_only=True):
    """The case is the duplicate of another one, with which its matter goes on."""

    stored = "CaseMerged"

    into: str
    told: tuple[str, ...]
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Keep the number of the other case."""
        return replace(case, merged_into=self.into)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Tell those concerned."""
        yield from administering.tell(self.told, seq=event.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Command):
    """End a running case as terminated; its decisions and contents are kept."""

    into: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, and a case that has ended or is the other one."""
        if draft.case.merged_into:
            raise Refusal("case_merged", into=draft.case.merged_into)
        authority.require_running(draft)
        administering.require_administrator(draft)
        if self.into == draft.case.id:
            raise Refusal("merged_into_itself")
        told = administering.concerned(draft, administering.unfinished(draft.case))
        draft.emit(CaseMerged(into=self.into, told=told, content=self.content))
        ending.cancel_others(draft, reason="ended")
        ending.stop_all_clocks(draft, why="cancelled")
        draft.cause(ending.CaseClosed(status="terminated"))


ACTION = ActionType(
    name="merge",
    command=Merge,
    events=(CaseMerged,),
    rehearsal=Untried(why="a rehearsal has one case"),
)
