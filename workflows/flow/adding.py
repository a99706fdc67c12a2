"""Tasks that are added under a task: signers before or after it, and advice (rules: added signers).

The task under which they are added is the item. It has the clock, which goes on: whoever has an
added task that is open has the item. While signers before it, or somebody whose advice was asked
for, have the item, it waits. Signers after it get it once its owner has approved; until they have
passed, this approval is held and counts nowhere.

The signers of one addition are a group with a rule of its own; its votes are counted by `tally.py`.
An item has one group at a time. A reject by the group is a reject of the item.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh, news, progress
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import Task, TaskStatus
from workflows.errors import Refusal
from workflows.flow import ballots, offer, offering, opening
from workflows.flow.ending import TaskCancelled
from workflows.flow.tally import Rule, tally
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode
from workflows.model.signers import Sign

BACK = "back"  # the kind of the message that an item came back to its owner


class AddedSignersDecided(Body, frozen=True, kw_only=True, omit_defaults=True):
    """The votes of the added signers gave an outcome, or all who were left were removed.

    `by` is the added task that decided it; `rest` are those that are not needed any more.
    """

    stored = "AddedSignersDecided"

    task: str
    outcome: Literal["approve", "reject", "removed"]
    by: str
    rest: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Give the item back to its owner, or let the approval count that was held, or reject."""
        for task in self.rest:
            case = case.with_task(
                task, status=TaskStatus.SUPERSEDED, decided_at=event.at, question=None
            )
        item = case.known_task(self.task)
        if self.outcome == "reject":
            by = case.known_task(self.by)
            case = case.with_task(
                item.id,
                status=TaskStatus.DONE,
                outcome="reject",
                decided_by=by.decided_by,
                on_behalf_of=by.on_behalf_of,
                decided_at=event.at,
                content=None,
                original=by.id,
            )
        elif item.outcome is None:
            return case.with_task(item.id, status=TaskStatus.OPEN)
        else:
            case = case.with_task(item.id, status=TaskStatus.DONE)
        return case if item.seat else case.without_visit(item.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the item and of those that are left, and tell its owner."""
        for task in self.rest:
            yield Refresh(task=task, soon=True)
        yield from progress(self.task, soon=True)
        item = case.known_task(self.task)
        if self.outcome == "approve" and item.status is TaskStatus.OPEN:
            yield from news(item.owners, kind=BACK, seq=event.seq, task=item.id)


# ---------------------------------------------------------------------------- adding


def require_addable(draft: Draft, task: Task, people: tuple[str, ...]) -> ApprovalNode:
    """Return the approval of a task under which these people may be added.

    Raises Refusal where the definition offers nothing of the kind, where the task was itself added
    under another, and for each person who may not have it.
    """
    node = draft.world.definition.work_node(task.node)
    if not isinstance(node, ApprovalNode) or not takes_advice(draft.world.definition, node):
        raise Refusal("adding_not_offered")
    if task.parent:
        raise Refusal("added_adds_nobody")
    for person in people:
        why = why_not(draft, task, person)
        if why:
            raise Refusal(why, person=person)
    return node


def takes_advice(definition: Definition, node: ApprovalNode) -> bool:
    """Return whether whoever has an approval may ask others about it at all."""
    return definition.rules_of(node).signers_may_be_added and node.for_each is None


def takes_signers(definition: Definition, node: ApprovalNode) -> bool:
    """Return whether signers may be added to an approval; their reject must lead somewhere."""
    return "reject" in node.outcomes and takes_advice(definition, node)


def why_not(draft: Draft, task: Task, person: str) -> str:
    """Return the code of the refusal of a person whom the owner of a task would add, or ""."""
    if not draft.world.directory.active(person):
        return "person_unknown"
    if person in (draft.actor, task.assignee):
        return "added_self"
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    why = offer.barred(place, way="handed").get(person)
    return "" if why is None else f"added_{why}"


def unaskable(draft: Draft, task: Task) -> frozenset[str]:
    """Return the people whom the owner of a task may not add to it, by key."""
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    return frozenset((draft.actor, *task.owners, *offer.barred(place, way="handed")))


def require_nobody_added(draft: Draft, task: Task) -> None:
    """Raise Refusal `added_still_sign` while tasks under this one are not finished."""
    added = draft.case.added(task.id)
    if added:
        raise Refusal("added_still_sign", owners=owners_of(added))


def alone(person: str) -> offer.Found:
    """Return the person whom somebody chose, as found for a task."""
    return offer.Found(people=(person,))


def owners_of(tasks: tuple[Task, ...]) -> tuple[str, ...]:
    """Return the people who have these tasks."""
    return tuple(dict.fromkeys(owner for task in tasks for owner in task.owners))


def with_added(case: Case, tasks: tuple[Task, ...], *, item: str, ahead: bool) -> Case:
    """Return the case with these tasks ahead of an item, or after it and those added under it."""
    found: list[Task] = []
    for task in case.tasks:
        found.append(task)
        if task.id == item and ahead:
            found[-1:] = [*tasks, task]
    if not ahead:
        last = max(index for index, task in enumerate(found) if task.item == item)
        found[last + 1 : last + 1] = tasks
    return replace(case, tasks=tuple(found))


def open_turn(draft: Draft, item: str) -> None:
    """Open the tasks under an item whose turn it is: all, or with "in_turn" the first."""
    added = draft.case.added(item)
    if any(task.status is TaskStatus.OPEN for task in added):
        return
    for task in added[:1] if added[0].sign == "in_turn" else added:
        node = draft.world.definition.work_node(task.node)
        opening.open_task(draft, node, task.id, ballots.still(draft, task))


# ---------------------------------------------------------------------------- counting


def vote(draft: Draft, task: Task, outcome: str) -> str:
    """Return the outcome of the visit after an item or a task under it was decided; "" if none.

    An item whose approval is held gets the tasks after it opened; any other decision about it
    cancels them.
    """
    if task.parent:
        return settle(draft, task)
    if task.unfinished:
        open_turn(draft, task.id)
        return ""
    for one in draft.case.added(task.id):
        draft.cause(TaskCancelled(task=one.id, reason="decided"))
        offering.close_task_clocks(draft, one, why="cancelled")
    return opening.vote(draft, task, outcome)


def settle(draft: Draft, task: Task) -> str:
    """Count the group of an added task that was decided or removed.

    Return the outcome of the visit that follows from it; "" if none. Without an outcome of the
    group the next of its tasks has its turn; a group that is empty gives the item back.
    """
    item = draft.task(task.parent)
    if item.status is not TaskStatus.WAITING:
        return ""  # signers after it, whose turn has not come
    group = tuple(one for one in draft.case.tasks if one.group == task.group)
    verdict = tally(Rule(sign=Sign(kind=task.sign)), ballots.votes(group))
    if not verdict and draft.case.added(item.id):
        open_turn(draft, item.id)
        return ""
    rest = draft.case.added(item.id)
    draft.cause(
        AddedSignersDecided(
            task=item.id,
            outcome="approve" if verdict == "approve" else "reject" if verdict else "removed",
            by=task.id,
            rest=tuple(one.id for one in rest),
        )
    )
    for one in rest:
        offering.close_task_clocks(draft, one, why="cancelled")
    item = draft.task(item.id)
    if item.status is TaskStatus.OPEN:
        come_back(draft, item)
        return ""
    offering.close_task_clocks(draft, item, why="done")
    return opening.vote(draft, item, str(item.outcome))


def come_back(draft: Draft, item: Task) -> None:
    """Offer an item that is open again to deputies; give it away if its owner has left."""
    if not offering.replace_leaver(draft, item):
        offering.follow_up(draft, item.id)
