"""evolve: state + event → state. Knows no rule, only what a fact means for the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from workflows import events as ev
from workflows.state import (
    Case,
    Clock,
    ClockStatus,
    Question,
    Status,
    Survey,
    Task,
    TaskStatus,
)


def evolve(case: Case | None, event: ev.Event) -> Case:
    """The state after one more event. The event must be the next one of this case."""
    body = event.body
    if isinstance(body, ev.CaseStarted):
        assert case is None, "a case starts once"
        return _started(body, event)
    assert case is not None, "the first event of a case is CaseStarted"
    assert event.seq == case.seq + 1, f"event {event.seq} after {case.seq}"
    return replace(_APPLY[type(body)](case, body, event), seq=event.seq)


def fold(events: Iterable[ev.Event]) -> Case:
    """The state that these events add up to; there must be at least one."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    assert case is not None, "a case has at least one event"
    return case


def _started(body: ev.CaseStarted, event: ev.Event) -> Case:
    return Case(
        id=body.case,
        process=body.process,
        definition=body.definition,
        filer=body.filer,
        status=Status.RUNNING,
        created_at=event.at,
        seq=event.seq,
        node="",
        contents=(("start", body.content),),
    )


def _bump(pairs: tuple[tuple[str, int], ...], key: str) -> tuple[tuple[str, int], ...]:
    counts = dict(pairs)
    counts[key] = counts.get(key, 0) + 1
    return tuple(counts.items())


def _with_task(case: Case, task_id: str, **changes: Any) -> Case:
    tasks = tuple(replace(task, **changes) if task.id == task_id else task for task in case.tasks)
    return replace(case, tasks=tasks)


def _with_clock(case: Case, key: str, **changes: Any) -> Case:
    clocks = tuple(
        replace(clock, **changes) if clock.key == key else clock for clock in case.clocks
    )
    return replace(case, clocks=clocks)


def _with_people(case: Case, people: tuple[tuple[str, str], ...]) -> Case:
    return replace(case, people=tuple({**dict(case.people), **dict(people)}.items()))


def _task(case: Case, task_id: str) -> Task:
    task = case.task(task_id)
    assert task is not None, f"no task {task_id}"
    return task


def _clock(case: Case, key: str) -> Clock:
    clock = case.clock(key)
    assert clock is not None, f"no clock {key}"
    return clock


def _keep(case: Case, what: str, ref: ev.ContentRef | None) -> Case:
    return case if ref is None else replace(case, contents=(*case.contents, (what, ref)))


def _node_entered(case: Case, body: ev.NodeEntered, _: ev.Event) -> Case:
    return replace(case, node=body.node, rounds=_bump(case.rounds, body.node))


def _task_opened(case: Case, body: ev.TaskOpened, event: ev.Event) -> Case:
    task = Task(
        id=body.task,
        node=body.node,
        round=body.round,
        status=TaskStatus.OPEN,
        assignee=body.assignee,
        candidates=body.candidates,
        opened_at=event.at,
    )
    return replace(case, tasks=(*case.tasks, task))


def _task_reoffered(case: Case, body: ev.TaskReoffered, _: ev.Event) -> Case:
    owners = body.candidates if body.assignee is None else (body.assignee,)
    task = _task(case, body.task)
    return _with_task(
        case,
        body.task,
        assignee=body.assignee,
        candidates=body.candidates,
        deputies=tuple(pair for pair in task.deputies if pair[0] in owners),
        deputies_out=tuple(pair for pair in task.deputies_out if pair[0] in owners),
    )


def _task_blocked(case: Case, body: ev.TaskBlocked, _: ev.Event) -> Case:
    return case


def _deputy_passed_over(case: Case, body: ev.DeputyPassedOver, _: ev.Event) -> Case:
    out = (*_task(case, body.task).deputies_out, (body.principal, body.deputy))
    return _with_task(case, body.task, deputies_out=out)


def _deputy_offered(case: Case, body: ev.DeputyOffered, _: ev.Event) -> Case:
    deputies = (*_task(case, body.task).deputies, (body.principal, body.deputy))
    return _with_task(case, body.task, deputies=deputies)


def _task_claimed(case: Case, body: ev.TaskClaimed, _: ev.Event) -> Case:
    return _with_task(case, body.task, assignee=body.by)


def _task_transferred(case: Case, body: ev.TaskTransferred, _: ev.Event) -> Case:
    task = _task(case, body.task)
    hops = task.hops + (body.why == "transfer")
    former = tuple(dict.fromkeys((*task.former, *task.owners)))
    case = _with_task(case, body.task, assignee=body.to, hops=hops, former=former)
    return _keep(_with_people(case, body.people), "transfer", body.content)


