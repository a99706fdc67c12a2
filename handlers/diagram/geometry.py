"""Points, boxes and lines of a diagram, and intersections of lines with outlines of nodes."""

from __future__ import annotations

import math
from dataclasses import dataclass

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle, given by its centre and its size."""

    cx: float
    cy: float
    w: float
    h: float

    @property
    def left(self) -> float:
        """The x of the left side."""
        return self.cx - self.w / 2

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.cx + self.w / 2

    @property
    def top(self) -> float:
        """The y of the upper side."""
        return self.cy - self.h / 2

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.cy + self.h / 2

    def turned(self) -> Box:
        """Return the box with x and y exchanged."""
        return Box(cx=self.cy, cy=self.cx, w=self.h, h=self.w)

    def moved(self, dx: float, dy: float) -> Box:
        """Return the box moved by `dx` and `dy`."""
        return Box(cx=self.cx + dx, cy=self.cy + dy, w=self.w, h=self.h)

    def grown(self, by: float) -> Box:
        """Return the box with a margin of `by` on all sides."""
        return Box(cx=self.cx, cy=self.cy, w=self.w + 2 * by, h=self.h + 2 * by)

    def overlaps(self, other: Box) -> bool:
        """Return whether the interiors of two boxes intersect."""
        return (
            abs(self.cx - other.cx) * 2 < self.w + other.w
            and abs(self.cy - other.cy) * 2 < self.h + other.h
        )

    def cut_by(self, one: Point, other: Point) -> bool:
        """Return whether a horizontal or vertical line crosses the interior."""
        (x1, y1), (x2, y2) = one, other
        return (
            min(x1, x2) < self.right
            and max(x1, x2) > self.left
            and min(y1, y2) < self.bottom
            and max(y1, y2) > self.top
        )


def reach(shape: str, box: Box, *, across: float, upright: bool) -> float:
    """Return the distance from the centre of a shape to its outline, beside the centre line.

    Args:
        shape: "box", "diamond" or "pill", which is round at its shorter sides.
        across: the distance from the centre line.
        upright: whether the vertical distance is returned; otherwise the horizontal one.
    """
    long, side = (box.h, box.w) if upright else (box.w, box.h)
    if shape == "diamond":
        return max(0.0, long / 2 * (1 - abs(across) / (side / 2)))
    if shape == "pill":
        return _pill(box, abs(across), upright=upright)
    return long / 2


def _pill(box: Box, across: float, *, upright: bool) -> float:
    radius = min(box.w, box.h) / 2
    long, side = (box.h, box.w) if upright else (box.w, box.h)
    inside = across - (side / 2 - radius)
    if inside <= 0:
        return long / 2
    return long / 2 - radius + math.sqrt(max(0.0, radius**2 - inside**2))
