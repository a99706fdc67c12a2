"""The sentences of branches: those of forks, and those that the starts of a wait node open."""

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
from workflows.flow.forks import (
    BranchArrived,
    BranchesCancelled,
    BranchesOpened,
    BranchesReopened,
)
from workflows.flow.until import WaitEnded


def _branch(reading: Reading, body: BranchStarted | StartDue) -> dict[str, object]:
    about = reading.labels((body.subject,)) if body.subject else ""
    return {"branch": what_for(reading, reading.node(body.to), body.period, about=about)}


def _branches(reading: Reading, body: BranchesOpened) -> dict[str, object]:
    node = reading.node(body.node)
    if not body.branches:
        return {"variant": "none", "node": node}
    return {
        "variant": "some",
        "node": node,
        "branches": reading.listed(map(reading.node, body.branches)),
    }


def _ended(reading: Reading, body: BranchEnded) -> dict[str, object]:
    began = (one.body for one in reading.events if isinstance(one.body, BranchStarted))
    subjects = [one.subject for one in began if one.scope == body.scope and one.subject]
    branch = what_for(reading, reading.node(body.target), "", about=reading.labels(subjects))
    other = reading.node(body.to or body.node)
    return {"variant": "joined" if body.into else "arrived", "branch": branch, "other": other}


BRANCHES: Mapping[type[Body], Sentence | None] = {
    BranchesOpened: Sentence(facts=_branches),
    BranchArrived: Sentence(
        facts=lambda r, b: {"node": r.node(b.node), "branch": r.node(b.branch)}
    ),
    BranchesCancelled: Sentence(facts=lambda r, b: {"node": r.node(b.node)}),
    BranchesReopened: Sentence(
        facts=lambda r, b: {"node": r.node(b.node), "branches": r.listed(map(r.node, b.branches))}
    ),
    WaitEnded: Sentence(facts=lambda r, b: {"variant": b.why, "node": r.node(b.node)}),
    RestBegan: Sentence(facts=lambda r, b: {"node": r.node(b.node)}),
    StartDue: Sentence(facts=_branch),
    StartDropped: Sentence(facts=lambda r, b: {"branch": r.node(b.to)}),
    BranchStarted: Sentence(facts=_branch),
    BranchTurned: Sentence(facts=lambda r, b: {"branch": r.node(b.target), "other": r.node(b.to)}),
    BranchEnded: Sentence(facts=_ended),
    RestClosing: Sentence(facts=lambda r, b: {"node": r.node(b.node)}),
}
"""By the type of event."""
