"""Reopen: an administrator lets an ended case go on from a step (rules: administration)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.clock import Clock, ClockStatus
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, every_card
from workflows.case.events import Body, Event
from workflows.case.spot import WHOLE
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.durations import Budget
from workflows.errors import Refusal
from workflows.flow import administering, clocks, entering, leading
from workflows.model.nodes import EndNode


class CaseReopenedAt(Body, frozen=True, kw_only=True):
    """An administrator opened an ended case again, at a node that is entered next."""

    stored = "CaseReopenedAt"

    node: str
    told: tuple[str, ...]
    clocks: tuple[tuple[str, Budget], ...]  # those that go on, with what was left at the end
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Let the case run again, without the branches in which it was when it ended."""
        first = case.first_closed_at or case.closed_at
        survey = case.survey and replace(case.survey, again=True)
        case = replace(
            case, status=Status.RUNNING, closed_at=None, first_closed_at=first, survey=survey
        )
        for scope in case.scopes:
            if scope.rest is not None and not scope.joined:
                rest = replace(scope.rest, due=(), closing=False)
                case = case.with_scope(scope.id, open=(), joined=True, rest=rest)
            elif scope.open and scope.id:
                case = case.with_scope(scope.id, open=(), joined=scope.opened is not None)
        for key, left in self.clocks:
            status = ClockStatus.PAUSED
            case = case.with_clock(key, status=status, paused_at=event.at, left=left, met=None)
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update every card, among them those of the end, and tell those concerned."""
        yield from every_card(case)
        yield from administering.tell(self.told, seq=event.seq)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Command):
    """Open an ended case again at a node; clocks of the whole case go on with what was left."""

    node: str
    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but administrators, their own case, and one that was merged."""
        case = draft.case
        if case.status is Status.RUNNING:
            raise Refusal("case_running")
        administering.require_administrator(draft)
        if case.merged_into:
            raise Refusal("case_merged", into=case.merged_into)
        leading.place_of(draft, self.node)
        node = draft.world.definition.node(self.node)
        if isinstance(node, EndNode):
            raise Refusal("node_is_an_end", node=node.name)
        administering.require_outsider(draft)
        told = administering.concerned(draft, (one for one in case.tasks if one.outcome))
        again = [clock for clock in case.clocks if _ran_until_the_end(draft, clock)]
        left = tuple((clock.key, _left(draft, clock)) for clock in again)
        draft.emit(CaseReopenedAt(node=self.node, told=told, clocks=left, content=self.content))
        for clock in again:
            clocks.plan(
                draft,
                key=clock.key,
                limit=clock.span,
                ladder=clock.ladder,
                started_at=clock.started_at,
                why="resumed",
            )
        leading.void_decisions(draft, self.node, WHOLE, ())
        entering.enter(draft, self.node)


def _ran_until_the_end(draft: Draft, clock: Clock) -> bool:
    """Return whether a clock of the whole case ran, or was paused, until the case ended."""
    rule = draft.world.definition.clocks.get(clock.key)
    over = clock.status is ClockStatus.STOPPED and clock.stopped_at == draft.case.closed_at
    return rule is not None and over and (rule.until == "end" or clock.met is None)


def _left(draft: Draft, clock: Clock) -> Budget:
    """Return the time that a clock had left when the case ended."""
    paused = clock.left is not None and (clock.resumed_at or 0) < (clock.paused_at or 0)
    if paused and clock.left is not None:
        return clock.left
    calendar = draft.world.calendar.named(clock.calendar)
    return calendar.remaining(clock.stopped_at or 0, clock.due_at, clock.span.unit)


ACTION = ActionType(
    name="reopen",
    command=Reopen,
    events=(CaseReopenedAt,),
    rehearsal=Untried(why="it leads anywhere; the ways of the definition are tried"),
)
