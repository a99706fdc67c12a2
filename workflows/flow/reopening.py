"""Opens tasks of a visit again: after a decision was taken back, or became void among signers.

Each is replaced by a new task with the same seat and people. The earlier one is kept with its
decision, and names the new one (`Task.redone`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from workflows.case.clock import ClockKind, ClockStatus
from workflows.case.draft import Draft
from workflows.case.effects import Effect, Refresh
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.case.task import Task, TaskStatus, Verdict
from workflows.flow import clocks, offer, opening
from workflows.model.nodes import ApprovalNode, WorkNode

Pairs = tuple[tuple[str, str], ...]


class TasksRenewed(Body, frozen=True, kw_only=True):
    """New tasks took the place of earlier ones at an open visit.

    `tasks` has the ids of each new task and of the earlier one. A new task waits until TaskOpened.
    """

    stored = "TasksRenewed"

    tasks: Pairs

    def apply(self, case: Case, event: Event) -> Case:
        """Add the new tasks, and let the earlier ones name them."""
        for new, earlier in self.tasks:
            old = case.known_task(earlier)
            task = Task(
                id=new,
                node=old.node,
                round=old.round,
                visit=old.visit,
                scope=old.scope,
                branch=old.branch,
                seat=old.seat,
                weight=old.weight,
                follows=old.follows,
                added_by=old.added_by,
                status=TaskStatus.WAITING,
                assignee=old.assignee,
                candidates=old.candidates,
                opened_at=event.at,
                resume_to=old.resume_to,
                verdicts=tuple(_undecided(old)),
            )
            case = case.with_task(earlier, redone=new)
            case = replace(case, tasks=(*case.tasks, task))
        return case

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of the earlier tasks, which say that there is a new one."""
        for _, earlier in self.tasks:
            yield Refresh(task=earlier)


def renew(draft: Draft, tasks: Sequence[Task]) -> Pairs:
    """Add a task in the place of each of these, in the order of their seats; return the pairs."""
    inorder = sorted(tasks, key=lambda task: task.turn)
    pairs = tuple(
        (draft.case.next_task(number), task.id) for number, task in enumerate(inorder, start=1)
    )
    draft.cause(TasksRenewed(tasks=pairs))
    return pairs


def ask_again(draft: Draft, seats: Sequence[Task]) -> None:
    """Open seats of an open ballot again whose approvals became void; in turn they wait for it."""
    pairs = renew(draft, seats)
    if not in_turn(draft.world.definition.work_node(seats[0].node)):
        open_again(draft, pairs, same_due=False)


def open_again(draft: Draft, pairs: Pairs, *, same_due: bool) -> None:
    """Open new tasks for whoever had the earlier ones; in turn only the first of them.

    With `same_due` the due time stays, else each has its full time again.
    """
    first = draft.task(pairs[0][0])
    node = draft.world.definition.work_node(first.node)
    step = draft.case.clock(ClockKind.VISIT.of(first.visit))
    if step is not None and step.status is ClockStatus.STOPPED:
        clocks.plan_again(draft, key=step.key, before=step)
    for new, earlier in pairs[:1] if in_turn(node) else pairs:
        before = draft.case.clock(ClockKind.TASK.of(earlier)) if same_due else None
        opening.open_task(draft, node, new, _found(draft, draft.task(new)), before=before)


def in_turn(node: WorkNode) -> bool:
    """Return whether the signers of a node sign one after the other."""
    return isinstance(node, ApprovalNode) and bool(node.seats) and node.rule.kind == "in_turn"


def _undecided(task: Task) -> Iterator[Verdict]:
    """Yield the verdicts of a task without those that were given with its decision."""
    for one in task.verdicts:
        last = one.at == task.decided_at and not one.rule
        yield Verdict(subject=one.subject) if last else one


def _found(draft: Draft, task: Task) -> offer.Found:
    """Return who gets a new task: whoever has it still, else those whom the definition names."""
    place = offer.Place.of(task, case=draft.case, world=draft.world)
    bars, directory = offer.barred(place, way="named"), draft.world.directory
    kept = tuple(one for one in task.owners if directory.active(one) and one not in bars)
    return offer.Found(people=kept) if kept else offer.find(place)
