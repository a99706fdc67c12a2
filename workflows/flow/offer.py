"""Who may: the one rule for every way in which a person comes near a task.

Opened, offered again, handed over, standing in, escalated to, taken over, claimed, pressing a
button: each asks here, when the task is offered and again at the press. Who is left out is named
with the reason.

* Nobody decides an **approval** of a case they filed, unless the definition itself names the filer
  there (`assignee = "filer"`), nor one of a task that they performed. It judges the last task that
  was completed before it; who completed it, for themselves or for somebody else, performed it, and
  so did the person it was done for. An earlier approval bars nobody. A filer whom the definition
  names for both may confirm what they filled in themselves.
* Where the definition finds nobody, the work **falls back** to the process owner, their managers
  upward, the administrators, but never to whom the definition excludes (`except(…, filer)`).
* Work that is **handed** on (transferred, taken over, done by a deputy, left behind) does not come
  to the filer either. What the definition gives to the filer as plain work is theirs.
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
from workflows.definition import ApprovalNode, Definition, GatewayNode, WorkNode
from workflows.expressions import Except, Name, Pick, Term, Word

Way = Literal["named", "fallback", "handed"]
_FILER = Word(word="filer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where somebody would act: a node of a case and, once it is open, the task there."""

    case: Case
    world: World
    node: WorkNode
    values: Mapping[str, object]
    task: Task | None = None

    @classmethod
    def of(cls, task: Task, *, case: Case, world: World) -> Place:
        """The place of a task that is there."""
        node = world.definition.work_node(task.node)
        return cls(case=case, world=world, node=node, values=world.values, task=task)

    @property
    def expression(self) -> str:
        """Whom the definition means."""
        text = self.node.assignee or self.node.candidates
        assert text is not None, "lint refuses a node without people"
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who may have the work, by which rule, and who was passed over. Perhaps nobody."""

    people: tuple[str, ...]
    fallback: Fallback = ""
    passed_over: tuple[PassedOver, ...] = ()


# ---------------------------------------------------------------------------- who is barred


def barred(place: Place, *, way: Way) -> Mapping[str, Bar]:
    """Who may not come to this place in this way, and why."""
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
    """Whether the definition means the filer here, by a name that a gateway sets perhaps."""
    return _FILER in _spine(expression, definition)


def judged(case: Case, task: Task | None) -> Task | None:
    """The task that an approval judges, one that opens now if `task` is None."""
    earlier = itertools.takewhile(lambda one: task is None or one.id != task.id, case.tasks)
    done = [one for one in earlier if one.status is TaskStatus.DONE and one.outcome == "complete"]
    return done[-1] if done else None


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
    """The terms that say who is meant, from outside inwards, through names that gateways set."""
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


# ---------------------------------------------------------------------------- who gets the work


def find(place: Place) -> Found:
    """Who gets the work of a place: whom the definition means, else those it falls back to."""
    found = meant(place)
    if found.people:
        return found
    return _falling(place, found.passed_over, way="fallback")


def meant(place: Place) -> Found:
    """Whom the definition means and who may."""
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
    """Whether somebody is among those of whom the definition may choose."""
    scope = scope_of(case=place.case, world=place.world, values=place.values)
    everybody = assignment.eligible(assignment.parse(place.expression), scope)
    return person in everybody and person not in barred(place, way="named")


def find_successor(place: Place, *, after: tuple[str, ...]) -> Found:
    """Who gets what these people left behind: their managers, else those it falls back to."""
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
    """Whom a gateway fixes under a name: one person, somebody present if there is; or nobody."""
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
    """Who is told that nobody may act: the process owner and the administrators."""
    return tuple(dict.fromkeys((*owners_of(case, world), *_admins(world))))


def _falling(place: Place, out: tuple[PassedOver, ...], *, way: Way) -> Found:
    stages = fallbacks(place.case, place.world, place.values)
    return first_of(stages, barred(place, way=way), out)


def first_of(
    stages: Iterable[tuple[Fallback, tuple[str, ...]]],
    bars: Mapping[str, Bar],
    out: tuple[PassedOver, ...],
) -> Found:
    """Those of the first stage at which anybody is not barred; perhaps nobody."""
    for fallback, some in stages:
        people, more = sift(some, bars)
        out = tuple(dict.fromkeys((*out, *more)))
        if people:
            return Found(people=people, fallback=fallback, passed_over=out)
    return Found(people=(), passed_over=out)


def fallbacks(
    case: Case, world: World, values: Mapping[str, object]
) -> Iterator[tuple[Fallback, tuple[str, ...]]]:
    """Whom work falls back to, one stage after another; a stage may be empty."""
    owners = find_people("owner", case=case, world=world, values=values)
    yield "process_owner", owners
    for above in lines_up(owners, world):
        yield "owners_manager", above
    yield "admin", _admins(world)


def lines_up(people: tuple[str, ...], world: World) -> Iterator[tuple[str, ...]]:
    """The managers of these people, then theirs, and so on until the lines end."""
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
    """Those of these people who may, and those who may not."""
    return tuple(person for person in people if person not in bars), passed_over(people, bars)


def passed_over(
    people: tuple[str, ...], bars: Mapping[str, Bar], *, task: str = ""
) -> tuple[PassedOver, ...]:
    """Those of these people who are barred, with the reason."""
    return tuple(
        PassedOver(person=person, why=bars[person], task=task)
        for person in people
        if person in bars
    )


# ---------------------------------------------------------------------------- who acts


def standing(case: Case, task: Task, *, actor: str, world: World) -> str | None:
    """For whom of the owners the actor may act: the actor themselves, a principal, or None."""
    place = Place.of(task, case=case, world=world)
    if actor in task.owners:
        return None if actor in barred(place, way="named") else actor
    for owner in task.owners:
        if stands_in(case, actor=actor, principal=owner, world=world):
            return None if actor in barred(place, way="handed") else owner
    return None


def stands_in(case: Case, *, actor: str, principal: str, world: World) -> bool:
    """Whether the actor is now the deputy of the principal in this case.

    Deputies do not cascade, and neither side may be the filer: standing in must not let anybody
    decide on their own case (features §5, substitute; ServiceNow's delegation rules).
    """
    if case.filer in (actor, principal):
        return False
    return world.directory.deputy_of(principal, at=world.now) == actor


def why_no_deputy(place: Place, *, principal: str, deputy: str) -> Bar | None:
    """Why somebody cannot stand in for an owner of a task; None when they can."""
    if not place.world.directory.active(deputy):
        return "left"
    if place.case.filer == principal:
        return "principal_filed"
    return "filer" if place.case.filer == deputy else barred(place, way="handed").get(deputy)
