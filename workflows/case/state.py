"""The state of a case as frozen records; a snapshot omits the fields that have their default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from msgspec import Struct
from msgspec.structs import replace

from workflows.case.clock import Clock, ClockStatus
from workflows.case.fact import Fact
from workflows.case.scope import Left, Scope
from workflows.case.spot import WHOLE, Spot
from workflows.case.status import Status
from workflows.case.task import ContentRef, Task, TaskStatus
from workflows.moments import Moment


class Visit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One stay at a node, open until its work is decided; that of a fork until its join.

    `id` is `v` and the number of the visit in the case; `round` counts the visits of the node in
    its scope, from 1, also those in earlier scopes of the same fork.
    """

    id: str
    node: str
    round: int
    scope: str = ""
    branch: str = ""  # of the fork whose scope this is
    resume_to: str = ""  # the approval to which the case comes back after a return

    @property
    def spot(self) -> Spot:
        """Where in the case it is."""
        return Spot(scope=self.scope, branch=self.branch)

    def task(self, task_id: str, **fields: Any) -> Task:
        """Return a task of this visit, with these other fields."""
        fields |= {"node": self.node, "round": self.round, "visit": self.id, "scope": self.scope}
        return Task(id=task_id, branch=self.branch, resume_to=self.resume_to, **fields)


class Parent(Struct, frozen=True, kw_only=True):
    """The case that started this one, and the id of its visit that waits for the end."""

    case: str
    visit: str


