"""Draws charts as SVG, for documents and chats: results over time, and bars with two parts.

Over time each result is a point, with its number above it and its period below; lines across show
limits, such as where the grades begin. A point that is a signal has a ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from xml.sax.saxutils import escape, quoteattr

from handlers.fonts import FAMILY
from handlers.rendering.plain import clean

WIDTH, HEIGHT = 720.0, 300.0
POINTS_MOST = 24  # of the latest results

_LEFT, _RIGHT, _TOP, _BOTTOM = 44.0, 92.0, 52.0, 40.0
_FONTS = f"'{FAMILY}', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
INK, SOFT, LINE, GRID = "#1b2733", "#5f6b7a", "#17496b", "#dfe4ea"
PALE = "#a9c3d6"
_ALARM = "#b3261e"
_WHOLE = Decimal(100)
_ROUND = tuple(map(Decimal, ("1", "2", "2.5", "5", "10")))
_FINE = 8  # a shorter scale has a digit after the point
_BAR, _LABELS = 28.0, 220.0
_SIZE = 13
_NUMBER_ROOM = 44.0  # between two numbers beside each other
_WIDE = 0x2E80  # the first of the signs that are as wide as high
HALO = ' stroke="#ffffff" stroke-width="3" paint-order="stroke"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One result: what it is for, and the number."""

    label: str
    number: Decimal
    signal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: its label, its length, the text of its number, and how much of it is its part."""

    label: str
    number: Decimal
    text: str
    part: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A line across the chart with its label, such as the beginning of a grade."""

    label: str
    number: Decimal


def draw(
    points: Sequence[Point], *, title: str, marks: Sequence[Mark] = (), fit: bool = False
) -> str:
    """Return the chart of the latest points, the earliest first, as SVG; there must be one.

    Scores are drawn from 0 to 100; with `fit`, the numbers fill the chart.
    """
    shown = points[-POINTS_MOST:]
    scale = _scale(shown, marks, fit=fit)
    body = (*_grid(scale), *_marks(marks, scale), *_points(shown, scale))
    return drawing(title, body, height=HEIGHT)


def draw_bars(bars: Sequence[Bar], *, title: str, part: str, rest: str) -> str:
    """Return bars, the first on top, as SVG; there must be one.

    `part` and `rest` name the two parts of each bar in the key below.
    """
    most = max((bar.number for bar in bars), default=Decimal(0)) or Decimal(1)
    body: list[str] = []
    for index, bar in enumerate(bars):
        y = _TOP + index * _BAR
        length = max(float(bar.number / most) * (WIDTH - _LABELS - _RIGHT), 1)
        first = min(float(bar.part / most) * (WIDTH - _LABELS - _RIGHT), length)
        label = cut(clean(bar.label), _LABELS - 24)
        body += [
            text_at(label, _LABELS - 8, y + 17, anchor="end", colour=INK),
            block(_LABELS, y + 4, width=length, height=_BAR - 8, colour=PALE),
            block(_LABELS, y + 4, width=first, height=_BAR - 8, colour=LINE),
            text_at(clean(bar.text), _LABELS + length + 8, y + 17, anchor="start"),
        ]
    y = _TOP + len(bars) * _BAR + 10
    return drawing(title, [*body, *_key(part, rest, y)], height=y + 30)


def _key(part: str, rest: str, y: float) -> Iterator[str]:
    x = _LABELS
    for name, colour in ((part, LINE), (rest, PALE)):
        yield block(x, y, width=14, height=14, colour=colour)
        yield text_at(clean(name), x + 20, y + 12, anchor="start")
        x += 40 + room_of(clean(name))


def drawing(title: str, body: Iterable[str], *, height: float, width: float = WIDTH) -> str:
    """Return a picture with its title, which is read out, too."""
    name = clean(title)
    frame = f'width="{width:g}" height="{height:g}" viewBox="0 0 {width:g} {height:g}"'
    spoken = f'role="img" aria-label={quoteattr(name)} font-family="{_FONTS}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} {spoken}>',
        f"<title>{escape(name)}</title>",
        f'<rect width="{width:g}" height="{height:g}" fill="#ffffff"/>',
        text_at(name, _LEFT, 24, size=15, anchor="start", colour=INK),
        *body,
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