def _action_recorded(case: Case, body: ev.ActionRecorded, _: ev.Event) -> Case:
    task = _task(case, body.task)
    case = _with_task(case, body.task, actions=(*task.actions, body.action))
    case = _keep(case, f"action:{body.action}", body.content)
    return replace(case, actions=(*case.actions, body.action))


def _task_completed(case: Case, body: ev.TaskCompleted, event: ev.Event) -> Case:
    task = _task(case, body.task)
    case = _with_task(
        case,
        body.task,
        status=TaskStatus.DONE,
        outcome=body.outcome,
        decided_by=event.actor,
        on_behalf_of=event.on_behalf_of,
        decided_at=event.at,
        content=body.content,
        question=None,
    )
    case = _keep(case, f"task:{task.node}", body.content)
    if body.outcome == "return":
        case = replace(case, returns=_bump(case.returns, task.node))
    return case


def _task_returned(case: Case, body: ev.TaskReturned, event: ev.Event) -> Case:
    case = _with_task(
        case,
        body.task,
        status=TaskStatus.RETURNED,
        outcome="return",
        decided_by=event.actor,
        on_behalf_of=event.on_behalf_of,
        decided_at=event.at,
        content=body.content,
        question=None,
    )
    return _keep(case, "return", body.content)


def _task_cancelled(case: Case, body: ev.TaskCancelled, event: ev.Event) -> Case:
    return _with_task(
        case, body.task, status=TaskStatus.CANCELLED, decided_at=event.at, question=None
    )


def _route_taken(case: Case, body: ev.RouteTaken, _: ev.Event) -> Case:
    return _with_people(case, body.people)


def _clock_planned(case: Case, body: ev.ClockPlanned, event: ev.Event) -> Case:
    old = case.clock(body.clock) if body.why != "started" else None
    resumed = old.resumed_at if old else None
    if old is not None and old.status is ClockStatus.PAUSED:
        resumed = event.at
    clock = Clock(
        key=body.clock,
        status=ClockStatus.RUNNING,
        started_at=body.started_at,
        limit=body.limit,
        ladder=body.ladder,
        due_at=body.due_at,
        planned=body.rungs,
        provisional=body.provisional,
        fired=old.fired if old else (),
        level=old.level if old else 0,
        heard=old.heard if old else (),
        paused_at=old.paused_at if old else None,
        resumed_at=resumed,
        left=old.left if old else None,
    )
    others = tuple(other for other in case.clocks if other.key != body.clock)
    return replace(case, clocks=(*others, clock))


def _clock_paused(case: Case, body: ev.ClockPaused, event: ev.Event) -> Case:
    return _with_clock(
        case, body.clock, status=ClockStatus.PAUSED, paused_at=event.at, left=body.left
    )


def _clock_stopped(case: Case, body: ev.ClockStopped, event: ev.Event) -> Case:
    clock = _clock(case, body.clock)
    met = event.at <= clock.due_at
    if clock.status is ClockStatus.PAUSED:
        assert clock.left is not None, "a pause says what was left"
        met = clock.left.microseconds >= 0
    return _with_clock(
        case,
        body.clock,
        status=ClockStatus.STOPPED,
        stopped_at=event.at,
        planned=(),
        met=met if body.why == "done" else None,
    )


def _without_rungs(case: Case, key: str, rungs: tuple[str, ...]) -> Case:
    clock = _clock(case, key)
    planned = tuple(rung for rung in clock.planned if rung.id not in rungs)
    return _with_clock(case, key, planned=planned, fired=(*clock.fired, *rungs))


def _reminded(case: Case, body: ev.Reminded, _: ev.Event) -> Case:
    return _without_rungs(case, body.clock, (body.rung,))


def _rungs_collapsed(case: Case, body: ev.RungsCollapsed, _: ev.Event) -> Case:
    return _without_rungs(case, body.clock, body.rungs)


def _escalated(case: Case, body: ev.Escalated, _: ev.Event) -> Case:
    case = _without_rungs(case, body.clock, (body.rung,))
    case = _with_clock(case, body.clock, level=body.level, heard=body.heard)
    told = tuple(dict.fromkeys((*case.escalated_to, *body.to)))
    case = replace(case, escalated_to=told)
    if not body.may_take_over:
        return case
    of_task, watched = body.clock.partition(":")[1:]
    for task in case.open_tasks:
        if task.id == watched or not of_task:
            # Who filed the case is told like anybody else, but does not take it over.
            out = {one.person for one in body.passed_over if one.task == task.id}
            found = dict.fromkeys((*task.rescuers, *body.to))
            rescuers = tuple(person for person in found if person not in {case.filer, *out})
            case = _with_task(case, task.id, rescuers=rescuers)
    return case


