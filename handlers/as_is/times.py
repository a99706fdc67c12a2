"""The times of each step as it is: spent and waited, late, done again, sent back."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rendering.model import DocumentSection, StyledText
from handlers.reports.numbers import DASH, value_of, written
from handlers.reports.source import ReportSource, cells, table
from handlers.reports.steps import in_order
from workflows.metrics.figures import Figure
from workflows.model.measures import Metric

_COLUMNS = (
    *("step", "visits", "spent", "spent_85", "waited", "waited_85"),
    *("late", "again", "returned"),
)


def times_of(source: ReportSource) -> DocumentSection:
    """Return the section with the times of the steps at which cases have been."""
    rows = [*_rows(source)]
    blocks = (table(source.words, _COLUMNS, rows, wide="step"),) if rows else ()
    return DocumentSection(title=source.words.t("as_is.section.times"), blocks=blocks)


def _rows(source: ReportSource) -> Iterator[list[StyledText]]:
    words, tally, hands = source.words, source.all, source.groups.hands
    visited = {node for metric, node in tally.samples if metric == Metric.STEP_TIME}
    for node in in_order(source, visited):
        spent = tally.figure(Metric.STEP_TIME, node)
        waited = tally.figure(Metric.STEP_WAITING, node)
        decisions = hands.decisions(node)
        yield cells(
            source.node(node),
            f"{spent.n:,}" if spent is not None else DASH,
            *_both(source, spent),
            *_both(source, waited),
            share_of(source, late_share(source, node)),
            value_of(words, tally.figure(Metric.REWORK, node)),
            share_of(source, hands.returns[node] / decisions if decisions else None),
        )


def _both(source: ReportSource, figure: Figure | None) -> tuple[str, str]:
    """Return the median and the 85th percentile of a time."""
    high = figure.high if figure is not None else None
    return value_of(source.words, figure), written(source.words, Metric.STEP_TIME, high)


def late_share(source: ReportSource, node: str) -> float | None:
    """Return the share of limits of a step that were not met, or None if it had none."""
    figure = source.all.figure(Metric.STEPS_ON_TIME, node)
    return None if figure is None or figure.value is None else 1 - figure.value


def share_of(source: ReportSource, share: float | None) -> str:
    """Return a share in percent; a dash for None."""
    if share is None:
        return DASH
    return source.words.t("figures.percent", number=f"{100 * share:.0f}")
