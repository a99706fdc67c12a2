"""Follow another case: record that it was started for a node, could not be, or has ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Move, OnCase
from workflows.case.clock import ClockKind
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.events import SYSTEM
from workflows.case.state import Case, Visit
from workflows.case.status import Status
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority, clocks, going_on, other_cases
from workflows.flow.other_cases import OtherCaseEnded, OtherCaseRefused, OtherCaseStarted, Why
from workflows.model.definition import Definition
from workflows.model.nodes import Ending, ProcessNode

_ENDINGS: dict[str, Ending] = {
    "other_completed": "completed",
    "other_rejected": "rejected",
    "other_withdrawn": "withdrawn",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowOtherCase(Command):
    """Record what became of the case that a visit starts.

    `refused` says why it was not started; `ended` is its status when it has ended. Without both it
    was started. A terminated case counts as withdrawn.
    """

    visit: str = ""  # "" for the one that waits, in a rehearsal
    case: str = ""
    refused: Why | None = None
    ended: str = ""

    def decide(self, draft: Draft) -> None:
        """Record it; after the end follow the outcome to the next node.

        Raises Refusal `nothing_to_change` when the visit waits for no such case.
        """
        authority.require_running(draft)
        if self.visit:
            visit = draft.case.visit(self.visit)
        else:
            visit = next(_waiting(draft.world.definition, draft.case), None)
        if visit is None:
            self._stop(draft)
        elif self.refused:
            other_cases.refused(draft, visit, why=self.refused)
        elif not self.ended:
            other_cases.started(draft, visit, case=self.case)
        elif dict(draft.case.others).get(visit.id, "") != self.case:
            raise Refusal("nothing_to_change")
        else:
            draft.cause(
                OtherCaseEnded(node=visit.node, visit=visit.id, case=self.case, status=self.ended)
            )
            going_on.go_on(draft, visit, "withdrawn" if self.ended == "terminated" else self.ended)

    def _stop(self, draft: Draft) -> None:
        """Stop the clock of a visit that is over."""
        key = ClockKind.START.of(self.visit)
        clock = draft.case.clock(key)
        if clock is None or not clock.planned:
            raise Refusal("nothing_to_change")
        clocks.stop(draft, key, why="cancelled")


def _waiting(definition: Definition, case: Case) -> Iterator[Visit]:
    return (one for one in case.visits if isinstance(definition.node(one.node), ProcessNode))


def _moves(definition: Definition, case: Case) -> Iterator[Move]:
    if case.status is Status.RUNNING:
        for visit in _waiting(definition, case):
            for word in _ENDINGS:
                yield Move(does=word, node=visit.node)


def _system(_: Case, _world: World, _move: Move) -> str:
    return SYSTEM


def _ended(deed: Deed) -> Command:
    return FollowOtherCase(actor=deed.actor, via=VIA, ended=_ENDINGS[deed.does])


ACTION = ActionType(
    name="follow_other_case",
    command=FollowOtherCase,
    events=(OtherCaseStarted, OtherCaseRefused, OtherCaseEnded),
    does=dict.fromkeys(_ENDINGS, _ended),
    rehearsal=OnCase(moves=_moves, by=_system),
)
