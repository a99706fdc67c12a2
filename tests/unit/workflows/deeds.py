"""What people and the office do in a playbook; each is a step for `play >> …`.

Without a `task`, the task that is open is meant, or the last one when none is.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, Step
from workflows import commands as cmd
from workflows import events as ev

COMPLAINT = {
    "customer": "ACME",
    "contact": "acme@example.com",
    "channel": "phone",
    "product": "X-100",
    "what_happened": "It broke.",
}


def file(person: str, **values: object) -> Step:
    """File a case."""
    return lambda play: play.give(
        cmd.StartCase(
            actor=key(person),
            via="web",
            case_id="C-2026-0001",
            definition=play.process.hash,
            content=play.content(),
            values={**COMPLAINT, **values},
        )
    )


def claim(person: str, task: str | None = None) -> Step:
    """Take a task that was offered to several."""
    return _on_task(cmd.ClaimTask, person, task)


def complete(person: str, task: str | None = None, **values: object) -> Step:
    """Complete a task with a form."""
    return _decide(person, "complete", task, values)


def approve(person: str, task: str | None = None, **values: object) -> Step:
    """Approve."""
    return _decide(person, "approve", task, values)


def dissatisfied(person: str, task: str | None = None, **values: object) -> Step:
    """Return by the outcome of an approval."""
    return _decide(person, "return", task, values)


def decide_without_reason(person: str, outcome: Any) -> Step:
    """Decide and say nothing."""
    return _on_task(cmd.CompleteTask, person, None, outcome=outcome)


def respond(person: str, task: str | None = None, action: str = "answered") -> Step:
    """Record that the customer was answered."""
    return _with_content(cmd.RecordAction, person, task, action=action)


def send_back(person: str, to: str, task: str | None = None) -> Step:
    """Send the case back to an earlier node."""
    return _with_content(cmd.ReturnTask, person, task, to=to)


def transfer(person: str, to: str, task: str | None = None) -> Step:
    """Hand a task over."""
    return _with_content(cmd.TransferTask, person, task, to=key(to))


def take_over(person: str, task: str | None = None) -> Step:
    """Take a task over that was escalated."""
    return _on_task(cmd.TakeOver, person, task)


def ask(person: str, task: str | None = None) -> Step:
    """Ask the filer something."""
    return _with_content(cmd.AskFiler, person, task)


def answer(person: str, task: str | None = None) -> Step:
    """Answer the question."""
    return _with_content(cmd.AnswerQuestion, person, task)


def comment(person: str, task: str | None = None) -> Step:
    """Write a comment."""
    return lambda play: play.give(
        cmd.AddComment(actor=key(person), via="web", content=play.content(), task=task)
    )


def urge(person: str) -> Step:
    """Ask for speed."""
    return lambda play: play.give(cmd.Urge(actor=key(person), via="web"))


def withdraw(person: str) -> Step:
    """Take the case back."""
    return lambda play: play.give(
        cmd.Withdraw(actor=key(person), via="web", content=play.content())
    )


def copy_in(person: str, *people: str) -> Step:
    """Let others read along."""
    return lambda play: play.give(
        cmd.CopyIn(actor=key(person), via="web", people=tuple(map(key, people)))
    )


def watch(person: str) -> Step:
    """Hear what others write, and how it ends."""
    return lambda play: play.give(cmd.Watch(actor=key(person), via="web", on=True))


def unwatch(person: str) -> Step:
    """Hear no more of it."""
    return lambda play: play.give(cmd.Watch(actor=key(person), via="web", on=False))


def score(person: str, points: int) -> Step:
    """Answer the survey."""
    return lambda play: play.give(
        cmd.AnswerSurvey(actor=key(person), via="web", score=points, content=play.content())
    )


def offer_to_deputies(play: Playbook) -> None:
    """Absences began; let deputies have the tasks too."""
    play.give(cmd.OfferToDeputies(actor=ev.SYSTEM, via="timer"))


def replace_leavers(play: Playbook) -> None:
    """People left; move their tasks."""
    play.give(cmd.ReplaceLeavers(actor=ev.SYSTEM, via="timer"))


def follow_directory(play: Playbook) -> None:
    """The directory changed; offer what nobody has begun to whom it is meant for."""
    play.give(cmd.FollowDirectory(actor=ev.SYSTEM, via="timer"))


def closed_on(*days: str) -> Step:
    """The company closes on these dates; due times are computed again."""

    def close(play: Playbook) -> None:
        off = play.calendar.data.extra_off | {date.fromisoformat(day) for day in days}
        play.calendar = office.calendar(off=frozenset(off))
        replan(play)

    return close


def replan(play: Playbook) -> None:
    """Compute due times again."""
    play.give(cmd.Replan(actor=ev.SYSTEM, via="timer"))


def erase(*contents: str) -> Step:
    """Erase pieces of content."""
    return lambda play: play.give(
        cmd.RecordErasure(actor=key("deng.tao"), via="cli", contents=contents)
    )


def _on_task(kind: Any, person: str, task: str | None, **fields: Any) -> Step:
    return lambda play: play.give(
        kind(actor=key(person), via="web", task=task or play.task.id, **fields)
    )


def _with_content(kind: Any, person: str, task: str | None, **fields: Any) -> Step:
    return lambda play: _on_task(kind, person, task, content=play.content(), **fields)(play)


def _decide(person: str, outcome: str, task: str | None, values: dict[str, object]) -> Step:
    return _with_content(cmd.CompleteTask, person, task, outcome=outcome, values=values)
