"""Computes the positions of all elements of a diagram.

`graphlay` places the nodes and the edges that lead forward; it is used in one function of this
file only. Edges that lead back have lanes beside all other elements (`lanes.py`). Labels are placed
last (`labels.py`). The layout is computed for a diagram that runs downwards; one that runs to the
right is the same with x and y exchanged.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal, TypeVar

from handlers.diagram.detours import mended
from handlers.diagram.flow import DiagramEdge, DiagramNode, Flow, Kind, flow
from handlers.diagram.geometry import Box, Point, reach
from handlers.diagram.labels import place_labels
from handlers.diagram.lanes import lane_routes
from handlers.diagram.measure import width, wrap
from workflows.model.definition import Definition

Direction = Literal["down", "right"]
Pair = tuple[str, str]
K = TypeVar("K")

NODE_SIZE = 13.0  # font size
LABEL_SIZE = 11.0
LINE = 1.35  # line height, in font sizes

_MARGIN = 12.0
_WORK_WIDTH = 148.0
_PADDING = 11.0
_MOST_LINES = 3
_LABEL_ROOM = {"down": 92.0, "right": 104.0}
_OPTIONS = {
    "direction": "topbottom",
    "spacing": {"layer_gap": 38.0, "node_gap": 30.0, "dummy_gap": 30.0},
    "labels": {"reservation": "always"},
    "routing": {"port_sides": "facing_only"},
    "tuning": {"routing": {"step_flatten": 0.0}},  # flattened edges may run along a node
}
_SHAPES: Mapping[Kind, str] = {"gateway": "diamond", "start": "pill", "end": "pill"}
_WEIGHT_MAIN = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBox:
    """A node with its position; `x` and `y` are those of the upper left corner.

    `lines` is its label, wrapped. `noted` is set if there is room for a small line under the label.
    """

    id: str
    kind: Kind
    label: str
    lines: tuple[str, ...]
    x: float
    y: float
    w: float
    h: float
    noted: bool
    refused: bool

    @property
    def shape(self) -> str:
        """The shape of its outline: "box", "diamond" or "pill"."""
        return _shape(self.kind)

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        return Box(cx=self.x + self.w / 2, cy=self.y + self.h / 2, w=self.w, h=self.h)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLine:
    """An edge with its line, from outline to outline, and the box of its label."""

    source: str
    target: str
    label: str
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    label_box: Box | None
    back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole diagram. All x are between 0 and `width`, all y between 0 and `height`."""

    width: float
    height: float
    nodes: tuple[NodeBox, ...]
    edges: tuple[EdgeLine, ...]
    direction: Direction

    def node(self, node_id: str) -> NodeBox:
        """Return the node with this id. Raises KeyError."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)


def layout(
    definition: Definition,
    *,
    language: str,
    direction: Direction = "right",
    notes: bool = False,
) -> Layout:
    """Compute the diagram of a definition.

    Args:
        direction: the direction of the edges that lead forward.
        notes: whether there is room for a small line in every task, approval and wait.
    """
    return _laid_out(flow(definition, language=language), direction, notes=notes)


@lru_cache(maxsize=64)  # the page of a case draws the same few flows at every change
def _laid_out(found: Flow, direction: Direction, *, notes: bool) -> Layout:
    lines = {step.id: _lines(step) for step in found.steps}
    sizes = {step.id: _size(step, lines[step.id], notes=notes) for step in found.steps}
    shapes = {step.id: _shape(step.kind) for step in found.steps}
    made = arranged(found, direction, sizes=sizes, shapes=shapes)
    nodes = tuple(
        _node(step, lines[step.id], made.boxes[step.id], noted=notes and _is_work(step))
        for step in found.steps
    )
    return _framed(nodes, made.edges, direction)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """The boxes of the nodes, by id, and the lines of the edges; they may begin anywhere."""

    boxes: Mapping[str, Box]
    edges: tuple[EdgeLine, ...]


def arranged(
    found: Flow,
    direction: Direction,
    *,
    sizes: Mapping[str, tuple[float, float]],
    shapes: Mapping[str, str],
) -> Arranged:
    """Place the nodes and edges of a flow.

    Args:
        sizes: width and height of each node, by id.
        shapes: the shapes of the nodes, by id, see `geometry.reach`.
    """
    room = _LABEL_ROOM[direction]
    labels = {
        (way.source, way.target): wrap(way.label, room=room, size=LABEL_SIZE, most=_MOST_LINES)
        for way in found.ways
    }
    turn = direction == "right"
    label_sizes = _turned({pair: _label_size(texts) for pair, texts in labels.items()}, turn=turn)
    boxes, ahead = _placed(found, _turned(sizes, turn=turn), label_sizes)
    routes = {
        pair: _clipped(points, pair, boxes, shapes) for pair, points in mended(ahead, boxes).items()
    }
    backward = tuple(way for way in found.ways if way.back)
    routes |= lane_routes(backward, boxes=boxes, shapes=shapes, routes=routes, labels=label_sizes)
    lanes = frozenset((way.source, way.target) for way in backward)
    places = place_labels(boxes=boxes, routes=routes, sizes=label_sizes, lanes=lanes)
    if turn:
        boxes = {key: box.turned() for key, box in boxes.items()}
        places = {pair: box.turned() for pair, box in places.items()}
        routes = {pair: tuple((y, x) for x, y in points) for pair, points in routes.items()}
    edges = tuple(_edge(way, labels, routes, places) for way in found.ways)
    return Arranged(boxes=boxes, edges=edges)


def _placed(
    found: Flow,
    sizes: Mapping[str, tuple[float, float]],
    label_sizes: Mapping[Pair, tuple[float, float]],
) -> tuple[dict[str, Box], dict[Pair, tuple[Point, ...]]]:
    """Return the boxes of all nodes and the lines of edges that lead forward, from graphlay."""
    import graphlay

    graph = graphlay.Graph()
    for step in found.steps:
        w, h = sizes[step.id]
        graph.node(step.id, width=w, height=h)
    ahead = [way for way in found.ways if not way.back]
    for way in ahead:
        w, h = label_sizes[way.source, way.target]
        extra = {"label_size": [w, h]} if w else {}
        weight = _WEIGHT_MAIN if way.main else 1.0
        graph.edge(way.source, way.target, weight=weight, **extra)
    made = graphlay.layout(graph, options=_OPTIONS)
    boxes = {
        step.id: Box(cx=node["center"]["x"], cy=node["center"]["y"], w=size[0], h=size[1])
        for step, node in zip(found.steps, made.nodes, strict=True)
        for size in [sizes[step.id]]
    }
    routes = {
        (way.source, way.target): tuple((point["x"], point["y"]) for point in edge["points"])
        for way, edge in zip(ahead, made.edges, strict=True)
    }
    return boxes, routes


def _clipped(
    points: tuple[Point, ...], pair: Pair, boxes: Mapping[str, Box], shapes: Mapping[str, str]
) -> tuple[Point, ...]:
    """Return a line with its ends moved from the boxes to the outlines of its nodes."""
    (x1, _), (x2, _) = points[0], points[-1]
    source, target = boxes[pair[0]], boxes[pair[1]]
    out = reach(shapes[pair[0]], source, across=x1 - source.cx, upright=True)
    home = reach(shapes[pair[1]], target, across=x2 - target.cx, upright=True)
    return (x1, source.cy + out), *points[1:-1], (x2, target.cy - home)


def _shape(kind: Kind) -> str:
    return _SHAPES.get(kind, "box")


def _is_work(step: DiagramNode) -> bool:
    return step.kind in {"task", "approval", "wait", "process", "service"}


def _lines(step: DiagramNode) -> tuple[str, ...]:
    room = {"gateway": 84.0, "start": 96.0, "end": 96.0}.get(step.kind, _WORK_WIDTH - 2 * _PADDING)
    return wrap(step.label, room=room, size=NODE_SIZE, most=_MOST_LINES)


def _size(step: DiagramNode, lines: tuple[str, ...], *, notes: bool) -> tuple[float, float]:
    text_w = max((width(line, NODE_SIZE) for line in lines), default=0.0)
    text_h = len(lines) * NODE_SIZE * LINE
    if step.kind == "gateway":
        # A rectangle fits into a diamond if its shares of width and height add up to at most one.
        h = text_h * 1.6 + 34
        return _even(max(64.0, text_w / (1 - (text_h + 2) / h) + 4)), _even(h)
    if _is_work(step):
        return _WORK_WIDTH, _even(text_h + 20 + (LABEL_SIZE * LINE + 2 if notes else 0))
    mark = 18.0 if notes else 0.0  # the page has one beside the label when the case was there
    return _even(max(56.0, text_w + 30 + mark)), _even(text_h + 14)


def _even(length: float) -> float:
    """Return the next even number, so that the centre of every box is a whole number."""
    return 2.0 * math.ceil(length / 2)


def _label_size(lines: tuple[str, ...]) -> tuple[float, float]:
    if not any(lines):
        return 0.0, 0.0
    widest = max(width(line, LABEL_SIZE) for line in lines)
    return _even(widest + 8), _even(len(lines) * LABEL_SIZE * LINE + 1)


def _turned(sizes: Mapping[K, tuple[float, float]], *, turn: bool) -> dict[K, tuple[float, float]]:
    return {key: (h, w) if turn else (w, h) for key, (w, h) in sizes.items()}


def _node(step: DiagramNode, lines: tuple[str, ...], box: Box, *, noted: bool) -> NodeBox:
    return NodeBox(
        id=step.id,
        kind=step.kind,
        label=step.label,
        lines=lines,
        x=box.left,
        y=box.top,
        w=box.w,
        h=box.h,
        noted=noted,
        refused=step.refused,
    )


def _edge(
    way: DiagramEdge,
    labels: Mapping[Pair, tuple[str, ...]],
    routes: Mapping[Pair, tuple[Point, ...]],
    places: Mapping[Pair, Box],
) -> EdgeLine:
    pair = way.source, way.target
    return EdgeLine(
        source=way.source,
        target=way.target,
        label=way.label,
        lines=labels[pair] if way.label else (),
        points=routes[pair],
        label_box=places.get(pair),
        back=way.back,
    )


def _framed(
    nodes: tuple[NodeBox, ...], edges: tuple[EdgeLine, ...], direction: Direction
) -> Layout:
    """Return the layout with all elements moved so that they begin at the margin."""
    boxes = [node.box for node in nodes] + [edge.label_box for edge in edges if edge.label_box]
    points = [point for edge in edges for point in edge.points]
    left = min(*(box.left for box in boxes), *(x for x, _ in points)) - _MARGIN
    top = min(*(box.top for box in boxes), *(y for _, y in points)) - _MARGIN
    right = max(*(box.right for box in boxes), *(x for x, _ in points)) + _MARGIN
    bottom = max(*(box.bottom for box in boxes), *(y for _, y in points)) + _MARGIN
    return Layout(
        width=right - left,
        height=bottom - top,
        nodes=tuple(replace(node, x=node.x - left, y=node.y - top) for node in nodes),
        edges=tuple(
            replace(
                edge,
                points=tuple((x - left, y - top) for x, y in edge.points),
                label_box=edge.label_box and edge.label_box.moved(-left, -top),
            )
            for edge in edges
        ),
        direction=direction,
    )
