"""Lines that go wrong are led around."""

from itertools import pairwise

import pytest

from handlers.diagram.detours import mended
from handlers.diagram.geometry import Box

BOXES = {
    "a": Box(cx=0, cy=0, w=100, h=50),
    "b": Box(cx=0, cy=100, w=100, h=50),
    "c": Box(cx=0, cy=200, w=100, h=50),
    "d": Box(cx=150, cy=200, w=100, h=50),
}


def mend(points, pair=("a", "c")):
    return mended({pair: points}, BOXES)[pair]


def check(points):
    assert all(x1 == x2 or y1 == y2 for (x1, y1), (x2, y2) in pairwise(points))
    assert not any(box.cut_by(*piece) for box in BOXES.values() for piece in pairwise(points))


def test_a_clean_line_is_kept():
    line = ((0.0, 25.0), (0.0, 75.0))

    assert mend(line, ("a", "b")) == line


@pytest.mark.parametrize(
    "line",
    [
        pytest.param(((0.0, 25.0), (0.0, 175.0)), id="through a node"),
        pytest.param(((0.0, 25.0), (10.0, 175.0)), id="askew and through a node"),
        pytest.param(((40.0, 25.0), (54.0, 25.0), (54.0, 175.0), (40.0, 175.0)), id="too near"),
        pytest.param(((50.0, 10.0), (70.0, 10.0), (70.0, 150.0), (0.0, 150.0), (0.0, 175.0)),
                     id="leaves at the side"),
    ],
)  # fmt: skip
def test_a_bad_line_goes_around(line):
    points = mend(line)

    check(points)
    assert points[0][1] == 25
    assert points[-1][1] == 175


def test_a_slanted_line_gets_corners():
    points = mend(((0.0, 125.0), (150.0, 175.0)), ("b", "d"))

    check(points)
    assert len(points) == 4


def test_a_line_that_only_left_at_the_side_goes_straight():
    points = mend(((50.0, 10.0), (70.0, 10.0), (0.0, 75.0)), ("a", "b"))

    assert points == ((0.0, 25.0), (0.0, 75.0))


def test_a_detour_does_not_run_along_another_line():
    other = (
        (40.0, 25.0),
        (40.0, 34.0),
        (62.0, 34.0),
        (62.0, 160.0),
        (150.0, 160.0),
        (150.0, 175.0),
    )
    routes = {("a", "c"): ((0.0, 25.0), (0.0, 175.0)), ("a", "d"): other}
    points = mended(routes, BOXES)["a", "c"]

    check(points)
    assert min(x for x, _ in points) < -50
