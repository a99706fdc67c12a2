"""Renders a diagram as a self-contained SVG, for files, chats and documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from handlers.diagram.geometry import Box, Point
from handlers.diagram.layout import LABEL_SIZE, LINE, NODE_SIZE, EdgeLine, Layout, NodeBox
from handlers.diagram.measure import width
from handlers.fonts import FAMILY
from handlers.rendering.plain import clean

_FONTS = f"'{FAMILY}', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
_INK = "#1b2733"
_SOFT = "#5f6b7a"
_LINE = "#7c8997"
_BACK = "#a15c00"
_WARMEST = (0xF4, 0x9A, 0x6B)
_COUNTED = "#a3322a"  # behind a count
_ASCENT = 0.36  # from the middle of a line down to the baseline, in font sizes
_CORNER = 7.0

# Fill and outline of each kind of node.
COLOURS: Mapping[str, tuple[str, str]] = {
    "start": ("#17496b", "#17496b"),
    "task": ("#ffffff", "#17496b"),
    "approval": ("#eef6ff", "#17496b"),
    "gateway": ("#fff7e6", "#a86f00"),
    "fork": ("#f3effa", "#5b3f94"),
    "wait": ("#f4f5f7", "#5f6b7a"),
    "process": ("#ffffff", "#17496b"),
    "service": ("#eef0f2", "#17496b"),
    "end": ("#e9f5ee", "#1b6e45"),
}
REFUSED = ("#fdf0ee", "#a3322a")  # of an end that is no success


# Fill, outline and width of a node by its state in a case; one without an entry is dashed.
_STATES: Mapping[str, tuple[str, str, float]] = {
    "done": ("#e3f0ee", "#0b626b", 1.3),
    "current": ("#fff1cf", "#8f5200", 3),
}
_AHEAD = ("#ffffff", "#9aa5ae", 1.3)

# Fill, outline and dashes of a node by how two versions differ; each has its label, too.
MARKS: Mapping[str, tuple[str, str, str]] = {
    "added": ("#e3f4e8", "#1b6e45", ""),
    "dropped": ("#fdf0ee", "#a3322a", "6 4"),
    "changed": ("#fff1cf", "#8f5200", "1.5 3"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How a node differs from another version, and the label that says so."""

    kind: Literal["added", "dropped", "changed"]
    label: str


def render_svg(
    diagram: Layout,
    *,
    title: str,
    notes: Mapping[str, str] | None = None,
    states: Mapping[str, str] | None = None,
) -> str:
    """Return the diagram as SVG.

    Args:
        notes: small lines by node id, if nodes have room for one.
        states: of a case, by node id: "done", "current", or another for what it did not reach.
    """
    w, h = _n(diagram.width), _n(diagram.height)
    name = clean(title)
    frame = f'width="{w}" height="{h}" viewBox="0 0 {w} {h}"'
    spoken = f'role="img" aria-label={quoteattr(name)} font-family="{_FONTS}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {frame} {spoken}>',
        f"<title>{escape(name)}</title>",
        f'<rect width="{w}" height="{h}" fill="#ffffff"/>',
        *svg_parts(diagram, notes=notes, states=states),
    ]
    return "\n".join([*parts, "</svg>", ""])


