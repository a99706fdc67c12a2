"""Renders a document as DOCX, with the content of the PDF, in styles that can be changed in Word.

All text is written as runs of text, never as mark-up. Equal documents give equal bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from handlers.rendering import word
from handlers.rendering.drawn import render_png
from handlers.rendering.model import (
    Block,
    Chart,
    DocumentModel,
    DocumentSection,
    Field,
    FieldTable,
    Paragraph,
    Score,
    StyledText,
    Table,
    TextTone,
    Timeline,
    TimelineStep,
)
from handlers.rendering.pictures import size_of
from handlers.rendering.plain import clean

_MARGIN_MM = 22
_LABEL_MM = 45
_WHEN_MM = 34
_PICTURE_MM = 38
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def render_docx(document: DocumentModel) -> bytes:
    """Return the document as DOCX on A4. It blocks for long: run it in a thread."""
    import docx

    paper = docx.Document()
    word.prepare(paper, language=document.language, margin_mm=_MARGIN_MM)
    _describe(paper, document)
    _header_and_footer(paper, document)
    _title(paper, document)
    for section in document.sections:
        _section(paper, section)
    raw = BytesIO()
    paper.save(raw)
    return _same_every_time(raw)


def _describe(paper: Any, document: DocumentModel) -> None:
    about = paper.core_properties
    about.title = clean(f"{document.title} {document.number}")
    about.subject = clean(document.subtitle)
    about.author = about.last_modified_by = clean(document.company)
    about.comments = ""
    about.language = "zh-CN" if document.language == "zh" else "en"
    about.created = about.modified = document.created_at.astimezone(UTC)


def _header_and_footer(paper: Any, document: DocumentModel) -> None:
    page = paper.sections[0]
    head = page.header.paragraphs[0]
    word.tabbed(head, left=document.company, right=f"{document.title}  {document.number}")
    word.line(head, side="bottom")
    foot = page.footer.paragraphs[0]
    word.line(foot, side="top")
    word.tabbed(foot, left=document.footer, right=document.pages[0])
    word.number(foot, name="PAGE")
    word.write(foot, document.pages[1])
    word.number(foot, name="NUMPAGES")
    word.write(foot, document.pages[2])


def _title(paper: Any, document: DocumentModel) -> None:
    word.write(paper.add_paragraph(style="Subtitle"), document.subtitle)
    word.write(paper.add_paragraph(style="Title"), document.title)
    table = word.table(paper, widths=(word.WIDTH_MM / 3,) * 3)
    for first in range(0, len(document.facts), 3):
        cells = table.add_row().cells
        for cell, fact in zip(cells, document.facts[first : first + 3], strict=False):
            word.write(cell.paragraphs[0], fact.label, style="Caption")
            word.write(cell.add_paragraph(), fact.value.text, tone=fact.value.tone, bold=True)
        for cell in cells:
            word.shade(cell)


def _section(paper: Any, section: DocumentSection) -> None:
    word.write(paper.add_heading(level=1), section.title)
    introduces = False
    for index, block in enumerate(section.blocks):
        if index:
            gap = paper.add_paragraph(style=word.GAP)
            gap.paragraph_format.keep_with_next = introduces
        _BLOCKS[type(block)](paper, block)
        after = section.blocks[index + 1] if index + 1 < len(section.blocks) else None
        introduces = isinstance(block, Paragraph) and isinstance(after, Table | FieldTable)
        if introduces:
            paper.paragraphs[-1].paragraph_format.keep_with_next = True


def _field_table(paper: Any, block: FieldTable) -> None:
    table = word.table(paper, widths=(_LABEL_MM, word.WIDTH_MM - _LABEL_MM), lines=True)
    for row in block.rows:
        label, value = table.add_row().cells
        word.write(label.paragraphs[0], row.label, tone=TextTone.MUTED)
        word.shade(label)
        _value(value, row)


def _value(cell: Any, row: Field) -> None:
    if not row.files:
        word.write(cell.paragraphs[0], row.value.text, tone=row.value.tone)
        return
    for index, file in enumerate(row.files):
        line = cell.add_paragraph() if index else cell.paragraphs[0]
        word.write(line, f"{file.name}  ")
        word.write(line, f"{file.size}  {file.note}".rstrip(), tone=TextTone.MUTED)
    pictures = [file.picture for file in row.files if file.picture]
    if pictures:
        _pictures(cell.add_paragraph(), pictures)


def _pictures(line: Any, pictures: list[bytes]) -> None:
    from docx.shared import Mm

    for picture in pictures:
        width, height = size_of(picture)
        scale = _PICTURE_MM / max(width, height)
        shape = line.add_run().add_picture(
            BytesIO(picture), width=Mm(width * scale), height=Mm(height * scale)
        )
        word.close_up(shape)
        word.write(line, "  ")


def _table(paper: Any, block: Table) -> None:
    shares = sum(column.share for column in block.columns)
    widths = tuple(column.share * word.WIDTH_MM / shares for column in block.columns)
    table = word.table(paper, widths=widths, lines=True)
    head = table.add_row()
    word.repeat(head)
    for cell, column in zip(head.cells, block.columns, strict=True):
        word.write(cell.paragraphs[0], column.title, bold=True, accent=True)
        word.shade(cell)
    for row in block.rows:
        made = table.add_row()
        word.keep_whole(made)
        for cell, words in zip(made.cells, row, strict=True):
            word.write(cell.paragraphs[0], words.text, tone=words.tone)


def _timeline(paper: Any, block: Timeline) -> None:
    table = word.table(paper, widths=(_WHEN_MM, word.WIDTH_MM - _WHEN_MM), lines=True)
    for step in block.steps:
        _step(table.add_row().cells, step)


def _step(cells: Any, step: TimelineStep) -> None:
    word.write(cells[0].paragraphs[0], step.when, tone=TextTone.MUTED)
    line = cells[1].paragraphs[0]
    if step.who:
        word.write(line, f"{step.who}  ", bold=True)
    word.write(line, step.text)
    if step.quote is not None:
        _quote(cells[1].add_paragraph(style=word.QUOTE), step.quote)


def _quote(line: Any, words: StyledText) -> None:
    word.write(line, words.text, tone=words.tone)


def _paragraph(paper: Any, block: Paragraph) -> None:
    word.write(paper.add_paragraph(), block.words.text, tone=block.words.tone)


def _score(paper: Any, block: Score) -> None:
    line = paper.add_paragraph()
    word.write(line, "★" * block.score + "☆" * (block.most - block.score), tone=TextTone.WARN)
    word.write(line, f"  {block.text}")
    if block.comment is not None:
        _quote(paper.add_paragraph(style=word.QUOTE), block.comment)


def _chart(paper: Any, block: Chart) -> None:
    from docx.shared import Mm

    picture = (
        paper.add_paragraph()
        .add_run()
        .add_picture(BytesIO(render_png(block.svg)), width=Mm(word.WIDTH_MM))
    )
    word.describe(picture, block.title)


def _same_every_time(raw: BytesIO) -> bytes:
    """Return the archive with its parts sorted and without the time of writing."""
    out = BytesIO()
    with ZipFile(raw) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = ZipInfo(name, date_time=_ZIP_EPOCH)
            info.compress_type = ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return out.getvalue()


_BLOCKS: Mapping[type[Block], Callable[[Any, Any], None]] = {
    FieldTable: _field_table,
    Table: _table,
    Timeline: _timeline,
    Paragraph: _paragraph,
    Score: _score,
    Chart: _chart,
}
