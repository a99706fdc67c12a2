"""The figures of the steps of a process: waiting, work done again, and where most time goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.rendering.model import Block, DocumentSection, Paragraph, StyledText
from handlers.reports.numbers import value_of
from handlers.reports.pictures import heat_picture, steps_picture
from handlers.reports.source import ReportSource, cells, table
from workflows.metrics.figures import Figure
from workflows.model.measures import Metric

SURE_FROM = 30  # decisions without a rejection that are worth a word


def steps_of(source: ReportSource) -> DocumentSection:
    """Return the section about the steps: where cases wait, and where work is done again."""
    words, tally = source.words, source.all
    shares = source.shares()
    rows = [
        cells(
            source.node(node),
            *(value_of(words, tally.figure(metric, node)) for metric in _STEP),
            words.t("figures.percent", number=f"{100 * shares[node]:.0f}"),
            f"{_n(tally.figure(Metric.STEP_TIME, node)):,}",
        )
        for node in in_order(source, shares)
    ]
    columns = (
        *("step", "waits", "takes", "desk", "again", "rejected", "instant"),
        *("share", "visits"),
    )
    blocks: list[Block] = []
    if rows:
        blocks = [*slowest_of(source), table(words, columns, rows, wide="step")]
        blocks += _never_rejected(source, shares)
    return DocumentSection(title=words.t("figures.section.steps"), blocks=tuple(blocks))


_STEP = (
    Metric.STEP_WAITING,
    Metric.STEP_TIME,
    Metric.STEP_DESK,
    Metric.REWORK,
    Metric.REJECTED,
    Metric.INSTANT,
)


def _n(figure: Figure | None) -> int:
    return figure.n if figure is not None else 0


def in_order(source: ReportSource, nodes: Iterable[str]) -> list[str]:
    """Return nodes as the definition has them, then those that it has not, as most cases went."""
    ways = [way for way, _ in source.groups.variants.most_common(1)]
    known = [
        *(node.id for node in source.definition.nodes),
        *(node for way in ways for node in way),
    ]
    order = {node: place for place, node in reversed([*enumerate(known)])}
    return sorted(nodes, key=lambda node: (order.get(node, len(known)), node))


def slowest_of(source: ReportSource) -> Iterator[Block]:
    """Yield where most of the time goes, as bars and on the diagram; nothing without a visit."""
    words, shares = source.words, source.shares()
    if not shares:
        return
    ranked = sorted(shares, key=lambda node: (-shares[node], node))
    waits = source.all.figure(Metric.STEP_WAITING, ranked[0])
    said = words.t(
        "figures.slowest",
        step=source.node(ranked[0]),
        share=f"{100 * shares[ranked[0]]:.0f}",
        waits=value_of(words, waits),
    )
    yield Paragraph(words=StyledText(text=said))
    yield from filter(None, (steps_picture(source), heat_picture(source)))


def _never_rejected(source: ReportSource, nodes: Iterable[str]) -> Iterator[Block]:
    """Yield the approvals that were never rejected, with what that proves.

    The upper limit of the true rate at 95 % is 1 - 0.05^(1/n) (Clopper and Pearson).
    """
    for node in in_order(source, nodes):
        figure = source.all.figure(Metric.REJECTED, node)
        if figure is not None and not figure.count and figure.n >= SURE_FROM:
            below = f"{100 * (1 - 0.05 ** (1 / figure.n)):.1f}"
            said = source.words.t(
                "figures.never_rejected", step=source.node(node), n=f"{figure.n:,}", below=below
            )
            yield Paragraph(words=StyledText(text=said))
