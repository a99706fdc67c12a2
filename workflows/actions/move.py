"""Move: a case goes on with another version of its definition (rules: versions)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from msgspec.structs import replace

from workflows.case.action_type import ActionType, Untried
from workflows.case.clock import Clock, ClockKind, ClockStatus
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import authority, clocks, start_clocks, starts, until
from workflows.flow.move_check import Hindrance, Move
from workflows.flow.moving import MovedToDefinition, at_rest, concerned
from workflows.model.definition import Definition
from workflows.model.nodes import WaitNode


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveToDefinition(Command):
    """Move a case to the definition with this hash, which the world has.

    `source` is the definition of the case so far, `names` has the new names of nodes by their old
    ones. `by_itself` is for a case at rest that moves without being asked.
    """

    source: Definition
    definition: str
    version: int
    names: Mapping[str, str] = field(default_factory=dict)
    content: ContentRef | None = None
    by_itself: bool = False

    def decide(self, draft: Draft) -> None:
        """Record the move, and plan again what the other version has otherwise.

        Raises Refusal `nothing_to_change` if the case is there already, or would move by itself and
        is not at rest; `cannot_move` with the `hindrances` if it cannot.
        """
        authority.require_running(draft)
        case = draft.case
        if case.definition == self.definition or (self.by_itself and not at_rest(case)):
            raise Refusal("nothing_to_change")
        found = self.hindrances(case, draft)
        if found:
            raise Refusal("cannot_move", hindrances=found)
        (draft.cause if self.by_itself else draft.emit)(
            MovedToDefinition(
                definition=self.definition,
                was=case.definition,
                version=self.version,
                why="rest" if self.by_itself else "asked",
                nodes=concerned(case, self.names),
                content=self.content,
            )
        )
        _plan_again(draft, self.source)

    def hindrances(self, case: Case, draft: Draft) -> tuple[Hindrance, ...]:
        """Return what keeps the case from moving."""
        move = Move(
            case=case,
            source=self.source,
            target=draft.world.definition,
            names=self.names,
            filled=frozenset(draft.values),
            by_itself=self.by_itself,
        )
        return move.hindrances()


def _plan_again(draft: Draft, source: Definition) -> None:
    """Plan the clocks again whose ladder, day or start is another one; due times of work stay."""
    for clock in draft.case.clocks:
        if clock.status is not ClockStatus.RUNNING:
            continue
        if clock.kind is ClockKind.UNTIL:
            until.replan(draft, clock.about, why="moved")
        elif clock.ladder and source.ladders.get(clock.ladder) != _ladder(draft, clock):
            _climb(draft, clock)
    for visit in draft.case.visits:
        node = draft.world.definition.node(visit.node)
        if isinstance(node, WaitNode) and starts.plans(draft.case, visit.id):
            start_clocks.move(draft, node, visit)
    starts.regrade(draft)


def _ladder(draft: Draft, clock: Clock) -> object:
    return draft.world.definition.ladders[clock.ladder]


def _climb(draft: Draft, clock: Clock) -> None:
    """Plan the rungs of a ladder that has changed; those whose time is past do not fire any more.

    One that was due and has not fired does.
    """
    new = clocks.planned(
        draft,
        key=clock.key,
        limit=clock.span,
        ladder=clock.ladder,
        started_at=clock.started_at,
        why="moved",
    )
    rungs = start_clocks.ahead(new.rungs, clock, now=draft.world.now)
    if rungs != clock.planned:
        draft.cause(replace(new, due_at=clock.due_at, rungs=rungs))


ACTION = ActionType(
    name="move",
    command=MoveToDefinition,
    events=(MovedToDefinition,),
    rehearsal=Untried(why="a rehearsal is of one version"),
)
