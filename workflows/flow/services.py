"""The works that the product does itself at nodes of the kind `service`.

The engine decides on one case at a time and does no work, so the work is done by
`handlers/services/` after the decision: a clock of the visit is due at once. Its result comes back
as a command and counts only while the visit is open.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from workflows.case.clock import ClockKind, PlannedRung
from workflows.case.draft import Draft
from workflows.case.effects import Effect, case_cards
from workflows.case.events import Body, Event
from workflows.case.state import Case, Visit
from workflows.case.task import ContentRef
from workflows.durations import Span, Unit
from workflows.flow.clocks import ClockPlanned, stop
from workflows.model.works import Found, Work

AGAIN = Span(amount=1, unit=Unit.MINUTES)


class WorkDone(Body, frozen=True, kw_only=True):
    """A work has ended with a result, and the visit is over. `content` has what it found."""

    stored = "WorkDone"

    node: str
    visit: str
    work: Work
    outcome: Found
    content: ContentRef

    def apply(self, case: Case, event: Event) -> Case:
        """Close the visit, and keep it: a decision before it is not taken back any more."""
        visit = case.visit(self.visit)
        assert visit is not None, f"no visit {self.visit}"
        return replace(case.without_visit(self.visit), waited=(*case.waited, visit))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, which show the result."""
        yield from case_cards()


def begin(draft: Draft, visit: Visit) -> None:
    """Plan the work, which is due at once."""
    now = draft.world.now
    draft.cause(
        ClockPlanned(
            clock=ClockKind.WORK.of(visit.id),
            why="started",
            started_at=now,
            limit=str(AGAIN),
            ladder="",
            due_at=now,
            rungs=(PlannedRung(id="work", at=now),),
        )
    )


def done(draft: Draft, visit: Visit, work: Work, *, outcome: Found, content: ContentRef) -> None:
    """Record the result of the work of a visit."""
    stop(draft, ClockKind.WORK.of(visit.id), why="done")
    draft.cause(
        WorkDone(node=visit.node, visit=visit.id, work=work, outcome=outcome, content=content)
    )
