"""Resubmit: the filer files a rejected or withdrawn case again, as a new case (rules: again)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import CLOSED, Effect, Refresh, case_cards
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.errors import Refusal

ENDS = (Status.REJECTED, Status.WITHDRAWN)


class CaseFiledAgain(Body, frozen=True, kw_only=True):
    """The filer filed an ended case again; `as_case` is the number of the new case."""

    stored = "CaseFiledAgain"

    as_case: str

    def apply(self, case: Case, event: Event) -> Case:
        """Record the number of the new case."""
        return replace(case, filed_again=self.as_case)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards about the case, which name the new one."""
        yield from case_cards(soon=True)
        yield Refresh(slot=CLOSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileAgain(Command):
    """Record that a rejected or withdrawn case was filed again, once."""

    as_case: str

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but the filer, a case with another status, and a second copy."""
        case = draft.case
        if self.actor != case.acting_filer:
            raise Refusal("only_the_filer")
        if case.status not in ENDS:
            raise Refusal("not_to_file_again")
        if case.filed_again:
            raise Refusal("filed_again_already", copy=case.filed_again)
        draft.emit(CaseFiledAgain(as_case=self.as_case))


ACTION = ActionType(
    name="resubmit",
    command=FileAgain,
    events=(CaseFiledAgain,),
    rehearsal=Untried(why="it begins another case"),
)
