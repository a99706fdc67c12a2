"""A diagram as PNG, for chats and programs that show no SVG."""

from __future__ import annotations

from handlers.fonts import FAMILY, font_file


def render_png(svg: str, *, zoom: float = 2.0) -> bytes:
    """The picture of an SVG, drawn with our font only; `zoom` 2 is sharp on good screens."""
    import resvg_py

    png = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(font_file())],
        skip_system_fonts=True,
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        dpi=96,  # the library's own default makes sizes in points fail
        zoom=zoom,
    )
    return bytes(png)
