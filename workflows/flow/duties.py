"""Who decided which task of a case, for the separation of duties between its nodes.

A decision counts for the person who made it and for the principal for whom a deputy made it. One
that a rule made counts for whoever made the decision to which the rule points. Void decisions do
not count, nor do those in a scope that does not enclose the place in question.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from workflows.case.events import SYSTEM
from workflows.case.passed_over import Bar
from workflows.case.scope import Left
from workflows.case.spot import WHOLE, Spot
from workflows.case.state import Case
from workflows.case.task import ADMIN, Task, TaskStatus
from workflows.directory import Directory
from workflows.model.nodes import WorkNode


def doers(case: Case, task: Task) -> tuple[str, ...]:
    """Return the people for whom the decision of a task counts, by key."""
    if task.original:
        return doers(case, case.known_task(task.original))
    if task.rule == "self_approval":
        return (case.filer,)
    people = (task.decided_by, task.on_behalf_of)
    return tuple(person for person in people if person and person != SYSTEM)


def judged(case: Case, task: Task | None, *, spot: Spot = WHOLE) -> tuple[Task, ...]:
    """Return the tasks that an approval judges: the last that was completed before it.

    In a branch this is one of the branch or before the fork; after the join it is the last of each
    branch. A step that an administrator skipped is nobody's work and is passed over. `task` is the
    task of the approval, None for one that is about to open at this `spot`.
    """
    earlier: Iterator[Task] = reversed(case.tasks)
    if task is not None:
        later = itertools.dropwhile(lambda one: one.id != task.id, earlier)
        earlier = itertools.islice(later, 1, None)
    around = tuple(case.around(spot if task is None else task.spot))
    done = [
        one
        for one in earlier
        if one.outcome == "complete" and one.rule != ADMIN
        if valid(one) and case.counted_at(one.spot) in around
    ]
    if not done or done[0].spot in around:
        return tuple(done[:1])
    return tuple(
        one
        for index, one in enumerate(done)
        if all(case.beside(one.spot, later.spot) for later in done[:index])
    )


def separated(
    node: WorkNode, *, case: Case, spot: Spot, directory: Directory
) -> Iterator[tuple[str, Bar]]:
    """Yield the people whom `not_same_as` and `same_as` of a node bar, with the reason."""
    left = tuple(_left(case))
    for task in _decided(case, node.not_same_as, spot):
        yield from ((person, "not_same_as") for person in doers(case, task))
    for one in left:
        if one.node in node.not_same_as:
            yield from ((person, "not_same_as") for person in one.doers)
    if node.same_as is not None:
        decided = [one for one in _decided(case, (node.same_as,), spot) if not one.parent]
        last = [task for task in decided if task.round == decided[-1].round]
        same = {person for task in last for person in doers(case, task)}
        if not decided:
            same = {person for one in left if one.node == node.same_as for person in one.last}
        if same:
            yield from ((person, "same_as") for person in directory.people if person not in same)


def counts(case: Case, task: Task, spot: Spot) -> bool:
    """Return whether a decision counts at a place: it is not void, and made in a scope around it.

    One of a branch counts also in other branches of the fork, and after the join around the fork;
    one of a branch of a wait node only in that branch.
    """
    place = case.counted_at(task.spot)
    rests = case.scope(place.scope).rest is not None  # its branches do not know each other
    around = case.around(spot)
    return valid(task) and any(
        place == one if rests else place.scope == one.scope for one in around
    )


def valid(task: Task) -> bool:
    """Return whether a task was decided and its decision is not void."""
    return task.status is TaskStatus.DONE and not task.voided


def members(case: Case, task: Task) -> frozenset[str]:
    """Return the people who have or decided another task of the same visit, a seat or an added one.

    Advice that was given bars nobody, nor does a task that was opened again.
    """
    found: set[str | None] = set()
    for one in case.tasks if task.visit else ():
        if one.visit != task.visit or one.id == task.id or one.redone:
            continue
        if one.unfinished or (one.outcome is not None and one.joins != "advice"):
            found.update((one.assignee, one.decided_by, one.on_behalf_of))
    return frozenset(person for person in found if person is not None)


def _left(case: Case) -> Iterator[Left]:
    """Yield what is known of ended branches whose decisions count: those of rests that are over.

    A case rests in no fork and in no branch, so they count everywhere after it.
    """
    for scope in case.scopes:
        if scope.rest is not None and scope.joined:
            yield from scope.rest.left


def _decided(case: Case, nodes: tuple[str, ...], spot: Spot) -> Iterator[Task]:
    return (
        task
        for task in case.tasks
        if task.node in nodes and task.joins != "advice" and counts(case, task, spot)
    )
