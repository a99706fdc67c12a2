"""Ways back run beside everything else."""

from itertools import pairwise

from handlers.diagram.flow import DiagramEdge
from handlers.diagram.geometry import Box
from handlers.diagram.lanes import lane_routes

COLUMN = {name: Box(cx=0, cy=100.0 * at, w=100, h=50) for at, name in enumerate("abcd")}


def lanes(*pairs, boxes=COLUMN, routes=None):
    ways = tuple(DiagramEdge(source=source, target=target, back=True) for source, target in pairs)
    return lane_routes(
        ways,
        boxes=boxes,
        shapes=dict.fromkeys(boxes, "box"),
        routes=routes or {},
        labels=dict.fromkeys(pairs, (30.0, 16.0)),
    )


def free_of(boxes, points):
    return not any(box.cut_by(*piece) for box in boxes.values() for piece in pairwise(points))


def test_a_way_back_leaves_and_enters_at_the_side():
    (points,) = lanes(("c", "a")).values()

    assert points[0] == (50, 200)
    assert points[-1] == (50, 0)
    assert free_of(COLUMN, points)


def test_a_longer_way_lies_outside_of_a_shorter_one_on_its_side():
    made = lanes(("b", "a"), ("c", "a"), ("d", "a"), ("d", "b"))
    sides = {pair: max(abs(x) for x, _ in points) for pair, points in made.items()}

    assert all(free_of(COLUMN, points) for points in made.values())
    assert len(set(made.values())) == 4
    assert sides["d", "a"] > sides["b", "a"]


def test_ends_on_one_side_of_a_node_are_apart():
    made = lanes(("b", "a"), ("c", "b"), ("d", "b"), ("d", "a"), ("c", "a"))
    ends = [points[at] for points in made.values() for at in (0, -1)]

    assert len(ends) == len(set(ends))


def test_a_way_to_itself_is_a_small_loop():
    (points,) = lanes(("b", "b")).values()

    assert points[0][1] < points[-1][1]
    assert points[0][0] == points[-1][0] == 50


def test_the_side_where_nobody_stands_is_taken():
    boxes = {**COLUMN, "x": Box(cx=150, cy=200, w=100, h=50)}
    (points,) = lanes(("c", "a"), boxes=boxes).values()

    assert min(x for x, _ in points) < -50
    assert free_of(boxes, points)


def test_between_neighbours_a_way_leaves_below_and_enters_above():
    boxes = {
        **COLUMN,
        **{name: Box(cx=cx, cy=200, w=100, h=50) for name, cx in (("l", -150), ("r", 150))},
        **{name: Box(cx=cx, cy=0, w=100, h=50) for name, cx in (("m", -150), ("s", 150))},
    }
    (points,) = lanes(("c", "a"), boxes=boxes).values()

    assert points[0][1] == 225
    assert points[-1][1] == -25
    assert free_of(boxes, points)


def test_the_side_with_fewer_lines_is_taken():
    routes = {("a", "d"): ((60.0, 0.0), (60.0, 300.0))}
    (points,) = lanes(("c", "b"), routes=routes).values()

    assert min(x for x, _ in points) < -50
