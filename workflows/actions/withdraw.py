"""Withdraw: the filer ends the case before it is decided (rules: withdrawing)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnCase
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority, ending
from workflows.model.definition import Definition


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(Command):
    """Withdraw the case, until the milestone `withdraw_until` of the definition."""

    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but the filer, and a withdrawal after the milestone."""
        authority.require_running(draft)
        if self.actor != draft.case.acting_filer:
            raise Refusal("only_the_filer")
        if too_late(draft.world.definition, draft.case):
            raise Refusal("too_late_to_withdraw")
        draft.emit(ending.CaseClosed(status="withdrawn", content=self.content))
        ending.stop_all_clocks(draft, why="cancelled")
        ending.cancel_others(draft, reason="withdrawn")


def too_late(definition: Definition, case: Case) -> bool:
    """Return whether the case has passed the milestone until which it may be withdrawn."""
    milestone = definition.withdraw_until
    if milestone == "first_decision":
        decided = (one for one in case.tasks if one.outcome and one.joins != "advice")
        before = any(one.doers for one in case.left)
        return before or any(not (one.rule or one.voided) for one in decided)
    return milestone != "end" and case.times_at(milestone) > 0


def _moves(_: Definition, case: Case) -> Iterator[Move]:
    if case.status is Status.RUNNING:
        yield Move(does="withdraw", node=case.node)


def _by(case: Case, _world: World, _move: Move) -> str:
    return case.filer


def _withdraw(deed: Deed) -> Command:
    return Withdraw(actor=deed.actor, via=VIA, content=CONTENT)


ACTION = ActionType(
    name="withdraw",
    command=Withdraw,
    does={"withdraw": _withdraw},
    rehearsal=OnCase(moves=_moves, by=_by),
)
