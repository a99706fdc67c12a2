"""Revoke: the filer opens a completed case again, to have it undone (rules: revoking)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Move, OnCase
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.effects import Effect, every_card
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import entering
from workflows.model.definition import Definition
from workflows.moments import Moment

WHY = "revocation"  # the kind under which the state keeps the reason


class CaseReopened(Body, frozen=True, kw_only=True):
    """An ended case runs again; `content` has the reason."""

    stored = "CaseReopened"

    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Let the case run again; keep the reason, and when it ended first."""
        first = case.first_closed_at or case.closed_at
        case = replace(case, status=Status.RUNNING, closed_at=None, first_closed_at=first)
        return case.with_form(WHY, self.content)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update every card, among them those that announced the end."""
        yield from every_card(case)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoke(Command):
    """Revoke a completed case, as long after its first end as `revoke` of the definition allows."""

    content: ContentRef

    def decide(self, draft: Draft) -> None:
        """Refuse everybody but the filer, and a case that cannot be revoked or no more."""
        if self.actor != draft.case.acting_filer:
            raise Refusal("only_the_filer")
        until = revocable_until(draft.case, draft.world)
        if until is None:
            raise Refusal("not_revocable")
        if draft.world.now > until:
            raise Refusal("too_late_to_revoke")
        draft.emit(CaseReopened(content=self.content))
        revoke = draft.world.definition.revoke
        assert revoke is not None, "checked by revocable_until"
        entering.enter(draft, revoke.to)


def revocable_until(case: Case, world: World) -> Moment | None:
    """Return until when a completed case may be revoked, or None if it may not at all.

    The time runs from its first end, so that a refused revocation does not extend it.
    """
    revoke = world.definition.revoke
    if revoke is None or case.status is not Status.COMPLETED or case.closed_at is None:
        return None
    return world.calendar.add(case.first_closed_at or case.closed_at, revoke.within)


def _moves(definition: Definition, case: Case) -> Iterator[Move]:
    once = case.first_closed_at is None
    if definition.revoke is not None and case.status is Status.COMPLETED and once:
        yield Move(does="revoke")


def _by(case: Case, _world: World, _move: Move) -> str:
    return case.filer


def _revoke(deed: Deed) -> Command:
    return Revoke(actor=deed.actor, via=VIA, content=CONTENT)


ACTION = ActionType(
    name="revoke",
    command=Revoke,
    events=(CaseReopened,),
    does={"revoke": _revoke},
    rehearsal=OnCase(moves=_moves, by=_by),
)
