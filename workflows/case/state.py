"""The state of a case: what the events so far add up to. Frozen records that are only read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from workflows.case.status import Status
from workflows.definition import SpanText
from workflows.durations import Budget
from workflows.moments import Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ContentRef:
    """Points at a piece of content and proves it: `digest` is made by `workflows.canonical`."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedRung:
    """A rung of a ladder and the instant at which it will fire; `id` is `<index>[.<repeat>]`."""

    id: str
    at: Moment


class TaskStatus(StrEnum):
    """Where a task stands. Only an open task can be acted on."""

    OPEN = "open"
    DONE = "done"
    RETURNED = "returned"  # its handler sent the case back
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One stay at a node, open until its work is decided. A running case stands at its open visits.

    `id` is `v` and the number of the visit in the case, `round` counts the visits of the node in
    its scope, from 1.
    """

    id: str
    node: str
    round: int
    scope: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """A part of a case in which rounds, returns, actions and copies are counted.

    The whole case is the scope with the empty id.
    """

    id: str = ""
    rounds: tuple[tuple[str, int], ...] = ()  # (node, visits)
    returns: tuple[tuple[str, int], ...] = ()  # (node, how often its approval returned the case)
    actions: tuple[str, ...] = ()  # recorded in its tasks
    copied: tuple[str, ...] = ()  # people who were copied in


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the assignee asked the filer, and since when the task waits for the answer."""

    by: str
    to: str
    content: ContentRef
    at: Moment


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A piece of work for one person, or for several of whom one claims it."""

    id: str
    node: str
    round: int
    visit: str = ""  # the id of the visit that it belongs to
    scope: str = ""  # that of this visit
    status: TaskStatus
    assignee: str | None
    candidates: tuple[str, ...]
    opened_at: Moment
    deputies: tuple[tuple[str, str], ...] = ()  # (principal, deputy) that were offered the task
    deputies_out: tuple[tuple[str, str], ...] = ()  # (principal, deputy) that may not act on it
    rescuers: tuple[str, ...] = ()  # people it was escalated to who may take it over
    hops: int = 0  # how often it was transferred
    former: tuple[str, ...] = ()  # who had it before it was handed over
    question: Question | None = None
    paused_for: int = 0  # microseconds that questions have taken so far
    actions: tuple[str, ...] = ()  # recorded in this task
    outcome: str | None = None
    decided_by: str | None = None
    on_behalf_of: str | None = None
    decided_at: Moment | None = None
    content: ContentRef | None = None
    urged_at: tuple[Moment, ...] = ()

    @property
    def owners(self) -> tuple[str, ...]:
        """Who has the task: the assignee, or all candidates while nobody claimed it."""
        return (self.assignee,) if self.assignee is not None else self.candidates

    @property
    def blocked(self) -> bool:
        """Whether it waits although nobody may act on it."""
        return self.status is TaskStatus.OPEN and not self.owners

    @property
    def untouched(self) -> bool:
        """Whether it is with whom it was offered to, and nobody has claimed or begun it."""
        taken = self.candidates or self.former or self.assignee in self.rescuers
        begun = self.actions or self.question is not None or self.paused_for
        return self.assignee is None or not (taken or begun)


class ClockStatus(StrEnum):
    """Whether a clock runs."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A time limit that somebody watches. `planned` are the rungs still to fire, earliest first."""

    key: str
    status: ClockStatus
    started_at: Moment
    limit: SpanText
    ladder: str
    due_at: Moment
    planned: tuple[PlannedRung, ...]
    provisional: bool = False
    fired: tuple[str, ...] = ()
    level: int = 0  # how many escalations
    heard: tuple[str, ...] = ()  # who was told by them
    paused_at: Moment | None = None  # the last time it was paused
    resumed_at: Moment | None = None  # and when it went on
    left: Budget | None = None  # what was left at the last pause
    stopped_at: Moment | None = None
    met: bool | None = None  # once stopped: whether it was in time


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """The question after closing and its answer."""

    to: str
    score: int | None = None
    content: ContentRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One run of a definition. `id` is its number (C-2026-0042); `seq` that of its last event."""

    id: str
    process: str
    definition: str
    filer: str
    status: Status
    created_at: Moment
    seq: int
    node: str  # the one that it came to last
    closed_at: Moment | None = None
    entered: int = 0  # how many visits there were
    visits: tuple[Visit, ...] = ()  # those that are open
    scopes: tuple[Scope, ...] = (Scope(),)  # the whole case first
    people: tuple[tuple[str, str], ...] = ()  # fixed by gateways, moved by transfers
    tasks: tuple[Task, ...] = ()
    clocks: tuple[Clock, ...] = ()
    contents: tuple[tuple[str, ContentRef], ...] = ()  # (what, where) in order: "task:<node>", …
    following: tuple[str, ...] = ()  # who wrote a comment or chose to watch
    unwatched: tuple[str, ...] = ()  # who chose not to watch any more, and did not write since
    escalated_to: tuple[str, ...] = ()
    survey: Survey | None = None

    def task(self, task_id: str) -> Task | None:
        """The task with this id, or None."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def clock(self, key: str) -> Clock | None:
        """The clock with this key, or None."""
        return next((clock for clock in self.clocks if clock.key == key), None)

    @property
    def open_tasks(self) -> tuple[Task, ...]:
        """Tasks that somebody has to act on."""
        return tuple(task for task in self.tasks if task.status is TaskStatus.OPEN)

    def timers(self) -> Iterator[tuple[str, Moment]]:
        """(clock, instant) of the next rung of every running clock: what the timer table holds."""
        for clock in self.clocks:
            if clock.status is ClockStatus.RUNNING and clock.planned:
                yield clock.key, clock.planned[0].at

    def scope(self, scope_id: str) -> Scope:
        """The scope with this id; it must be there."""
        return next(scope for scope in self.scopes if scope.id == scope_id)

    @property
    def newest(self) -> Visit | None:
        """The open visit that began last."""
        return self.visits[-1] if self.visits else None

    def times_at(self, node: str, *, scope: str = "") -> int:
        """How often the case came to a node in this scope."""
        return dict(self.scope(scope).rounds).get(node, 0)

    @property
    def trail(self) -> tuple[str, ...]:
        """The nodes that the case came to, each once, in order."""
        return tuple(dict.fromkeys(node for scope in self.scopes for node, _ in scope.rounds))

    @property
    def actions(self) -> tuple[str, ...]:
        """The actions that were recorded in the whole case, in order."""
        return tuple(action for scope in self.scopes for action in scope.actions)

    @property
    def copied(self) -> tuple[str, ...]:
        """Everybody who was copied in, in order."""
        return tuple(dict.fromkeys(one for scope in self.scopes for one in scope.copied))

    def watches(self, person: str) -> bool:
        """Whether this person wants to hear what others write. A filer does until they say no."""
        return person in self.following or (person == self.filer and person not in self.unwatched)

    @property
    def participants(self) -> frozenset[str]:
        """Everybody who had or has a part in the case (people keys)."""
        found = {self.filer, *self.copied, *self.escalated_to}
        for task in self.tasks:
            found.update(task.owners, task.candidates, task.former, task.rescuers)
            found.update(deputy for _, deputy in task.deputies)
            if task.decided_by:
                found.add(task.decided_by)
        return frozenset(found - {"system"})

    # ------------------------------------------------------------------ changing

    def with_task(self, task_id: str, **changes: Any) -> Case:
        """The case with other values in one task."""
        assert self.task(task_id) is not None, f"no task {task_id}"
        tasks = (replace(one, **changes) if one.id == task_id else one for one in self.tasks)
        return replace(self, tasks=tuple(tasks))

    def with_visit(self, node: str, *, round: int) -> Case:
        """The case at a node."""
        number = self.entered + 1
        visit = Visit(id=f"v{number}", node=node, round=round)
        case = replace(self, node=node, entered=number, visits=(*self.visits, visit))
        return case.with_scope(visit.scope, rounds=counted(case.scope(visit.scope).rounds, node))

    def without_visit(self, visit_id: str) -> Case:
        """The case with a visit closed, if it is open."""
        return replace(self, visits=tuple(one for one in self.visits if one.id != visit_id))

    def with_scope(self, scope_id: str, **changes: Any) -> Case:
        """The case with other values in one scope."""
        scopes = (replace(one, **changes) if one.id == scope_id else one for one in self.scopes)
        return replace(self, scopes=tuple(scopes))

    def with_clock(self, key: str, **changes: Any) -> Case:
        """The case with other values in one clock."""
        assert self.clock(key) is not None, f"no clock {key}"
        clocks = (replace(one, **changes) if one.key == key else one for one in self.clocks)
        return replace(self, clocks=tuple(clocks))

    def with_people(self, people: tuple[tuple[str, str], ...]) -> Case:
        """The case with these (name in the definition, person) pairs added or replaced."""
        return replace(self, people=tuple({**dict(self.people), **dict(people)}.items()))

    def with_watcher(self, person: str) -> Case:
        """The case with one more who watches it."""
        following = tuple(dict.fromkeys((*self.following, person)))
        return replace(self, following=following, unwatched=_without(self.unwatched, person))

    def without_watcher(self, person: str) -> Case:
        """The case with this person among those who do not want to watch it."""
        unwatched = (*self.unwatched, person)
        return replace(self, following=_without(self.following, person), unwatched=unwatched)

    def with_content(self, what: str, ref: ContentRef | None) -> Case:
        """The case with one more reference to content, if there is one."""
        return self if ref is None else replace(self, contents=(*self.contents, (what, ref)))


def counted(pairs: tuple[tuple[str, int], ...], key: str) -> tuple[tuple[str, int], ...]:
    """These (key, count) pairs with one more for this key."""
    counts = dict(pairs)
    counts[key] = counts.get(key, 0) + 1
    return tuple(counts.items())


def _without(people: tuple[str, ...], person: str) -> tuple[str, ...]:
    return tuple(one for one in people if one != person)
