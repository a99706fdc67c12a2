"""The sentences of what happens at a wait node: starts that are due, and their branches."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.action_view import Sentence
from handlers.reading.case import Reading
from handlers.reading.periods import what_for
from workflows.case.events import Body
from workflows.flow.branch_events import (
    BranchEnded,
    BranchStarted,
    BranchTurned,
    RestBegan,
    RestClosing,
    StartDropped,
    StartDue,
)


def _branch(reading: Reading, body: BranchStarted | StartDue) -> dict[str, object]:
    return {"branch": what_for(reading, reading.node(body.to), body.period)}


def _ended(reading: Reading, body: BranchEnded) -> dict[str, object]:
    branch, other = reading.node(body.target), reading.node(body.to or body.node)
    return {"variant": "joined" if body.into else "arrived", "branch": branch, "other": other}


STARTS: Mapping[type[Body], Sentence | None] = {
    RestBegan: Sentence(facts=lambda r, b: {"node": r.node(b.node)}),
    StartDue: Sentence(facts=_branch),
    StartDropped: Sentence(facts=lambda r, b: {"branch": r.node(b.to)}),
    BranchStarted: Sentence(facts=_branch),
    BranchTurned: Sentence(facts=lambda r, b: {"branch": r.node(b.target), "other": r.node(b.to)}),
    BranchEnded: Sentence(facts=_ended),
    RestClosing: Sentence(facts=lambda r, b: {"node": r.node(b.node)}),
}
"""By the type of event."""
