"""The cases of other processes that a case starts, and waits for.

A node of the kind `process` starts a case and is left when that case has ended. The engine decides
on one case at a time, so the other case is started by `handlers/other_cases.py` in a unit of its
own: a clock of the visit is due at once, and again each day while the start is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from workflows.case.clock import ClockKind, PlannedRung
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, case_cards, news
from workflows.case.events import Body, Event
from workflows.case.state import Case, Visit
from workflows.durations import Span, Unit
from workflows.flow import offer
from workflows.flow.clocks import ClockPlanned, stop

Why = Literal[
    "may_not_start",
    "nobody_to_act",
    "nobody_files",
    "process_unknown",
    "process_in_pilot",
    "definition_damaged",
    "form_invalid",
    "refused",
]
AGAIN = Span(amount=1, unit=Unit.DAYS)  # after a refused start


class OtherCaseStarted(Body, frozen=True, kw_only=True):
    """The case of another process was started, and the visit waits for its end."""

    stored = "OtherCaseStarted"

    node: str
    visit: str
    case: str

    def apply(self, case: Case, event: Event) -> Case:
        """Record the number of the other case with the visit."""
        return replace(case, others=(*case.others, (self.visit, self.case)))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case, which name the other one, and a notice of a refusal."""
        yield Refresh(slot=_slot(self.visit))
        yield from case_cards()


class OtherCaseRefused(Body, frozen=True, kw_only=True):
    """The case of another process could not be started.

    These people were notified, again each day.
    """

    stored = "OtherCaseRefused"

    node: str
    visit: str
    why: Why
    to: tuple[str, ...]

    def apply(self, case: Case, event: Event) -> Case:
        """Return the case unchanged: the visit has no other case yet."""
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Notify these people; a repeated notice updates the message without a sound."""
        yield from news(self.to, kind="other_refused", seq=event.seq, slot=_slot(self.visit))


class OtherCaseEnded(Body, frozen=True, kw_only=True):
    """The other case has ended with this status, and the visit is over."""

    stored = "OtherCaseEnded"

    node: str
    visit: str
    case: str
    status: str

    def apply(self, case: Case, event: Event) -> Case:
        """Close the visit."""
        return case.without_visit(self.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the case."""
        yield from case_cards()


def _slot(visit: str) -> str:
    return f"other:{visit}"


def begin(draft: Draft, visit: Visit) -> None:
    """Plan the start of the other case, which is due at once."""
    _plan(draft, visit, at_once=True)


def started(draft: Draft, visit: Visit, *, case: str) -> None:
    """Record the case that was started for a visit."""
    draft.cause(OtherCaseStarted(node=visit.node, visit=visit.id, case=case))
    stop(draft, ClockKind.START.of(visit.id), why="done")


def refused(draft: Draft, visit: Visit, *, why: Why) -> None:
    """Notify the process owner and the administrators, and plan the next attempt."""
    to = offer.watchers(draft.case, draft.world)
    draft.cause(OtherCaseRefused(node=visit.node, visit=visit.id, why=why, to=to))
    _plan(draft, visit, at_once=False)


def _plan(draft: Draft, visit: Visit, *, at_once: bool) -> None:
    now = draft.world.now
    at = now if at_once else draft.world.calendar.add(now, AGAIN)
    draft.cause(
        ClockPlanned(
            clock=ClockKind.START.of(visit.id),
            why="started",
            started_at=now,
            limit=str(AGAIN),
            ladder="",
            due_at=at,
            rungs=(PlannedRung(id="start", at=at),),
        )
    )
