"""Finish a work: record the result of what the product does itself at a service node."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnCase
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.events import SYSTEM
from workflows.case.state import Case, Visit
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority, going_on, services
from workflows.flow.services import WorkDone
from workflows.model.definition import Definition
from workflows.model.nodes import ServiceNode
from workflows.model.works import Found

_RESULTS: dict[str, Found] = {
    "work_ok": "ok",
    "work_findings": "findings",
    "work_failed": "failed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishWork(Command):
    """Record the result of the work of a visit, and follow its outcome to the next node.

    `visit` is "" for the one that is open, in a rehearsal.
    """

    visit: str = ""
    outcome: Found
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Raise Refusal `nothing_to_change` when the visit is over: the result does not count."""
        authority.require_running(draft)
        definition, case = draft.world.definition, draft.case
        visit = case.visit(self.visit) if self.visit else next(_at_work(definition, case), None)
        node = None if visit is None else definition.node(visit.node)
        if visit is None or not isinstance(node, ServiceNode):
            raise Refusal("nothing_to_change")
        services.done(draft, visit, node.work, outcome=self.outcome, content=self.content)
        going_on.go_on(draft, visit, self.outcome)


def _at_work(definition: Definition, case: Case) -> Iterator[Visit]:
    return (one for one in case.visits if isinstance(definition.node(one.node), ServiceNode))


def _moves(definition: Definition, case: Case) -> Iterator[Move]:
    if case.status is not Status.RUNNING:
        return
    for visit in _at_work(definition, case):
        node = definition.node(visit.node)
        assert isinstance(node, ServiceNode), "as asked for"
        for outcome in node.outcomes:
            yield Move(does=f"work_{outcome}", node=node.id)


def _system(_: Case, _world: World, _move: Move) -> str:
    return SYSTEM


def _finished(deed: Deed) -> Command:
    return FinishWork(actor=deed.actor, via=VIA, outcome=_RESULTS[deed.does], content=CONTENT)


ACTION = ActionType(
    name="finish_work",
    command=FinishWork,
    events=(WorkDone,),
    does=dict.fromkeys(_RESULTS, _finished),
    rehearsal=OnCase(moves=_moves, by=_system),
)
