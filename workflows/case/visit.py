"""A visit of a case: one stay at a node, whose work may be one task or a ballot."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from workflows.case.spot import Spot
from workflows.case.task import Task


class Visit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stay at a node, open until its work is decided; that of a fork until its join.

    `id` is `v` and the number of the visit in the case; `round` counts the visits of the node in
    its scope, from 1, also those in earlier scopes of the same fork.
    """

    id: str
    node: str
    round: int
    scope: str = ""
    branch: str = ""  # of the fork whose scope this is
    resume_to: str = ""  # the approval to which the case comes back after a return

    @property
    def spot(self) -> Spot:
        """Where in the case it is."""
        return Spot(scope=self.scope, branch=self.branch)

    def task(self, task_id: str, **fields: Any) -> Task:
        """Return a task of this visit, with these other fields."""
        fields |= {"node": self.node, "round": self.round, "visit": self.id, "scope": self.scope}
        return Task(id=task_id, branch=self.branch, resume_to=self.resume_to, **fields)
