"""Draws a chart of the results of a fact over time as SVG, for documents and chats.

Each result is a point, with its number above it and its period below; lines across show where the
grades begin.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from handlers.fonts import FAMILY
from handlers.rendering.plain import clean

WIDTH, HEIGHT = 720.0, 300.0
POINTS_MOST = 24  # of the latest results

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 92.0, 44.0, 40.0
_FONTS = f"'{FAMILY}', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_INK, _SOFT, _LINE, _GRID = "#1b2733", "#5f6b7a", "#17496b", "#dfe4ea"
_WHOLE = Decimal(100)
_SIZE = 13
_NUMBER_ROOM = 44.0  # between two numbers beside each other
_WIDE = 0x2E80  # the first of the signs that are as wide as high
_HALO = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One result: what it is for, and the number."""

    label: str
    number: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line across the chart with its label, such as the beginning of a grade."""

    label: str
    number: Decimal


def draw(points: Sequence[Point], *, title: str, marks: Sequence[Mark] = ()) -> str:
    """Return the chart of the latest points, the earliest first, as SVG; there must be one."""
    shown = points[-POINTS_MOST:]
    scale = _scale(shown, marks)
    name = clean(title)
    frame = f'width="{WIDTH:g}" height="{HEIGHT:g}" viewBox="0 0 {WIDTH:g} {HEIGHT:g}"'
    spoken = f'role="img" aria-label={quoteattr(name)} font-family="{_FONTS}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} {spoken}>',
        f"<title>{escape(name)}</title>",
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#ffffff"/>',
        _text(name, _LEFT, 24, size=15, anchor="start", colour=_INK),
        *_grid(scale),
        *_marks(marks, scale),
        *_points(shown, scale),
    ]
    return "\n".join([*parts, "</svg>", ""])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scale:
    """The numbers at the bottom and the top of the chart."""

    least: Decimal
    most: Decimal

    def y(self, number: Decimal) -> float:
        share = (number - self.least) / (self.most - self.least)
        return HEIGHT - _BOTTOM - float(share) * (HEIGHT - _BOTTOM - _TOP)


def _scale(points: Sequence[Point], marks: Sequence[Mark]) -> _Scale:
    """Return 0 to 100 for numbers in this range, else the range of the numbers."""
    numbers = [*(one.number for one in points), *(one.number for one in marks)]
    least, most = min(numbers), max(numbers)
    if least >= 0 and most <= _WHOLE:
        return _Scale(least=Decimal(0), most=_WHOLE)
    return _Scale(least=min(least, Decimal(0)), most=max(most, Decimal(1)))


def _grid(scale: _Scale) -> Iterator[str]:
    for step in range(5):
        number = scale.least + (scale.most - scale.least) * step / 4
        y = scale.y(number)
        yield _rule(y, colour=_GRID)
        label = f"{number.quantize(Decimal(1)):,}"
        yield _text(label, _LEFT - 8, y + 4, anchor="end")


def _marks(marks: Sequence[Mark], scale: _Scale) -> Iterator[str]:
    for mark in marks:
        y = scale.y(mark.number)
        yield _rule(y, colour=_SOFT, dashes=' stroke-dasharray="4 4"')
        yield _text(clean(mark.label), WIDTH - _RIGHT + 8, y - 4, anchor="start")


def _points(points: Sequence[Point], scale: _Scale) -> Iterator[str]:
    room = WIDTH - _LEFT - _RIGHT
    step = room / max(len(points), 1)
    places = [
        (_LEFT + step * (index + 0.5), scale.y(one.number)) for index, one in enumerate(points)
    ]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{way}" fill="none" stroke="{_LINE}" stroke-width="2"/>'
    every = ceil(max(_width(clean(one.label)) for one in points) / step)
    for index, (one, (x, y)) in enumerate(zip(points, places, strict=True)):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_LINE}"/>'
        if step > _NUMBER_ROOM or (len(points) - 1 - index) % every == 0:
            yield _text(f"{one.number.normalize():,f}", x, y - 10, colour=_INK, halo=_HALO)
        if (len(points) - 1 - index) % every == 0:
            yield _text(clean(one.label), x, HEIGHT - _BOTTOM + 22, size=12)


def _width(label: str) -> float:
    """Return about how wide a label is, with a gap."""
    return sum(12.0 if ord(sign) >= _WIDE else 7.0 for sign in label) + 10


def _rule(y: float, *, colour: str, dashes: str = "") -> str:
    right = WIDTH - _RIGHT
    return (
        f'<line x1="{_LEFT:g}" y1="{y:.1f}" x2="{right:g}" y2="{y:.1f}" stroke="{colour}"{dashes}/>'
    )


def _text(
    text: str,
    x: float,
    y: float,
    *,
    size: int = _SIZE,
    anchor: str = "middle",
    colour: str = _SOFT,
    halo: str = "",
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"'
        f' text-anchor="{anchor}"{halo}>{escape(text)}</text>'
    )
