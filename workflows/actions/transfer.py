"""Transfer: give a task to somebody else permanently (rules: transfer)."""

from __future__ import annotations

from dataclasses import dataclass

from workflows.case.action_type import CONTENT, VIA, ActionType, Deed, Untried
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.task import ContentRef
from workflows.errors import Refusal
from workflows.flow import adding, authority, offer, offering

MAX_HOPS = 3  # limit of transfers of a task (rules: transfer)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferTask(Command):
    """Transfer the task. The due time is unchanged."""

    task: str
    to: str
    content: ContentRef | None = None

    def decide(self, draft: Draft) -> None:
        """Refuse a recipient who may not have the task, and a task at its limit.

        The limit is MAX_HOPS transfers; taking over and leaving do not count.
        """
        task, principal = authority.require_owner(draft, self.task)
        if task.joins == "advice":
            raise Refusal("advice_stays")
        adding.require_nobody_added(draft, task)
        if not draft.world.directory.active(self.to):
            raise Refusal("person_unknown")
        if self.to in (self.actor, task.assignee):
            raise Refusal("transfer_to_self")
        place = offer.Place.of(task, case=draft.case, world=draft.world)
        why = offer.barred(place, way="handed").get(self.to)
        if why is not None:
            raise Refusal(f"transfer_to_{why}")
        if task.hops >= MAX_HOPS:
            raise Refusal("too_many_transfers", most=MAX_HOPS)
        offering.hand_over(
            draft,
            task,
            to=self.to,
            why="transfer",
            content=self.content,
            on_behalf_of=principal,
        )


def _transfer(deed: Deed) -> Command:
    return TransferTask(actor=deed.actor, via=VIA, task=deed.task, to=deed.to[0], content=CONTENT)


ACTION = ActionType(
    name="transfer",
    command=TransferTask,
    does={"transfer": _transfer},
    needs="to",
    rehearsal=Untried(why="it changes who has a task, never the way of the case"),
)