class SurveyState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The survey after the end of a case, and its answer."""

    to: str
    score: int | None = None
    content: ContentRef | None = None
    again: bool = False  # asked again, because the case was opened again; the last answer counts

    @property
    def answered(self) -> bool:
        """Whether there is an answer to it, as it was asked last."""
        return self.score is not None and not self.again


class Case(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One run of a definition. `id` is its number (C-2026-0042); `seq` that of its last event."""

    id: str
    process: str
    definition: str
    filer: str
    status: Status
    created_at: Moment
    seq: int
    node: str  # the node that was entered last
    again_of: str = ""  # the ended case that was filed again as this one
    filed_again: str = ""  # the case as which this one was filed again
    merged_into: str = ""  # the case of which this one was a duplicate
    merged: tuple[str, ...] = ()  # its duplicates, which have ended
    closed_at: Moment | None = None
    first_closed_at: Moment | None = None  # of a case that was opened again
    entered: int = 0  # the number of visits so far
    visits: tuple[Visit, ...] = ()  # the open visits
    scopes: tuple[Scope, ...] = (Scope(),)  # the whole case first
    people: tuple[tuple[str, str], ...] = ()  # (name, person) set by gateways, changed by transfers
    tasks: tuple[Task, ...] = ()
    clocks: tuple[Clock, ...] = ()
    forms: tuple[tuple[str, ContentRef], ...] = ()  # the latest "start", "task:<node>", … in order
    following: tuple[str, ...] = ()  # people who wrote a comment or chose to watch
    unwatched: tuple[str, ...] = ()  # people who opted out and have not commented since
    escalated_to: tuple[str, ...] = ()
    survey: SurveyState | None = None
    parent: Parent | None = None
    others: tuple[tuple[str, str], ...] = ()  # (visit, the case of another process started there)
    waited: tuple[Visit, ...] = ()  # the visits at which it waited for a date, once they are over
    facts: tuple[Fact, ...] = ()  # in the order in which they were noted, also voided ones
    earlier: tuple[tuple[str, int], ...] = ()  # (definition, the event that moved it on from there)
    gone: int = 0  # the number of tasks that left the state, as `workflows.flow.ended` says
    FILER: ClassVar[str] = "@filer"  # a name in `people` that no definition can set

    def fact(self, name: str, *, subject: str = "") -> Fact | None:
        """Return the latest valid fact with this name about this subject, or None."""
        return next(
            (
                fact
                for fact in reversed(self.facts)
                if fact.name == name and fact.subject == subject and not fact.voided
            ),
            None,
        )

    def task(self, task_id: str) -> Task | None:
        """Return the task with this id, or None."""
        return next((task for task in reversed(self.tasks) if task.id == task_id), None)

    @property
    def task_ids(self) -> tuple[str, ...]:
        """The ids of all tasks that the case ever had, in order."""
        return tuple(f"t{number}" for number in range(1, self.gone + len(self.tasks) + 1))

    def next_task(self, number: int = 1) -> str:
        """Return the id of the next task that the case gets, or of a further one."""
        return f"t{self.gone + len(self.tasks) + number}"

    def has_left(self, task_id: str) -> bool:
        """Return whether a task of the case has left the state."""
        number = task_id.removeprefix("t")
        known = number.isdecimal() and 0 < int(number) <= self.gone + len(self.tasks)
        return known and self.task(task_id) is None

    @property
    def left(self) -> tuple[Left, ...]:
        """What is known of the nodes of branches that have left the state."""
        return tuple(one for scope in self.scopes if scope.rest for one in scope.rest.left)

    def known_task(self, task_id: str) -> Task:
        """Return the task with this id; AssertionError if the case has none."""
        task = self.task(task_id)
        assert task is not None, f"no task {task_id}"
        return task

    def clock(self, key: str) -> Clock | None:
        """Return the clock with this key, or None."""
        return next((clock for clock in reversed(self.clocks) if clock.key == key), None)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """The tasks that are open."""
        return tuple(task for task in self.tasks if task.status is TaskStatus.OPEN)

    def ballot(self, visit_id: str) -> tuple[Task, ...]:
        """Return the tasks of a visit, which has one for each seat, in the order of the seats.

        Tasks that were opened again are left out, and tasks that were added under one of them.
        """
        found = (
            task
            for task in self.tasks
            if task.visit == visit_id and not task.redone and not task.parent
        )
        return tuple(sorted(found, key=lambda task: task.turn))

    def added(self, task_id: str) -> tuple[Task, ...]:
        """Return the tasks that were added under a task and are not finished."""
        return tuple(task for task in self.tasks if task.parent == task_id and task.unfinished)

    def at_hand(self, task_id: str) -> tuple[Task, ...]:
        """Return the open tasks in which a task is dealt with: itself, or those added under it."""
        return tuple(task for task in self.open_tasks if task_id in (task.id, task.parent))

    def decided_before(self, task: Task) -> tuple[Task, ...]:
        """Return the tasks of the last visit before that of this task that a person decided.

        In a branch of a wait node this is a visit of the same branch.
        """
        here = self.started(task.spot)
        decided = [
            one
            for one in self.tasks
            if one.decided_by not in (None, "system") and not one.rule and one.visit != task.visit
            if self.started(one.spot) is here
        ]
        return tuple(one for one in decided if one.visit == decided[-1].visit)

    def around(self, spot: Spot) -> Iterator[Spot]:
        """Yield this place and those around it, up to the whole case."""
        yield spot
        while spot.scope:
            scope = self.scope(spot.scope)
            spot = Spot(scope=scope.parent, branch=scope.branch)
            yield spot

    def started(self, spot: Spot) -> Scope | None:
        """Return the branch of a wait node in which a place is, the innermost; None outside."""
        scopes = (self.scope(one.scope) for one in self.around(spot))
        return next((scope for scope in scopes if scope.opened is not None), None)

    def counted_at(self, spot: Spot) -> Spot:
        """Return the place at which a decision made here counts: after a join, around the fork."""
        while spot.scope and (scope := self.scope(spot.scope)).joined:
            spot = Spot(scope=scope.parent, branch=scope.branch)
        return spot

    def beside(self, spot: Spot, other: Spot) -> bool:
        """Return whether two places are in different branches of one fork."""
        ways = tuple(self.around(spot))[::-1], tuple(self.around(other))[::-1]
        for here, there in zip(*ways, strict=False):
            if here != there:
                return here.scope == there.scope
        return False

    def been(self, spot: Spot) -> frozenset[str]:
        """Return the nodes that were entered in the scope of a place and those around it."""
        scopes = (self.scope(one.scope) for one in self.around(spot))
        return frozenset(node for scope in scopes for node, _ in scope.rounds)

    def recorded(self, scope: str) -> tuple[str, ...]:
        """Return the actions that were recorded in a scope and those around it."""
        spots = self.around(Spot(scope=scope))
        return tuple(action for spot in spots for action in self.scope(spot.scope).actions)

    def timers(self) -> Iterator[tuple[str, Moment]]:
        """Yield (clock, time) of the next rung of each running clock, as the timer table has it."""
        for clock in self.clocks:
            if clock.status is ClockStatus.RUNNING and clock.planned:
                yield clock.key, clock.planned[0].at

    def scope(self, scope_id: str) -> Scope:
        """Return the scope with this id, which must exist."""
        return next(scope for scope in self.scopes if scope.id == scope_id)

    @property
    def rests(self) -> bool:
        """Whether the case is at a wait node with starts."""
        return any(scope.rest is not None and not scope.joined for scope in self.scopes)

    @property
    def newest(self) -> Visit | None:
        """The open visit that began last."""
        return self.visits[-1] if self.visits else None

    def newest_at(self, node: str) -> Visit:
        """Return the open visit of a node that began last; there must be one."""
        return next(one for one in reversed(self.visits) if one.node == node)

    def times_at(self, node: str, *, scope: str | None = None) -> int:
        """Return the number of visits of a node, in the whole case or in this scope."""
        scopes = self.scopes if scope is None else (self.scope(scope),)
        left = (one.visits for one in self.left if scope is None and one.node == node)
        return max((*(dict(one.rounds).get(node, 0) for one in scopes), *left))

    @property
    def trail(self) -> tuple[str, ...]:
        """The nodes that the case entered, each once, in order."""
        left = (one.node for one in self.left if one.visits)
        return tuple(
            dict.fromkeys((*(node for one in self.scopes for node, _ in one.rounds), *left))
        )

    @property
    def copied(self) -> tuple[str, ...]:
        """The people who were copied in, in order."""
        return tuple(dict.fromkeys(one for scope in self.scopes for one in scope.copied))

    @property
    def acting_filer(self) -> str:
        """The filer, or whoever took the case over after the filer had left."""
        return dict(self.people).get(self.FILER, self.filer)

    def watches(self, person: str) -> bool:
        """Return whether this person watches the case; the filer does until they opt out."""
        filer = self.acting_filer
        return person in self.following or (person == filer and person not in self.unwatched)

    @property
    def participants(self) -> frozenset[str]:
        """The keys of all people who have or had a part in the case."""
        found = {self.filer, self.acting_filer, *self.copied, *self.escalated_to}
        found.update(person for task in self.tasks for person in task.people)
        found.update(person for one in self.left for person in one.people)
        return frozenset(found)

    # ------------------------------------------------------------------ changed copies

    def with_task(self, task_id: str, **changes: Any) -> Case:
        """Return the case with these fields of one task changed."""
        self.known_task(task_id)
        tasks = (replace(one, **changes) if one.id == task_id else one for one in self.tasks)
        return replace(self, tasks=tuple(tasks))

    def with_edits(self, fields: tuple[str, ...], *, by: str) -> Case:
        """Return the case with these fields marked as changed in tasks decided before.

        `by` is the id of the task in which they were changed.
        """
        if not fields:
            return self
        tasks = (
            replace(one, edited=tuple(dict.fromkeys((*one.edited, *fields))))
            if (one.outcome is not None or one.verdicts) and one.id != by
            else one
            for one in self.tasks
        )
        return replace(self, tasks=tuple(tasks))

    def with_visit(self, node: str, *, round: int, spot: Spot = WHOLE, resume_to: str = "") -> Case:
        """Return the case with one more open visit, of this node at this place."""
        number = self.entered + 1
        visit = Visit(
            id=f"v{number}",
            node=node,
            round=round,
            scope=spot.scope,
            branch=spot.branch,
            resume_to=resume_to,
        )
        case = replace(self, node=node, entered=number, visits=(*self.visits, visit))
        return case.with_scope(visit.scope, rounds=counted(case.scope(visit.scope).rounds, node))

    def visit(self, visit_id: str) -> Visit | None:
        """Return the open visit with this id, or None."""
        return next((visit for visit in self.visits if visit.id == visit_id), None)

    @property
    def awaited(self) -> tuple[str, ...]:
        """The cases of other processes for whose end open visits wait."""
        here = {visit.id for visit in self.visits}
        return tuple(other for visit, other in self.others if visit in here)

    def without_visit(self, visit_id: str) -> Case:
        """Return the case without this visit, if it is open."""
        return replace(self, visits=tuple(one for one in self.visits if one.id != visit_id))

    def with_scope(self, scope_id: str, **changes: Any) -> Case:
        """Return the case with these fields of one scope changed."""
        scopes = (replace(one, **changes) if one.id == scope_id else one for one in self.scopes)
        return replace(self, scopes=tuple(scopes))

    def with_clock(self, key: str, **changes: Any) -> Case:
        """Return the case with these fields of one clock changed."""
        assert self.clock(key) is not None, f"no clock {key}"
        clocks = (replace(one, **changes) if one.key == key else one for one in self.clocks)
        return replace(self, clocks=tuple(clocks))

    def with_people(self, people: tuple[tuple[str, str], ...]) -> Case:
        """Return the case with these (name in the definition, person) pairs added or replaced."""
        return replace(self, people=tuple({**dict(self.people), **dict(people)}.items()))

    def with_watcher(self, person: str) -> Case:
        """Return the case with this person among those who watch it."""
        following = tuple(dict.fromkeys((*self.following, person)))
        return replace(self, following=following, unwatched=_without(self.unwatched, person))

    def without_watcher(self, person: str) -> Case:
        """Return the case with this person among those who opted out of watching it."""
        unwatched = (*self.unwatched, person)
        return replace(self, following=_without(self.following, person), unwatched=unwatched)

    def with_form(self, what: str, ref: ContentRef | None) -> Case:
        """Return the case with this form as the latest of its kind; unchanged if it is None."""
        if ref is None:
            return self
        others = (one for one in self.forms if one[0] != what)
        return replace(self, forms=(*others, (what, ref)))

    def with_fact(self, fact: Fact) -> Case:
        """Return the case with one more fact."""
        return replace(self, facts=(*self.facts, fact))

    def without_facts(self, seqs: tuple[int, ...], *, by: int) -> Case:
        """Return the case with the facts of these events voided by the event `by`."""
        facts = (
            replace(fact, voided=by) if fact.seq in seqs and not fact.voided else fact
            for fact in self.facts
        )
        return replace(self, facts=tuple(facts))


def counted(pairs: tuple[tuple[str, int], ...], key: str) -> tuple[tuple[str, int], ...]:
    """Return these (key, count) pairs with the count of this key increased by one."""
    counts = dict(pairs)
    counts[key] = counts.get(key, 0) + 1
    return tuple(counts.items())


def uncounted(pairs: tuple[tuple[str, int], ...], key: str) -> tuple[tuple[str, int], ...]:
    """Return these (key, count) pairs with the count of this key reduced by one."""
    less = ((one, count - (one == key)) for one, count in pairs)
    return tuple(pair for pair in less if pair[1])


def _without(people: tuple[str, ...], person: str) -> tuple[str, ...]:
    return tuple(one for one in people if one != person)
