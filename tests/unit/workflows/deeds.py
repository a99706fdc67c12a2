"""What people and the office do in a playbook; each is a step for `play >> …`.

Without a `task`, the task that is open is meant, or the last one when none is.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.unit.workflows import office
from tests.unit.workflows.office import key
from tests.unit.workflows.playbook import Playbook, Step
from workflows.actions.add_signer import AddSigners
from workflows.actions.advise import Advise
from workflows.actions.answer import AnswerQuestion
from workflows.actions.ask import AskFiler
from workflows.actions.begin import BeginBranch
from workflows.actions.cancel import CancelStep
from workflows.actions.claim import ClaimTask
from workflows.actions.comment import AddComment
from workflows.actions.copy_in import CopyIn
from workflows.actions.decide import DecideTask
from workflows.actions.delegate import Delegate
from workflows.actions.erase import RecordErasure
from workflows.actions.follow_directory import FollowDirectory
from workflows.actions.judge import JudgeSubjects
from workflows.actions.jump import Jump
from workflows.actions.offer_to_deputies import OfferToDeputies
from workflows.actions.problem import ProblemKind, ReportProblem
from workflows.actions.reassign import ReassignTask
from workflows.actions.record import RecordAction
from workflows.actions.remove_signer import RemoveSigner
from workflows.actions.reopen import Reopen
from workflows.actions.replace_leavers import ReplaceLeavers
from workflows.actions.replan import Replan
from workflows.actions.revoke import Revoke
from workflows.actions.score import AnswerSurvey
from workflows.actions.send_back import SendBack
from workflows.actions.skip import SkipStep
from workflows.actions.start import StartCase
from workflows.actions.take_back import TakeBack
from workflows.actions.take_over import TakeOver
from workflows.actions.terminate import Terminate
from workflows.actions.transfer import TransferTask
from workflows.actions.urge import Urge
from workflows.actions.watch import Watch
from workflows.actions.withdraw import Withdraw
from workflows.case.events import SYSTEM

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
        StartCase(
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
    return _on_task(ClaimTask, person, task)


def complete(person: str, task: str | None = None, **values: object) -> Step:
    """Complete a task with a form."""
    return _decide(person, "complete", task, values)


def approve(person: str, task: str | None = None, **values: object) -> Step:
    """Approve."""
    return _decide(person, "approve", task, values)


def decide(person: str, outcome: str, task: str | None = None, **values: object) -> Step:
    """Give an outcome of an approval."""
    return _decide(person, outcome, task, values)


def dissatisfied(person: str, task: str | None = None, *, to: str = "", **values: object) -> Step:
    """Return by the outcome of an approval; `to` are the steps, where there are several."""
    named = tuple(to.split())
    return _with_content(DecideTask, person, task, outcome="return", to=named, values=values)


def reject(person: str, task: str | None = None, **values: object) -> Step:
    """Reject."""
    return _decide(person, "reject", task, values)


def decide_without_reason(person: str, outcome: Any) -> Step:
    """Decide and say nothing."""
    return _on_task(DecideTask, person, None, outcome=outcome)


def respond(person: str, task: str | None = None, action: str = "answered") -> Step:
    """Record that the customer was answered."""
    return _with_content(RecordAction, person, task, action=action)


def record(person: str, action: str, task: str | None = None, **values: object) -> Step:
    """Record an action with a form."""
    return _with_content(RecordAction, person, task, action=action, values=values)


def judge(person: str, outcome: str, *subjects: str, task: str | None = None) -> Step:
    """Give a verdict about these subjects, or about all that have none."""
    return _with_content(JudgeSubjects, person, task, subjects=subjects, outcome=outcome)


def judge_without_reason(person: str, outcome: str, *subjects: str) -> Step:
    """Give a verdict and say nothing."""
    return _on_task(JudgeSubjects, person, None, subjects=subjects, outcome=outcome)


def send_back(person: str, to: str, task: str | None = None) -> Step:
    """Send the case back to an earlier node."""
    return _with_content(SendBack, person, task, to=to)


def transfer(person: str, to: str, task: str | None = None) -> Step:
    """Hand a task over."""
    return _with_content(TransferTask, person, task, to=key(to))


def add_signers(
    person: str, where: Any, *people: str, task: str | None = None, sign: Any = "all"
) -> Step:
    """Add signers before, after or beside oneself."""
    to = tuple(map(key, people))
    return _with_content(AddSigners, person, task, to=to, where=where, sign=sign)


def remove_signer(person: str, task: str) -> Step:
    """Remove a signer who was added."""
    return _on_task(RemoveSigner, person, task)


def delegate(person: str, to: str, task: str | None = None) -> Step:
    """Ask somebody for advice."""
    return _with_content(Delegate, person, task, to=key(to))


def advise(person: str, task: str | None = None) -> Step:
    """Give advice."""
    return _with_content(Advise, person, task)


def take_over(person: str, task: str | None = None) -> Step:
    """Take a task over that was escalated."""
    return _on_task(TakeOver, person, task)


def take_back(person: str, task: str | None = None) -> Step:
    """Undo an own decision."""
    return _with_content(TakeBack, person, task)


def ask(person: str, task: str | None = None) -> Step:
    """Ask the filer something."""
    return _with_content(AskFiler, person, task)


def answer(person: str, task: str | None = None) -> Step:
    """Answer the question."""
    return _with_content(AnswerQuestion, person, task)


def comment(person: str, task: str | None = None) -> Step:
    """Write a comment."""
    return lambda play: play.give(
        AddComment(actor=key(person), via="web", content=play.content(), task=task)
    )


def report_problem(
    person: str, task: str = "", *, node: str = "", kind: ProblemKind = ProblemKind.SLOW
) -> Step:
    """Report a problem with the process at a step."""
    return lambda play: play.give(
        ReportProblem(
            actor=key(person), via="web", content=play.content(), task=task, node=node, kind=kind
        )
    )


def urge(person: str, *tasks: str) -> Step:
    """Ask for speed, with these tasks or with all."""
    return lambda play: play.give(Urge(actor=key(person), via="web", tasks=tasks))


def begin(person: str, start: str, subject: str = "") -> Step:
    """Press the button of a start of a wait node."""
    return lambda play: play.give(
        BeginBranch(actor=key(person), via="web", start=start, subject=subject)
    )


def withdraw(person: str) -> Step:
    """Take the case back."""
    return lambda play: play.give(Withdraw(actor=key(person), via="web", content=play.content()))


def revoke(person: str) -> Step:
    """Have a completed case undone."""
    return lambda play: play.give(Revoke(actor=key(person), via="web", content=play.content()))


def copy_in(person: str, *people: str) -> Step:
    """Let others read along."""
    return lambda play: play.give(
        CopyIn(actor=key(person), via="web", people=tuple(map(key, people)))
    )


def watch(person: str) -> Step:
    """Hear what others write, and how it ends."""
    return lambda play: play.give(Watch(actor=key(person), via="web", on=True))


def unwatch(person: str) -> Step:
    """Hear no more of it."""
    return lambda play: play.give(Watch(actor=key(person), via="web", on=False))


def score(person: str, points: int) -> Step:
    """Answer the survey."""
    return lambda play: play.give(
        AnswerSurvey(actor=key(person), via="web", score=points, content=play.content())
    )


def offer_to_deputies(play: Playbook) -> None:
    """Absences began; let deputies have the tasks too."""
    play.give(OfferToDeputies(actor=SYSTEM, via="timer"))


def replace_leavers(play: Playbook) -> None:
    """People left; move their tasks."""
    play.give(ReplaceLeavers(actor=SYSTEM, via="timer"))


def follow_directory(play: Playbook) -> None:
    """The directory changed; offer what nobody has begun to whom it is meant for."""
    play.give(FollowDirectory(actor=SYSTEM, via="timer"))


def closed_on(*days: str) -> Step:
    """The company closes on these dates; due times are computed again."""

    def close(play: Playbook) -> None:
        off = play.calendar.data.extra_off | {date.fromisoformat(day) for day in days}
        play.calendar = office.calendar(off=frozenset(off))
        replan(play)

    return close


def replan(play: Playbook) -> None:
    """Compute due times again."""
    play.give(Replan(actor=SYSTEM, via="timer"))


def erase(*contents: str) -> Step:
    """Erase pieces of content."""
    return lambda play: play.give(
        RecordErasure(actor=key("deng.tao"), via="cli", contents=contents)
    )


def _on_task(kind: Any, person: str, task: str | None, **fields: Any) -> Step:
    return lambda play: play.give(
        kind(actor=key(person), via="web", task=task or play.task.id, **fields)
    )


def _with_content(kind: Any, person: str, task: str | None, **fields: Any) -> Step:
    return lambda play: _on_task(kind, person, task, content=play.content(), **fields)(play)


def _decide(person: str, outcome: str, task: str | None, values: dict[str, object]) -> Step:
    return _with_content(DecideTask, person, task, outcome=outcome, values=values)


def reassign(person: str, to: str, task: str | None = None) -> Step:
    """An administrator gives a task to somebody else."""
    return _with_content(ReassignTask, person, task, to=key(to))


def skip(person: str, outcome: Any, task: str | None = None) -> Step:
    """An administrator leaves a step by an outcome."""
    return _with_content(SkipStep, person, task, outcome=outcome)


def cancel(person: str, task: str | None = None) -> Step:
    """An administrator ends one open step."""
    return _with_content(CancelStep, person, task)


def jump(person: str, to: str, near: str = "") -> Step:
    """An administrator leads the case to another step."""
    return lambda play: play.give(
        Jump(actor=key(person), via="web", to=to, near=near, content=play.content())
    )


def terminate(person: str) -> Step:
    """An administrator ends the case."""
    return lambda play: play.give(Terminate(actor=key(person), via="web", content=play.content()))


def reopen(person: str, node: str) -> Step:
    """An administrator opens an ended case again."""
    return lambda play: play.give(
        Reopen(actor=key(person), via="web", node=node, content=play.content())
    )
