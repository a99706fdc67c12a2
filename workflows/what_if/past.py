"""Reads what happened at the steps of a past case: how long each task took, what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflows.actions.send_back import TaskReturned
from workflows.calendar import WorkCalendar
from workflows.case.events import Event, evolve
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import Task, TaskStatus
from workflows.metrics.history import History
from workflows.moments import Moment

FAVOUR = "favour"  # the outcome of a step without history: whatever leads on
GONE = "gone"  # the outcome of a task at which the case was withdrawn, merged or terminated


@dataclass(frozen=True, slots=True, kw_only=True)
class PastTask:
    """What happened at a task, in working time since it was opened, in microseconds.

    `outcome` is empty where nobody decided it until then: it was open at the cut-off, a timer or an
    administrator decided it, or others did. `recorded` are the actions, each with its time.
    """

    node: str
    again: bool  # whether the node had been visited before
    time: int
    outcome: str = ""
    to: tuple[str, ...] = ()  # the nodes that a return named
    recorded: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PastCase:
    """A past case: its history, what happened at its tasks, and the latest values of its forms."""

    history: History
    tasks: tuple[PastTask, ...] = ()
    values: Mapping[str, object] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Open:
    """A task while it is open."""

    since: Moment
    recorded: list[tuple[str, int]] = field(default_factory=list)


def past_tasks(
    events: Iterable[Event], *, calendar: WorkCalendar, cut_off: Moment
) -> Iterator[PastTask]:
    """Yield what happened at the tasks of a case until the cut-off.

    Tasks of added signers are left out, and those that a rule decided when they were opened.
    """
    case: Case | None = None
    seen: dict[str, _Open] = {}
    found: list[tuple[Moment, PastTask]] = []
    for event in events:
        if event.at > cut_off:
            break
        before, case = case, evolve(case, event)
        if before is not None and before.tasks is case.tasks:
            continue
        for task in case.tasks:
            if task.parent:
                continue
            if task.status is TaskStatus.OPEN:
                _follow(task, seen.setdefault(task.id, _Open(since=event.at)), event, calendar)
            elif task.id in seen:
                found.append((event.at, _closed(task, seen.pop(task.id), event, calendar)))
    if case is None:
        return
    dropped = case.status in (Status.WITHDRAWN, Status.TERMINATED)
    for at, one in found:
        gone = dropped and not one.outcome and at == case.closed_at
        yield replace(one, outcome=GONE) if gone else one
    for task in case.tasks:
        if task.id in seen:
            yield _past(task, seen[task.id], calendar.working_between(seen[task.id].since, cut_off))


def _follow(task: Task, one: _Open, event: Event, calendar: WorkCalendar) -> None:
    known = {action for action, _ in one.recorded}
    one.recorded.extend(
        (action, calendar.working_between(one.since, event.at))
        for action in task.actions
        if action not in known
    )


def _closed(task: Task, one: _Open, event: Event, calendar: WorkCalendar) -> PastTask:
    time = calendar.working_between(one.since, event.at)
    if task.rule or task.admin or not task.decided_at:
        return _past(task, one, time)
    if isinstance(event.body, TaskReturned):
        return _past(task, one, time, outcome="return", to=(event.body.to,))
    return _past(task, one, time, outcome=task.outcome or "", to=task.returns_to)


def _past(
    task: Task, one: _Open, time: int, *, outcome: str = "", to: tuple[str, ...] = ()
) -> PastTask:
    return PastTask(
        node=task.node,
        again=task.round > 1,
        time=time,
        outcome=outcome,
        to=to,
        recorded=tuple(one.recorded),
    )
