"""Who may have a task: one set of rules for every way in which a person gets to act on it.

The rules apply when a task is opened, offered again, transferred, taken over, claimed, escalated,
or acted on by a deputy: when it is offered, and again when a button is pressed. People who are
passed over are recorded with the reason (rules: separation of duties, rules: nobody found).

* Nobody decides an **approval** of a case that they filed, unless the definition itself names the
  filer there (`assignee = "filer"`), nor an approval of a task that they performed. An approval
  judges the last task that was completed before it; the person who completed it and the principal
  they acted for have both performed it. An earlier approval bars nobody. A filer whom the
  definition names for both may confirm what they filled in themselves.
* Where the definition finds nobody, the task **falls back** to the process owner, then the owner's
  managers upward, then the administrators, but never to somebody whom the definition excludes
  (`except(…, filer)`).
* A task that is **handed** on (transferred, taken over, acted on by a deputy, left by a leaver)
  does not go to the filer either. A plain task that the definition gives to the filer does.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from workflows import assignment
from workflows.case.passed_over import Bar, Fallback, PassedOver
from workflows.case.people import find_people, owners_of, scope_of
from workflows.case.state import Case, Task, TaskStatus
from workflows.case.world import World
from workflows.expressions import Except, Name, Pick, Term, Word
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, GatewayNode, WorkNode

Way = Literal["named", "fallback", "handed"]
_FILER = Word(word="filer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The context of a permission check: a node of a case and, once it is open, its task."""

    case: Case
    world: World
    node: WorkNode
    values: Mapping[str, object]
    task: Task | None = None

    @classmethod
    def of(cls, task: Task, *, case: Case, world: World) -> Place:
        """Return the place of an existing task."""
        node = world.definition.work_node(task.node)
        return cls(case=case, world=world, node=node, values=world.values, task=task)

    @property
    def expression(self) -> str:
        """The people expression of the node."""
        text = self.node.assignee or self.node.candidates
        assert text is not None, "lint refuses a node without people"
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The people who may have the task, the rule that found them, and who was passed over.

    `people` may be empty.
    """

    people: tuple[str, ...]
    fallback: Fallback = ""
    passed_over: tuple[PassedOver, ...] = ()


# ---------------------------------------------------------------------------- bars


def barred(place: Place, *, way: Way) -> Mapping[str, Bar]:
    """Return the keys of the people who are barred from this place, with the reason.

    `way` is the way in which they would get the task: "named" by the definition, by "fallback", or
    "handed" on.
    """
    case, definition = place.case, place.world.definition
    found: dict[str, Bar] = {}
    approval = isinstance(place.node, ApprovalNode)
    if approval:
        found.update(dict.fromkeys(_performers(place), "own_work"))
    if (approval or way == "handed") and not names_the_filer(place.expression, definition):
        found[case.filer] = "filer"
    if way != "named":
        for person in _excepted(place.expression, place.case, place.world, place.values):
            found.setdefault(person, "excepted")
    return found


def names_the_filer(expression: str, definition: Definition) -> bool:
    """Return whether the expression names the filer, directly or by a gateway's name."""
    return _FILER in _spine(expression, definition)


def judged(case: Case, task: Task | None) -> Task | None:
    """Return the task that an approval judges, or None.

    `task` is the task of the approval, None for one that is about to open.
    """
    tasks: Iterator[Task] = reversed(case.tasks)
    if task is not None:
        tasks = itertools.islice(itertools.dropwhile(lambda one: one.id != task.id, tasks), 1, None)
    return next(filter(_completed, tasks), None)


def _completed(task: Task) -> bool:
    return task.status is TaskStatus.DONE and task.outcome == "complete"


def _performers(place: Place) -> Iterator[str]:
    work, definition = judged(place.case, place.task), place.world.definition
    if work is None:
        return
    there = Place.of(work, case=place.case, world=place.world)
    both = all(names_the_filer(one.expression, definition) for one in (place, there))
    for person in (work.decided_by, work.on_behalf_of):
        if person and not (both and person == place.case.filer):
            yield person


def _excepted(
    expression: str, case: Case, world: World, values: Mapping[str, object]
) -> Iterator[str]:
    scope = scope_of(case=case, world=world, values=values)
    for term in _spine(expression, world.definition):
        if isinstance(term, Except):
            yield from assignment.everybody(term.without, scope)


def _spine(expression: str, definition: Definition) -> Iterator[Term]:
    """Yield the terms of an expression that name people, following the names of gateways."""
    todo, names = [assignment.parse(expression).root], set[str]()
    while todo:
        term = todo.pop()
        yield term
        if isinstance(term, Except | Pick):
            todo.append(term.of)
        elif isinstance(term, Name) and term.name not in names:
            names.add(term.name)
            todo.extend(_set_as(term.name, definition))


def _set_as(name: str, definition: Definition) -> Iterator[Term]:
    for node in definition.nodes:
        if isinstance(node, GatewayNode):
            texts = (route.set[name] for route in node.routes if name in route.set)
            yield from (assignment.parse(text).root for text in texts)


# ---------------------------------------------------------------------------- candidates


def find(place: Place) -> Found:
    """Return the people who get the task: those the definition names, else the fallback."""
    found = meant(place)
    if found.people:
        return found
    return _falling(place, found.passed_over, way="fallback")


