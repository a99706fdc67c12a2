"""What somebody does in a rehearsal, made into a command of the engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from workflows import commands as cmd
from workflows import events as ev

VIA = "rehearsal"
CONTENT = ev.ContentRef(id="rehearsed", digest="0" * 64)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One thing done by one person. People are keys."""

    does: str
    actor: str
    task: str = ""
    to: tuple[str, ...] = ()  # people, or the node that a case is sent back to
    action: str = ""
    score: int = 0
    values: Mapping[str, object] = field(default_factory=dict)


def filing(deed: Deed, *, case_id: str, definition: str) -> cmd.StartCase:
    """The command that files a case."""
    return cmd.StartCase(
        actor=deed.actor,
        via=VIA,
        case_id=case_id,
        definition=definition,
        content=CONTENT,
        values=deed.values,
    )


def command_for(deed: Deed) -> cmd.Command:
    """The command for anything that is done in a case that was filed."""
    return _COMMANDS[deed.does](deed)


def _decision(deed: Deed) -> cmd.Command:
    return cmd.CompleteTask(
        actor=deed.actor,
        via=VIA,
        task=deed.task,
        outcome=deed.does,  # type: ignore[arg-type] # only outcomes are looked up here
        content=CONTENT,
        values=deed.values,
    )


def _record(deed: Deed) -> cmd.Command:
    return cmd.RecordAction(
        actor=deed.actor,
        via=VIA,
        task=deed.task,
        action=deed.action,
        content=CONTENT,
        values=deed.values,
    )


def _send_back(deed: Deed) -> cmd.Command:
    return cmd.ReturnTask(actor=deed.actor, via=VIA, task=deed.task, to=deed.to[0], content=CONTENT)


def _transfer(deed: Deed) -> cmd.Command:
    return cmd.TransferTask(
        actor=deed.actor, via=VIA, task=deed.task, to=deed.to[0], content=CONTENT
    )


_COMMANDS: Mapping[str, Callable[[Deed], cmd.Command]] = {
    "claim": lambda deed: cmd.ClaimTask(actor=deed.actor, via=VIA, task=deed.task),
    "complete": _decision,
    "approve": _decision,
    "reject": _decision,
    "return": _decision,
    "send_back": _send_back,
    "transfer": _transfer,
    "take_over": lambda deed: cmd.TakeOver(actor=deed.actor, via=VIA, task=deed.task),
    "record": _record,
    "ask": lambda deed: cmd.AskFiler(actor=deed.actor, via=VIA, task=deed.task, content=CONTENT),
    "answer": lambda deed: cmd.AnswerQuestion(
        actor=deed.actor, via=VIA, task=deed.task, content=CONTENT
    ),
    "comment": lambda deed: cmd.AddComment(actor=deed.actor, via=VIA, content=CONTENT),
    "urge": lambda deed: cmd.Urge(actor=deed.actor, via=VIA, content=CONTENT),
    "withdraw": lambda deed: cmd.Withdraw(actor=deed.actor, via=VIA, content=CONTENT),
    "copy_in": lambda deed: cmd.CopyIn(actor=deed.actor, via=VIA, people=deed.to),
    "watch": lambda deed: cmd.Watch(actor=deed.actor, via=VIA, on=True),
    "unwatch": lambda deed: cmd.Watch(actor=deed.actor, via=VIA, on=False),
    "score": lambda deed: cmd.AnswerSurvey(actor=deed.actor, via=VIA, score=deed.score),
}
