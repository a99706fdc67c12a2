"""Routes edges that lead back, each in a lane beside all other elements of the diagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from handlers.diagram.flow import DiagramEdge
from handlers.diagram.geometry import Box, Point, reach

Pair = tuple[str, str]

_CLEAR = 16.0  # from the outermost node or line to the first lane, and between lanes
_NEAR = 14.0  # how far from the middle of a side an edge may leave it
_PORT_GAP = 11.0
_GAP_LINE = 11.0  # the distance from its row of an edge that cannot leave at the side
_BLOCKED = 1000.0
_BUSY = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lane:
    """An edge that leads back, with its side, the x of its lane, and the extent of the lane."""

    way: DiagramEdge
    side: int  # 1 right, -1 left
    x: float
    span: tuple[float, float]

    @property
    def pair(self) -> Pair:
        """The nodes at its ends."""
        return self.way.source, self.way.target


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ground:
    """The elements that are already placed: nodes with outlines, lines, and sizes of labels."""

    boxes: Mapping[str, Box]
    shapes: Mapping[str, str]
    routes: Mapping[Pair, tuple[Point, ...]]
    labels: Mapping[Pair, tuple[float, float]]

    def blocked(self, node: str, side: int) -> bool:
        """Return whether another node is beside a node, so that no line can leave at that side."""
        own = self.boxes[node]
        return any(
            other.top < own.cy + _NEAR
            and other.bottom > own.cy - _NEAR
            and (other.cx - own.cx) * side > 0
            for name, other in self.boxes.items()
            if name != node
        )

    def crossed(self, node: str, side: int) -> int:
        """Return the number of lines that a line would cross that leaves a node at a side."""
        own = self.boxes[node]
        return sum(
            min(y1, y2) < own.cy < max(y1, y2) and (x1 - own.cx) * side > 0
            for points in self.routes.values()
            for (x1, y1), (_, y2) in pairwise(points)
        )

    def edge(self, side: int, span: tuple[float, float]) -> float:
        """Return the outermost x of all elements on a side of the diagram between two heights."""
        top, bottom = span
        found = [
            box.cx + side * box.w / 2
            for box in self.boxes.values()
            if box.top < bottom and box.bottom > top
        ]
        found += [
            x
            for points in self.routes.values()
            for (x1, y1), (x2, y2) in pairwise(points)
            if min(y1, y2) < bottom and max(y1, y2) > top
            for x in (x1, x2)
        ]
        return max(found) if side > 0 else min(found)

    def row(self, node: str) -> tuple[float, float]:
        """Return the top and bottom of the row of nodes that contains a node."""
        own = self.boxes[node]
        row = [box for box in self.boxes.values() if box.top < own.bottom and box.bottom > own.top]
        return min(box.top for box in row), max(box.bottom for box in row)


def lane_routes(
    ways: tuple[DiagramEdge, ...],
    *,
    boxes: Mapping[str, Box],
    shapes: Mapping[str, str],
    routes: Mapping[Pair, tuple[Point, ...]],
    labels: Mapping[Pair, tuple[float, float]],
) -> dict[Pair, tuple[Point, ...]]:
    """Return the line of every edge that leads back, in a diagram that runs downwards.

    Args:
        ways: the edges that lead back.
        boxes: the boxes of the nodes, by id.
        shapes: the shapes of the nodes, by id, see `geometry.reach`.
        routes: the lines of the edges that lead forward.
        labels: width and height of each label, by pair of nodes.
    """
    ground = _Ground(boxes=boxes, shapes=shapes, routes=routes, labels=labels)
    lanes: list[_Lane] = []
    for way in sorted(ways, key=lambda one: (_span(one, boxes), one.source, one.target)):
        lanes.append(_lane(way, ground, lanes))
    ports = _ports(lanes, ground)
    made: dict[Pair, tuple[Point, ...]] = {}
    for number, lane in enumerate(lanes):
        out = _end(lane, ground, ports, leaving=True, number=number)
        home = _end(lane, ground, ports, leaving=False, number=number)
        made[lane.pair] = (*out, *reversed(home))
    return made


def _span(way: DiagramEdge, boxes: Mapping[str, Box]) -> float:
    return abs(boxes[way.source].cy - boxes[way.target].cy)


def _lane(way: DiagramEdge, ground: _Ground, lanes: list[_Lane]) -> _Lane:
    """Return the lane of an edge: the better side, and the nearest free position there.

    Edges are placed in the order of their length, so that a longer one is outside of every shorter
    one that it passes, and they do not cross.
    """

    def cost(side: int) -> float:
        ends = (way.source, way.target)
        return sum(
            _BLOCKED * ground.blocked(end, side) + ground.crossed(end, side) for end in ends
        ) + _BUSY * sum(lane.side == side for lane in lanes)

    side = min((1, -1), key=cost)
    ends = sorted((ground.boxes[way.source].cy, ground.boxes[way.target].cy))
    half = max(ground.labels[way.source, way.target][0] / 2, 2.0)
    span = ends[0] - _CLEAR, ends[1] + _CLEAR
    passed = [
        lane.x + side * ground.labels[lane.pair][0] / 2
        for lane in lanes
        if lane.side == side and lane.span[0] < span[1] and span[0] < lane.span[1]
    ]
    edge = max([ground.edge(side, span) * side, *(x * side for x in passed)]) * side
    return _Lane(way=way, side=side, x=edge + side * (half + _CLEAR - 4), span=span)


def _ports(lanes: list[_Lane], ground: _Ground) -> dict[tuple[Pair, bool], float]:
    """Return the vertical offset from the middle of the node, for each end of each lane.

    Lines that go up leave above those that go down; within each group they are ordered so that they
    do not cross.
    """
    ends: dict[tuple[str, int], list[tuple[tuple[bool, float], Pair, bool]]] = {}
    for lane in lanes:
        for leaving in (True, False):
            node = lane.way.source if leaving else lane.way.target
            other = lane.way.target if leaving else lane.way.source
            up = ground.boxes[other].cy < ground.boxes[node].cy or (node == other and leaving)
            out = lane.x * lane.side
            order = (not up, out if up else -out)
            ends.setdefault((node, lane.side), []).append((order, lane.pair, leaving))
    found: dict[tuple[Pair, bool], float] = {}
    for (node, _), here in ends.items():
        gap = min(_PORT_GAP, (ground.boxes[node].h - 12) / len(here))
        for place, (_, pair, leaving) in enumerate(sorted(here)):
            found[pair, leaving] = (place - (len(here) - 1) / 2) * gap
    return found


def _end(
    lane: _Lane,
    ground: _Ground,
    ports: Mapping[tuple[Pair, bool], float],
    *,
    leaving: bool,
    number: int,
) -> tuple[Point, ...]:
    """Return the points of the line between a node and its lane."""
    node = lane.way.source if leaving else lane.way.target
    box, shape = ground.boxes[node], ground.shapes[node]
    if not ground.blocked(node, lane.side):
        across = ports[lane.pair, leaving]
        start = box.cx + lane.side * reach(shape, box, across=across, upright=False)
        return (start, box.cy + across), (lane.x, box.cy + across)
    top, bottom = ground.row(node)
    y = bottom + _GAP_LINE + number % 3 * 4 if leaving else top - _GAP_LINE - number % 3 * 4
    across = lane.side * (box.w / 2 - 12)
    out = reach(shape, box, across=across, upright=True)
    return (box.cx + across, box.cy + (out if leaving else -out)), (box.cx + across, y), (lane.x, y)