def _scale(points: Sequence[Point], marks: Sequence[Mark], *, fit: bool) -> _Scale:
    """Return 0 to 100 for numbers in this range unless they are to fit, else their own range."""
    numbers = [*(one.number for one in points), *(one.number for one in marks)]
    least, most = min(numbers), max(numbers)
    if least >= 0 and most <= _WHOLE and not fit:
        return _Scale(least=Decimal(0), most=_WHOLE)
    least, most = min(least, Decimal(0)), max(most, Decimal(1))
    if fit:
        return _Scale(least=least, most=least + 4 * _round_step((most - least) / 4))
    return _Scale(least=least, most=most)


def _round_step(step: Decimal) -> Decimal:
    """Return the next greater round number: 1, 2, 2.5 or 5, or ten times so much, and so on."""
    ten = Decimal(10) ** step.adjusted()
    return next(one * ten for one in _ROUND if one * ten >= step)


def _grid(scale: _Scale) -> Iterator[str]:
    for step in range(5):
        number = scale.least + (scale.most - scale.least) * step / 4
        y = scale.y(number)
        yield _rule(y, colour=GRID)
        digits = Decimal("0.1") if scale.most - scale.least < _FINE else Decimal(1)
        label = f"{number.quantize(digits):,}"
        yield text_at(label, _LEFT - 8, y + 4, anchor="end")


def _marks(marks: Sequence[Mark], scale: _Scale) -> Iterator[str]:
    free = HEIGHT  # labels keep their distance, also where lines lie close together
    for mark in sorted(marks, key=lambda one: one.number):
        y = scale.y(mark.number)
        yield _rule(y, colour=SOFT, dashes=' stroke-dasharray="4 4"')
        free = min(y - 4, free - _SIZE - 1)
        yield text_at(clean(mark.label), WIDTH - _RIGHT + 8, free, anchor="start")


def _points(points: Sequence[Point], scale: _Scale) -> Iterator[str]:
    room = WIDTH - _LEFT - _RIGHT
    step = room / max(len(points), 1)
    places = [
        (_LEFT + step * (index + 0.5), scale.y(one.number)) for index, one in enumerate(points)
    ]
    way = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    yield f'<polyline points="{way}" fill="none" stroke="{LINE}" stroke-width="2"/>'
    every = ceil(max(room_of(clean(one.label)) for one in points) / step)
    for index, (one, (x, y)) in enumerate(zip(points, places, strict=True)):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{LINE}"/>'
        if one.signal:
            ring = f'cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{_ALARM}"'
            yield f'<circle {ring} stroke-width="2"/>'
        if step > _NUMBER_ROOM or (len(points) - 1 - index) % every == 0:
            yield text_at(f"{one.number.normalize():,f}", x, y - 10, colour=INK, halo=HALO)
        if (len(points) - 1 - index) % every == 0:
            yield text_at(clean(one.label), x, HEIGHT - _BOTTOM + 22, size=12)


def block(x: float, y: float, *, width: float, height: float, colour: str) -> str:
    """Return a filled rectangle of a picture."""
    place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
    return f'<rect {place} rx="2" fill="{colour}"/>'


def cut(label: str, room: float) -> str:
    """Return a label, shortened if it is wider than its room."""
    if room_of(label) <= room:
        return label
    while room_of(label + "…") > room:
        label = label[:-1]
    return f"{label}…"


def room_of(label: str) -> float:
    """Return about how wide a label is, with a gap."""
    return sum(12.0 if ord(sign) >= _WIDE else 7.0 for sign in label) + 10


def _rule(y: float, *, colour: str, dashes: str = "") -> str:
    right = WIDTH - _RIGHT
    return (
        f'<line x1="{_LEFT:g}" y1="{y:.1f}" x2="{right:g}" y2="{y:.1f}" stroke="{colour}"{dashes}/>'
    )


def text_at(
    text: str,
    x: float,
    y: float,
    *,
    size: int = _SIZE,
    anchor: str = "middle",
    colour: str = SOFT,
    halo: str = "",
) -> str:
    """Return a text of a picture; `x`, `y` is the beginning, middle or end of its base line."""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}"'
        f' text-anchor="{anchor}"{halo}>{escape(text)}</text>'
    )
