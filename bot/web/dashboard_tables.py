"""Tables of the dashboard, and documents in HTML: sections with tables, charts and texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.web.markup import Html, Inside, lines, tag
from handlers.rendering.model import (
    Block,
    Chart,
    DocumentModel,
    Paragraph,
    Table,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; `head` is the one that names its row."""

    inside: Inside
    head: bool = False
    tone: str = ""


def table(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, caption: str, cards: bool = False
) -> Html:
    """Return a table.

    Args:
        caption: what it is about, for those who do not see it.
        cards: whether each row is a card on a small screen; else the table scrolls there. The
            roles say that it is a table still.
    """
    head = tag(
        "tr",
        [tag("th", one, scope="col", role="columnheader") for one in columns],
        role="row",
    )
    body = [
        tag("tr", [_cell(one, name) for one, name in zip(row, columns, strict=True)], role="row")
        for row in rows
    ]
    found = tag(
        "table",
        tag("caption", caption),
        tag("thead", head, role="rowgroup"),
        tag("tbody", body, role="rowgroup"),
        role="table",
        class_="cards" if cards else None,
    )
    if cards:
        return found
    return tag("div", found, class_="scroll", tabindex=0, role="region", aria_label=caption)


def _cell(cell: Cell, column: str) -> Html:
    name = tag("span", column, class_="column", aria_hidden="true")
    tone = cell.tone or (None if cell.inside else "empty")
    if cell.head:
        return tag("th", cell.inside, scope="row", role="rowheader", class_=tone)
    return tag("td", name, tag("span", cell.inside), role="cell", class_=tone)


def drawing(svg: str, *, label: str) -> Html:
    """Return a drawing of ours, which scrolls where it is wider than the screen."""
    return tag("div", Html(svg), class_="drawing", tabindex=0, role="region", aria_label=label)


def document_parts(model: DocumentModel) -> list[Html]:
    """Return the sections of a report: the counts, then tables, charts and texts."""
    counts = [tag("div", tag("dt", one.label), tag("dd", one.value.text)) for one in model.facts]
    found = [tag("dl", counts, class_="counts")]
    for section in model.sections:
        parts = [_block(one, section.title) for one in section.blocks]
        found.append(tag("section", tag("h2", section.title), parts))
    return [*found, tag("p", model.footer, class_="hint")]


def _block(block: Block, title: str) -> Html:
    if isinstance(block, Chart):
        return drawing(block.svg, label=block.title)
    if isinstance(block, Table):
        rows = [
            [
                Cell(cell.text, head=place == 0, tone=cell.tone.value)
                for place, cell in enumerate(row)
            ]
            for row in block.rows
        ]
        return table([one.title for one in block.columns], rows, caption=title)
    assert isinstance(block, Paragraph), "a report has no other blocks"
    return tag("p", lines(block.words.text), class_=block.words.tone.value)
