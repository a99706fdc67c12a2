"""Offer to deputies: offer the open tasks of people who are absent to their deputies as well."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import ActionType, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.errors import Refusal
from workflows.flow import authority, offering


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferToDeputies(Command):
    """Offer the open tasks of people who are absent to their deputies."""

    def decide(self, draft: Draft) -> None:
        """Offer each task once to each pair of principal and deputy."""
        authority.require_running(draft)
        for task in draft.case.open_tasks:
            offering.offer_to_deputies(draft, task)
        if not draft.steps:
            raise Refusal("nothing_to_change")


ACTION = ActionType(
    name="offer_to_deputies",
    command=OfferToDeputies,
    rehearsal=Untried(why="nobody is away in a rehearsal"),
)
