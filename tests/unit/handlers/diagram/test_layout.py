"""Nothing in a diagram hides anything else."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given

from handlers.diagram.geometry import reach
from handlers.diagram.layout import _laid_out, layout
from tests.unit.handlers.diagram.samples import complaint, definitions, launch

CASES = [
    pytest.param(made, language, direction, id=f"{name}-{language}-{direction}")
    for name, made in (("complaint", complaint), ("launch", launch))
    for language in ("zh", "en")
    for direction in ("down", "right")
]


def on_outline(point, node):
    x, y = point
    dx, dy = x - node.box.cx, y - node.box.cy
    up = abs(abs(dy) - reach(node.shape, node.box, across=dx, upright=True)) < 0.01
    beside = abs(abs(dx) - reach(node.shape, node.box, across=dy, upright=False)) < 0.01
    return up or beside


def check_nodes_and_lines(drawn):
    for one, other in combinations(drawn.nodes, 2):
        assert not one.box.overlaps(other.box), (one.id, other.id)
    for edge in drawn.edges:
        source, target = drawn.node(edge.source), drawn.node(edge.target)
        assert on_outline(edge.points[0], source), edge
        assert on_outline(edge.points[-1], target), edge
        for piece in pairwise(edge.points):
            assert piece[0][0] == piece[1][0] or piece[0][1] == piece[1][1], edge
            for node in drawn.nodes:
                own = node.id in {edge.source, edge.target}
                if node.shape == "box" or not own:
                    near = node.box.grown(-0.01 if own else 4)
                    assert not near.cut_by(*piece), (edge, node)


def check_frame(drawn):
    for node in drawn.nodes:
        assert node.x >= 0
        assert node.y >= 0
        assert node.x + node.w <= drawn.width
        assert node.y + node.h <= drawn.height
    for edge in drawn.edges:
        assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in edge.points)


@pytest.mark.parametrize(("made", "language", "direction"), CASES)
def test_no_node_overlaps_and_every_line_ends_at_outlines(made, language, direction):
    drawn = layout(made(), language=language, direction=direction)

    check_nodes_and_lines(drawn)
    check_frame(drawn)


@pytest.mark.parametrize(("made", "language", "direction"), CASES)
def test_no_label_hides_a_node_or_another_label(made, language, direction):
    drawn = layout(made(), language=language, direction=direction)
    boxes = [edge.label_box for edge in drawn.edges if edge.label_box is not None]

    assert len(boxes) == sum(bool(edge.label) for edge in drawn.edges)
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)
    for label in boxes:
        assert not any(label.overlaps(node.box) for node in drawn.nodes)


@given(definitions())
def test_random_processes_are_drawn_cleanly(definition):
    for direction in ("down", "right"):
        drawn = layout(definition, language="zh", direction=direction)
        check_nodes_and_lines(drawn)
        check_frame(drawn)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_complaint_fits_a_narrow_panel(language):
    assert layout(complaint(), language=language, direction="down", notes=True).width <= 420


def test_a_flow_is_laid_out_once_for_all_its_cases():
    one, other = complaint(), complaint()
    assert layout(one, language="zh", notes=True) is layout(other, language="zh", notes=True)


def test_equal_definitions_are_drawn_alike():
    before = layout(launch(), language="zh")
    _laid_out.cache_clear()
    assert layout(launch(), language="zh") == before


def test_a_process_runs_in_the_asked_direction():
    down = layout(complaint(), language="en", direction="down")
    right = layout(complaint(), language="en", direction="right")

    assert down.node("closed").y > down.node("triage").y
    assert right.node("closed").x > right.node("triage").x


def test_room_for_a_note_is_kept_in_work_steps_only():
    plain, noted = (layout(complaint(), language="en", notes=notes) for notes in (False, True))

    assert noted.node("triage").h > plain.node("triage").h
    assert noted.node("dispatch").h == plain.node("dispatch").h
    assert [node.id for node in noted.nodes if node.noted] == [
        "triage", "resolve", "confirm", "management_decision", "archive",
    ]  # fmt: skip


def test_a_node_is_found_by_its_id():
    drawn = layout(complaint(), language="en")

    assert drawn.node("confirm").shape == "box"
    assert drawn.node("dispatch").shape == "diamond"
    assert drawn.node("closed").shape == "pill"
    with pytest.raises(KeyError):
        drawn.node("nowhere")
