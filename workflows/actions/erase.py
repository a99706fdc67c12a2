"""Erase: keep on record that personal content of a case was erased."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import SURVEY, Effect, Refresh, every_card
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentErased(Body):
    """Personal content was erased. The references stay and their digests still verify."""

    stored = "ContentErased"

    contents: tuple[str, ...]

    def apply(self, case: Case, event: Event) -> Case:
        """Nothing changes: the state has references only."""
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """No card shows it any more."""
        yield from every_card(case)
        yield Refresh(slot=SURVEY, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordErasure(Command):
    """Record that these pieces of content were erased."""

    contents: tuple[str, ...]

    def decide(self, draft: Draft) -> None:
        """Refuse the erasure of nothing."""
        if not self.contents:
            raise Refusal("nothing_to_change")
        draft.emit(ContentErased(contents=self.contents))


ACTION = ActionType(
    name="erase",
    command=RecordErasure,
    events=(ContentErased,),
    rehearsal=Untried(why="an administrator does it, and nothing follows"),
)
