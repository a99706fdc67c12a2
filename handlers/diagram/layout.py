"""Where everything in a diagram stands, for whoever draws it.

`graphlay` places the steps and the ways ahead; its name occurs in this file only, in one function.
Ways back get lanes of their own beside everything else (`lanes.py`), so that a return is seen at
once. Labels are put on their lines last (`labels.py`). All of it is computed as if the process ran
downwards; a diagram to the right is the same with x and y exchanged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from handlers.diagram.flow import Flow, Kind, flow
from handlers.diagram.geometry import Box, Point
from handlers.diagram.labels import place_labels
from handlers.diagram.lanes import lane_routes
from handlers.diagram.measure import wrap
from workflows.definition import Definition

Direction = Literal["down", "right"]

NODE_SIZE = 13.0  # of the letters
LABEL_SIZE = 11.0
LINE = 1.35  # from line to line, in sizes of letters

_MARGIN = 12.0
_WORK_WIDTH = 148.0
_PADDING = 11.0
_MOST_LINES = 3
_LABEL_ROOM = {"down": 82.0, "right": 104.0}
_LAYER_GAP = 38.0
_NODE_GAP = 30.0
_SHAPES: Mapping[Kind, str] = {"gateway": "diamond", "start": "pill", "end": "pill"}
_WEIGHT_MAIN = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBox:
    """A step with its place; `x` and `y` are the upper left corner. `lines` is its label, broken.

    `noted` says whether there is room for one more line of small letters under the label.
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

    @property
    def shape(self) -> str:
        """"box", "diamond" or "pill"."""
        return _SHAPES.get(self.kind, "box")

    @property
    def box(self) -> Box:
        """The rectangle around it."""
        return Box(cx=self.x + self.w / 2, cy=self.y + self.h / 2, w=self.w, h=self.h)


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLine:
    """A way with its line, from outline to outline, and the box in which its label stands."""

    source: str
    target: str
    label: str
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    label_box: Box | None
    back: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A whole diagram. Everything lies between 0 and `width`, and 0 and `height`."""

    width: float
    height: float
    nodes: tuple[NodeBox, ...]
    edges: tuple[EdgeLine, ...]
    direction: Direction

    def node(self, node_id: str) -> NodeBox:
        """The node with this id; KeyError when there is none."""
        for node in self.nodes:
            if node.id == node_id:
                return node
        raise KeyError(node_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sketch:
    """The diagram while it is made, running downwards."""

    flow: Flow
    sizes: Mapping[str, tuple[float, float]]
    label_sizes: Mapping[tuple[str, str], tuple[float, float]]
    boxes: Mapping[str, Box] = field(default_factory=dict)
    routes: Mapping[tuple[str, str], tuple[Point, ...]] = field(default_factory=dict)


def layout(
    definition: Definition,
    *,
    language: str,
    direction: Direction = "right",
    notes: bool = False,
) -> Layout:
    """The diagram of a definition; `notes` leaves room for a small line in every work step."""
    found = flow(definition, language=language)
    lines = {step.id: _lines(step) for step in found.steps}
    labels = {
        (way.source, way.target): wrap(
            way.label, room=_LABEL_ROOM[direction], size=LABEL_SIZE, most=_MOST_LINES
        )
        for way in found.ways
    }
    turn = direction == "right"
    sizes = {step.id: _size(step, lines[step.id], notes=notes) for step in found.steps}
    label_sizes = {pair: _label_size(texts) for pair, texts in labels.items()}
    boxes, ahead = _placed(found, _turned(sizes, turn), _turned(label_sizes, turn))
    shapes = {step.id: _SHAPES.get(step.kind, "box") for step in found.steps}
    routes = {pair: _clipped(points, pair, boxes, shapes) for pair, points in ahead.items()}
    backward = tuple(way for way in found.ways if way.back)
    routes |= lane_routes(
        backward, boxes=boxes, shapes=shapes, routes=routes, labels=_turned(label_sizes, turn)
    )
    places = place_labels(boxes=boxes, routes=routes, sizes=_turned(label_sizes, turn))
    return _finished(found, lines, labels, boxes, routes, places, direction, notes=notes)
