"""Hand over a case: somebody takes the place of a filer who has left.

They answer for the case from then on: they get what the filer would be asked and notified of, may
withdraw it, and get the next steps of the filer; one that is open is handed over as a task. Who
filed it stays recorded. Neither of the two decides one of its approvals (rules: leavers).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import CASE, Effect, Lane, Post, every_card
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority, duties
from workflows.flow.leavers import may_hand_over
from workflows.model.nodes import ApprovalNode


class CaseHandedOver(Body, frozen=True, kw_only=True):
    """The case of a filer who has left was given to somebody who acts in their place."""

    stored = "CaseHandedOver"

    source: str
    to: str

    def apply(self, case: Case, event: Event) -> Case:
        """Set who acts as the filer."""
        return case.with_people(((case.FILER, self.to),))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send them the filer's card."""
        yield Post(to=self.to, slot=CASE, kind="case", lane=Lane.TASK)
        yield from every_card(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverCase(Command):
    """Give the running case of a filer who has left to somebody else."""

    leaver: str
    to: str

    def decide(self, draft: Draft) -> None:
        """Refuse a case of somebody who is here, and a recipient who judges it."""
        directory = draft.world.directory
        authority.require_running(draft)
        if directory.active(self.leaver) or draft.case.acting_filer != self.leaver:
            raise Refusal("not_of_a_leaver")
        if not may_hand_over(draft.case, draft.world, leaver=self.leaver, person=self.actor):
            raise Refusal("may_not_hand_over")
        if not directory.active(self.to):
            raise Refusal("person_unknown")
        if self.to in _judges(draft.case, draft.world):
            raise Refusal("judges_the_case")
        draft.emit(CaseHandedOver(source=self.leaver, to=self.to))


def _judges(case: Case, world: World) -> Iterator[str]:
    """Yield the people who have decided an approval of the case that is valid, or have one open."""
    for task in case.tasks:
        if isinstance(world.definition.node(task.node), ApprovalNode) and not task.voided:
            yield from duties.doers(case, task)
            if task.unfinished:
                yield from task.owners
    for one in case.left:
        if isinstance(world.definition.node(one.node), ApprovalNode):
            yield from one.doers


ACTION = ActionType(
    name="hand_over_case",
    command=HandOverCase,
    events=(CaseHandedOver,),
    rehearsal=Untried(why="nobody leaves in a rehearsal"),
)
