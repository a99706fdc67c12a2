"""Movement through a definition: entering nodes, opening tasks, taking routes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from workflows.case.draft import Draft
from workflows.case.effects import (
    CHANNEL,
    COPY,
    Effect,
    Lane,
    Post,
    case_cards,
    news,
    task_cards,
    task_slot,
)
from workflows.case.events import Body, Event
from workflows.case.passed_over import Fallback, PassedOver
from workflows.case.state import Case, ContentRef, Task, TaskStatus
from workflows.flow import by_rule, clocks, ending, offer, offering
from workflows.model.nodes import ApprovalNode, EndNode, GatewayNode, TaskNode, WorkNode


class NodeEntered(Body, frozen=True, kw_only=True):
    """The case entered a node; `round` counts the visits, from 1."""

    stored = "NodeEntered"

    node: str
    round: int

    def apply(self, case: Case, event: Event) -> Case:
        """Begin a visit at the node."""
        return case.with_visit(self.node, round=self.round)


class TaskOpened(Body, frozen=True, kw_only=True):
    """A task was given to an assignee, or offered to candidates who may claim it.

    `fallback` names the rule that found the people when the definition found nobody. Without
    assignee and candidates nobody may act, and TaskBlocked follows.
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
        """Add the open task to the visit that was begun for it."""
        visit = next(one for one in reversed(case.visits) if one.node == self.node)
        task = Task(
            id=self.task,
            node=self.node,
            round=self.round,
            visit=visit.id,
            scope=visit.scope,
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


class RouteTaken(Body, frozen=True, kw_only=True):
    """The case left a node by a route; `people` were set for later nodes.

    `because` is the reason and `route` the index of the route of a gateway.
    """

    stored = "RouteTaken"

    node: str
    to: str
    because: Literal["condition", "default", "outcome", "limit"]
    route: int | None = None
    people: tuple[tuple[str, str], ...] = ()  # (name in the definition, person; "" for nobody)
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Close the visit of a gateway, and set its names to these people.

        The visit of an approval is closed when its task is decided.
        """
        of_tasks = {task.visit for task in case.tasks}
        for visit in case.visits:
            if visit.node == self.node and visit.id not in of_tasks:
                case = case.without_visit(visit.id)
        return case.with_people(self.people)


class CopiedIn(Body, frozen=True, kw_only=True):
    """These people were copied in: they got a card and may read the case from now on."""

    stored = "CopiedIn"

    people: tuple[str, ...]
    content: ContentRef | None

    def apply(self, case: Case, event: Event) -> Case:
        """Add them to the people who were copied in."""
        scope = case.newest.scope if case.newest is not None else ""
        copied = tuple(dict.fromkeys((*case.scope(scope).copied, *self.people)))
        return case.with_scope(scope, copied=copied)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Send each of them a card about the case."""
        yield from news(self.people, kind="copied", seq=event.seq, slot=COPY)


def enter(draft: Draft, node_id: str) -> None:
    """Enter a node and follow gateways and rules until a task is opened or the case ends.

    Copies people in at each node on the way. Raises Refusal `nobody_to_act` when a task finds
    nobody and there is nobody to notify either.
    """
    for _ in range(len(draft.world.definition.nodes) + 1):
        node = draft.world.definition.node(node_id)
        draft.cause(NodeEntered(node=node_id, round=draft.case.times_at(node_id) + 1))
        _copy_in(draft, node_id)
        if isinstance(node, EndNode):
            ending.end(draft, node)
            return
        if isinstance(node, GatewayNode):
            node_id = _route(draft, node)
            continue
        task = by_rule.decide(draft, node) if isinstance(node, ApprovalNode) else None
        if task is not None:
            node_id = _next(draft, task, str(task.outcome))
            continue
        _open_task(draft, node)
        return
    raise AssertionError("gateways lead in a circle; lint refuses such a definition")


def _copy_in(draft: Draft, node_id: str) -> None:
    """Copy in the people that the node names, each once in a case."""
    people = [
        person
        for copy in draft.world.definition.node(node_id).cc
        if draft.holds(copy.when)
        for person in draft.people(copy.to)
    ]
    new = tuple(dict.fromkeys(p for p in people if p not in draft.case.copied))
    if new:
        draft.cause(CopiedIn(people=new, content=None))


def _route(draft: Draft, node: GatewayNode) -> str:
    index, route = next(
        (index, route) for index, route in enumerate(node.routes) if draft.holds(route.when)
    )
    fixed: list[tuple[str, str]] = []
    out: list[PassedOver] = []
    for name, expression in route.set.items():
        found = offer.find_for_name(
            expression, case=draft.case, world=draft.world, values=draft.values
        )
        fixed.extend((name, person) for person in found.people or ("",))
        out.extend(found.passed_over)
    draft.cause(
        RouteTaken(
            node=node.id,
            to=route.to,
            because="condition" if route.when is not None else "default",
            route=index,
            people=tuple(fixed),
            passed_over=tuple(dict.fromkeys(out)),
        )
    )
    return route.to


def _open_task(draft: Draft, node: WorkNode) -> None:
    found = offer.find(
        offer.Place(case=draft.case, world=draft.world, node=node, values=draft.values)
    )
    people = found.people
    familiar = _familiar(draft, node.id, people)
    if familiar is not None:
        people = (familiar,)
    alone = len(people) == 1
    task_id = f"t{len(draft.case.tasks) + 1}"
    draft.cause(
        TaskOpened(
            task=task_id,
            node=node.id,
            round=draft.case.times_at(node.id),
            assignee=people[0] if alone else None,
            candidates=() if alone else people,
            fallback=found.fallback,
            channel=node.channel,
            passed_over=found.passed_over,
        )
    )
    clocks.plan(
        draft,
        key=f"task:{task_id}",
        limit=node.due,
        ladder=node.ladder,
        started_at=draft.world.now,
        why="started",
    )
    offering.follow_up(draft, task_id)


def _familiar(draft: Draft, node_id: str, people: tuple[str, ...]) -> str | None:
    """Return the assignee of the node's last task if they may have it again, or None.

    This is workflow resource pattern 7, "retain familiar" (workflowpatterns.com).
    """
    for task in reversed(draft.case.tasks):
        if task.node == node_id and task.outcome is not None and task.assignee in people:
            return task.assignee
    return None


def leave(draft: Draft, task: Task, outcome: str) -> None:
    """Take the route that the outcome of a decided task leads to.

    An approval that has returned the case more than `at_most` times takes the route of `then`.
    """
    enter(draft, _next(draft, task, outcome))


def _next(draft: Draft, task: Task, outcome: str) -> str:
    """Record the route that an outcome leads to, and return its node."""
    node = draft.world.definition.work_node(task.node)
    if isinstance(node, TaskNode):
        return node.next
    to, because = _outcome_way(draft, task, node, outcome)
    draft.cause(RouteTaken(node=node.id, to=to, because=because))
    return to


def _outcome_way(
    draft: Draft, task: Task, node: ApprovalNode, outcome: str
) -> tuple[str, Literal["outcome", "limit"]]:
    way = next(way for name, way in node.outcomes.items() if name == outcome)
    returned = dict(draft.case.scope(task.scope).returns).get(node.id, 0)
    if way.at_most is not None and way.then is not None and returned > way.at_most:
        return way.then, "limit"
    return way.to, "outcome"
