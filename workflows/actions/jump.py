"""Jump: an administrator lets the case go on from another step (rules: administration)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, case_cards
from workflows.case.events import Body, Event
from workflows.case.spot import Spot
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import administering, authority, clocks, ending, entering, leading


class CaseJumped(Body, frozen=True, kw_only=True, omit_defaults=True):
    """An administrator led the case from these visits to a node, which is entered next.

    `scope` and `branch` are those of a fork; what is open elsewhere goes on.
    """

    stored = "CaseJumped"

    to: str
    left: tuple[str, ...]  # the visits
    told: tuple[str, ...]
    content: ContentRef
    scope: str = ""
    branch: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Close the visits, and the branches of the forks among them."""
        for visit in self.left:
            case = case.without_visit(visit)
            if any(scope.id == visit for scope in case.scopes):
                case = case.with_scope(visit, open=())
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, and tell those concerned."""
        yield from case_cards()
        yield from administering.tell(self.told, seq=event.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Jump(Command):
    """Let the case go on from a node: `near` is a task in its branch, if there are several."""

    to: str
    content: ContentRef
    near: str = ""

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, their own case, and a branch that is not open.

        And the node at which the case is now, so that a second jump to it changes nothing.
        """
        authority.require_running(draft)
        administering.require_administrator(draft)
        spot = leading.place_of(draft, self.to, near=self.near)
        left = leading.inside(draft.case, spot)
        name = draft.world.definition.node(self.to).name
        if any((visit.node, visit.spot) == (self.to, spot) for visit in left):
            raise Refusal("is_there_already", node=name)
        ids = {visit.id for visit in left}
        if any(scope.rest is not None and scope.id in ids for scope in draft.case.scopes):
            raise Refusal("jump_from_rest", node=name)
        administering.require_outsider(draft)
        tasks = leading.unfinished(draft.case, left)
        told = administering.concerned(draft, tasks)
        draft.emit(
            CaseJumped(
                to=self.to,
                left=tuple(visit.id for visit in left),
                told=told,
                content=self.content,
                scope=spot.scope,
                branch=spot.branch,
            )
        )
        ending.cancel(draft, tasks, reason="jumped")
        for clock in draft.case.clocks:
            of_visit = clock.kind in _OF_VISITS and clock.about.partition(":")[0] in ids
            if of_visit and clock.status is not ClockStatus.STOPPED:
                clocks.stop(draft, clock.key, why="cancelled")
        leading.void_decisions(draft, self.to, spot, left)
        entering.enter(draft, self.to, spot=Spot(scope=spot.scope, branch=spot.branch))


_OF_VISITS = (ClockKind.VISIT, ClockKind.START, ClockKind.WORK, ClockKind.UNTIL, ClockKind.BEGIN)


ACTION = ActionType(
    name="jump",
    command=Jump,
    events=(CaseJumped,),
    rehearsal=Untried(why="it leads anywhere; the ways of the definition are tried"),
)
