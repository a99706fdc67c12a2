"""Opens the work of a node: one task, or the seats of a ballot with a task for each signer."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from workflows.case.clock import Clock, ClockKind
from workflows.case.draft import Draft
from workflows.case.effects import (
    CHANNEL,
    Effect,
    Lane,
    Post,
    case_cards,
    task_cards,
    task_slot,
)
from workflows.case.events import Body, Event
from workflows.case.passed_over import Fallback, PassedOver
from workflows.case.state import Case
from workflows.case.task import Task, TaskStatus
from workflows.case.world import World
from workflows.flow import ballots, clocks, offer, offering, verdicts
from workflows.model.nodes import ApprovalNode, WorkNode


class TaskOpened(Body, frozen=True, kw_only=True):
    """A task was given to an assignee, or offered to candidates who may claim it.

    `fallback` names the rule that found the people when the definition found nobody. Without
    assignee and candidates nobody may act, and TaskBlocked follows. A seat that waited for its turn
    is opened by it, too.
    """

    stored = "TaskOpened"

    task: str
    node: str
    round: int
    assignee: str | None
    candidates: tuple[str, ...]
    fallback: Fallback = ""
    channel: str = ""  # the channel that gets a card, by its name in the definition
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Add the open task to the visit that was begun for it, or open the seat that waited."""
        if case.task(self.task) is not None:
            return case.with_task(
                self.task,
                status=TaskStatus.OPEN,
                assignee=self.assignee,
                candidates=self.candidates,
                opened_at=event.at,
            )
        task = case.newest_at(self.node).task(
            self.task,
            status=TaskStatus.OPEN,
            assignee=self.assignee,
            candidates=self.candidates,
            opened_at=event.at,
        )
        return replace(case, tasks=(*case.tasks, task))

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send a card to whoever may act, and to the channel of the node."""
        owners = (self.assignee,) if self.assignee is not None else self.candidates
        yield from task_cards(self.task, owners)
        if self.channel:
            yield Post(
                to=f"{CHANNEL}{self.channel}",
                slot=task_slot(self.task),
                kind="channel",
                lane=Lane.TASK,
                task=self.task,
            )
        yield from case_cards()


def open_work(draft: Draft, node: WorkNode) -> None:
    """Open the task of a node that was entered, or the seats of its signers.

    Raises Refusal `nobody_to_act` when a task finds nobody and there is nobody to notify either.
    """
    if isinstance(node, ApprovalNode) and node.seats:
        seats = tuple(ballots.begin(draft, node))
        if node.visit_due is not None and node.visit_ladder is not None:
            clocks.plan(
                draft,
                key=ClockKind.VISIT.of(draft.case.newest_at(node.id).id),
                limit=node.visit_due,
                ladder=node.visit_ladder,
                started_at=draft.world.now,
                why="started",
                calendar=node.calendar,
            )
        for task, found in seats:
            open_task(draft, node, task, found)
        return
    task = draft.case.next_task()
    open_task(draft, node, task, find_owners(draft, node))
    if isinstance(node, ApprovalNode) and node.for_each is not None:
        draft.cause(verdicts.listed(draft, node, draft.case.newest_at(node.id)).of(task))


def find_owners(draft: Draft, node: WorkNode) -> offer.Found:
    """Return who gets the task of a node: whoever had it before, if they may have it again."""
    found = offer.find(
        offer.Place(case=draft.case, world=draft.world, node=node, values=draft.values)
    )
    familiar = _familiar(draft, node.id, found.people)
    if familiar is None:
        return found
    return offer.Found(people=(familiar,), fallback=found.fallback, passed_over=found.passed_over)


def open_task(
    draft: Draft,
    node: WorkNode,
    task_id: str,
    found: offer.Found,
    *,
    before: Clock | None = None,
) -> None:
    """Give a task to the people who were found for it, and start its clock.

    `before` is the clock of the task in whose place it is opened; the due time is the same then.
    A task that was added under another has no clock of its own.
    """
    alone = len(found.people) == 1
    known = draft.case.task(task_id)
    under = known is not None and known.parent != ""
    draft.cause(
        TaskOpened(
            task=task_id,
            node=node.id,
            round=draft.case.newest_at(node.id).round if known is None else known.round,
            assignee=found.people[0] if alone else None,
            candidates=() if alone else found.people,
            fallback=found.fallback,
            channel="" if under else node.channel,
            passed_over=found.passed_over,
        )
    )
    offering.tell_owners(draft, task_id, found)
    key = ClockKind.TASK.of(task_id)
    if before is not None:
        clocks.plan_again(draft, key=key, before=before)
    elif not under:
        clocks.plan(
            draft,
            key=key,
            limit=node.due,
            ladder=node.ladder,
            started_at=draft.world.now,
            why="started",
            calendar=calendar_of(node, found.people, draft.world),
        )
    offering.follow_up(draft, task_id)


def calendar_of(node: WorkNode, people: tuple[str, ...], world: World) -> str | None:
    """Return the name of the calendar of a node, or of the department to which all people belong.

    None for that of the company.
    """
    if node.calendar is not None or not world.calendar.names:
        return node.calendar
    found = (world.directory.get(person) for person in people)
    return world.calendar.name_for({one.department for one in found if one is not None})


def vote(draft: Draft, task: Task, outcome: str) -> str:
    """Return the outcome of the visit after a task was decided; "" while others have to sign.

    The outcome of a single task is that of the visit. A seat is counted: then the ballot ends, or
    the next seat has its turn.
    """
    if not task.seat:
        return outcome
    node = draft.world.definition.work_node(task.node)
    verdict = ballots.count(draft, task)
    if not verdict:
        for waiting, found in ballots.next_turn(draft, task):
            open_task(draft, node, waiting, found)
    return verdict


def _familiar(draft: Draft, node_id: str, people: tuple[str, ...]) -> str | None:
    """Return the assignee of the node's last task if they may have it again, or None.

    This is workflow resource pattern 7, "retain familiar" (workflowpatterns.com).
    """
    for task in reversed(draft.case.tasks):
        decided = task.outcome is not None and not task.parent
        if task.node == node_id and decided and task.assignee in people:
            return task.assignee
    left = (who for one in draft.case.left if one.node == node_id for who in one.assignees[::-1])
    return next((who for who in left if who in people), None)
