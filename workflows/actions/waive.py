"""Waive: the owner voids points for lateness, with a reason."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.fact import Fact
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.fact_rules import POINTS
from workflows.flow import points
from workflows.flow.facts import FactVoided


@dataclass(frozen=True, slots=True, kw_only=True)
class WaivePoints(Command):
    """Waive points, also of an ended case. `charges` are the numbers of their events."""

    charges: tuple[int, ...]
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse others than those whom the definition names, and points that were waived."""
        if self.actor not in points.waivers(draft.case, draft.world):
            raise Refusal("not_the_owner", process=draft.world.definition.name)
        valid = {fact.seq for fact in points_of(draft.case) if not fact.voided}
        if not self.charges or not valid.issuperset(self.charges):
            raise Refusal("points_waived")
        draft.emit(FactVoided(facts=self.charges, why="waived", content=self.content))


def points_of(case: Case) -> tuple[Fact, ...]:
    """Return the points that a case has charged, also waived ones, in order."""
    return tuple(fact for fact in case.facts if fact.name == POINTS)


ACTION = ActionType(
    name="waive",
    command=WaivePoints,
    rehearsal=Untried(why="it changes the ledger, never the way of a case"),
)
