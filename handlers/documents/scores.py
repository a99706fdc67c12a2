"""Builds the list of scores in a document: a table of periods with grades, and a chart above it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from handlers.charts import Mark, Point, draw
from handlers.documents import cells
from handlers.documents.source import DocumentSource
from handlers.reading.case import Reading
from handlers.reading.facts import results
from handlers.rendering.model import Block, Chart, Table
from workflows.model.facts import Scorecard

POINTS_LEAST = 2  # results of which a chart is drawn


def chart(reading: Reading, name: str, *, title: str) -> str:
    """Return the chart of the results of a fact as SVG, with the grades if it is a score."""
    found = results(name, reading.case, reading.definition, reading)
    card = reading.definition.scorecards.get(name.removesuffix(".score"))
    marks = [
        Mark(label=reading.text(grade), number=Decimal(grade.from_))
        for grade in (card.grades if card is not None else ())
        if grade.from_ > 0
    ]
    points = [Point(label=one.when, number=one.fact.amount) for one in found]
    return draw(points, title=title, marks=marks)


def scores(source: DocumentSource) -> Iterator[Block]:
    """Yield the results of each scorecard of the process, the latest first in its table."""
    for key, card in source.reading.definition.scorecards.items():
        if not source.reading.hides_fact(f"{key}.score"):
            yield from _card(source, f"{key}.score", card)


def _card(source: DocumentSource, name: str, card: Scorecard) -> Iterator[Block]:
    reading = source.reading
    found = results(name, reading.case, reading.definition, reading)
    if not found:
        return
    title = reading.text(card.name)
    if len(found) >= POINTS_LEAST:
        yield Chart(svg=chart(reading, name, title=title), title=title)
    titles = (("period", 12), ("score", 8), ("grade", 10))
    rows = [tuple(map(source.shown, (one.when, one.text, one.grade))) for one in reversed(found)]
    yield Table(
        columns=cells.columns(source, titles),
        rows=tuple(rows),
    )
