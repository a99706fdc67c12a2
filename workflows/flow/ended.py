"""What leaves the state of a case after a branch of a wait node has ended, and the whole case.

A case may rest for many years and open hundreds of branches. The events keep all of them; of the
tasks, visits and clocks of ended branches the state keeps what later decisions ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import TypeVar

from msgspec.structs import replace

from workflows.case.clock import Clock, ClockStatus
from workflows.case.events import Event, evolve
from workflows.case.scope import Left, Rest, Scope, last_named
from workflows.case.spot import Spot
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.flow import duties
from workflows.flow.moving import MovedToDefinition, renamed
from workflows.moments import Moment

Some = TypeVar("Some")


def without_ended(case: Case, *, at: Moment) -> Case:
    """Return the case without the tasks of branches of wait nodes that ended before a time.

    Their facts stay, and for each node who had a part, who had the task and who decided. A task
    stays while its form is the latest of its kind, because it is the one that counts again when a
    later decision is taken back, and the last check of each list while it is the last.
    """
    ended = (one for one in case.scopes if one.opened is not None and 0 < one.ended_at < at)
    over = tuple(one.id for one in ended)  # in order, so that every fold leaves the same
    if not over:
        return case
    inside = {one.id: its for one in case.scopes if (its := _branch_of(case, one, over))}
    stays = _staying(case, inside.keys())
    gone = tuple(one for one in case.tasks if one.scope in inside and one.id not in stays)
    needed = {spot.scope for one in case.tasks if one.id in stays for spot in case.around(one.spot)}
    scopes = [one for one in case.scopes if one.id in inside and one.id not in needed]
    for branch in over:
        rest = case.scope(case.scope(branch).parent)
        case = _noted(
            case,
            rest,
            [one for one in gone if inside[one.scope] == branch],
            [one for one in scopes if inside[one.id] == branch],
        )
    return _without(case, gone, {one.id for one in scopes})


def whole(events: Iterable[Event]) -> Case:
    """Return the state that results from these events, with everything that has left it."""
    case: Case | None = None
    lost: Case | None = None  # the state before something left it, with what had left before
    for event in events:
        before, case = case, evolve(case, event)
        if lost is not None and isinstance(event.body, MovedToDefinition):
            lost = renamed(lost, dict(event.body.nodes))
        if before is not None and _lost_something(before, case):
            lost = before if lost is None else _together(lost, before)
    assert case is not None, "a case has at least one event"
    return case if lost is None else replace(_together(lost, case), gone=0)


def _lost_something(before: Case, after: Case) -> bool:
    return before.gone < after.gone or len(before.facts) > len(after.facts)


def _together(earlier: Case, later: Case) -> Case:
    """Return the later state with what the earlier one has besides; of both, the later one's."""
    return replace(
        later,
        tasks=_merged("id", earlier.tasks, later.tasks),
        scopes=_merged("id", earlier.scopes, map(_without_left, later.scopes)),
        waited=_merged("id", earlier.waited, later.waited),
        clocks=_merged("key", earlier.clocks, later.clocks),
        facts=_merged("seq", earlier.facts, later.facts),
    )


def _merged(name: str, earlier: Iterable[Some], later: Iterable[Some]) -> tuple[Some, ...]:
    key = attrgetter(name)
    return tuple({key(one): one for one in (*earlier, *later)}.values())


def _branch_of(case: Case, scope: Scope, over: tuple[str, ...]) -> str:
    """Return the ended branch in which a scope lies, "" if it lies in none."""
    around = (spot.scope for spot in case.around(Spot(scope=scope.id)))
    return next((one for one in around if one in over), "")


def _staying(case: Case, inside: Iterable[str]) -> set[str]:
    """Return the ids of the tasks that stay, with those that they refer to."""
    scopes, latest = {*inside}, {ref.id for _, ref in case.forms}
    checks = {one.node: one.id for one in case.tasks if one.verdicts and one.outcome}
    stays = {*checks.values()} | {
        one.id
        for one in case.tasks
        if one.scope not in scopes or (one.content is not None and one.content.id in latest)
    }
    for one in reversed(case.tasks):  # a task refers to earlier ones only
        if one.id in stays:
            stays |= {one.original, one.parent}
    return stays


def _noted(case: Case, rest: Scope, tasks: list[Task], scopes: list[Scope]) -> Case:
    """Return the case whose rest notes what these tasks and scopes of a branch leave."""
    assert rest.rest is not None, "the scope of a wait node with starts"
    left = {one.node: one for one in rest.rest.left}
    found = [_of_node(case, node, tasks) for node in dict.fromkeys(one.node for one in tasks)]
    found += [Left(node=node, visits=most) for one in scopes for node, most in one.rounds]
    for one in found:
        left[one.node] = left.get(one.node, one).then(one)
    copied = dict.fromkeys((*rest.copied, *(key for one in scopes for key in one.copied)))
    noted: Rest = replace(rest.rest, left=tuple(left.values()))
    return case.with_scope(rest.id, rest=noted, copied=tuple(copied))


def _of_node(case: Case, node: str, tasks: list[Task]) -> Left:
    here = [one for one in tasks if one.node == node]
    decided = [one for one in here if _decided(one)]
    newest = [one for one in decided if one.visit == decided[-1].visit]
    own = (one for one in here if one.outcome is not None and not one.parent and one.assignee)
    return Left(
        node=node,
        people=last_named(key for one in here for key in one.people),
        owners=last_named(key for one in here for key in one.owners),
        assignees=last_named(one.assignee or "" for one in own),
        doers=last_named(key for one in decided for key in duties.doers(case, one)),
        last=last_named(key for one in newest for key in duties.doers(case, one)),
    )


def _decided(task: Task) -> bool:
    return duties.valid(task) and task.joins != "advice"


def _without(case: Case, tasks: tuple[Task, ...], scopes: set[str]) -> Case:
    gone = {one.id for one in tasks}
    kept = tuple(one for one in case.tasks if one.id not in gone)
    case = replace(
        case,
        tasks=kept,
        gone=case.gone + len(gone),
        scopes=tuple(one for one in case.scopes if one.id not in scopes),
        waited=tuple(one for one in case.waited if one.scope not in scopes),
    )
    return replace(case, clocks=tuple(_clocks(case)))


def _clocks(case: Case) -> Iterator[Clock]:
    """Yield the clocks of the whole case, and those about a task or a visit that it has."""
    stays = {one.id for one in (*case.visits, *case.waited)}
    known = {*stays, *(key for one in case.tasks for key in (one.id, one.visit))}
    for clock in case.clocks:
        about = clock.about.partition(":")[0]
        if not about or about in known or clock.status is not ClockStatus.STOPPED:
            yield clock


def _without_left(scope: Scope) -> Scope:
    return scope if scope.rest is None else replace(scope, rest=replace(scope.rest, left=()))
