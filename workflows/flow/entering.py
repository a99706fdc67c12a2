"""Movement through a definition: deciding tasks, taking routes, entering nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from workflows.case.draft import Draft
from workflows.case.effects import COPY, Effect, Refresh, news, progress
from workflows.case.events import Body, Event
from workflows.case.passed_over import PassedOver
from workflows.case.spot import WHOLE, Spot
from workflows.case.state import Case, counted
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus, form_key
from workflows.errors import Refusal
from workflows.flow import (
    adding,
    by_rule,
    clocks,
    ending,
    facts,
    forks,
    offer,
    offering,
    opening,
    other_cases,
    pauses,
    reopening,
    returning,
    scores,
    services,
    stale,
    starts,
    until,
)
from workflows.model.nodes import (
    ApprovalNode,
    EndNode,
    ForkNode,
    GatewayNode,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
    WorkNode,
)

Outcome = Literal["complete", "approve", "reject", "return"]


class TaskCompleted(Body, frozen=True, kw_only=True, omit_defaults=True):
    """The task was decided: `complete` for a task node, else the outcome of the approval.

    `changed` are the ids of the fields that its form changed, where a rule asks for them; `to` is
    the node that a return names, where there are several, and `also` are further ones that it
    names, which lie after it. They are not stored while they are empty.
    """

    stored = "TaskCompleted"

    task: str
    outcome: Outcome
    content: ContentRef | None
    changed: tuple[str, ...] = ()
    to: str = ""
    also: tuple[str, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Close the task; without other signers also its visit, and count a return.

        An approval is held while signers who were added after it have not signed.
        """
        held = self.outcome == "approve" and case.added(self.task) != ()
        case = case.with_task(
            self.task,
            status=TaskStatus.WAITING if held else TaskStatus.DONE,
            outcome=self.outcome,
            decided_by=event.actor,
            on_behalf_of=event.on_behalf_of,
            decided_at=event.at,
            content=self.content,
            question=None,
            returned_to=self.to,
            returned_also=self.also,
        )
        task = case.known_task(self.task)
        if task.parent:
            return case  # an opinion, which changes no field; `AddedSignersDecided` follows
        branch = case.started(task.spot) if task.scope else None
        key = f"task:{task.node}" if branch is None else form_key(task.node, branch)
        case = case.with_form(key, self.content)
        case = case.with_edits(self.changed, by=self.task)
        if task.seat or held:
            return case  # `BallotDecided` follows once the votes give an outcome
        if self.outcome == "return":
            returns = counted(case.scope(task.scope).returns, task.node)
            case = case.with_scope(task.scope, returns=returns)
        return case.without_visit(task.visit)

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update its cards, which show the decision, and those of other signers and before it."""
        yield from progress(self.task, soon=True)
        task = case.known_task(self.task)
        for seat in case.ballot(task.visit) if task.seat else ():
            if seat.status is TaskStatus.OPEN:
                yield Refresh(task=seat.id)
        for earlier in case.decided_before(task):  # they cannot be taken back any more
            yield Refresh(task=earlier.id)


class NodeEntered(Body, frozen=True, kw_only=True, omit_defaults=True):
    """The case entered a node; `round` counts the visits, from 1.

    `resume_to` is the approval to which it comes back after a return; `scope` and `branch` are
    those of a fork. What is empty is not stored.
    """

    stored = "NodeEntered"

    node: str
    round: int
    resume_to: str = ""
    scope: str = ""
    branch: str = ""

    def apply(self, case: Case, event: Event) -> Case:
        """Begin a visit at the node."""
        spot = Spot(scope=self.scope, branch=self.branch) if self.scope else WHOLE
        return case.with_visit(self.node, round=self.round, spot=spot, resume_to=self.resume_to)


class RouteTaken(Body, frozen=True, kw_only=True):
    """The case left a node by a route; `people` were set for later nodes.

    `because` is the reason and `route` the index of the route of a gateway.
    """

    stored = "RouteTaken"

    node: str
    to: str
    because: Literal["condition", "default", "outcome", "limit", "holds"]
    route: int | None = None
    people: tuple[tuple[str, str], ...] = ()  # (name in the definition, person; "" for nobody)
    passed_over: tuple[PassedOver, ...] = ()

    def apply(self, case: Case, event: Event) -> Case:
        """Close the visit of a gateway, and set its names to these people.

        The visit of an approval is closed when its task is decided.
        """
        if self.route is not None:
            case = case.without_visit(case.newest_at(self.node).id)
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


def enter(draft: Draft, node_id: str, *, spot: Spot = WHOLE, resume_to: str = "") -> None:
    """Enter a node and follow gateways, forks and rules until tasks are opened or the case ends.

    Copies people in at each node on the way. On the way back to `resume_to` approvals that still
    hold are skipped. Raises Refusal `nobody_to_act` when a task finds nobody and there is nobody to
    notify either.
    """
    follow(draft, [(node_id, spot, resume_to)])


def follow(draft: Draft, todo: list[forks.Way]) -> None:
    """Enter the first nodes of these ways, one after the other, and go on from each."""
    due = sum(len(scope.rest.due) for scope in draft.case.scopes if scope.rest is not None)
    for _ in range((3 * len(draft.world.definition.nodes) + 1) * (1 + due)):
        if not todo or draft.case.status is not Status.RUNNING:
            return
        todo[:1] = _step(draft, *todo[0])
    raise AssertionError("gateways lead in a circle; lint refuses such a definition")


def _step(draft: Draft, node_id: str, spot: Spot, resume_to: str) -> tuple[forks.Way, ...]:
    """Enter a node, or pass it; return where the case goes on at once, nowhere at a task."""
    if spot.scope and forks.joins(draft, node_id, spot):
        return forks.arrive(draft, spot)
    if spot.scope and draft.case.scope(spot.scope).opened is not None:
        ways = starts.came_to(draft, node_id, spot)
        if ways is not None:
            return (*ways, *starts.left(draft, draft.case.scope(spot.scope).parent))
    node = draft.world.definition.node(node_id)
    way_back = resume_to not in ("", node_id)
    if way_back and isinstance(node, ApprovalNode) and returning.holds(draft, node, spot):
        to = node.outcomes["approve"].to[0]
        draft.cause(RouteTaken(node=node_id, to=to, because="holds"))
        return ((to, spot, resume_to),)
    resume_to = "" if node_id == resume_to else resume_to
    draft.cause(
        NodeEntered(
            node=node_id,
            round=draft.case.times_at(node_id, scope=spot.scope) + 1,
            resume_to=resume_to,
            scope=spot.scope,
            branch=spot.branch,
        )
    )
    if isinstance(node, GatewayNode) and node.score is not None:
        scores.work_out(draft, node.score, spot)
    _copy_in(draft, node_id, spot)
    if isinstance(node, EndNode):
        ending.end(draft, node)
        return ()
    if isinstance(node, ForkNode):
        return forks.begin(draft, node, resume_to)
    if isinstance(node, GatewayNode):
        return ((_route(draft, node), spot, resume_to),)
    return _work(draft, node, spot, resume_to)


def _work(
    draft: Draft,
    node: WorkNode | ProcessNode | ServiceNode | WaitNode,
    spot: Spot,
    resume_to: str,
) -> tuple[forks.Way, ...]:
    """Open the work of a node that was entered; return where the case goes on if a rule decides."""
    if isinstance(node, ProcessNode):
        other_cases.begin(draft, draft.case.newest_at(node.id))
        return ()
    if isinstance(node, ServiceNode):
        services.begin(draft, draft.case.newest_at(node.id))
        return ()
    if isinstance(node, WaitNode):
        visit = draft.case.newest_at(node.id)
        if node.until is not None and not until.begin(draft, node, visit):
            assert node.next is not None, "a node with a day has one that follows"
            return ((node.next, spot, resume_to),)
        if node.starts:
            starts.begin(draft, node, visit)
        return ()
    task = by_rule.decide(draft, node) if isinstance(node, ApprovalNode) else None
    if task is None:
        opening.open_work(draft, node)
        return ()
    to = _next(draft, task, str(task.outcome))
    return ((to, forks.led_to(draft, task, to) if spot.scope else spot, resume_to),)


def _copy_in(draft: Draft, node_id: str, spot: Spot) -> None:
    """Copy in the people that the node names, each once in a scope."""
    people = [
        person
        for copy in draft.world.definition.node(node_id).cc
        if facts.holds(draft, copy.when)
        for person in draft.people(copy.to)
    ]
    copied = draft.case.scope(spot.scope).copied
    new = tuple(dict.fromkeys(p for p in people if p not in copied))
    if new:
        draft.cause(CopiedIn(people=new, content=None))


def _route(draft: Draft, node: GatewayNode) -> str:
    index, route = next(
        (index, route) for index, route in enumerate(node.routes) if facts.holds(draft, route.when)
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
    facts.note_options(draft, route.note)
    return route.to


def missing_actions(node: WorkNode, case: Case, task: Task) -> tuple[str, ...]:
    """Return the actions to be recorded before a task is decided; an added signer needs none."""
    needed = () if task.parent else node.requires
    return tuple(action for action in needed if action not in case.recorded(task.scope))


def require_actions(draft: Draft, node: WorkNode, task: Task) -> None:
    """Raise Refusal `action_missing` while an action is to be recorded before the decision."""
    missing = missing_actions(node, draft.case, task)
    if missing:
        raise Refusal("action_missing", action=missing[0])


def complete(
    draft: Draft,
    task: Task,
    body: TaskCompleted,
    *,
    on_behalf_of: str | None,
    taken: Mapping[str, object],
) -> None:
    """Decide a task, stop its clocks, and take the route once all votes give an outcome.

    `taken` are the values of the form that was submitted with the decision; `on_behalf_of` is the
    principal if a deputy decides.
    """
    draft.emit(body, on_behalf_of=on_behalf_of)
    again = stale.void(draft, by=task.id, fields=body.changed)
    if again:
        reopening.ask_again(draft, again)
    decided = draft.task(task.id)
    if not decided.unfinished:
        offering.close_task_clocks(draft, task, why="done")
    elif task.question is not None:
        pauses.go_on(draft, task, why="cancelled")
    if draft.world.formulas and not task.parent:
        facts.note(draft, taken)
    plan_again(draft)
    added = task.parent or draft.case.added(task.id)
    outcome = (adding.vote if added else opening.vote)(draft, decided, body.outcome)
    if outcome:
        leave(draft, draft.task(task.id), outcome)


def leave(draft: Draft, task: Task, outcome: str) -> None:
    """Take the route that the outcome of a decided task leads to.

    An approval that has returned the case more than `at_most` times takes the route of `then`.
    """
    definition = draft.world.definition
    to = _next(draft, task, outcome)
    spot = forks.led_to(draft, task, to) if task.scope else WHOLE
    way = returning.return_of(definition, task) if outcome == "return" else None
    if way is not None and to in way.to:
        resume_to = task.node if way.resume == "jump_back" else ""
        named = returning.chosen(definition, draft.case, task, way)
        back = returning.places(definition, draft.case, spot, named)
        first = returning.entered(draft.case, back)
        returning.go_back(draft, task, back, spot, resume=bool(resume_to))
        forks.open_again(draft, [at for _, at in first], resume_to)
        follow(draft, [(node, at, resume_to) for node, at in first])
        return
    enter(draft, to, spot=spot, resume_to=task.resume_to)


def plan_again(draft: Draft) -> None:
    """Plan again what depends on the values of a form that was just taken."""
    clocks.regrade(draft)
    if clocks.waits(draft.case):
        until.regrade(draft)
    if draft.case.rests:
        starts.regrade(draft)


def _next(draft: Draft, task: Task, outcome: str) -> str:
    """Record the route that an outcome leads to and what it notes, and return its node."""
    node = draft.world.definition.work_node(task.node)
    if isinstance(node, TaskNode):
        facts.note_options(draft, node.note, task=task.id)
        return node.next
    to, because = _outcome_way(draft, task, node, outcome)
    draft.cause(RouteTaken(node=node.id, to=to, because=because))
    notes = node.outcome(outcome).note
    if notes and because == "outcome":
        facts.note_options(draft, notes, task=task.id)
    return to


def _outcome_way(
    draft: Draft, task: Task, node: ApprovalNode, outcome: str
) -> tuple[str, Literal["outcome", "limit"]]:
    way = node.outcome(outcome)
    returned = dict(draft.case.scope(task.scope).returns).get(node.id, 0)
    if way.at_most is not None and way.then is not None and returned > way.at_most:
        return way.then, "limit"
    if outcome == "return":
        return returning.chosen(draft.world.definition, draft.case, task, way)[0], "outcome"
    return way.to[0], "outcome"
