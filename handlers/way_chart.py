"""Draws the ways that cases take as SVG: a row for each way, its steps as boxes in their order.

A box of a step that the way has already been at is of another colour: work that is done again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.charts import INK, WIDTH, cut, drawing, text_at
from handlers.rendering.plain import clean

_LEFT, _TOP = 44.0, 44.0
_BOXES = 158.0  # where the boxes begin, right of the share
_BOX, _GAP, _HIGH = 124.0, 14.0, 26.0
_IN_A_LINE = int((WIDTH - _BOXES) // (_BOX + _GAP))
_LINE, _ROW = 34.0, 12.0
_SIZE, _USUAL = 11, 13
_FIRST = ("#eef6ff", "#17496b")
_AGAIN = ("#fff1d6", "#a15c00")
_ARROW = "#7c8997"


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way: what is written before it, and the names of its steps in order."""

    text: str
    steps: tuple[str, ...]


def draw_ways(ways: Sequence[Way], *, title: str) -> str:
    """Return the ways, the first on top, as SVG; there must be one."""
    body: list[str] = []
    y = _TOP
    for way in ways:
        body.append(text_at(clean(way.text), _LEFT, y + 18, anchor="start", colour=INK))
        body += _boxes(way.steps, y)
        y += _LINE * max(1, -(-len(way.steps) // _IN_A_LINE)) + _ROW
    return drawing(title, body, height=y)


def _boxes(steps: Sequence[str], top: float) -> Iterator[str]:
    for index, name in enumerate(steps):
        line, place = divmod(index, _IN_A_LINE)
        x, y = _BOXES + place * (_BOX + _GAP), top + line * _LINE
        fill, edge = _AGAIN if name in steps[:index] else _FIRST
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{_BOX:g}" height="{_HIGH:g}" rx="5"'
            f' fill="{fill}" stroke="{edge}"/>'
        )
        label = cut(clean(name), (_BOX - 4) * _USUAL / _SIZE)
        yield text_at(label, x + _BOX / 2, y + 17, size=_SIZE, colour=INK)
        if index + 1 < len(steps):
            yield _arrow(x + _BOX + 2, y + _HIGH / 2)


def _arrow(x: float, y: float) -> str:
    way = f"M{x:.1f} {y:.1f} h9 m-4 -3.5 l4 3.5 l-4 3.5"
    return f'<path d="{way}" fill="none" stroke="{_ARROW}" stroke-width="1.4"/>'
