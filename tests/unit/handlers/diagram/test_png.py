"""The PNG is a picture of the SVG, with Chinese in it."""

import struct

import pymupdf

from handlers.diagram.layout import layout
from handlers.diagram.png import render_png
from handlers.diagram.svg import render_svg
from tests.unit.handlers.diagram.samples import complaint


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
