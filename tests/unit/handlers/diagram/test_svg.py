"""The SVG stands by itself and takes no text for mark-up; the PNG is a picture of it."""

import struct
from typing import get_args
from xml.etree import ElementTree as ET

import pymupdf
import pytest

from handlers.diagram.flow import Kind
from handlers.diagram.layout import layout
from handlers.diagram.svg import COLOURS, MARKS, REFUSED, Mark, render_svg, svg_parts
from handlers.rendering.drawn import render_png
from tests.stories.test_other_cases import OPENING
from tests.stories.test_waiting_for_a_date import OPENING as WAITING
from tests.unit.handlers.diagram.samples import complaint, definition, end, launch, task
from workflows.loading import load_definition

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return ["".join(node.itertext()) for node in ET.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("direction", ["down", "right"])
def test_every_word_is_in_the_picture(language, direction):
    drawn = layout(launch(), language=language, direction=direction)
    found = texts(render_svg(drawn, title="x"))

    for node in drawn.nodes:
        assert set(node.lines) <= set(found)
    for edge in drawn.edges:
        assert set(edge.lines) <= set(found)


def test_the_picture_has_a_name_for_those_who_cannot_see_it():
    root = ET.fromstring(render_svg(layout(complaint(), language="en"), title='A "<b>'))

    assert root.get("role") == "img"
    assert root.get("aria-label") == 'A "<b>'
    assert root.findtext(f"{SVG}title") == 'A "<b>'


def test_names_are_not_mark_up():
    hostile = '<b>&"\x07'
    drawn = layout(definition(task("a", hostile, "done"), end("done", "完")), language="zh")

    assert '<b>&"' in texts(render_svg(drawn, title=hostile))


def test_notes_stand_where_there_is_room():
    drawn = layout(complaint(), language="en", notes=True)
    notes = {"triage": "4 working hours", "dispatch": "no room"}
    parts = "".join(svg_parts(drawn, notes=notes))

    assert "4 working hours" in parts
    assert "no room" not in parts


def test_the_warmest_node_has_the_warmest_colour_and_legible_text():
    drawn = layout(complaint(), language="en", notes=True)
    notes = {"triage": "10%", "resolve": "62%"}
    parts = [*svg_parts(drawn, notes=notes, warmth={"triage": 0.0, "resolve": 1.0})]

    assert sum('fill="#ffffff"' in one for one in parts) >= 1
    assert sum('fill="#f49a6b"' in one for one in parts) == 1
    warm = next(one for one in parts if "62%" in one)
    assert "#1b2733" in warm


@pytest.mark.parametrize("kind", MARKS)
def test_a_marked_node_has_its_colours_and_its_label(kind):
    drawn = layout(complaint(), language="en")
    text = "".join(svg_parts(drawn, marks={"triage": Mark(kind=kind, label="a < b")}))

    fill, stroke, dashes = MARKS[kind]
    assert f'fill="{fill}" stroke="{stroke}"' in text
    assert (f'stroke-dasharray="{dashes}"' in text) == bool(dashes)
    assert "a &lt; b" in text


def test_marks_differ_by_more_than_colour():
    assert len({dashes for _, _, dashes in MARKS.values()}) == len(MARKS)


def test_the_start_keeps_its_colours_and_has_the_label():
    drawn = layout(complaint(), language="en")
    text = "".join(svg_parts(drawn, marks={"$start": Mark(kind="changed", label="changed")}))

    assert ">changed<" in text
    assert f'fill="{MARKS["changed"][0]}"' not in text


def test_equal_diagrams_give_equal_pictures():
    one, other = (render_svg(layout(launch(), language="zh"), title="x") for _ in range(2))

    assert one == other


def test_a_png_is_drawn_at_the_asked_size():
    drawn = layout(complaint(), language="zh")
    png = render_png(render_svg(drawn, title="x"), zoom=2)
    width, height = struct.unpack_from(">LL", png, 16)

    assert png.startswith(b"\x89PNG")
    assert abs(width - 2 * drawn.width) < 3
    assert abs(height - 2 * drawn.height) < 3


def test_letters_are_drawn():
    """With the wrong font resvg leaves texts out without a word."""
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="20">'
        '<rect width="60" height="20" fill="#fff"/>'
        '<text x="5" y="15" font-size="13" font-family="Noto Sans SC">客户</text></svg>'
    )
    pixels = pymupdf.Pixmap(render_png(svg, zoom=1)).samples

    assert sum(value < 128 for value in pixels) > 50


def test_an_apostrophe_leaves_no_gap():
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" width="90" height="20">'
        '<text y="15">it{}s</text></svg>'
    )

    assert render_png(svg.format("’")) == render_png(svg.format("'"))


def test_every_kind_of_node_is_drawn_and_a_process_has_a_thick_border():
    """BPMN 2.0, 10.3.6: the border of a call activity is thick."""
    opening = load_definition(OPENING, file="opening.toml").definition
    drawn = layout(opening, language="en", notes=True)
    root = ET.fromstring(render_svg(drawn, title="x"))
    thick = [box for box in root.iter(f"{SVG}rect") if box.get("stroke-width") == "3"]

    assert {node.kind for node in drawn.nodes} == {"start", "task", "process", "end"}
    assert len(thick) == 1
    sizes = {node.h for node in drawn.nodes if node.kind in {"task", "process"}}
    assert len(sizes) == 1  # the page has a second line in both
    assert set(get_args(Kind)) <= set(COLOURS)


def test_an_end_that_refuses_has_another_colour():
    refused = end("refused", "未批准") | {"status": "rejected"}
    drawn = layout(definition(task("t", "办", "refused"), refused), language="zh")
    picture = render_svg(drawn, title="x")

    assert [node.id for node in drawn.nodes if node.refused] == ["refused"]
    assert REFUSED[0] in picture
    assert COLOURS["end"][0] not in picture


def test_a_wait_is_drawn_with_a_clock():
    """BPMN 2.0, 10.5.5: the marker of a timer is a clock."""
    drawn = layout(load_definition(WAITING, file="opening.toml").definition, language="en")
    root = ET.fromstring(render_svg(drawn, title="x"))

    assert {node.kind for node in drawn.nodes} == {"start", "task", "wait", "end"}
    assert len([*root.iter(f"{SVG}circle")]) == 1


def test_the_step_of_a_case_has_a_thick_frame_and_what_it_did_not_reach_a_dashed_one():
    drawn = layout(load_definition(OPENING, file="opening.toml").definition, language="en")
    states = {node.id: "ahead" for node in drawn.nodes}
    done, current = [node.id for node in drawn.nodes if node.kind == "task"][:2]
    root = ET.fromstring(
        render_svg(drawn, title="x", states={**states, done: "done", current: "current"})
    )
    boxes = {box.get("fill"): box for box in root.iter(f"{SVG}rect") if box.get("stroke")}
    dashed = [box for box in root.iter(f"{SVG}rect") if box.get("stroke-dasharray")]

    assert boxes["#fff1cf"].get("stroke-width") == "3"
    assert boxes["#e3f0ee"].get("stroke-dasharray") is None
    assert len(dashed) == len([one for one in drawn.nodes if one.kind != "start"]) - 2
