"""Boxes and outlines."""

import pytest

from handlers.diagram.geometry import Box, reach

BOX = Box(cx=10, cy=20, w=40, h=20)


def test_a_box_knows_its_sides():
    assert (BOX.left, BOX.right, BOX.top, BOX.bottom) == (-10, 30, 10, 30)
    assert BOX.turned() == Box(cx=20, cy=10, w=20, h=40)
    assert BOX.moved(1, 2).grown(1) == Box(cx=11, cy=22, w=42, h=22)


def test_boxes_that_touch_do_not_overlap():
    assert not BOX.overlaps(BOX.moved(40, 0))
    assert BOX.overlaps(BOX.moved(39, 19))


def test_a_line_along_the_side_does_not_cut():
    assert not BOX.cut_by((-10, 0), (-10, 50))
    assert BOX.cut_by((-9, 0), (-9, 50))
    assert not BOX.cut_by((0, 0), (0, 5))


@pytest.mark.parametrize(
    ("shape", "across", "upright", "distance"),
    [
        ("box", 5, True, 10),
        ("box", 5, False, 20),
        ("diamond", 0, True, 10),
        ("diamond", 10, True, 5),
        ("diamond", -10, True, 5),
        ("diamond", 99, True, 0),
        ("diamond", 5, False, 10),
        ("pill", 10, True, 10),
        ("pill", 20, True, 0),
        ("pill", 0, False, 20),
        ("pill", 10, False, 10),
        ("pill", 16, True, 8),
    ],
)
def test_outlines_are_met_where_they_are(shape, across, upright, distance):
    assert reach(shape, BOX, across=across, upright=upright) == pytest.approx(distance)
