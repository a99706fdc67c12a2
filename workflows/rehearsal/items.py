"""The items of a definition that a rehearsal should cover, and the items that an event covers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from workflows.actions.answer import QuestionAnswered
from workflows.actions.ask import QuestionAsked
from workflows.actions.carry_on import WaitingEnded
from workflows.actions.fire_timers import Escalated, Reminded, RungsCollapsed
from workflows.actions.record import ActionRecorded
from workflows.actions.revoke import CaseReopened
from workflows.actions.score import SurveyAnswered
from workflows.actions.send_back import TaskReturned
from workflows.actions.wait_for import WaitingBegan
from workflows.case.clock import ClockKind, about_of, kind_of
from workflows.case.events import Body, Event
from workflows.case.state import Case
from workflows.flow.ballots import BallotDecided
from workflows.flow.branch_events import BranchStarted
from workflows.flow.by_rule import DecidedByRule
from workflows.flow.ending import CaseClosed
from workflows.flow.entering import NodeEntered, RouteTaken, TaskCompleted
from workflows.flow.forks import BranchesOpened
from workflows.flow.offering import TaskTransferred
from workflows.flow.opening import TaskOpened
from workflows.flow.other_cases import OtherCaseEnded
from workflows.flow.pauses import QuestionLapsed
from workflows.flow.points import PointsCharged
from workflows.flow.rung_effects import DecidedByTimer, ReassignmentDue
from workflows.flow.services import WorkDone
from workflows.flow.start_clocks import read_key
from workflows.model.clocks import Ladder
from workflows.model.definition import Definition
from workflows.model.nodes import (
    ApprovalNode,
    ForkNode,
    GatewayNode,
    Node,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
    WorkNode,
)
from workflows.toml_lines import Path

KINDS = (
    "node",
    "route",
    "branch",
    "start",
    "outcome",
    "ballot",
    "return",
    "limit",
    "rung",
    "action",
    "deed",
)
NONE = "none"  # of a fork: no condition of a branch held
TURN = "turn"  # of a ballot: a seat that waited was opened
VISIT = "visit "  # how the name of a rung begins that is about all signers together
PAUSE = "pause"  # what the ladder of a question belongs to


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item to cover: `kind` of KINDS, `of` a node, a clock or `pause`, `name` inside it."""

    kind: str
    of: str
    name: str = ""
    path: Path = field(default=(), compare=False)

    def __str__(self) -> str:
        return f"{self.of}.{self.name}" if self.name else self.of


def items(definition: Definition) -> tuple[Item, ...]:
    """Return all items of a definition, in the order of the definition."""
    found = [*_of_nodes(definition), *_of_clocks(definition), *_of_actions(definition)]
    return (*found, *_deeds(definition))


def _of_nodes(definition: Definition) -> Iterator[Item]:
    for index, node in enumerate(definition.nodes):
        path: Path = ("nodes", index)
        yield Item(kind="node", of=node.id, path=path)
        yield from _ways(node, path)
        for number, start in enumerate(node.starts if isinstance(node, WaitNode) else ()):
            yield Item(kind="start", of=node.id, name=start.id, path=(*path, "starts", number))
            for item in _rungs(definition, node.id, start.ladder or ""):
                yield replace(item, name=f"{start.id} {item.name}")
        if isinstance(node, WorkNode):
            yield from _rungs(definition, node.id, node.ladder)
        if isinstance(node, ApprovalNode) and node.visit_ladder is not None:
            for item in _rungs(definition, node.id, node.visit_ladder):
                yield replace(item, name=f"{VISIT}{item.name}")


