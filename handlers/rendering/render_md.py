"""Renders a document as Markdown, with the texts of its PDF; charts are left to their tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

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
from handlers.rendering.plain import clean

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~])")
_FIRST = re.compile(r"\A(\s*)([-+=]|\d+[.)])(?=\s|\Z)")


def render_md(document: DocumentModel) -> bytes:
    """Return the document as Markdown (GitHub's tables), in UTF-8."""
    lines = [f"# {_text(document.title)}", ""]
    under = (document.company, document.subtitle, document.number)
    lines += [" · ".join(_text(one) for one in under if one), ""]
    lines += [*_fields(document.facts), ""]
    for section in document.sections:
        lines += [f"## {_text(section.title)}", ""]
        for block in section.blocks:
            lines += [*_BLOCKS[type(block)](block), ""]
    lines.append(_text(document.footer))
    return "\n".join([*lines, ""]).encode()


def _text(text: str) -> str:
    """Return a text on one line in which nothing is mark-up."""
    line = " ".join(clean(text).split())
    return _FIRST.sub(r"\1\\\2", _MARKS.sub(r"\\\1", line))


def _fields(rows: tuple[Field, ...]) -> Iterator[str]:
    for row in rows:
        value = ", ".join(one.name for one in row.files) or row.value.text
        yield f"- {_text(row.label)}: {_text(value)}"


def _field_table(block: FieldTable) -> Iterator[str]:
    yield from _fields(block.rows)


def _table(block: Table) -> Iterator[str]:
    yield f"| {' | '.join(_text(one.title) for one in block.columns)} |"
    yield "|---" * len(block.columns) + "|"
    for row in block.rows:
        yield f"| {' | '.join(_text(cell.text) for cell in row)} |"


def _timeline(block: Timeline) -> Iterator[str]:
    for step in block.steps:
        yield "- " + " · ".join(_text(one) for one in (step.when, step.who, step.text) if one)
        if step.quote is not None:
            yield f"  > {_text(step.quote.text)}"


def _paragraph(block: Paragraph) -> Iterator[str]:
    yield _text(block.words.text)


def _score(block: Score) -> Iterator[str]:
    yield _text(block.text)
    if block.comment is not None:
        yield f"> {_text(block.comment.text)}"


def _chart(block: Chart) -> Iterator[str]:
    yield f"*{_text(block.title)}*"


_BLOCKS: Mapping[type[Block], Callable[[Any], Iterator[str]]] = {
    FieldTable: _field_table,
    Table: _table,
    Timeline: _timeline,
    Paragraph: _paragraph,
    Score: _score,
    Chart: _chart,
}
