"""Begin: somebody opens a branch of a wait node at which the case rests, with its button."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.case.action_type import VIA, ActionType, Deed, Move, OnCase
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority, going_on, starts
from workflows.flow.start_buttons import offered, starters
from workflows.model.definition import Definition
from workflows.model.starts import Start


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginBranch(Command):
    """Open the branch of a start that has a button."""

    start: str
    subject: str = ""  # of a start `for_each` certificate

    def decide(self, draft: Draft) -> None:
        """Refuse whoever has no button for it, and a branch that cannot begin now."""
        authority.require_running(draft)
        found = offered(draft.world.definition, draft.case)
        one = next(((visit, start) for visit, start in found if start.id == self.start), None)
        if one is None:
            raise Refusal("start_not_offered")
        visit, start = one
        if self.actor not in starters(draft.case, draft.world, start):
            raise Refusal("may_not_begin")
        node = starts.node_of(draft, visit.node)
        if self.subject not in subjects(draft.world.definition, start):
            raise Refusal("not_an_option")
        if not starts.may_begin(draft.case, node, visit.id, to=start.to, subject=self.subject):
            raise Refusal("branch_runs")
        going_on.begin_branch(draft, visit, start, self.subject)


def subjects(definition: Definition, start: Start) -> tuple[str, ...]:
    """Return what a button may be pressed for: the certificates of a form, else nothing ("")."""
    if start.of_form is None:
        return ("",)
    return tuple(one.id for one in definition.forms[start.of_form].certificates)


def _moves(definition: Definition, case: Case) -> Iterator[Move]:
    """Yield the starts that can begin while no other branch is open."""
    for visit, start in offered(definition, case):
        if not case.scope(visit.id).open:
            for subject in _kinds(definition, start):
                yield Move(does="begin", node=visit.node, action=start.id, to=subject)


def _kinds(definition: Definition, start: Start) -> Iterator[str]:
    """Yield a certificate that may be required and one that never is, for all of these kinds."""
    kinds = set[bool]()
    for subject in subjects(definition, start):
        field = definition.field(subject)
        kind = field is not None and (field.required or field.required_when is not None)
        if kind not in kinds:
            kinds.add(kind)
            yield subject


def _by(case: Case, world: World, move: Move) -> str:
    found = (one for _, one in offered(world.definition, case) if one.id == move.action)
    return next((person for one in found for person in starters(case, world, one)), "")


def _begin(deed: Deed) -> Command:
    subject = next(iter(deed.to), "")
    return BeginBranch(actor=deed.actor, via=VIA, start=deed.action, subject=subject)


ACTION = ActionType(
    name="begin",
    command=BeginBranch,
    does={"begin": _begin},
    needs="action",
    rehearsal=OnCase(moves=_moves, by=_by),
)
