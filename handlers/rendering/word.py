"""Extends python-docx with Chinese fonts, borders, shading, fields and repeated header rows."""

from __future__ import annotations

from typing import Any, Literal

from handlers.rendering.model import TextTone
from handlers.rendering.plain import clean

WIDTH_MM = 166  # between the margins of A4
GAP = "Gap"
QUOTE = "Quote"

_INK = "1B2733"
_ACCENT = "17496B"
_SOFT = "5F6B7A"
_HAIRLINE = "D5DBE1"
_WASH = "F3F6F8"
_TONES = {
    TextTone.NEUTRAL: _INK,
    TextTone.GOOD: "1B6E45",
    TextTone.WARN: "8A5A00",
    TextTone.DANGER: "B3261E",
    TextTone.MUTED: _SOFT,
}
_LATIN = "Calibri"
_CHINESE = "Microsoft YaHei"
_A4_MM = (210, 297)
_CELL_SIDE = 110  # twentieths of a point

# style: (size in points, colour, bold, space before, space after)
_STYLES: dict[str, tuple[float, str, bool, float, float]] = {
    "Normal": (9.5, _INK, False, 0, 0),
    "Title": (22, _ACCENT, True, 0, 8),
    "Subtitle": (10, _SOFT, False, 0, 0),
    "Heading 1": (13, _ACCENT, True, 20, 6),
    "Caption": (8.5, _SOFT, False, 2, 0),
    "Header": (8.5, _SOFT, False, 0, 0),
    "Footer": (8, _SOFT, False, 0, 0),
    QUOTE: (9.5, _INK, False, 3, 2),
    GAP: (5, _INK, False, 0, 0),
}


def prepare(paper: Any, *, language: str, margin_mm: int) -> None:
    """Set the page and the styles of a document."""
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Mm

    page = paper.sections[0]
    page.page_width, page.page_height = (Mm(side) for side in _A4_MM)
    page.left_margin = page.right_margin = Mm(margin_mm)
    page.top_margin, page.bottom_margin = Mm(26), Mm(22)
    page.header_distance = page.footer_distance = Mm(11)
    paper.styles.add_style(GAP, WD_STYLE_TYPE.PARAGRAPH)
    for name in _STYLES:
        _style(paper.styles[name], name, language)


def _style(style: Any, name: str, language: str) -> None:
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt, RGBColor

    size, colour, bold, before, after = _STYLES[name]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    style.paragraph_format.space_before = Pt(before)
    style.paragraph_format.space_after = Pt(after)
    style.paragraph_format.line_spacing = 1.1
    style.paragraph_format.tab_stops.clear_all()
    style.font.name = _LATIN
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), _CHINESE)
    spoken = _element("w:lang", val="en-US", eastAsia="zh-CN")
    properties.append(spoken)
    borders = style.element.get_or_add_pPr().find(qn("w:pBdr"))
    if borders is not None:  # the border of the built-in style Title
        borders.getparent().remove(borders)
    if name == QUOTE:
        style.paragraph_format.left_indent = Mm(2.5)
        _border(style.element.get_or_add_pPr(), side="left", size=18, space=6)


def write(
    line: Any,
    text: str,
    *,
    tone: TextTone | None = None,
    bold: bool = False,
    accent: bool = False,
    style: str | None = None,
) -> None:
    """Add a text to a paragraph; line feeds become line breaks."""
    from docx.shared import RGBColor

    if style is not None:
        line.style = style
    run = line.add_run(clean(text))
    if bold:
        run.bold = True
    if accent:
        run.font.color.rgb = RGBColor.from_string(_ACCENT)
    elif tone not in (None, TextTone.NEUTRAL):
        run.font.color.rgb = RGBColor.from_string(_TONES[tone])


def tabbed(line: Any, *, left: str, right: str) -> None:
    """Write one text at the left margin and one at the right."""
    from docx.enum.text import WD_TAB_ALIGNMENT
    from docx.shared import Mm

    stops = line.paragraph_format.tab_stops
    stops.clear_all()
    stops.add_tab_stop(Mm(WIDTH_MM), WD_TAB_ALIGNMENT.RIGHT)
    write(line, left)
    line.add_run("\t")
    write(line, right)


def line(paragraph: Any, *, side: Literal["top", "bottom"]) -> None:
    """Draw a hairline above or below a paragraph."""
    _border(paragraph._p.get_or_add_pPr(), side=side, size=4, space=4)  # noqa: SLF001


def number(paragraph: Any, *, name: Literal["PAGE", "NUMPAGES"]) -> None:
    """Add a field with the number of the page or the number of pages."""
    field = _element("w:fldSimple", instr=name)
    run, text = _element("w:r"), _element("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)  # noqa: SLF001


def table(paper: Any, *, widths: tuple[float, ...], lines: bool = False) -> Any:
    """Add an empty table with columns of these widths, in millimetres."""
    from docx.oxml.ns import qn
    from docx.shared import Mm

    made = paper.add_table(rows=0, cols=len(widths))
    made.autofit = False
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Mm(width)
    properties = made._tbl.tblPr  # noqa: SLF001
    borders = _element("w:tblBorders")
    for side in ("top", "bottom", "insideH") if lines else ():
        borders.append(_element(f"w:{side}", val="single", sz="4", space="0", color=_HAIRLINE))
    margins = _element("w:tblCellMar")
    for side, space in (("top", 60), ("left", _CELL_SIDE), ("bottom", 60), ("right", _CELL_SIDE)):
        margins.append(_element(f"w:{side}", w=str(space), type="dxa"))
    look = properties.find(qn("w:tblLook"))
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(_element("w:tblInd", w=str(_CELL_SIDE), type="dxa"))
    layout.addprevious(borders)
    (layout if look is None else look).addprevious(margins)
    return made


def repeat(row: Any) -> None:
    """Repeat this row as the header of the table on every page."""
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))  # noqa: SLF001


def keep_whole(row: Any) -> None:
    """Keep this row on one page if it fits on one."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))  # noqa: SLF001


def close_up(shape: Any) -> None:
    """Remove the space that some programs add around an inline picture."""
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")  # noqa: SLF001


def describe(shape: Any, text: str) -> None:
    """Give an inline picture the text that is read out instead of it."""
    shape._inline.docPr.set("descr", clean(text))  # noqa: SLF001


def shade(cell: Any) -> None:
    """Give a cell the background of labels."""
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001
    properties.append(_element("w:shd", val="clear", color="auto", fill=_WASH))


def _border(properties: Any, *, side: str, size: int, space: int) -> None:
    """Add a border to a paragraph, at the position that the schema requires."""
    borders = _element("w:pBdr")
    borders.append(
        _element(f"w:{side}", val="single", sz=str(size), space=str(space), color=_HAIRLINE)
    )
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:outlineLvl", "w:rPr"
    )


def _element(tag: str, **attributes: str) -> Any:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
