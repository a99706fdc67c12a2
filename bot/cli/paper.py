"""Prints a document on the terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.cli.output import GAP, plain, show_facts, show_table, show_text
from handlers.rendering.model import (
    Block,
    Chart,
    DocumentModel,
    Field,
    FieldTable,
    Paragraph,
    Score,
    Table,
    Timeline,
)


def show_document(document: DocumentModel) -> None:
    """Print all sections of a document, with the texts of its PDF."""
    show_text(plain(f"{document.title} {document.number}"))
    _fields(document.facts)
    for section in document.sections:
        show_text("")
        show_text(plain(section.title))
        for block in section.blocks:
            _BLOCKS[type(block)](block)


def _fields(rows: tuple[Field, ...]) -> None:
    show_facts({row.label: [file.name for file in row.files] or row.value.text for row in rows})


def _field_table(block: FieldTable) -> None:
    _fields(block.rows)


def _table(block: Table) -> None:
    headings = [column.title for column in block.columns]
    show_table(headings, ([cell.text for cell in row] for row in block.rows))


def _timeline(block: Timeline) -> None:
    for step in block.steps:
        show_text(GAP.join(filter(None, map(plain, (step.when, step.who, step.text)))))
        _quote(step.quote.text if step.quote is not None else "")


def _paragraph(block: Paragraph) -> None:
    show_text(plain(block.words.text))


def _score(block: Score) -> None:
    show_text(plain(block.text))
    _quote(block.comment.text if block.comment is not None else "")


def _chart(block: Chart) -> None:
    """Print nothing, because the table beside a chart has its numbers."""


def _quote(text: str) -> None:
    for line in text.splitlines():
        show_text(f"{GAP}│ {plain(line)}")


_BLOCKS: Mapping[type[Block], Callable[[Any], None]] = {
    FieldTable: _field_table,
    Table: _table,
    Timeline: _timeline,
    Paragraph: _paragraph,
    Score: _score,
    Chart: _chart,
}
