"""Renders a drawing in SVG, such as a diagram or a chart, as a PNG."""

from __future__ import annotations

import re

from handlers.fonts import FAMILY, font_file

_APOSTROPHE = re.compile(r"(?<=[A-Za-z])’(?=[A-Za-z])")


def render_png(svg: str, *, zoom: float = 2.0) -> bytes:
    """Return an SVG as PNG, with the product's font only. `zoom` 2 is for high-density screens.

    An apostrophe between Latin letters is drawn straight: the font has the curved one as wide as a
    Chinese character.
    """
    import resvg_py

    png = resvg_py.svg_to_bytes(
        svg_string=_APOSTROPHE.sub("'", svg),
        font_files=[str(font_file())],
        skip_system_fonts=True,
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        dpi=96,  # with the default of the library, sizes in points fail
        zoom=zoom,
    )
    return bytes(png)