def meant(place: Place) -> Found:
    """Return the people whom the definition names and who may have the task."""
    bars = barred(place, way="named")
    expression = assignment.parse(place.expression)
    scope = scope_of(
        case=place.case, world=place.world, values=place.values, barred=frozenset(bars)
    )
    everybody = assignment.eligible(expression, scope)
    return Found(
        people=assignment.resolve(expression, scope), passed_over=passed_over(everybody, bars)
    )


def still_meant(place: Place, person: str) -> bool:
    """Return whether a person is among those from whom the definition may choose."""
    scope = scope_of(case=place.case, world=place.world, values=place.values)
    everybody = assignment.eligible(assignment.parse(place.expression), scope)
    return person in everybody and person not in barred(place, way="named")


def find_successor(place: Place, *, after: tuple[str, ...]) -> Found:
    """Return who gets a task of leavers: their managers, else the fallback.

    `after` are the keys of the leavers.
    """
    bars = barred(place, way="handed")
    managers = find_people(
        "manager(assignee)",
        case=place.case,
        world=place.world,
        values=place.values,
        assignees=after,
    )
    people, out = sift(managers, bars)
    return Found(people=people, passed_over=out) if people else _falling(place, out, way="handed")


def find_for_name(
    expression: str, *, case: Case, world: World, values: Mapping[str, object]
) -> Found:
    """Return the person whom a gateway sets under a name; nobody is possible.

    Of several people one who is present is preferred.
    """
    people = find_people(expression, case=case, world=world, values=values)
    found = Found(people=people)
    if not people:
        excepted = _excepted(expression, case, world, values)
        bars: dict[str, Bar] = dict.fromkeys(excepted, "excepted")
        found = first_of(fallbacks(case, world, values), bars, ())
    return Found(
        people=world.directory.present_first(found.people, at=world.now)[:1],
        fallback=found.fallback,
        passed_over=found.passed_over,
    )


def watchers(case: Case, world: World) -> tuple[str, ...]:
    """Return the people who are notified of a blocked task: owner and administrators."""
    return tuple(dict.fromkeys((*owners_of(case, world), *_admins(world))))


def _falling(place: Place, out: tuple[PassedOver, ...], *, way: Way) -> Found:
    stages = fallbacks(place.case, place.world, place.values)
    return first_of(stages, barred(place, way=way), out)


def first_of(
    stages: Iterable[tuple[Fallback, tuple[str, ...]]],
    bars: Mapping[str, Bar],
    out: tuple[PassedOver, ...],
) -> Found:
    """Return the people of the first stage that has anybody who is not barred.

    `bars` are the reasons by person; `out` are people who were passed over before.
    """
    for fallback, some in stages:
        people, more = sift(some, bars)
        out = tuple(dict.fromkeys((*out, *more)))
        if people:
            return Found(people=people, fallback=fallback, passed_over=out)
    return Found(people=(), passed_over=out)


def fallbacks(
    case: Case, world: World, values: Mapping[str, object]
) -> Iterator[tuple[Fallback, tuple[str, ...]]]:
    """Yield the stages of the fallback, in order; a stage may be empty."""
    owners = find_people("owner", case=case, world=world, values=values)
    yield "process_owner", owners
    for above in lines_up(owners, world):
        yield "owners_manager", above
    yield "admin", _admins(world)


def lines_up(people: tuple[str, ...], world: World) -> Iterator[tuple[str, ...]]:
    """Yield the managers of these people, then their managers, until the lines end."""
    seen = set(people)
    while people:
        managers = (world.directory.manager_of(person) for person in people)
        people = tuple(dict.fromkeys(one for one in managers if one and one not in seen))
        seen.update(people)
        if people:
            yield people


def _admins(world: World) -> tuple[str, ...]:
    return tuple(sorted(key for key in world.directory.admins if world.directory.active(key)))


def sift(
    people: tuple[str, ...], bars: Mapping[str, Bar]
) -> tuple[tuple[str, ...], tuple[PassedOver, ...]]:
    """Split these people into those who may have the task and those who were passed over."""
    return tuple(person for person in people if person not in bars), passed_over(people, bars)


def passed_over(
    people: tuple[str, ...], bars: Mapping[str, Bar], *, task: str = ""
) -> tuple[PassedOver, ...]:
    """Return records of the people who are barred, with the reason."""
    return tuple(
        PassedOver(person=person, why=bars[person], task=task)
        for person in people
        if person in bars
    )


# ---------------------------------------------------------------------------- deputies


def standing(case: Case, task: Task, *, actor: str, world: World) -> str | None:
    """Return the owner for whom the actor may act, or None.

    This is the actor themselves, or a principal whose deputy the actor is.
    """
    place = Place.of(task, case=case, world=world)
    if actor in task.owners:
        return None if actor in barred(place, way="named") else actor
    for owner in task.owners:
        if stands_in(case, actor=actor, principal=owner, world=world):
            return None if actor in barred(place, way="handed") else owner
    return None


def stands_in(case: Case, *, actor: str, principal: str, world: World) -> bool:
    """Return whether the actor is now the deputy of the principal in this case.

    Deputies do not cascade, and neither side may be the filer, so that nobody decides on their own
    case through a deputy (rules: deputies).
    """
    if case.filer in (actor, principal):
        return False
    return world.directory.deputy_of(principal, at=world.now) == actor


def why_no_deputy(place: Place, *, principal: str, deputy: str) -> Bar | None:
    """Return the reason why a deputy may not act on a task of the principal, or None."""
    if not place.world.directory.active(deputy):
        return "left"
    if place.case.filer == principal:
        return "principal_filed"
    return "filer" if place.case.filer == deputy else barred(place, way="handed").get(deputy)
