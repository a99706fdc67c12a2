"""The moves that are possible in a situation, and how they are made.

Each action defines its moves itself (`ActionType.rehearsal`); here their forms are filled in, they
are made by a person who may make them, and they are recorded as steps of a script.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from workflows.actions.score import BEST
from workflows.case.action_type import ActionType, Deed, Move, OnCase, OnTask
from workflows.case.clock import Clock, ClockKind
from workflows.case.command import Command
from workflows.case.draft import readable
from workflows.case.events import SYSTEM
from workflows.case.state import Case
from workflows.case.task import Task
from workflows.flow.start_clocks import read_key
from workflows.model.nodes import TaskNode
from workflows.registry import ACTIONS
from workflows.rehearsal.items import watched
from workflows.rehearsal.report import Step
from workflows.rehearsal.samples import FILER, OTHER, PAST_DAY, Samples, plain_value
from workflows.rehearsal.shapes import work
from workflows.rehearsal.side_by_side import has_turn, leads_out
from workflows.rehearsal.stage import Play, Stage, Turn, fire, next_timer

_YEAR = 365  # days
WAIT = "wait"  # the move without an actor: time passes
ACTION_OF: Mapping[str, ActionType] = MappingProxyType(
    {word: action for action in ACTIONS.values() for word in action.does}
)
FORWARD = frozenset(
    {"file"}
    | {
        word
        for word, action in ACTION_OF.items()
        if isinstance(action.rehearsal, OnTask) and action.rehearsal.forward
    }
)


def moves(stage: Stage, samples: Samples, play: Play) -> Iterator[Move]:
    """Yield all moves of people that are possible now, in a fixed order; time is not among them."""
    for move in _unfilled(stage, play):
        if move.form is None:
            yield move
            continue
        known = play.values if play.case is None else readable(play.case, play.values)
        seen: list[Mapping[str, object]] = []
        for fills in samples.of(move.form, known):
            filled_in = _of_subject(stage, play, move, fills)
            if filled_in not in seen:
                seen.append(filled_in)
                yield replace(move, form=None, fills=filled_in)


def _of_subject(
    stage: Stage, play: Play, move: Move, fills: Mapping[str, object]
) -> Mapping[str, object]:
    """Return the values of a form; of a step with `only`, those of the certificate of its branch.

    It is valid for another year, if the samples do not have it expired.
    """
    node = stage.definition.node(move.node) if move.node else None
    task = None if play.case is None else task_of(play.case, move)
    if not (isinstance(node, TaskNode) and node.only and node.form) or task is None:
        return fills
    branch = play.running.started(task.spot)
    subject = branch.opened.subject if branch is not None and branch.opened is not None else ""
    today = stage.calendar.day_of(play.now)
    found = {}
    for field in stage.definition.forms[node.form].about(subject):
        found[field.id] = fills.get(field.id, plain_value(field))
        if field.is_expiry and str(found[field.id]) > PAST_DAY:
            found[field.id] = (today + timedelta(days=_YEAR)).isoformat()
    return found


def _unfilled(stage: Stage, play: Play) -> Iterator[Move]:
    case, definition = play.case, stage.definition
    if case is None:
        yield Move(does="file", form=definition.start_form)
        return
    tried = [action.rehearsal for action in ACTIONS.values()]
    for task in _tried(case):
        turn = has_turn(case, task)
        for one in tried:
            if isinstance(one, OnTask) and (one.forward or _early(case, task)):
                for move in one.moves(definition, case, task):
                    if turn or leads_out(stage, task, move):
                        yield replace(move, seat=task.seat)
    for one in tried:
        if isinstance(one, OnCase):
            yield from one.moves(definition, case)
    for clock in case.clocks:
        if begins_at_rest(case, clock) or ends_wait(case, clock):
            yield Move(does=WAIT, action=clock.key)


def begins_at_rest(case: Case, clock: Clock) -> bool:
    """Return whether a clock opens a branch of a wait node while no other one is open.

    Of the certificates of a start only the first one is tried.
    """
    if clock.kind is not ClockKind.BEGIN or not clock.planned:
        return False
    visit, start, subject = read_key(clock.key)
    if case.scope(visit).open:
        return False
    same = (read_key(one.key) for one in case.clocks if one.kind is ClockKind.BEGIN and one.planned)
    return subject == min(of for at, name, of in same if (at, name) == (visit, start))


def ends_wait(case: Case, clock: Clock) -> bool:
    """Return whether a clock ends a wait while nobody has anything to do."""
    return clock.kind is ClockKind.UNTIL and bool(clock.planned) and not case.open_tasks


def _early(case: Case, task: Task) -> bool:
    """Return whether moves that lead nowhere are tried on a task.

    Among several signers, only until a second one has signed; an open question is answered later.
    """
    votes = sum(seat.outcome is not None for seat in case.ballot(task.visit))
    return votes <= 1 or task.question is not None


def _tried(case: Case) -> Iterator[Task]:
    """Yield the open tasks; of several seats that lead to the same shapes only the first."""
    seen: set[tuple[object, ...]] = set()
    for task in case.open_tasks:
        alike = (task.visit, *work(task))
        if alike not in seen:
            seen.add(alike)
            yield task


def task_of(case: Case, move: Move) -> Task | None:
    """Return the open task that a move is about, or None.

    For another filer a step may have fewer seats; then it is the first one that is open.
    """
    found = [task for task in case.open_tasks if task.node == move.node]
    same = (task for task in found if task.seat == move.seat)
    return next(same, next(iter(found), None))


def waits(play: Play) -> bool:
    """Return whether a rung is ahead, so that time can pass."""
    return play.case is not None and next_timer(play.case) is not None


# ------------------------------------------------------------------ making a move


def perform(stage: Stage, play: Play, move: Move) -> Turn:
    """Make a move, by a person who may make it, and return its result."""
    if move.does == WAIT:
        return fire(stage, play, clock=move.action)
    return stage.give(play, _command(stage, play, move))


def _command(stage: Stage, play: Play, move: Move) -> Command:
    task = None if play.case is None else task_of(play.case, move)
    return stage.command(
        Deed(
            does=move.does,
            actor=_actor(stage, play, move, task),
            task=task.id if task is not None else "",
            to=(move.to, *move.also) if move.to else (),
            action=move.action,
            score=BEST,
            values=filled(stage, play.filer, move.fills),
        )
    )


def _actor(stage: Stage, play: Play, move: Move, task: Task | None) -> str:
    if play.case is None:
        return play.filer
    tried = ACTION_OF[move.does].rehearsal
    if isinstance(tried, OnCase):
        return tried.by(play.case, stage.world(play), move)
    assert isinstance(tried, OnTask), f"a rehearsal does not try {move.does}"
    assert task is not None, f"{move.does} is about an open task"
    favoured = task.assignee is None and stage.favoured in task.candidates
    return stage.favoured if favoured else tried.by(play.case, task)


def filled(stage: Stage, filer: str, fills: Mapping[str, object]) -> Mapping[str, object]:
    """Return the values with real people in place of the sample people."""
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
    """Return a move that was made as a step of a script."""
    first = turn.seen[0].event
    who = first.actor if first.actor != SYSTEM else ""
    clock = getattr(first.body, "clock", "") if move.does == WAIT else ""
    return Step(
        at=turn.play.now,
        who=who,
        does=move.does,
        node=move.node or before.running.node if before.case is not None else "",
        to=watched(turn.play.running, clock) if clock else move.to,
        also=move.also,
        action=move.action,
        fills=filled(stage, before.filer, move.fills),
    )
