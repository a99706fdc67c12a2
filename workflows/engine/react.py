"""react: state after an event + event → effects: who is owed which message because of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from workflows import events as ev
from workflows.effects import CHANNEL, Effect, Lane, Post, Refresh
from workflows.state import Case

CASE = "case"  # the slot of the filer's own card about the case
COPY = "copy"
CLOSED = "closed"
SURVEY = "survey"
ESCALATION = "escalation"  # the kind of its card
WATCHING = "watching"  # in `args`: told to a watcher only; who may not read is left out then


def react(case: Case, event: ev.Event) -> tuple[Effect, ...]:
    """The messages that this event owes. `case` is the state after the event."""
    found = _REACT.get(type(event.body))
    return () if found is None else tuple(found(case, event, event.body))


def task_slot(task_id: str) -> str:
    """The slot of the card of a task."""
    return f"task:{task_id}"


def _task_cards(case: Case, task_id: str, people: Iterable[str]) -> Iterator[Effect]:
    for person in people:
        yield Post(to=person, slot=task_slot(task_id), kind="task", lane=Lane.TASK, task=task_id)


def escalation_slot(about: str) -> str:
    """The slot of the escalation card about a task (or, without one, about a clock).

    Every rung that reaches the same person while the task is open is about the same silence, so it
    changes that card. What is slept on after somebody has acted is another task, and news.
    """
    return f"escalate:{about}"


def _progress(task_id: str, *, soon: bool = False) -> Iterator[Effect]:
    yield Refresh(task=task_id, soon=soon)
    yield from _case_cards()


def _case_cards(*, soon: bool = False) -> Iterator[Effect]:
    yield Refresh(slot=CASE, soon=soon)
    yield Refresh(slot=COPY, soon=soon)


def _started(case: Case, _: ev.Event, body: ev.CaseStarted) -> Iterator[Effect]:
    yield Post(to=body.filer, slot=CASE, kind="case", lane=Lane.ANSWER)


def _opened(case: Case, _: ev.Event, body: ev.TaskOpened) -> Iterator[Effect]:
    owners = (body.assignee,) if body.assignee is not None else body.candidates
    yield from _task_cards(case, body.task, owners)
    if body.channel:
        yield Post(
            to=f"{CHANNEL}{body.channel}",
            slot=task_slot(body.task),
            kind="channel",
            lane=Lane.TASK,
            task=body.task,
        )
    yield from _case_cards()


def _reoffered(case: Case, _: ev.Event, body: ev.TaskReoffered) -> Iterator[Effect]:
    owners = body.candidates if body.assignee is None else (body.assignee,)
    yield from _task_cards(case, body.task, owners)
    yield from _progress(body.task, soon=True)


def _blocked(case: Case, event: ev.Event, body: ev.TaskBlocked) -> Iterator[Effect]:
    for person in body.to:
        yield Post(
            to=person,
            slot=f"blocked:{body.task}",  # told anew it changes in silence; a digest repeats it
            kind="blocked",
            lane=Lane.TASK,
            task=body.task,
            args={"seq": str(event.seq)},
        )


def _no_deputy(case: Case, event: ev.Event, body: ev.DeputyPassedOver) -> Iterator[Effect]:
    yield Post(
        to=body.principal,
        slot=f"deputy:{event.seq}",
        kind="no_deputy",
        lane=Lane.TASK,
        task=body.task,
        args={"seq": str(event.seq)},
    )


def _offered(case: Case, _: ev.Event, body: ev.DeputyOffered) -> Iterator[Effect]:
    yield from _task_cards(case, body.task, (body.deputy,))


def _transferred(case: Case, _: ev.Event, body: ev.TaskTransferred) -> Iterator[Effect]:
    yield from _task_cards(case, body.task, (body.to,))
    yield from _progress(body.task, soon=True)


def _changed(case: Case, _: ev.Event, body: Any) -> Iterator[Effect]:
    yield from _progress(body.task, soon=True)


def _urged(case: Case, _: ev.Event, body: ev.Urged) -> Iterator[Effect]:
    for task_id in body.tasks:
        yield from _progress(task_id)


def _replanned(case: Case, _: ev.Event, body: ev.ClockPlanned) -> Iterator[Effect]:
    if body.why != "started":
        for task in case.open_tasks:
            yield Refresh(task=task.id)
        yield from _case_cards()


def watched_tasks(case: Case, clock: str) -> tuple[str, ...]:
    """The tasks that a clock is about: its own, or for a case clock all that are open."""
    _, colon, task_id = clock.partition(":")
    return (task_id,) if colon else tuple(task.id for task in case.open_tasks)


def _reminded(case: Case, event: ev.Event, body: ev.Reminded) -> Iterator[Effect]:
    tasks = watched_tasks(case, body.clock)
    for person in body.to:
        yield Post(
            to=person,
            slot=f"remind:{event.seq}",
            kind="reminder",
            lane=Lane.REMINDER,
            task=next(iter(tasks), None),
            args={"clock": body.clock, "rung": body.rung},
            quiet=True,
        )
    for task_id in tasks:
        yield Refresh(task=task_id)


def _escalated(case: Case, event: ev.Event, body: ev.Escalated) -> Iterator[Effect]:
    tasks = watched_tasks(case, body.clock)
    about = next(iter(tasks), None)
    for person in body.to:
        yield Post(
            to=person,
            slot=escalation_slot(about or body.clock),
            kind=ESCALATION,
            lane=Lane.ESCALATION,
            task=about,
            args={"seq": str(event.seq)},
        )
    for task_id in tasks:
        yield from _progress(task_id)


def _asked(case: Case, event: ev.Event, body: ev.QuestionAsked) -> Iterator[Effect]:
    yield Post(
        to=body.to,
        slot=f"ask:{event.seq}",
        kind="question",
        lane=Lane.TASK,
        task=body.task,
        args={"seq": str(event.seq)},
    )
    yield from _progress(body.task, soon=True)


def _answered(case: Case, event: ev.Event, body: ev.QuestionAnswered) -> Iterator[Effect]:
    yield from _news(case, event, "answered", body.task)
    yield from _progress(body.task, soon=True)


def _lapsed(case: Case, event: ev.Event, body: ev.QuestionLapsed) -> Iterator[Effect]:
    yield from _news(case, event, "lapsed", body.task)
    yield from _progress(body.task, soon=True)


def _news(case: Case, event: ev.Event, kind: str, task_id: str) -> Iterator[Effect]:
    task = case.task(task_id)
    for person in task.owners if task is not None else ():
        yield Post(
            to=person,
            slot=f"{kind}:{event.seq}",
            kind=kind,
            lane=Lane.TASK,
            task=task_id,
            args={"seq": str(event.seq)},
        )


def _commented(case: Case, event: ev.Event, body: ev.Commented) -> Iterator[Effect]:
    yield from _case_cards()  # who writes watches from now on, and their card offers to stop
    for open_task in case.open_tasks:
        yield Refresh(slot=task_slot(open_task.id))
    at_work = (owner for task in case.open_tasks for owner in task.owners)
    filer = (case.filer,) if case.watches(case.filer) else ()
    for person in dict.fromkeys((*filer, *at_work, *case.following)):
        if person != event.actor:
            yield Post(
                to=person,
                slot=f"comment:{event.seq}",
                kind="comment",
                lane=Lane.TASK,
                task=body.task or case.tasks[-1].id,  # found again when content is erased
                args={"seq": str(event.seq), **_standing(case, person)},
            )


def _standing(case: Case, person: str) -> dict[str, str]:
    """Marks what somebody is told who has no part in the case and watches it."""
    return {} if person in case.participants else {WATCHING: "yes"}


def _copied(case: Case, event: ev.Event, body: ev.CopiedIn) -> Iterator[Effect]:
    for person in body.people:
        yield Post(
            to=person, slot=COPY, kind="copied", lane=Lane.TASK, args={"seq": str(event.seq)}
        )


def _closed(case: Case, event: ev.Event, body: ev.CaseClosed) -> Iterator[Effect]:
    yield from _case_cards(soon=True)
    for task in case.tasks:  # what was posted about the clocks of the whole case is settled too
        yield Refresh(task=task.id, soon=True)
    for person in _told_of_the_end(case, event, body):
        yield Post(
            to=person, slot=CLOSED, kind="closed", lane=Lane.TASK, args=_standing(case, person)
        )


def _told_of_the_end(case: Case, event: ev.Event, body: ev.CaseClosed) -> Iterator[str]:
    """The filer, all who had a part and did not say that they had enough of it, who watches.

    Of a withdrawal those who watch; everybody else sees it on the cards that they have.
    """
    if body.status == "withdrawn":
        yield from (person for person in case.following if person != event.actor)
        return
    yield case.filer
    workers = (task.decided_by for task in case.tasks if task.decided_by)
    for person in dict.fromkeys((*workers, *case.copied, *case.escalated_to, *case.following)):
        if person != case.filer and person not in case.unwatched:
            yield person


def _survey_asked(case: Case, _: ev.Event, body: ev.SurveyAsked) -> Iterator[Effect]:
    yield Post(to=body.to, slot=SURVEY, kind="survey", lane=Lane.TASK)


def _survey_answered(case: Case, _: ev.Event, body: ev.SurveyAnswered) -> Iterator[Effect]:
    yield Refresh(slot=SURVEY, soon=True)


def _erased(case: Case, _: ev.Event, body: ev.ContentErased) -> Iterator[Effect]:
    yield from _every_card(case)
    yield Refresh(slot=SURVEY, soon=True)


def _watch_changed(case: Case, _: ev.Event, body: ev.WatchChanged) -> Iterator[Effect]:
    yield from _every_card(case)  # the button on each that the actor has is another now


def _every_card(case: Case) -> Iterator[Effect]:
    for task in case.tasks:
        yield Refresh(task=task.id, soon=True)
    yield from _case_cards(soon=True)
    yield Refresh(slot=CLOSED, soon=True)


_REACT: dict[type, Callable[[Case, ev.Event, Any], Iterator[Effect]]] = {
    ev.CaseStarted: _started,
    ev.TaskOpened: _opened,
    ev.TaskReoffered: _reoffered,
    ev.TaskBlocked: _blocked,
    ev.DeputyOffered: _offered,
    ev.DeputyPassedOver: _no_deputy,
    ev.TaskClaimed: _changed,
    ev.TaskTransferred: _transferred,
    ev.ActionRecorded: _changed,
    ev.TaskCompleted: _changed,
    ev.TaskReturned: _changed,
    ev.TaskCancelled: _changed,
    ev.Urged: _urged,
    ev.ClockPlanned: _replanned,
    ev.Reminded: _reminded,
    ev.Escalated: _escalated,
    ev.QuestionAsked: _asked,
    ev.QuestionAnswered: _answered,
    ev.QuestionLapsed: _lapsed,
    ev.Commented: _commented,
    ev.CopiedIn: _copied,
    ev.WatchChanged: _watch_changed,
    ev.CaseClosed: _closed,
    ev.SurveyAsked: _survey_asked,
    ev.SurveyAnswered: _survey_answered,
    ev.ContentErased: _erased,
}
