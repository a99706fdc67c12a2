"""Erase: record that personal content of a case was erased."""

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


class ContentErased(Body, frozen=True, kw_only=True):
    """Personal content was erased. References are kept, and their digests still verify."""

    stored = "ContentErased"

    contents: tuple[str, ...]

    def apply(self, case: Case, event: Event) -> Case:
        """Return the case unchanged, as the state has references only."""
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update all cards, which no longer show the content."""
        yield from every_card(case)
        yield Refresh(slot=SURVEY, soon=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordErasure(Command):
    """Record that these pieces of content were erased."""

    contents: tuple[str, ...]

    def decide(self, draft: Draft) -> None:
        """Refuse an erasure without content."""
        if not self.contents:
            raise Refusal("nothing_to_change")
        draft.emit(ContentErased(contents=self.contents))


ACTION = ActionType(
    name="erase",
    command=RecordErasure,
    events=(ContentErased,),
    rehearsal=Untried(why="an administrator does it, and nothing follows"),
)