def svg_parts(
    diagram: Layout,
    *,
    notes: Mapping[str, str] | None = None,
    warmth: Mapping[str, float] | None = None,
    states: Mapping[str, str] | None = None,
    marks: Mapping[str, Mark] | None = None,
    counts: Mapping[str, str] | None = None,
) -> Iterator[str]:
    """Yield the elements of the diagram, for a picture that has it in it.

    `notes` are small lines by node id, if nodes have room for one; `warmth` is how warm the colour
    of a node is, from 0 (white) to 1; `states` are as for `render_svg`; `marks` say how nodes
    differ from another version; `counts` are short labels on the upper left corner of nodes.
    """
    yield f"<defs>{_arrow('ahead', _LINE)}{_arrow('back', _BACK)}</defs>"
    yield from map(_edge, diagram.edges)
    for node in diagram.nodes:
        state = None if states is None else states.get(node.id, "")
        warm = (warmth or {}).get(node.id)
        mark = (marks or {}).get(node.id) if node.kind != "start" else None
        outline = _outline(node, warm=warm, state=state) if mark is None else marked(mark.kind)
        ink = _INK if warm or state else _SOFT
        yield from _node(node, (notes or {}).get(node.id, ""), outline, ink=ink)
    for edge in diagram.edges:
        yield from _label(edge)
    for node in diagram.nodes:
        if marks is not None and node.id in marks:
            badge = marks[node.id]
            yield from _badge(node, badge.label, node.y + node.h + 1, colour=MARKS[badge.kind][1])
        if counts is not None and node.id in counts:
            yield from _badge(node, counts[node.id], node.y, colour=_COUNTED)


def marked(kind: str) -> str:
    """Return how a node with a mark is filled and framed."""
    fill, stroke, dashes = MARKS[kind]
    dashed = f' stroke-dasharray="{dashes}" stroke-linecap="round"' if dashes else ""
    return f'fill="{fill}" stroke="{stroke}" stroke-width="2.4"{dashed}'


def _badge(node: NodeBox, label: str, y: float, *, colour: str) -> Iterator[str]:
    """Yield a label on a left corner of its node; on the lower one, arrows do not arrive."""
    w, h = width(label, LABEL_SIZE) + 12, LABEL_SIZE * LINE + 2
    box = Box(cx=max(node.x - 8, 0) + w / 2, cy=max(y, h / 2), w=w, h=h)
    yield (
        f'<rect x="{_n(box.left)}" y="{_n(box.top)}" width="{_n(w)}" height="{_n(h)}"'
        f' rx="{_n(h / 2)}" fill="{colour}" stroke="#ffffff"/>'
    )
    yield from _text((label,), box, size=LABEL_SIZE, colour="#ffffff")


def _arrow(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7"'
        f' markerHeight="7" orient="auto-start-reverse">'
        f'<path d="M0 1 L9.5 5 L0 9 Z" fill="{colour}"/></marker>'
    )


def _edge(edge: EdgeLine) -> str:
    colour, name = (_BACK, "back") if edge.back else (_LINE, "ahead")
    dash = ' stroke-dasharray="5 3"' if edge.back else ""
    return (
        f'<path d="{_path(edge.points)}" fill="none" stroke="{colour}" stroke-width="1.4"'
        f'{dash} marker-end="url(#{name})"/>'
    )


