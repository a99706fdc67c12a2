"""A case moves on to another version of its definition.

What the case has, its people and due times, stays; nodes that have another name there get it in the
whole state. Whether a case can move is for `move_check.py`, the new clocks for `actions/move.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from msgspec.structs import replace

from workflows.case.effects import Effect, Refresh, case_cards
from workflows.case.events import Body, Event
from workflows.case.scope import Left, Scope
from workflows.case.state import Case, Visit
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task

Rename = Callable[[str], str]


class MovedToDefinition(Body, frozen=True, kw_only=True, omit_defaults=True):
    """The case goes on with another version of its definition.

    `definition` and `was` are hashes, `version` is the number of the new one. `nodes` has the new
    name of each node of the case that has another one there. `why` is `rest` for a case that moved
    by itself, and `asked` for one that somebody moved, with their reason as `content`.
    """

    stored = "MovedToDefinition"

    definition: str
    was: str
    version: int
    why: Literal["rest", "asked"]
    nodes: tuple[tuple[str, str], ...] = ()
    content: ContentRef | None = None

    def apply(self, case: Case, event: Event) -> Case:
        """Set the definition, keep the earlier one for what was done by it, and name the nodes."""
        case = renamed(case, dict(self.nodes))
        newest = case.newest
        return replace(
            case,
            definition=self.definition,
            earlier=(*case.earlier, (self.was, event.seq)),
            node=case.node if newest is None else newest.node,
        )

    def effects(self, case: Case, event: Event) -> Iterator[Effect]:
        """Update the cards of open tasks, and of the case."""
        for task in case.open_tasks:
            yield Refresh(task=task.id, soon=True)
        yield from case_cards()


def at_rest(case: Case) -> bool:
    """Return whether nothing goes on in a case: it is at a wait node, and no branch is open or due.

    A case whose day to leave has come is not at rest.
    """
    if case.status is not Status.RUNNING or len(case.visits) != 1:
        return False
    (visit,) = case.visits
    scope = next((one for one in case.scopes if one.id == visit.id), None)
    if scope is None or scope.rest is None:
        return False
    return not (scope.open or scope.rest.due or scope.rest.closing)


def concerned(case: Case, names: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return those of these new names of nodes that change something in a case."""
    return tuple(pair for pair in names.items() if renamed(case, dict([pair])) != case)


def renamed(case: Case, names: Mapping[str, str]) -> Case:
    """Return the case with these nodes under their new names, given by the old ones."""
    if not names:
        return case

    def new(node: str) -> str:
        return names.get(node, node)

    forms = {_form(what, new): ref for what, ref in case.forms}
    return replace(
        case,
        node=new(case.node),
        visits=tuple(_visit(one, new) for one in case.visits),
        waited=tuple(_visit(one, new) for one in case.waited),
        tasks=tuple(_task(one, new) for one in case.tasks),
        scopes=tuple(_scope(one, new) for one in case.scopes),
        forms=tuple(forms.items()),
        facts=tuple(replace(one, node=new(one.node)) for one in case.facts),
    )


def _visit(visit: Visit, new: Rename) -> Visit:
    return replace(
        visit, node=new(visit.node), branch=new(visit.branch), resume_to=new(visit.resume_to)
    )


def _task(task: Task, new: Rename) -> Task:
    return replace(
        task,
        node=new(task.node),
        branch=new(task.branch),
        resume_to=new(task.resume_to),
        returned_to=new(task.returned_to),
        returned_also=tuple(map(new, task.returned_also)),
    )


def _scope(scope: Scope, new: Rename) -> Scope:
    """Return a scope with new names; the branches of a wait node are scopes and no nodes."""
    opened = scope.opened
    if opened is not None:
        turns = tuple((at, new(target)) for at, target in opened.turns)
        opened = replace(opened, target=new(opened.target), turns=turns)
    return replace(
        scope,
        fork=new(scope.fork),
        branch=scope.branch if opened is not None else new(scope.branch),
        open=scope.open if scope.rest is not None else tuple(map(new, scope.open)),
        rounds=_counts(scope.rounds, new),
        returns=_counts(scope.returns, new),
        opened=opened,
        rest=replace(scope.rest, left=_left(scope.rest.left, new)) if scope.rest else None,
    )


def _left(left: tuple[Left, ...], new: Rename) -> tuple[Left, ...]:
    found: dict[str, Left] = {}
    for one in left:
        named = replace(one, node=new(one.node))
        found[named.node] = found.get(named.node, named).then(named)
    return tuple(found.values())


def _counts(pairs: tuple[tuple[str, int], ...], new: Rename) -> tuple[tuple[str, int], ...]:
    counts: dict[str, int] = {}
    for node, count in pairs:
        counts[new(node)] = counts.get(new(node), 0) + count
    return tuple(counts.items())


def _form(what: str, new: Rename) -> str:
    kind, _, place = what.partition(":")
    node, colon, subject = place.partition(":")
    return f"task:{new(node)}{colon}{subject}" if kind == "task" else what
