"""Labels find a place."""

from handlers.diagram.geometry import Box
from handlers.diagram.labels import place_labels


def test_a_label_stands_on_its_own_line():
    places = place_labels(
        boxes={}, routes={("a", "b"): ((0, 0), (0, 100))}, sizes={("a", "b"): (40, 16)}
    )

    box = places["a", "b"]
    assert box.cx == 0
    assert 0 < box.top < box.bottom < 90


def test_a_route_without_a_label_has_no_box():
    routes = {("a", "b"): ((0.0, 0.0), (0.0, 100.0))}

    assert place_labels(boxes={}, routes=routes, sizes={("a", "b"): (0, 0)}) == {}


def test_labels_keep_apart_from_each_other_and_from_lines():
    routes = {("a", "b"): ((0.0, 0.0), (0.0, 100.0)), ("a", "c"): ((18.0, 0.0), (18.0, 100.0))}
    sizes = {("a", "b"): (60.0, 16.0), ("a", "c"): (60.0, 16.0)}
    one, other = place_labels(boxes={}, routes=routes, sizes=sizes).values()

    assert not one.overlaps(other)
    assert not one.cut_by((18, 0), (18, 100))
    assert not other.cut_by((0, 0), (0, 100))


def test_a_label_keeps_off_nodes():
    node = Box(cx=30, cy=45, w=50, h=60)
    places = place_labels(
        boxes={"x": node}, routes={("a", "b"): ((0, 0), (0, 100))}, sizes={("a", "b"): (40, 16)}
    )

    assert not places["a", "b"].overlaps(node)


def test_the_label_of_a_lane_stands_in_its_middle():
    lane = ((0.0, 0.0), (30.0, 0.0), (30.0, 200.0), (0.0, 200.0))
    places = place_labels(
        boxes={}, routes={("a", "b"): lane}, sizes={("a", "b"): (40, 16)}, lanes={("a", "b")}
    )

    assert (places["a", "b"].cx, places["a", "b"].cy) == (30, 100)


def test_a_label_keeps_a_distance_to_a_node_where_there_is_room():
    """A font may write it wider than it was estimated."""
    node = Box(cx=52, cy=50, w=50, h=60)
    places = place_labels(
        boxes={"x": node}, routes={("a", "b"): ((0, 0), (0, 100))}, sizes={("a", "b"): (44, 16)}
    )

    assert not places["a", "b"].grown(8).overlaps(node)