def _ways(node: Node, path: Path) -> Iterator[Item]:
    if isinstance(node, GatewayNode):
        for number in range(len(node.routes)):
            yield Item(kind="route", of=node.id, name=str(number), path=(*path, "routes", number))
    elif isinstance(node, ProcessNode | ServiceNode):
        for ending in node.outcomes:
            yield Item(kind="outcome", of=node.id, name=ending, path=(*path, "outcomes", ending))
    elif isinstance(node, ForkNode):
        for number, branch in enumerate(node.branches):
            at: Path = (*path, "branches", number)
            yield Item(kind="branch", of=node.id, name=branch.to, path=at)
        if node.may_be_passed:
            yield Item(kind="branch", of=node.id, name=NONE, path=(*path, "branches"))
    elif isinstance(node, TaskNode):
        yield Item(kind="outcome", of=node.id, name="complete", path=path)
        for number, target in enumerate(node.return_to):
            back: Path = (*path, "return_to", number)
            yield Item(kind="return", of=node.id, name=target, path=back)
    elif isinstance(node, ApprovalNode):
        for name, outcome in node.outcomes.items():
            way: Path = (*path, "outcomes", name)
            yield Item(kind="outcome", of=node.id, name=name, path=way)
            for number, target in enumerate(outcome.to if len(outcome.to) > 1 else ()):
                yield Item(kind="return", of=node.id, name=target, path=(*way, "to", number))
            if outcome.at_most is not None and outcome.then is not None and name == "return":
                yield Item(kind="limit", of=node.id, name=outcome.then, path=(*way, "then"))
        yield from _ballots(node, path)


def _ballots(node: ApprovalNode, path: Path) -> Iterator[Item]:
    """Yield the outcomes that the votes of several signers can give, and the turns of a list."""
    if not node.seats:
        return
    for name in node.outcomes:
        yield Item(kind="ballot", of=node.id, name=name, path=(*path, "signers"))
    if node.rule.kind == "in_turn" and len(node.seats) > 1:
        yield Item(kind="ballot", of=node.id, name=TURN, path=(*path, "signers"))


def _of_clocks(definition: Definition) -> Iterator[Item]:
    for key, clock in definition.clocks.items():
        yield from _rungs(definition, key, clock.ladder)
    if definition.pause is not None:
        yield from _rungs(definition, PAUSE, definition.pause.ladder)
        yield Item(kind="rung", of=PAUSE, name="lapse", path=("pause", "cap"))


def _rungs(definition: Definition, of: str, key: str) -> Iterator[Item]:
    for index, rung in enumerate(definition.ladders.get(key, _NO_LADDER).rungs):
        for repeat in range(rung.times):
            name = f"{index}.{repeat}" if repeat else str(index)
            path: Path = ("ladders", key, "rungs", index)
            yield Item(kind="rung", of=of, name=name, path=path)


_NO_LADDER = Ladder.model_construct(rungs=())


def _of_actions(definition: Definition) -> Iterator[Item]:
    for key, action in definition.actions.items():
        for index, node in enumerate(action.nodes):
            yield Item(kind="action", of=node, name=key, path=("actions", key, "nodes", index))


def _deeds(definition: Definition) -> Iterator[Item]:
    if definition.pause is not None:
        outside = [one for one in definition.pause.on if one != "filer"]
        of_filer = ("asked", "answered") if "filer" in definition.pause.on else ()
        for name in (*of_filer, *outside, *(("carried_on",) if outside else ())):
            yield Item(kind="deed", of=name, path=("pause",))
    for key, ladder in definition.ladders.items():
        if any(rung.may_take_over for rung in ladder.rungs):
            yield Item(kind="deed", of="taken_over", name=key, path=("ladders", key))
    if definition.withdraw_until != definition.start:
        yield Item(kind="deed", of="withdrawn", path=("withdraw_until",))
    if definition.revoke is not None:
        yield Item(kind="deed", of="revoked", path=("revoke",))
    if definition.survey is not None:
        yield Item(kind="deed", of="survey", path=("survey",))


# ------------------------------------------------------------------ what an event shows


def shown(definition: Definition, case: Case, event: Event) -> Iterator[Item]:
    """Yield the items that an event covers. `case` is the state after it."""
    body = event.body
    match body:
        case NodeEntered():
            yield Item(kind="node", of=body.node)
        case RouteTaken() | BranchesOpened():
            yield from _taken(body)
        case BranchStarted():
            yield Item(kind="start", of=body.node, name=body.start)
        case TaskCompleted():
            yield from _completed(case, body)
        case BallotDecided():
            yield Item(kind="ballot", of=body.node, name=body.outcome)
        case TaskOpened() if case.known_task(body.task).seat > 1:
            yield Item(kind="ballot", of=body.node, name=TURN)
        case DecidedByRule():
            yield Item(kind="outcome", of=body.node, name=body.outcome)
        case TaskReturned():
            yield Item(kind="return", of=_node(case, body.task), name=body.to)
        case ActionRecorded():
            yield Item(kind="action", of=_node(case, body.task), name=body.action)
        case Reminded() | Escalated() | PointsCharged() | ReassignmentDue() | DecidedByTimer():
            yield from _rung_fired(case, body)
        case RungsCollapsed(why="merged"):  # all its recipients had been reached
            for rung in body.rungs:
                yield Item(kind="rung", of=watched(case, body.clock), name=_named(body.clock, rung))
        case QuestionLapsed():
            yield Item(kind="rung", of=PAUSE, name="lapse")
        case TaskTransferred(why="take_over"):
            yield from _taken_over(definition, case, body.task)
        case _:
            yield from _deed_shown(body)


