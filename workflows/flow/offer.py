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
  (`except(…, filer)`). `nobody` of an approval names others who come first.
* Where the **filer** would decide, `self_approval` says who does instead: the others who are
  named, else the filer's manager; or the manager or the head of the department at once.
* Whoever decided a node that `not_same_as` names does not have the task, nor has anybody but
  whoever decided the node that `same_as` names (`duties.py`). Every fallback obeys this.
* Nobody has two **seats** of one ballot: whoever has or decided another one is barred.
* A task that is **handed** on (transferred, taken over, acted on by a deputy, left by a leaver)
  does not go to the filer either. A plain task that the definition gives to the filer does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from workflows import assignment
from workflows.case.passed_over import Bar, Fallback, PassedOver
from workflows.case.people import excepted, find_people, names_the_filer, owners_of, scope_of
from workflows.case.spot import WHOLE, Spot
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.case.world import World
from workflows.flow import duties
from workflows.model.approvals import NOBODY_WORDS, Approvals
from workflows.model.nodes import ApprovalNode, WorkNode

Way = Literal["named", "fallback", "handed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The context of a permission check: a node of a case and, once it is open, its task."""

    case: Case
    world: World
    node: WorkNode
    values: Mapping[str, object]
    task: Task | None = None
    seat: int = 0  # its number among several signers; 0 for a task of its own
    members: frozenset[str] = frozenset()  # people who have another seat beside this one

    @classmethod
    def of(cls, task: Task, *, case: Case, world: World) -> Place:
        """Return the place of an existing task."""
        node = world.definition.work_node(task.node)
        return cls(
            case=case,
            world=world,
            node=node,
            values=world.values,
            task=task,
            seat=task.seat,
            members=duties.members(case, task),
        )

    @property
    def expression(self) -> str:
        """The people expression of the node, or of the seat."""
        if (self.seat or self.added) and isinstance(self.node, ApprovalNode) and self.node.seats:
            return self.node.signer(1 if self.added else self.seat).who
        text = self.node.assignee or self.node.candidates
        assert text is not None, "lint refuses a node without people"
        return text

    @property
    def added(self) -> bool:
        """Whether somebody added the person who has the task; the definition does not name them."""
        return self.task is not None and self.task.added_by != ""

    @property
    def spot(self) -> Spot:
        """Where the task is in the case, or the visit for which it is about to open."""
        if self.task is not None:
            return self.task.spot
        return self.case.newest.spot if self.case.newest is not None else WHOLE

    @property
    def rules(self) -> Approvals | None:
        """The rules of an approval; None at a task."""
        node = self.node
        return self.world.definition.rules_of(node) if isinstance(node, ApprovalNode) else None


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
    case = place.case
    found: dict[str, Bar] = {}
    approval = isinstance(place.node, ApprovalNode)
    if approval:
        found.update(dict.fromkeys(_performers(place), "own_work"))
    if (approval or way == "handed") and not _filer_may(place):
        found.update(dict.fromkeys((case.filer, case.acting_filer), "filer"))
    directory = place.world.directory
    for person, why in duties.separated(
        place.node, case=case, spot=place.spot, directory=directory
    ):
        found.setdefault(person, why)
    if way != "named":
        for person in excepted(place.expression, place.case, place.world, place.values):
            found.setdefault(person, "excepted")
    for person in sorted(place.members):
        found.setdefault(person, "signer")
    return found


def _filer_may(place: Place) -> bool:
    """Return whether the definition names the filer here, or lets them decide their own case."""
    rules = place.rules
    by_rule = rules is not None and rules.self_approval == "self"
    named = not place.added and names_the_filer(place.expression, place.world.definition)
    return by_rule or named


def _performers(place: Place) -> Iterator[str]:
    for work in duties.judged(place.case, place.task, spot=place.spot):
        yield from _performers_of(work, place)


def _performers_of(work: Task, place: Place) -> Iterator[str]:
    there = Place.of(work, case=place.case, world=place.world)
    passes = place.rules is not None and place.rules.self_approval == "pass"
    both = (passes or _filer_may(place)) and names_the_filer(
        there.expression, there.world.definition
    )
    for person in duties.doers(place.case, work):
        if not (both and person == place.case.filer):
            yield person


# ---------------------------------------------------------------------------- candidates


def find(place: Place) -> Found:
    """Return the people who get the task: those the definition names, else the fallback."""
    found = meant(place)
    if found.people:
        return found
    return _falling(place, found.passed_over, way="fallback")


def meant(place: Place) -> Found:
    """Return the people whom the definition names and who may have the task.

    Where `self_approval` says so, the filer's manager or the head of their department has the place
    of the filer.
    """
    bars = barred(place, way="named")
    expression = assignment.parse(place.expression)
    scope = scope_of(
        case=place.case, world=place.world, values=place.values, barred=frozenset(bars)
    )
    everybody = assignment.eligible(expression, scope)
    found = Found(
        people=assignment.resolve(expression, scope), passed_over=passed_over(everybody, bars)
    )
    rules, filer = place.rules, place.case.acting_filer
    if rules is None or rules.self_approval not in ("supervisor", "dept_head"):
        return found
    with_filer = replace(scope, barred=scope.barred - {filer})
    if bars.get(filer) != "filer" or filer not in assignment.resolve(expression, with_filer):
        return found
    instead = first_of([_instead(place)], barred(place, way="fallback"), found.passed_over)
    people = tuple(dict.fromkeys((*found.people, *instead.people)))
    return Found(people=people, fallback=instead.fallback, passed_over=instead.passed_over)


def nobody_named(place: Place) -> bool:
    """Return whether the definition names nobody at all, barred or not."""
    scope = scope_of(case=place.case, world=place.world, values=place.values)
    return not assignment.eligible(assignment.parse(place.expression), scope)


def filer_meant(place: Place) -> bool:
    """Return whether the filer would have an approval, if only they were not the filer."""
    filer, bars = place.case.acting_filer, barred(place, way="named")
    if filer in _performers(place):
        return False
    others = frozenset(person for person, why in bars.items() if why != "filer")
    scope = scope_of(case=place.case, world=place.world, values=place.values, barred=others)
    return filer in assignment.resolve(assignment.parse(place.expression), scope)


def still_meant(place: Place, person: str) -> bool:
    """Return whether a person is among those from whom the definition may choose."""
    if place.added:
        return place.world.directory.active(person) and person not in barred(place, way="handed")
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
        left_out = excepted(expression, case, world, values)
        bars: dict[str, Bar] = dict.fromkeys(left_out, "excepted")
        found = first_of(fallbacks(case, world, values), bars, ())
    return Found(
        people=world.directory.present_first(found.people, at=world.now, process=case.process)[:1],
        fallback=found.fallback,
        passed_over=found.passed_over,
    )


def watchers(case: Case, world: World) -> tuple[str, ...]:
    """Return the people who are notified of a blocked task: owner and administrators."""
    return tuple(dict.fromkeys((*owners_of(case, world), *_admins(world))))


def _falling(place: Place, out: tuple[PassedOver, ...], *, way: Way) -> Found:
    return first_of(_stages(place, out), barred(place, way=way), out)


def _stages(
    place: Place, out: tuple[PassedOver, ...]
) -> Iterator[tuple[Fallback, tuple[str, ...]]]:
    """Yield the stages of the fallback for a place, after these people were passed over."""
    rules = place.rules
    if rules is not None:
        if any(one.why == "filer" for one in out):
            yield _instead(place)
        if rules.nobody not in NOBODY_WORDS:
            yield (
                "nobody",
                find_people(rules.nobody, case=place.case, world=place.world, values=place.values),
            )
    yield from fallbacks(place.case, place.world, place.values)


def _instead(place: Place) -> tuple[Fallback, tuple[str, ...]]:
    """Return who has the place of the filer by `self_approval`, and by which rule.

    A filer who is the head of their department is replaced by their manager.
    """
    filer, directory = place.case.acting_filer, place.world.directory
    person, rules = directory.get(filer), place.rules
    if rules is not None and rules.self_approval == "dept_head" and person is not None:
        head = directory.head_of(person.department)
        if head and head != filer:
            return "dept_head", (head,)
    manager = directory.manager_of(filer)
    return "supervisor", (manager,) if manager else ()


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
            out = actor in barred(place, way="handed") or owner in barred(place, way="named")
            return None if out else owner
    return None


def stands_in(case: Case, *, actor: str, principal: str, world: World) -> bool:
    """Return whether the actor is now the deputy of the principal in this case.

    Deputies do not cascade, and neither side may be the filer, so that nobody decides on their own
    case through a deputy (rules: deputies).
    """
    if {case.filer, case.acting_filer} & {actor, principal}:
        return False
    return world.directory.deputy_of(principal, at=world.now, process=case.process) == actor


def why_no_deputy(place: Place, *, principal: str, deputy: str) -> Bar | None:
    """Return the reason why a deputy may not act on a task of the principal, or None."""
    if not place.world.directory.active(deputy):
        return "left"
    filers = (place.case.filer, place.case.acting_filer)
    if principal in filers:
        return "principal_filed"
    return "filer" if deputy in filers else barred(place, way="handed").get(deputy)
