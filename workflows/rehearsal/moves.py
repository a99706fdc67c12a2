"""What can happen next in a situation, and how it is made to happen.

A move names no person: who makes it is found in the case when it is made, so that the moves of one
filer can be made again for another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from workflows import commands as cmd
from workflows import events as ev
from workflows.definition import ApprovalNode, TaskNode
from workflows.rehearsal.deeds import Deed, command_for
from workflows.rehearsal.items import watched
from workflows.rehearsal.report import Step
from workflows.rehearsal.samples import FILER, OTHER, Samples
from workflows.rehearsal.stage import Play, Stage, Turn, fire, next_timer
from workflows.state import Case, Status, Task

Does = Literal[
    "file",
    "claim",
    "complete",
    "approve",
    "reject",
    "return",
    "send_back",
    "record",
    "ask",
    "answer",
    "take_over",
    "withdraw",
    "score",
    "wait",
]
FORWARD = frozenset({"file", "claim", "record", "complete", "approve", "reject", "return"})
BEST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One thing that can happen. `node` is that of the task, if it is about one."""

    does: Does
    node: str = ""
    to: str = ""  # where a handler sends the case back to
    action: str = ""
    fills: Mapping[str, object] = field(default_factory=dict)


def moves(stage: Stage, samples: Samples, play: Play) -> Iterator[Move]:
    """Everything people may do now, in a fixed order. Time passing is not among it."""
    case = play.case
    if case is None:
        for fills in samples.of(stage.definition.start_form, play.values):
            yield Move(does="file", fills=fills)
    elif case.status is Status.RUNNING:
        for task in case.open_tasks:
            yield from _on_task(stage, samples, play, task)
        yield Move(does="withdraw", node=case.node)
    elif case.survey is not None and case.survey.score is None:
        yield Move(does="score")


def _on_task(stage: Stage, samples: Samples, play: Play, task: Task) -> Iterator[Move]:
    node = stage.definition.work_node(task.node)
    if task.blocked:
        pass  # nobody may act
    elif task.assignee is None:
        yield Move(does="claim", node=node.id)
    else:
        yield from _forward(stage, samples, play, node)
        if isinstance(node, TaskNode):
            for target in node.return_to:
                yield Move(does="send_back", node=node.id, to=target)
        if task.question is None and stage.definition.pause is not None:
            yield Move(does="ask", node=node.id)
    if task.question is not None:
        yield Move(does="answer", node=node.id)
    if task.rescuers and task.assignee not in task.rescuers:
        yield Move(does="take_over", node=node.id)


def _forward(
    stage: Stage, samples: Samples, play: Play, node: TaskNode | ApprovalNode
) -> Iterator[Move]:
    done = play.running.actions
    for key, action in stage.definition.actions.items():
        if node.id in action.nodes and key not in done:
            for fills in samples.of(action.form, play.values):
                yield Move(does="record", node=node.id, action=key, fills=fills)
    if any(action not in done for action in node.requires):
        return
    for fills in samples.of(node.form, play.values):
        if isinstance(node, TaskNode):
            yield Move(does="complete", node=node.id, fills=fills)
            continue
        for outcome in node.outcomes:
            if outcome != "return" or _may_return(play.running, node.id):
                yield Move(does=outcome, node=node.id, fills=fills)


def _may_return(case: Case, node: str) -> bool:
    """The bound: where one approval was returned more than once, others were at most once in all.

    Each is counted on its own, so that returning all of them often shows nothing new.
    """
    return sum(count for of, count in case.returns if of != node) <= 1


def waits(play: Play) -> bool:
    """Whether anything is ahead that only needs time."""
    return play.case is not None and next_timer(play.case) is not None


# ------------------------------------------------------------------ making a move


def perform(stage: Stage, play: Play, move: Move) -> Turn:
    """Make a move, by whoever may make it."""
    if move.does == "wait":
        return fire(stage, play)
    return stage.give(play, _command(stage, play, move))


def _command(stage: Stage, play: Play, move: Move) -> cmd.Command:
    task = None
    if play.case is not None:
        open_tasks = play.case.open_tasks
        task = next((one for one in open_tasks if one.node == move.node), None)
    deed = Deed(
        does=move.does,
        actor=_actor(stage, play, move, task),
        task=task.id if task is not None else "",
        to=(move.to,),
        action=move.action,
        score=BEST,
        values=filled(stage, play.filer, move.fills),
    )
    return stage.filing(deed) if move.does == "file" else command_for(deed)


def _actor(stage: Stage, play: Play, move: Move, task: Task | None) -> str:
    if move.does in {"file", "withdraw", "answer"}:
        return play.filer
    if move.does == "score":
        survey = play.running.survey
        assert survey is not None, "a score answers a survey"
        return survey.to
    assert task is not None, f"{move.does} is about an open task"
    if move.does == "claim":
        return _claimant(stage, play, task)
    return task.rescuers[0] if move.does == "take_over" else task.assignee or ""


def _claimant(stage: Stage, play: Play, task: Task) -> str:
    """Who claims: the favoured person if they may, else the first who is not the filer."""
    if stage.favoured in task.candidates:
        return stage.favoured
    others = (person for person in task.candidates if person != play.filer)
    return next(others, task.candidates[0])


def filled(stage: Stage, filer: str, fills: Mapping[str, object]) -> Mapping[str, object]:
    """The values with real people in place of those who stand for somebody."""
    people = {FILER: filer, OTHER: _somebody_else(stage, filer)}
    return {
        name: people.get(value, value) if isinstance(value, str) else value
        for name, value in fills.items()
    }


def _somebody_else(stage: Stage, filer: str) -> str:
    everybody = stage.directory.people.values()
    others = (p for p in everybody if p.active and p.key != filer)
    return min(others, key=lambda person: person.id).key if len(everybody) > 1 else filer


def step_of(stage: Stage, before: Play, move: Move, turn: Turn) -> Step:
    """A move that was made, for a script."""
    first = turn.seen[0].event
    who = first.actor if first.actor != ev.SYSTEM else ""
    clock = getattr(first.body, "clock", "") if move.does == "wait" else ""
    return Step(
        at=turn.play.now,
        who=who,
        does=move.does,
        node=move.node or before.running.node if before.case is not None else "",
        to=watched(turn.play.running, clock) if clock else move.to,
        action=move.action,
        fills=filled(stage, before.filer, move.fills),
    )
