"""Draws the times of both replays: the median of each, and from the least to the most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from handlers.charts import INK, WIDTH, cut, drawing, text_at
from handlers.rendering.plain import clean

_LABELS, _RIGHT, _TOP, _LINE, _GAP = 250.0, 90.0, 56.0, 26.0, 14.0
_COLOURS = ("#5f6b7a", "#17496b")  # unchanged, draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One line: its label, from the least to the most, the median, and its text."""

    label: str
    low: float
    value: float
    high: float
    text: str


def draw_spans(pairs: Sequence[tuple[Span, Span]], *, title: str) -> str:
    """Return pairs of lines, the unchanged one above that of the draft, as SVG."""
    most = max((span.high for pair in pairs for span in pair), default=0.0) or 1.0
    body = [part for index, pair in enumerate(pairs) for part in _pair(pair, index, most)]
    height = _TOP + len(pairs) * (2 * _LINE + _GAP)
    return drawing(title, body, height=height)


def _pair(pair: tuple[Span, Span], index: int, most: float) -> Iterator[str]:
    scale = (WIDTH - _LABELS - _RIGHT) / most
    for place, (span, colour) in enumerate(zip(pair, _COLOURS, strict=True)):
        y = _TOP + index * (2 * _LINE + _GAP) + place * _LINE
        low, high, x = (_LABELS + one * scale for one in (span.low, span.high, span.value))
        label = cut(clean(span.label), _LABELS - 20)
        yield text_at(label, _LABELS - 12, y + 5, anchor="end", colour=INK)
        yield (
            f'<line x1="{low:.1f}" y1="{y:.1f}" x2="{high:.1f}" y2="{y:.1f}"'
            f' stroke="{colour}" stroke-width="6" stroke-opacity="0.35" stroke-linecap="round"/>'
        )
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="6" fill="{colour}"/>'
        yield text_at(clean(span.text), high + 12, y + 5, anchor="start")