def _path(points: tuple[Point, ...]) -> str:
    """Return the path of a line with rounded corners."""
    out = [f"M{_n(points[0][0])} {_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        start, end = _towards(corner, before), _towards(corner, after)
        out.append(f"L{_xy(start)} Q{_xy(corner)} {_xy(end)}")
    return " ".join([*out, f"L{_xy(points[-1])}"])


def _towards(corner: Point, other: Point) -> Point:
    (x, y), (ox, oy) = corner, other
    length = abs(ox - x) + abs(oy - y)
    share = min(_CORNER, length / 2) / length if length else 0.0
    return x + (ox - x) * share, y + (oy - y) * share


def _outline(node: NodeBox, *, warm: float | None, state: str | None) -> str:
    """Return how a node is filled and framed: by its kind, by how warm it is, or by its state."""
    fill, stroke = REFUSED if node.refused else COLOURS[node.kind]
    if warm is not None:
        fill = _warm(warm)
    width, dashes = 3.0 if node.kind == "process" else 1.3, ""  # thick, as BPMN 2.0 has it
    if state is not None and node.kind != "start":
        fill, stroke, width = _STATES.get(state, _AHEAD)
        dashes = "" if state in _STATES else ' stroke-dasharray="4 3"'
    return f'fill="{fill}" stroke="{stroke}" stroke-width="{width:g}"{dashes}'


def _node(node: NodeBox, note: str, outline: str, *, ink: str) -> Iterator[str]:
    box = node.box
    if node.shape == "diamond":
        corners = (
            (box.cx, box.top),
            (box.right, box.cy),
            (box.cx, box.bottom),
            (box.left, box.cy),
        )
        yield f'<polygon points="{" ".join(map(_xy, corners))}" {outline}/>'
    else:
        radius = box.h / 2 if node.shape == "pill" else 6
        yield (
            f'<rect x="{_n(node.x)}" y="{_n(node.y)}" width="{_n(node.w)}"'
            f' height="{_n(node.h)}" rx="{_n(radius)}" {outline}/>'
        )
    if node.kind == "approval":
        yield _check(node)
    if node.kind == "fork":
        yield from _bars(node)
    if node.kind == "wait":
        yield from _clock(node)
    noted = node.noted and bool(note)
    text = box.moved(0, -(LABEL_SIZE * LINE + 2) / 2) if noted else box
    colour = "#ffffff" if node.kind == "start" else _INK
    yield from _text(node.lines, text, size=NODE_SIZE, colour=colour)
    if noted:
        foot = box.moved(0, box.h / 2 - 9 - LABEL_SIZE / 2)
        yield from _text((note,), foot, size=LABEL_SIZE, colour=ink)


def _warm(share: float) -> str:
    """Return a colour between white and the warmest, on which dark text is legible."""
    return "#" + "".join(f"{round(255 + (part - 255) * share):02x}" for part in _WARMEST)


def _check(node: NodeBox) -> str:
    """Return the mark of an approval, in its upper right corner."""
    x, y = node.x + node.w - 13, node.y + 5
    return (
        f'<path d="M{_n(x)} {_n(y + 4)} l2.6 2.8 l5 -5.6" fill="none" stroke="#17496b"'
        f' stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round"/>'
    )


def _bars(node: NodeBox) -> Iterator[str]:
    """Yield the bars of a fork, at its left and right side."""
    for x in (node.x + 4, node.x + node.w - 4):
        yield (
            f'<path d="M{_n(x)} {_n(node.y + 4)} V{_n(node.y + node.h - 4)}" fill="none"'
            f' stroke="#5b3f94" stroke-width="2"/>'
        )


def _clock(node: NodeBox) -> Iterator[str]:
    """Yield the mark of a wait, a clock in its upper right corner."""
    x, y = node.x + node.w - 10, node.y + 10
    drawn = f'fill="none" stroke="{_SOFT}" stroke-width="1.3"'
    yield f'<circle cx="{_n(x)}" cy="{_n(y)}" r="5" {drawn}/>'
    yield f'<path d="M{_n(x)} {_n(y - 3)} V{_n(y)} H{_n(x + 2.4)}" {drawn}/>'


def _label(edge: EdgeLine) -> Iterator[str]:
    if edge.label_box is None:
        return
    box = edge.label_box
    yield (
        f'<rect x="{_n(box.left)}" y="{_n(box.top)}" width="{_n(box.w)}" height="{_n(box.h)}"'
        f' rx="3" fill="#ffffff" fill-opacity="0.94"/>'
    )
    yield from _text(edge.lines, box, size=LABEL_SIZE, colour=_BACK if edge.back else _SOFT)


def _text(lines: tuple[str, ...], box: Box, *, size: float, colour: str) -> Iterator[str]:
    first = box.cy - (len(lines) - 1) / 2 * size * LINE + size * _ASCENT
    for number, line in enumerate(lines):
        yield (
            f'<text x="{_n(box.cx)}" y="{_n(first + number * size * LINE)}" fill="{colour}"'
            f' font-size="{_n(size)}" text-anchor="middle">{escape(clean(line))}</text>'
        )


def _xy(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
