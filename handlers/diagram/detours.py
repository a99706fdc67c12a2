"""Corrects edges that the layout library routed at an angle or through a node."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise, product

from handlers.diagram.geometry import Box, Point

Pair = tuple[str, str]

_CLEAR = 9.0
_NEAR = 5.0  # an edge closer than this to another node appears to belong to it
_NOTHING = 0.01
_BEND = 25.0  # the cost of a corner, in units of length
_SHARED = 400.0  # the cost of running along another edge


def mended(
    routes: Mapping[Pair, tuple[Point, ...]], boxes: Mapping[str, Box]
) -> dict[Pair, tuple[Point, ...]]:
    """Return the routes, with detours for those that are at an angle or too close to a node.

    The diagram runs downwards.
    """
    found = dict(routes)
    for pair, points in routes.items():
        if not _is_clean(points, pair, boxes):
            others = [found[other] for other in found if other != pair]
            found[pair] = _detour(points, pair, boxes, others)
    return found


def _is_clean(points: tuple[Point, ...], pair: Pair, boxes: Mapping[str, Box]) -> bool:
    level = all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(points))
    ends = (
        abs(points[0][1] - boxes[pair[0]].bottom) < _NOTHING
        and abs(points[-1][1] - boxes[pair[1]].top) < _NOTHING
    )
    return level and ends and not _cuts(points, pair, boxes)


def _cuts(points: tuple[Point, ...], pair: Pair, boxes: Mapping[str, Box]) -> bool:
    return any(
        box.grown(-_NOTHING if name in pair else _NEAR).cut_by(one, other)
        for one, other in pairwise(points)
        for name, box in boxes.items()
    )


def _detour(
    points: tuple[Point, ...],
    pair: Pair,
    boxes: Mapping[str, Box],
    others: list[tuple[Point, ...]],
) -> tuple[Point, ...]:
    """Return the cheapest route that turns between rows of nodes and cuts no node."""
    source, target = boxes[pair[0]], boxes[pair[1]]
    start = (_within(points[0][0], source), source.bottom)
    end = (_within(points[-1][0], target), target.top)
    ways = (way for way in _ways(start, end, pair, boxes) if not _cuts(way, pair, boxes))
    return min(ways, key=lambda way: _effort(way) + _SHARED * _shared(way, others))


def _within(x: float, box: Box) -> float:
    return x if abs(x - box.cx) < box.w / 2 - 4 else box.cx


def _ways(
    start: Point, end: Point, pair: Pair, boxes: Mapping[str, Box]
) -> Iterator[tuple[Point, ...]]:
    below = max(box.bottom for box in _row(boxes[pair[0]], boxes)) + _CLEAR
    above = min(box.top for box in _row(boxes[pair[1]], boxes)) - _CLEAR
    (x1, y1), (x2, y2) = start, end
    if x1 == x2:
        yield start, end
    for y in (below, (y1 + y2) / 2, above):
        yield start, (x1, y), (x2, y), end
    sides = [x for box in boxes.values() for x in (box.left - _CLEAR, box.right + _CLEAR)]
    for x, side in product(sides, (-1, 1)):
        column = x + side * _CLEAR / 3
        yield start, (x1, below), (column, below), (column, above), (x2, above), end


def _row(one: Box, boxes: Mapping[str, Box]) -> list[Box]:
    return [box for box in boxes.values() if box.top < one.bottom and box.bottom > one.top]


def _effort(points: tuple[Point, ...]) -> float:
    length = sum(abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pairwise(points))
    return length + _BEND * len(points)


def _shared(points: tuple[Point, ...], others: list[tuple[Point, ...]]) -> int:
    """Return the number of segments of other edges that a route would run along."""
    return sum(
        _along(one, other)
        for one in pairwise(points)
        for line in others
        for other in pairwise(line)
    )


def _along(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Return whether two segments are parallel and so close that they look like one."""
    for axis, across in ((0, 1), (1, 0)):
        level = one[0][across] == one[1][across] and other[0][across] == other[1][across]
        if level and abs(one[0][across] - other[0][across]) < _NEAR:
            low, high = sorted((one[0][axis], one[1][axis]))
            return low < max(other[0][axis], other[1][axis]) and high > min(
                other[0][axis], other[1][axis]
            )
    return False
