"""Makes the diagram of the playground's page: all coordinates, and the state of a case."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from handlers.diagram.flow import START
from handlers.diagram.layout import Direction, EdgeLine, Layout, NodeBox, layout
from handlers.i18n import translator
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import TaskStatus
from workflows.model.definition import Definition
from workflows.model.nodes import ForkNode, WorkNode

State = Literal["done", "current", "ahead", "skipped"]
Point = tuple[float, float]
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnNode:
    """A node; `x` and `y` are its upper left corner."""

    id: str
    kind: str
    label: str
    x: float
    y: float
    w: float
    h: float
    state: str  # a `State`, or one of `handlers.diagram.coverage`
    state_text: str
    who: str
    when_text: str
    rounds: int
    refused: bool  # an end that is no success


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnEdge:
    """An edge; `label_at` is the middle of its label, None if it has none."""

    source: str
    target: str
    label: str
    label_lines: tuple[str, ...]
    label_at: Point | None
    points: tuple[Point, ...]
    taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnDiagram:
    """A diagram with its size."""

    width: float
    height: float
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]


def diagram_view(
    definition: Definition,
    *,
    language: str,
    case: Case | None = None,
    path: Sequence[str] = (),
    who: Mapping[str, str] = _NOTHING,
    when: Mapping[str, str] = _NOTHING,
    direction: Direction = "down",
    noted: bool = False,
) -> DrawnDiagram:
    """Return the "Diagram" of docs/reference/playground-api.md.

    Args:
        case: the case whose state is shown; without one, all nodes are still ahead.
        path: the nodes in the order in which the case entered them, with repetitions; by default
            the order of their first visits.
        who: texts about people, by node id.
        when: texts about times, by node id.
        noted: whether nodes have room for a small line; with a case they always have.
    """
    drawn = layout(
        definition, language=language, direction=direction, notes=noted or case is not None
    )
    entered = tuple(path) or (case.trail if case is not None else ())
    taken = _taken(definition, entered) if case is not None else frozenset()
    returned = case.tasks if case is not None else ()
    taken |= {(task.node, to) for task in returned for to in task.returns_to}
    states = _states(definition, drawn, case)
    words = translator(language)
    nodes = tuple(
        _node(
            node,
            state=states[node.id],
            state_text=words.t(f"diagram.state.{states[node.id]}"),
            who=who.get(node.id, ""),
            when=when.get(node.id, ""),
            rounds=case.times_at(node.id) if case is not None else 0,
        )
        for node in drawn.nodes
    )
    return DrawnDiagram(
        width=_tenth(drawn.width),
        height=_tenth(drawn.height),
        nodes=nodes,
        edges=tuple(_line(edge, taken) for edge in drawn.edges),
    )


def _node(
    node: NodeBox, *, state: State, state_text: str, who: str, when: str, rounds: int
) -> DrawnNode:
    return DrawnNode(
        id=node.id,
        kind=node.kind,
        label=node.label,
        x=_tenth(node.x),
        y=_tenth(node.y),
        w=_tenth(node.w),
        h=_tenth(node.h),
        state=state,
        state_text=state_text,
        who=who,
        when_text=when,
        rounds=rounds,
        refused=node.refused,
    )


def _line(edge: EdgeLine, taken: Collection[tuple[str, str]]) -> DrawnEdge:
    box = edge.label_box
    return DrawnEdge(
        source=edge.source,
        target=edge.target,
        label=edge.label,
        label_lines=tuple(edge.lines),
        label_at=(_tenth(box.cx), _tenth(box.cy)) if box is not None else None,
        points=tuple((_tenth(x), _tenth(y)) for x, y in edge.points),
        taken=(edge.source, edge.target) in taken,
    )


def _tenth(value: float) -> float:
    return round(value, 1)


def _taken(definition: Definition, entered: tuple[str, ...]) -> frozenset[tuple[str, str]]:
    """Return the pairs of nodes between which the case went, entering the nodes in this order.

    The branches of a fork are entered in turns, so its pairs are those of nodes that were entered.
    """
    pairs, been = {*pairwise((START, *entered))}, frozenset(entered)
    for node in definition.nodes:
        if isinstance(node, ForkNode) and node.id in been:
            began = {branch.to for branch in node.branches} & been
            pairs |= {(node.id, to) for to in began}
            if began and node.join in been:
                pairs |= {(source, node.join) for source in been - {node.id}}
    return frozenset(pairs)


def _states(definition: Definition, drawn: Layout, case: Case | None) -> dict[str, State]:
    """Return the state of every node: what has happened there or can still happen."""
    if case is None:
        return {node.id: "ahead" for node in drawn.nodes}
    running = case.status is Status.RUNNING
    forks = {node.id for node in definition.nodes if isinstance(node, ForkNode)}
    here = {visit.node for visit in case.visits} - forks if running else set[str]()
    reachable = frozenset[str]().union(*(_beyond(drawn, node) for node in here))
    states: dict[str, State] = {START: "done"}
    for node in definition.nodes:
        if node.id in here:
            states[node.id] = "current"
        elif _passed(case, node.id, automatic=not isinstance(node, WorkNode)):
            states[node.id] = "done"  # also if the case comes there again after a return
        elif node.id in reachable:
            states[node.id] = "ahead"
        else:
            states[node.id] = "skipped"
    return states


def _beyond(drawn: Layout, node: str) -> frozenset[str]:
    """Return the nodes that can be reached from a node without an edge that leads back."""
    found: set[str] = set()
    waiting = [node]
    while waiting:
        here = waiting.pop()
        after = {edge.target for edge in drawn.edges if edge.source == here and not edge.back}
        waiting.extend(after - found)
        found |= after
    return frozenset(found - {node})


def _passed(case: Case, node: str, *, automatic: bool) -> bool:
    """Return whether a visited node was completed; an `automatic` one needs no decision."""
    if automatic:
        return case.times_at(node) > 0
    here = [task for task in case.tasks if task.node == node]
    last = [task for task in here if task.visit == here[-1].visit]
    return any(task.status in {TaskStatus.DONE, TaskStatus.RETURNED} for task in last)
