"""The way through a definition: entering nodes, opening tasks, taking routes, ending."""

from __future__ import annotations

from typing import Literal

from workflows import assignment
from workflows import events as ev
from workflows.definition import ApprovalNode, EndNode, GatewayNode, TaskNode, WorkNode
from workflows.engine import ladders, offer, offering
from workflows.engine.draft import Draft
from workflows.errors import Refusal
from workflows.passed_over import PassedOver
from workflows.state import ClockStatus, Task


def enter(draft: Draft, node_id: str) -> None:
    """Come to a node and do what it asks for, on to the next work, or the end."""
    for _ in range(len(draft.world.definition.nodes) + 1):
        node = draft.world.definition.node(node_id)
        draft.cause(ev.NodeEntered(node=node_id, round=draft.case.visits(node_id) + 1))
        copy_in(draft, node_id)
        if isinstance(node, EndNode):
            _end(draft, node)
            return
        if isinstance(node, GatewayNode):
            node_id = _route(draft, node)
            continue
        _open_task(draft, node)
        return
    raise AssertionError("gateways lead in a circle; lint refuses such a definition")


def copy_in(draft: Draft, node_id: str) -> None:
    """Tell those whom the node's definition copies in, each once in a case."""
    people = [
        person
        for copy in draft.world.definition.node(node_id).cc
        if draft.holds(copy.when)
        for person in draft.people(copy.to)
    ]
    new = tuple(dict.fromkeys(p for p in people if p not in draft.case.copied))
    if new:
        draft.cause(ev.CopiedIn(people=new, content=None))


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
        ev.RouteTaken(
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
        ev.TaskOpened(
            task=task_id,
            node=node.id,
            round=draft.case.visits(node.id),
            assignee=people[0] if alone else None,
            candidates=() if alone else people,
            fallback=found.fallback,
            channel=node.channel,
            passed_over=found.passed_over,
        )
    )
    ladders.plan(
        draft,
        key=f"task:{task_id}",
        limit=node.due,
        ladder=node.ladder,
        started_at=draft.world.now,
        why="started",
    )
    offering.follow_up(draft, task_id)


def _familiar(draft: Draft, node_id: str, people: tuple[str, ...]) -> str | None:
    """Whose task this node was before, if they may again: who knows the work gets it back.

    Workflow resource pattern 7, "retain familiar".
    """
    for task in reversed(draft.case.tasks):
        if task.node == node_id and task.outcome is not None and task.assignee in people:
            return task.assignee
    return None


def names_of(draft: Draft, task: Task) -> tuple[str, ...]:
    """The names by which the definition means the assignee of a task, as gateways fixed them."""
    expression = draft.world.definition.work_node(task.node).assignee
    if expression is None:
        return ()
    fixed = dict(draft.case.people)
    names = assignment.parse(expression).names
    return tuple(name for name in names if name in fixed and fixed[name] == task.assignee)


def leave(draft: Draft, task: Task, outcome: str) -> None:
    """A task was decided: take the way that its outcome leads."""
    node = draft.world.definition.work_node(task.node)
    if isinstance(node, TaskNode):
        enter(draft, node.next)
        return
    to, because = _outcome_way(draft, node, outcome)
    draft.cause(ev.RouteTaken(node=node.id, to=to, because=because))
    enter(draft, to)


def _outcome_way(
    draft: Draft, node: ApprovalNode, outcome: str
) -> tuple[str, Literal["outcome", "limit"]]:
    way = next(way for name, way in node.outcomes.items() if name == outcome)
    returned = dict(draft.case.returns).get(node.id, 0)
    if way.at_most is not None and way.then is not None and returned > way.at_most:
        return way.then, "limit"
    return way.to, "outcome"


def close_task_clocks(draft: Draft, task: Task, *, why: Literal["done", "cancelled"]) -> None:
    """Stop what watched a task; clocks of the case that its question held up go on."""
    if task.question is not None:
        ladders.go_on(draft, task, why="cancelled", resume_task=False)
    ladders.stop(draft, f"task:{task.id}", why=why)
    ladders.stop(draft, offering.blocked_clock(task), why=why)


def cancel_others(draft: Draft, *, reason: Literal["withdrawn", "returned", "ended"]) -> None:
    """Cancel every task that is still open."""
    for task in draft.case.open_tasks:
        draft.cause(ev.TaskCancelled(task=task.id, reason=reason))
        close_task_clocks(draft, task, why="cancelled")


def stop_all_clocks(draft: Draft, *, why: Literal["done", "cancelled"]) -> None:
    """Stop whatever still runs: no timer without a running case."""
    for clock in draft.case.clocks:
        if clock.status is not ClockStatus.STOPPED:
            ladders.stop(draft, clock.key, why=why)


def _end(draft: Draft, node: EndNode) -> None:
    cancel_others(draft, reason="ended")
    for key, clock in draft.world.definition.clocks.items():
        ladders.stop(draft, key, why="done" if clock.until == "end" else "cancelled")
    stop_all_clocks(draft, why="cancelled")
    draft.cause(ev.CaseClosed(status=node.status))
    survey = draft.world.definition.survey
    if survey is not None and node.status == "completed":
        for person in draft.people(survey.to)[:1]:
            draft.cause(ev.SurveyAsked(to=person))


def require_return_target(draft: Draft, task: Task, to: str) -> None:
    """Refuse a return to anywhere but the visited nodes that the definition offers."""
    node = draft.world.definition.work_node(task.node)
    offered = node.return_to if isinstance(node, TaskNode) else ()
    if to not in offered or not draft.case.visits(to):
        raise Refusal("return_not_offered")
