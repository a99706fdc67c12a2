"""What people say to each other in a case, who hears it, and its erasure."""

from __future__ import annotations

from datetime import datetime, timedelta

from workflows import commands as cmd
from workflows import events as ev
from workflows.durations import Span, Unit
from workflows.engine import authority, ladders
from workflows.engine.draft import Draft
from workflows.engine.people import owners_of
from workflows.errors import Refusal
from workflows.state import Task

URGE_EVERY = Span(amount=4, unit=Unit.WORKING_HOURS)  # per task (features §5, urge)
URGE_DAILY = 3  # per task in 24 hours


def ask(draft: Draft, command: cmd.AskFiler) -> None:
    """Ask the filer; the step's clock and those case clocks that pause stand still."""
    task, principal = authority.require_owner(draft, command.task)
    if task.question is not None:
        raise Refusal("already_asked")
    if draft.case.filer == command.actor:
        raise Refusal("you_are_the_filer")
    if not draft.world.directory.active(draft.case.filer):
        raise Refusal("filer_left")
    draft.emit(
        ev.QuestionAsked(task=task.id, to=draft.case.filer, content=command.content),
        on_behalf_of=principal,
    )
    ladders.pause(draft, draft.task(task.id))


def answer(draft: Draft, command: cmd.AnswerQuestion) -> None:
    """Answer; the clocks go on with what was left of them.

    Where whoever was asked cannot be reached, the process owner got the question and may answer.
    """
    task = authority.require_open(draft, command.task)
    if task.question is None:
        raise Refusal("nothing_asked")
    asked = task.question.to
    if asked != command.actor:
        unreachable = command.diverted or not draft.world.directory.active(asked)
        if not unreachable or command.actor not in owners_of(draft.case, draft.world):
            raise Refusal("question_not_yours")
    spent = ladders.paused_time(draft, task)
    draft.emit(
        ev.QuestionAnswered(
            task=task.id,
            content=command.content,
            paused=spent,
            instead_of=asked if asked != command.actor else "",
        )
    )
    ladders.go_on(draft, task)


def comment(draft: Draft, command: cmd.AddComment) -> None:
    """Comment, also after the end: words do no harm, and a closed case may still teach."""
    if not authority.may_read(draft.case, person=command.actor, world=draft.world):
        raise Refusal("not_your_case")
    if command.task is not None:
        draft.task(command.task)
    draft.emit(ev.Commented(content=command.content, task=command.task, follows=True))


def urge(draft: Draft, command: cmd.Urge) -> None:
    """Ask for speed, within limits: per task once in 4 working hours, 3 times a day.

    Refused in the quiet hours of everybody who could act, and while a task waits for its filer.
    """
    authority.require_running(draft)
    owners = owners_of(draft.case, draft.world)
    if command.actor != draft.case.filer and command.actor not in owners:
        raise Refusal("only_who_waits_may_urge")
    tasks = [task for task in draft.case.open_tasks if command.actor not in task.owners]
    if not tasks:
        raise Refusal("nothing_to_urge")
    reasons = {task.id: _why_not(draft, task) for task in tasks}
    ready = tuple(task.id for task in tasks if reasons[task.id] is None)
    if not ready:
        raise next(reason for reason in reasons.values() if reason is not None)
    draft.emit(ev.Urged(tasks=ready, content=command.content))


def _why_not(draft: Draft, task: Task) -> Refusal | None:
    now, calendar = draft.world.now, draft.world.calendar
    if task.question is not None:
        return Refusal("urge_while_paused")
    if all(draft.world.quiet.get(owner, False) for owner in task.owners):
        return Refusal("urge_in_quiet_hours")
    if len(_since(task, now - timedelta(days=1))) >= URGE_DAILY:
        return Refusal("urged_enough_today", most=URGE_DAILY)
    if task.urged_at:
        again = calendar.add(task.urged_at[-1], URGE_EVERY)
        if now < again:
            return Refusal("urged_too_soon", again=again)
    return None


def _since(task: Task, start: datetime) -> list[datetime]:
    return [at for at in task.urged_at if at > start]


def copy_in(draft: Draft, command: cmd.CopyIn) -> None:
    """Let others read along; each person once in a case."""
    if not authority.may_read(draft.case, person=command.actor, world=draft.world):
        raise Refusal("not_your_case")
    unknown = [person for person in command.people if not draft.world.directory.active(person)]
    if unknown or not command.people:
        raise Refusal("person_unknown")
    known = draft.case.participants
    new = tuple(dict.fromkeys(person for person in command.people if person not in known))
    if not new:
        raise Refusal("already_copied")
    draft.emit(ev.CopiedIn(people=new, content=command.content))


def watch(draft: Draft, command: cmd.Watch) -> None:
    """Begin or stop watching; a closed case has nothing to wait for, so it is only left alone."""
    if not authority.may_read(draft.case, person=command.actor, world=draft.world):
        raise Refusal("not_your_case")
    if draft.case.watches(command.actor) == command.on:
        raise Refusal("already_watching" if command.on else "not_watching")
    if command.on:
        authority.require_running(draft)
    draft.emit(ev.WatchChanged(on=command.on))


def record_erasure(draft: Draft, command: cmd.RecordErasure) -> None:
    """Keep on record that content was erased."""
    if not command.contents:
        raise Refusal("nothing_to_change")
    draft.emit(ev.ContentErased(contents=command.contents))
