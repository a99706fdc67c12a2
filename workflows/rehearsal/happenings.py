"""Describes events in the words of scenarios, for expectations and for writing scenarios."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from zoneinfo import ZoneInfo

from workflows.actions.fire_timers import Escalated, Reminded
from workflows.case.clock import ClockStatus
from workflows.case.effects import Post
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import CopiedIn
from workflows.flow.opening import TaskOpened
from workflows.flow.pauses import QuestionLapsed
from workflows.moments import in_zone
from workflows.rehearsal.items import watched
from workflows.rehearsal.stage import Play, Seen, Stage, Turn

Facts = Mapping[str, object]


def happenings(stage: Stage, turn: Turn) -> Iterator[Facts]:
    """Yield what a turn brought about, each as the facts of an expectation."""
    if turn.refusal is not None:
        yield {"refused": turn.refusal.code}
    for seen in turn.seen:
        yield from _event(stage, seen)
    for effect in turn.effects:
        if isinstance(effect, Post):
            yield {"told": ids(stage, (effect.to,)), "about": effect.kind}


def _event(stage: Stage, seen: Seen) -> Iterator[Facts]:
    match seen.event.body:
        case TaskOpened() as body:
            owners = (body.assignee,) if body.assignee is not None else body.candidates
            yield {"node": body.node, "with": ids(stage, owners)}
        case Reminded() as body:
            clock = watched(seen.after, body.clock)
            yield {"reminded": ids(stage, body.to), "clock": clock}
        case Escalated() as body:
            clock = watched(seen.after, body.clock)
            yield {"escalated": ids(stage, body.to), "level": body.level, "clock": clock}
        case CopiedIn() as body:
            yield {"copied": ids(stage, body.people)}
        case QuestionLapsed() as body:
            task = seen.after.task(body.task)
            yield {"lapsed": task.node if task is not None else ""}
        case CaseClosed() as body:
            yield {"status": body.status}
        case _:
            pass  # scenarios have no word for it


def standing(stage: Stage, play: Play) -> Iterator[Facts]:
    """Yield the present state of the case: its status, its nodes with open tasks, its clocks."""
    case = play.case
    if case is None:
        return
    yield {"status": case.status.value}
    for task in case.open_tasks:
        yield {"node": task.node, "with": ids(stage, task.owners)}
    if not case.open_tasks:
        yield {"node": case.node}
    zone = ZoneInfo(stage.calendar.data.zone)
    for clock in case.clocks:
        if clock.status is ClockStatus.RUNNING:
            due = f"{in_zone(clock.due_at, zone):%Y-%m-%d %H:%M}"
            yield {"clock": watched(case, clock.key), "due": due}


def ids(stage: Stage, keys: Iterable[str]) -> tuple[str, ...]:
    """Return the readable ids of people."""
    people = stage.directory.people
    return tuple(people[key].id for key in keys if key in people)
