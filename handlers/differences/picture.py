"""Draws two versions of a process side by side and marks what differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from handlers.charts import INK, drawing, text_at
from handlers.diagram.flow import START
from handlers.diagram.layout import Direction, Layout, layout
from handlers.diagram.measure import width
from handlers.diagram.svg import MARKS, Mark, marked, svg_parts
from handlers.differences.wording import DifferenceWords
from handlers.rendering.model import Chart
from workflows.differences import Change, Difference

_HEAD, _GAP, _FOOT = 78.0, 40.0, 40.0
_WIDEST = 1.3  # a diagram's width beside its height, above which the two are drawn below each other
_TALLEST = 1.25  # the height of the whole beside its width, so that a page has room for it
_LEADING = {"next", "to", "then", "join"}  # keys that change because a neighbour did
_LEGEND, _LEFT = 12, 44.0


def compared_picture(say: DifferenceWords, found: Iterable[Difference]) -> Chart:
    """Return both diagrams with their marks, the earlier version on the left or above."""
    listed = tuple(found)
    direction, versions = _laid_out(say)
    marks = marks_before(say, listed), marks_after(say, listed)
    beside = direction == "down"
    wide, tall = (sum, max) if beside else (max, sum)
    w = wide(one.width for one in versions) + (_GAP if beside else 0)
    h = tall(one.height for one in versions) + (0 if beside else _GAP) + _HEAD + _FOOT
    whole = max(w, h / _TALLEST)
    x, y = (whole - w) / 2, _HEAD
    body: list[str] = []
    for name, diagram, here in zip(("as_is", "to_be"), versions, marks, strict=True):
        title = say.words.t(f"difference.column.{name}")
        body.append(text_at(title, x + _LEFT, y - 8, anchor="start", colour=INK, size=14))
        body.append(f'<g transform="translate({x:.1f} {y:.1f})">')
        body.extend(svg_parts(diagram, marks=here))
        body.append("</g>")
        x, y = (x + diagram.width + _GAP, y) if beside else (x, y + diagram.height + _GAP)
    body.extend(_legend(say, h - 14))
    title = say.words.t("difference.title", process=say.write.text(say.after.name))
    return Chart(svg=drawing(title, body, height=h, width=whole), title=title)


def _laid_out(say: DifferenceWords) -> tuple[Direction, tuple[Layout, ...]]:
    """Return both diagrams from top to bottom, or from left to right where they get too wide."""
    language = say.write.language
    ways: tuple[Direction, ...] = ("down", "right")
    for way in ways:
        versions = tuple(
            layout(one, language=language, direction=way) for one in (say.before, say.after)
        )
        if way == "right" or all(one.width <= _WIDEST * one.height for one in versions):
            break
    return way, versions


def _legend(say: DifferenceWords, y: float) -> Iterator[str]:
    x = _LEFT
    for kind in MARKS:
        label = say.words.t(f"difference.change.{kind}")
        yield f'<rect x="{x:.1f}" y="{y - 11:.1f}" width="26" height="14" rx="4" {marked(kind)}/>'
        yield text_at(label, x + 34, y, anchor="start", size=_LEGEND)
        x += 34 + width(label, _LEGEND) + 24


def marks_before(say: DifferenceWords, found: Iterable[Difference]) -> Mapping[str, Mark]:
    """Return the marks of the earlier version: the nodes that are gone."""
    merged, dropped = set[str](), list[str]()
    for one in found:
        if one.change is Change.MERGED:
            merged |= {*one.before}
        elif one.change is Change.DROPPED and len(one.place) == 2 and one.place[0] == "nodes":  # noqa: PLR2004 - a node
            dropped.append(str(one.place[1]))
    return {
        node: Mark(
            kind="dropped",
            label=say.words.t(f"difference.change.{'merged' if node in merged else 'dropped'}"),
        )
        for node in dropped
    }


def marks_after(say: DifferenceWords, found: Iterable[Difference]) -> Mapping[str, Mark]:
    """Return the marks of the later version: nodes that are new, merged, moved or changed."""
    said: dict[str, dict[Change, None]] = {}
    for one in found:
        if one.change is Change.MERGED:
            said.setdefault(one.after[0], {})[Change.MERGED] = None
            continue
        whole = one.place[0] == "nodes" and len(one.place) <= 2  # noqa: PLR2004 - nodes, or a node
        change = one.change if whole else Change.CHANGED
        if not whole and one.place[0] == "nodes" and one.place[-1] in _LEADING:
            continue
        for node in _concerned(say, one):
            said.setdefault(node, {})[change] = None
    return {
        node: Mark(
            kind="added" if Change.ADDED in changes else "changed",
            label=say.write.listed(
                say.words.t(f"difference.change.{change}")
                for change in changes
                if change is not Change.CHANGED or Change.ADDED not in changes
            ),
        )
        for node, changes in said.items()
        if node == START or say.after.has_node(node)
    }


def _concerned(say: DifferenceWords, one: Difference) -> tuple[str, ...]:
    filed = one.place[:2] in {("forms", version.start_form) for version in (say.before, say.after)}
    return (*one.nodes, START) if filed else one.nodes
