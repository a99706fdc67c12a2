"""Copy in (CC): let other people read the case, and notify them (rules: copies)."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import authority
from workflows.flow.entering import CopiedIn


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyIn(Command):
    """Copy people in; each person once in a case."""

    people: tuple[str, ...]
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse an actor who may not read the case, and people who can all read it already."""
        authority.require_reader(draft)
        unknown = [person for person in self.people if not draft.world.directory.active(person)]
        if unknown or not self.people:
            raise Refusal("person_unknown")
        known = draft.case.participants
        new = tuple(dict.fromkeys(person for person in self.people if person not in known))
        if not new:
            raise Refusal("already_copied")
        draft.emit(CopiedIn(people=new, content=self.content))


def _copy_in(deed: Deed) -> Command:
    return CopyIn(actor=deed.actor, via=VIA, people=deed.to)


ACTION = ActionType(
    name="copy_in",
    command=CopyIn,
    does={"copy_in": _copy_in},
    needs="to",
    rehearsal=Untried(why="it changes who may read, never the way of the case"),
)