def _taken(body: RouteTaken | BranchesOpened) -> Iterator[Item]:
    if isinstance(body, BranchesOpened):
        for branch in body.branches or (NONE,):
            yield Item(kind="branch", of=body.node, name=branch)
    elif body.route is not None:
        yield Item(kind="route", of=body.node, name=str(body.route))
    elif body.because == "limit":
        yield Item(kind="limit", of=body.node, name=body.to)


_Rung = Reminded | Escalated | PointsCharged | ReassignmentDue | DecidedByTimer


def _rung_fired(case: Case, body: _Rung) -> Iterator[Item]:
    """Yield the rung that fired, and the outcome that it gave; every close is the same rung."""
    name = body.rung.partition(".")[0] if isinstance(body, PointsCharged) else body.rung
    yield Item(kind="rung", of=watched(case, body.clock), name=_named(body.clock, name))
    if isinstance(body, DecidedByTimer):
        yield Item(kind="outcome", of=_node(case, body.task), name=body.outcome)


def _completed(case: Case, body: TaskCompleted) -> Iterator[Item]:
    node = _node(case, body.task)
    yield Item(kind="outcome", of=node, name=body.outcome)
    for to in filter(None, (body.to, *body.also)):
        yield Item(kind="return", of=node, name=to)


def _deed_shown(body: Body) -> Iterator[Item]:
    """Yield the items that an action covers; many actions cover none."""
    match body:
        case QuestionAsked():
            yield Item(kind="deed", of="asked")
        case QuestionAnswered():
            yield Item(kind="deed", of="answered")
        case WaitingBegan():
            yield Item(kind="deed", of=body.on)
        case WaitingEnded():
            yield Item(kind="deed", of="carried_on")
        case CaseClosed(status="withdrawn"):
            yield Item(kind="deed", of="withdrawn")
        case CaseReopened():
            yield Item(kind="deed", of="revoked")
        case OtherCaseEnded():
            yield Item(kind="outcome", of=body.node, name=body.status)
        case WorkDone():
            yield Item(kind="outcome", of=body.node, name=body.outcome)
        case SurveyAnswered():
            yield Item(kind="deed", of="survey")
        case _:
            pass


def _taken_over(definition: Definition, case: Case, task_id: str) -> Iterator[Item]:
    """Yield the ladders that had allowed somebody to take this task over."""
    own = ClockKind.TASK.of(task_id), ClockKind.VISIT.of(case.known_task(task_id).visit)
    for clock in case.clocks:
        if clock.key in definition.clocks or clock.key in own:
            ladder = definition.ladders[clock.ladder]
            fired = {int(rung.partition(".")[0]) for rung in clock.fired}
            if any(ladder.rungs[index].may_take_over for index in fired):
                yield Item(kind="deed", of="taken_over", name=clock.ladder)


def _named(clock: str, rung: str) -> str:
    """Return the name of a rung inside what its clock belongs to."""
    if kind_of(clock) is ClockKind.BEGIN:
        return f"{read_key(clock)[1]} {rung}"
    return f"{VISIT}{rung}" if kind_of(clock) is ClockKind.VISIT else rung


def watched(case: Case, clock: str) -> str:
    """Return what a clock belongs to: a node, a clock of the case, or the pause."""
    kind = kind_of(clock)
    if kind is ClockKind.CASE:
        return clock
    if kind is ClockKind.BEGIN:
        return case.scope(read_key(clock)[0]).fork
    if kind is ClockKind.VISIT:
        return next(task.node for task in case.tasks if task.visit == about_of(clock))
    return _node(case, about_of(clock)) if kind is ClockKind.TASK else PAUSE


def _node(case: Case, task_id: str) -> str:
    return case.known_task(task_id).node
