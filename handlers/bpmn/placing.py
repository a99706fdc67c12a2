"""Computes the positions of all elements of BPMN, with the layout of our own diagrams.

The layout gets a box for each element that has room for what is around it: the name of an event
or a gateway, and the timer of a task with the event to which it leads. The lines of the layout are
then led on from these boxes to the elements.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from handlers.bpmn.parts import Element, Model, Way, Work
from handlers.diagram.flow import DiagramEdge, DiagramNode, Flow, backward
from handlers.diagram.geometry import Box, Point
from handlers.diagram.layout import LABEL_SIZE, LINE, EdgeLine, arranged
from handlers.diagram.measure import width, wrap

EVENT = 36.0  # the sizes that modelling tools give
_GATEWAY = 50.0
_TASK = (110.0, 80.0)
_JOG = 14.0  # room beside a gateway, in which its flows come to its corner
_NAME_ROOM = 92.0
_GAP = 5.0
_DROP = 14.0  # from the timer at a task to the event to which it leads
_UNDER = EVENT / 2 + _DROP + EVENT + _GAP
_MARGIN = 30.0
_TIMER_IN = 26.0  # from the left side of a task to the middle of its timer


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """The line of a way, with the box of its name."""

    way: Way
    points: tuple[Point, ...]
    name: Box | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """The timer at a task: its box, that of the event to which it leads, and those of the names."""

    box: Box
    name: Box
    late: Box
    late_name: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The positions of everything, from the margin on."""

    boxes: Mapping[str, Box]
    names: Mapping[str, Box]  # of events and gateways
    timers: Mapping[str, Timer]  # by the id of the task
    lines: tuple[Line, ...]


def placed(model: Model, *, late: str) -> Places:
    """Compute the positions; `late` is the name of the events to which timers lead."""
    names = {one.id: _name_size(one) for one in model.elements}
    sizes = {one.id: _room(one, names[one.id], late) for one in model.elements}
    made = arranged(_flow(model), "right", sizes=sizes, shapes=dict.fromkeys(sizes, "box"))
    reserved = _moved(made.boxes, made.edges)
    dx, dy = _offset(made.boxes, made.edges)
    kinds = {one.id: one for one in model.elements}
    boxes = {key: _shape(kinds[key], box) for key, box in reserved.items()}
    ways = {(way.source, way.target): way for way in model.ways}
    lines = tuple(
        Line(
            way=ways[edge.source, edge.target],
            points=_led_on(
                tuple((x + dx, y + dy) for x, y in edge.points),
                kinds[edge.source],
                kinds[edge.target],
                boxes,
            ),
            name=edge.label_box and edge.label_box.moved(dx, dy),
        )
        for edge in made.edges
    )
    named = {
        one.id: _name_box(boxes[one.id], names[one.id], lines)
        for one in model.elements
        if names[one.id][0]
    }
    taken, timers = [*boxes.values(), *named.values()], {}
    for one in model.elements:
        if one.work is not None:
            timers[one.id] = timer = _timer(one.work, boxes[one.id], late, lines, taken)
            taken += [timer.box, timer.name, timer.late, timer.late_name]
    beside = tuple(replace(line, name=_beside_lines(line.name, lines, taken)) for line in lines)
    return Places(boxes=boxes, names=named, timers=timers, lines=beside)


def _flow(model: Model) -> Flow:
    pairs = tuple((way.source, way.target) for way in model.ways)
    known = {(way.source, way.target) for way in model.ways if way.back}
    onward = tuple(pair for pair in pairs if pair not in known)
    back = known | backward(tuple(one.id for one in model.elements), onward)
    return Flow(
        steps=tuple(DiagramNode(id=one.id, kind="task", label="") for one in model.elements),
        ways=tuple(
            DiagramEdge(
                source=way.source,
                target=way.target,
                label=way.name,
                back=(way.source, way.target) in back,
                main=way.main,
            )
            for way in model.ways
        ),
    )


def _name_size(element: Element) -> tuple[float, float]:
    """Return the size of a name beside its element; tasks have theirs inside."""
    if not element.name or not (element.is_event or element.is_gateway):
        return 0.0, 0.0
    return _text_size(element.name)


def _text_size(text: str) -> tuple[float, float]:
    lines = wrap(text, room=_NAME_ROOM, size=LABEL_SIZE, most=4)
    wide = max(width(line, LABEL_SIZE) for line in lines)
    return round(wide + 6), round(len(lines) * LABEL_SIZE * LINE + 2)


def _room(element: Element, name: tuple[float, float], late: str) -> tuple[float, float]:
    w, h = _size(element)
    if element.work is not None:
        named = max(_text_size(one)[0] for one in (element.work.due_text, late))
        return max(w, 2 * (_TIMER_IN + EVENT / 2 + _GAP + named) - w), h + 2 * _UNDER
    if element.is_gateway or element.is_event:
        beside = 2 * _JOG if element.is_gateway else 0.0
        return max(w + beside, _even(name[0])), h + 2 * _even(name[1] and name[1] + _GAP)
    return w, h


