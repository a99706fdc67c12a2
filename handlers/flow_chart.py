"""Draws the flow diagram of a process as a chart that fits on a page of a document."""

from __future__ import annotations

from collections.abc import Mapping

from handlers.charts import WIDTH, drawing
from handlers.diagram.layout import Direction, Layout, layout
from handlers.diagram.svg import svg_parts
from workflows.model.definition import Definition

_ROOM, _HEAD = 700.0, 40.0  # of a diagram: its width, and where it begins
_TALLEST, _LARGEST = 0.9, 1.2  # its height beside its width, and its scale


def draw_flow(
    definition: Definition,
    *,
    language: str,
    title: str,
    notes: Mapping[str, str] | None = None,
    warmth: Mapping[str, float] | None = None,
    counts: Mapping[str, str] | None = None,
) -> str:
    """Return the diagram as SVG.

    `notes`, `warmth` and `counts` are texts, colours and labels of nodes, by id.
    """
    diagram = _laid_out(definition, language=language, notes=notes is not None)
    scale = min(_ROOM / diagram.width, _TALLEST * _ROOM / diagram.height, _LARGEST)
    left = (WIDTH - scale * diagram.width) / 2
    parts = svg_parts(diagram, notes=notes or {}, warmth=warmth or {}, counts=counts or {})
    body = (f'<g transform="translate({left:.1f} {_HEAD:g}) scale({scale:.4f})">', *parts, "</g>")
    return drawing(title, body, height=_HEAD + scale * diagram.height + 8)


def _laid_out(definition: Definition, *, language: str, notes: bool) -> Layout:
    """Return the diagram in the direction in which it is larger on a page."""
    ways: tuple[Direction, ...] = ("down", "right")
    drawings = [layout(definition, language=language, direction=way, notes=notes) for way in ways]
    return min(drawings, key=lambda one: max(one.width, one.height / _TALLEST))