def _question_asked(case: Case, body: ev.QuestionAsked, event: ev.Event) -> Case:
    question = Question(by=event.actor, to=body.to, content=body.content, at=event.at)
    return _keep(_with_task(case, body.task, question=question), "question", body.content)


def _question_answered(case: Case, body: ev.QuestionAnswered, _: ev.Event) -> Case:
    paused = _task(case, body.task).paused_for + body.paused
    case = _with_task(case, body.task, question=None, paused_for=paused)
    return _keep(case, "answer", body.content)


def _question_lapsed(case: Case, body: ev.QuestionLapsed, _: ev.Event) -> Case:
    paused = _task(case, body.task).paused_for + body.paused
    return _with_task(case, body.task, question=None, paused_for=paused)


def _commented(case: Case, body: ev.Commented, event: ev.Event) -> Case:
    if body.follows:
        case = _watching(case, event.actor)
    return _keep(case, "comment", body.content)


def _watching(case: Case, person: str) -> Case:
    following = tuple(dict.fromkeys((*case.following, person)))
    return replace(case, following=following, unwatched=_without(case.unwatched, person))


def _without(people: tuple[str, ...], person: str) -> tuple[str, ...]:
    return tuple(one for one in people if one != person)


def _watch_changed(case: Case, body: ev.WatchChanged, event: ev.Event) -> Case:
    if body.on:
        return _watching(case, event.actor)
    return replace(
        case,
        following=_without(case.following, event.actor),
        unwatched=(*case.unwatched, event.actor),
    )


def _urged(case: Case, body: ev.Urged, event: ev.Event) -> Case:
    for task_id in body.tasks:
        urged = (*_task(case, task_id).urged_at, event.at)
        case = _with_task(case, task_id, urged_at=urged)
    return _keep(case, "urge", body.content)


def _copied_in(case: Case, body: ev.CopiedIn, _: ev.Event) -> Case:
    copied = tuple(dict.fromkeys((*case.copied, *body.people)))
    return _keep(replace(case, copied=copied), "copy", body.content)


def _case_closed(case: Case, body: ev.CaseClosed, event: ev.Event) -> Case:
    closed = replace(case, status=Status(body.status), closed_at=event.at)
    return _keep(closed, "withdrawal", body.content)


def _survey_asked(case: Case, body: ev.SurveyAsked, _: ev.Event) -> Case:
    return replace(case, survey=Survey(to=body.to))


def _survey_answered(case: Case, body: ev.SurveyAnswered, _: ev.Event) -> Case:
    assert case.survey is not None, "a survey is answered after it was asked"
    survey = replace(case.survey, score=body.score, content=body.content)
    return _keep(replace(case, survey=survey), "survey", body.content)


def _content_erased(case: Case, body: ev.ContentErased, _: ev.Event) -> Case:
    return case


_APPLY: dict[type, Callable[[Case, Any, ev.Event], Case]] = {
    ev.NodeEntered: _node_entered,
    ev.TaskOpened: _task_opened,
    ev.TaskReoffered: _task_reoffered,
    ev.TaskBlocked: _task_blocked,
    ev.DeputyOffered: _deputy_offered,
    ev.DeputyPassedOver: _deputy_passed_over,
    ev.TaskClaimed: _task_claimed,
    ev.TaskTransferred: _task_transferred,
    ev.ActionRecorded: _action_recorded,
    ev.TaskCompleted: _task_completed,
    ev.TaskReturned: _task_returned,
    ev.TaskCancelled: _task_cancelled,
    ev.RouteTaken: _route_taken,
    ev.ClockPlanned: _clock_planned,
    ev.ClockPaused: _clock_paused,
    ev.ClockStopped: _clock_stopped,
    ev.Reminded: _reminded,
    ev.RungsCollapsed: _rungs_collapsed,
    ev.Escalated: _escalated,
    ev.QuestionAsked: _question_asked,
    ev.QuestionAnswered: _question_answered,
    ev.QuestionLapsed: _question_lapsed,
    ev.Commented: _commented,
    ev.Urged: _urged,
    ev.CopiedIn: _copied_in,
    ev.WatchChanged: _watch_changed,
    ev.CaseClosed: _case_closed,
    ev.SurveyAsked: _survey_asked,
    ev.SurveyAnswered: _survey_answered,
    ev.ContentErased: _content_erased,
}