def _even(length: float) -> float:
    return 2.0 * -(-length // 2)


def _size(element: Element) -> tuple[float, float]:
    if element.is_gateway:
        return _GATEWAY, _GATEWAY
    return (EVENT, EVENT) if element.is_event else _TASK


def _shape(element: Element, box: Box) -> Box:
    w, h = _size(element)
    return Box(cx=box.cx, cy=box.cy, w=w, h=h)


def _offset(boxes: Mapping[str, Box], edges: tuple[EdgeLine, ...]) -> Point:
    labels = [edge.label_box for edge in edges if edge.label_box is not None]
    points = [point for edge in edges for point in edge.points]
    left = min(*(box.left for box in (*boxes.values(), *labels)), *(x for x, _ in points))
    top = min(*(box.top for box in (*boxes.values(), *labels)), *(y for _, y in points))
    return _MARGIN - left, _MARGIN - top


def _moved(boxes: Mapping[str, Box], edges: tuple[EdgeLine, ...]) -> dict[str, Box]:
    dx, dy = _offset(boxes, edges)
    return {key: box.moved(dx, dy) for key, box in boxes.items()}


def _led_on(
    points: tuple[Point, ...], source: Element, target: Element, boxes: Mapping[str, Box]
) -> tuple[Point, ...]:
    """Return a line that begins and ends at its elements, without points on the way."""
    led = _from(points, source, boxes[source.id])
    led = _from(led[::-1], target, boxes[target.id])[::-1]
    kept = [led[0]]
    for before, here, after in zip(led, led[1:], led[2:], strict=False):
        straight = before[0] == here[0] == after[0] or before[1] == here[1] == after[1]
        if here != kept[-1] and not straight:
            kept.append(here)
    return (*kept, led[-1])


def _from(points: tuple[Point, ...], element: Element, box: Box) -> tuple[Point, ...]:
    """Return a line that begins at an element, instead of in the room around it."""
    (x, y), (nx, ny) = points[0], points[1]
    if abs(ny - y) > abs(nx - x):  # it leaves at the upper or lower side
        edge = box.top if ny < y else box.bottom
        if element.is_gateway or element.is_event:
            turn = y + (_GAP if ny < y else -_GAP)
            ahead = ((box.cx, edge), (box.cx, turn), (x, turn)) if x != box.cx else ()
            return (*(ahead or ((x, edge),)), *points[1:])
        return (x, edge), *points[1:]
    side = box.left if nx < x else box.right
    if abs(y - box.cy) < (1 if element.is_gateway or element.is_event else box.h / 2 - 10):
        return (side, y), *points[1:]
    turn = side + (-_JOG if nx < x else _JOG)
    return (side, box.cy), (turn, box.cy), (turn, y), *points[1:]


def _name_box(box: Box, size: tuple[float, float], lines: tuple[Line, ...]) -> Box:
    """Return the box of a name: under its element, or above it if fewer lines cross it there."""
    w, h = size
    under = Box(cx=box.cx, cy=box.bottom + _GAP + h / 2, w=w, h=h)
    above = Box(cx=box.cx, cy=box.top - _GAP - h / 2, w=w, h=h)
    return _freest(lines, (), under, above)


def _freest(lines: tuple[Line, ...], taken: Sequence[Box], *places: Box) -> Box:
    """Return the first of the places that hide the least of the lines and of what is there."""
    return min(places, key=lambda place: _hidden(place, lines, taken))


def _hidden(place: Box, lines: tuple[Line, ...], taken: Sequence[Box]) -> int:
    return 2 * sum(place.overlaps(other) for other in taken) + _crossed(place, lines)


def _crossed(place: Box, lines: tuple[Line, ...]) -> int:
    return sum(place.cut_by(one, other) for line in lines for one, other in pairwise(line.points))


def _beside_lines(name: Box | None, lines: tuple[Line, ...], taken: list[Box]) -> Box | None:
    """Return the box of a way's name moved from the line, because tools draw lines through names.

    It is kept where it is if there is no room beside the line.
    """
    if name is None:
        return None
    w, h = name.w / 2 + 2, name.h / 2 + 2
    moves = ((0.0, -h), (0.0, h), (w, 0.0), (-w, 0.0))
    along = ((side, down) for down in (h, -h, 2 * h, -2 * h, 3 * h, -3 * h) for side in (w, -w))
    places = [name, *(name.moved(dx, dy) for dx, dy in (*moves, *along))]
    chosen = _freest(lines, taken, *places)
    taken.append(chosen)
    return chosen


def _timer(work: Work, box: Box, late: str, lines: tuple[Line, ...], taken: Sequence[Box]) -> Timer:
    x = box.left + _TIMER_IN
    timer = Box(cx=x, cy=box.bottom, w=EVENT, h=EVENT)
    end = Box(cx=x, cy=timer.bottom + _DROP + EVENT / 2, w=EVENT, h=EVENT)
    w, h = _text_size(late)
    under = Box(cx=x, cy=end.bottom + _GAP + h / 2, w=w, h=h)
    return Timer(
        box=timer,
        name=_freest(lines, taken, *_beside(timer, work.due_text, down=EVENT / 4)),
        late=end,
        late_name=_freest(lines, taken, *_beside(end, late, down=0.0), under),
    )


def _beside(box: Box, text: str, *, down: float) -> tuple[Box, Box]:
    """Return the boxes of a name right and left of its event."""
    w, h = _text_size(text)
    right = Box(cx=box.right + _GAP + w / 2, cy=box.cy + down, w=w, h=h)
    return right, Box(cx=box.left - _GAP - w / 2, cy=box.cy + down, w=w, h=h)
