"""Places the labels of edges so that they hide nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import pairwise

from handlers.diagram.geometry import Box, Point

Pair = tuple[str, str]

_PLACES = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.1, 0.9)  # fractions of a segment, the best first
_CLEAR = 2.0
_ARROW = 10.0
_HIDES_TEXT = 1000.0
_HIDES_LINE = 40.0
_NEAR = 9.0  # a text may be wider than its estimate: the distance to nodes that is kept if possible
_TOO_NEAR = 30.0
_TOO_LONG = 15.0  # the cost of a label that is longer than its segment
_BESIDE = 4.0
_CORNER = 12.0  # the cost of a label on a corner of its own edge
_FAR = 0.03  # the cost for each unit of distance from the source


def place_labels(
    *,
    boxes: Mapping[str, Box],
    routes: Mapping[Pair, tuple[Point, ...]],
    sizes: Mapping[Pair, tuple[float, float]],
    lanes: Collection[Pair] = (),
) -> dict[Pair, Box]:
    """Return the box of every label, by pair of nodes.

    Labels are near the source of their edge; those of `lanes` are in the middle of the lane.

    Args:
        boxes: the boxes of the nodes, by id.
        routes: the lines of the edges, by pair of nodes.
        sizes: width and height of each label, by pair of nodes.
        lanes: the pairs whose edge is in a lane.
    """
    labelled = [pair for pair in routes if sizes[pair][0] > 0]
    placed: dict[Pair, Box] = {}
    for pair in sorted(labelled, key=lambda one: (_length(routes[one]), one)):
        others = tuple(
            piece for other in routes if other != pair for piece in pairwise(routes[other])
        )
        taken = (*boxes.values(), *placed.values())
        candidates = _candidates(routes[pair], sizes[pair], lane=pair in lanes)
        costs = [
            (cost + _hidden(box, taken, others) + _crowded(box, boxes.values()), box)
            for cost, box in candidates
        ]
        placed[pair] = min(costs, key=lambda one: one[0])[1]
    return placed


def _length(points: tuple[Point, ...]) -> float:
    return sum(abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pairwise(points))


def _candidates(
    points: tuple[Point, ...], size: tuple[float, float], *, lane: bool
) -> Iterator[tuple[float, Box]]:
    """Yield possible boxes for a label with the cost of each, without regard to other elements."""
    w, h = size
    pieces = tuple(pairwise(points))
    travelled = 0.0
    for number, ((x1, y1), (x2, y2)) in enumerate(pieces, start=1):
        upright = abs(y2 - y1) > abs(x2 - x1)
        length = abs(x2 - x1) + abs(y2 - y1)
        room = length - (_ARROW if number == len(pieces) else 0.0)
        squeezed = _TOO_LONG if (h if upright else w) > room - 6 else 0.0
        for place in _PLACES:
            share = place * room / length if length else 0.0
            box = Box(cx=x1 + (x2 - x1) * share, cy=y1 + (y2 - y1) * share, w=w, h=h)
            cost = (travelled + place * length) * _FAR + abs(place - 0.5) * _BESIDE
            if lane:
                longest = length == _longest(pieces)
                cost = abs(place - 0.5) * _BESIDE if longest else _TOO_LONG
            yield cost + squeezed + _CORNER * (_cuts(box.grown(3), pieces) - 1), box
            for side in (1, -1):
                dx, dy = (side * (w / 2 + 4), 0.0) if upright else (0.0, side * (h / 2 + 4))
                beside = box.moved(dx, dy)
                yield cost + _BESIDE + _CORNER * _cuts(beside, pieces), beside
        travelled += length


def _longest(pieces: tuple[tuple[Point, Point], ...]) -> float:
    return max(abs(x2 - x1) + abs(y2 - y1) for (x1, y1), (x2, y2) in pieces)


def _cuts(box: Box, pieces: tuple[tuple[Point, Point], ...]) -> int:
    return sum(box.cut_by(one, other) for one, other in pieces)


def _hidden(box: Box, taken: tuple[Box, ...], lines: tuple[tuple[Point, Point], ...]) -> float:
    """Return how much a label would hide at this position."""
    around = box.grown(_CLEAR)
    texts = sum(around.overlaps(other) for other in taken)
    return _HIDES_TEXT * texts + _HIDES_LINE * _cuts(around, lines)


def _crowded(box: Box, nodes: Iterable[Box]) -> float:
    """Return the cost of a label that is near a node."""
    around = box.grown(_NEAR)
    return _TOO_NEAR * any(around.overlaps(node) for node in nodes)
