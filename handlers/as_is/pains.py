"""The pain points of a process as it is: what people report, where cases wait and come back."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.as_is.times import late_share, share_of
from handlers.rendering.model import DocumentSection, Paragraph, StyledText
from handlers.reports.numbers import value_of
from handlers.reports.source import ReportSource, cells, table
from workflows.model.measures import Metric

MOST = 3  # steps of a kind, those with most
SEEN_FROM = 20  # visits or limits from which a share is a pain
WAITS, AGAIN, LATE = 0.1, 0.05, 0.2  # shares from which it is one
COLUMNS = ("step", "seen", "evidence")


def pains_of(source: ReportSource) -> DocumentSection:
    """Return the section about pain points, each with its evidence."""
    words = source.words
    rows = [
        cells(source.node(node), words.t(f"as_is.pain.{kind}"), evidence)
        for kind, node, evidence in (*_reported(source), *_waiting(source), *_late(source))
    ]
    rows += [
        cells(source.node(node), words.t("as_is.pain.again"), evidence)
        for node, evidence in _again(source)
    ]
    blocks = (
        (table(words, COLUMNS, rows, wide="evidence"),)
        if rows
        else (Paragraph(words=StyledText(text=words.t("as_is.no_pain"))),)
    )
    return DocumentSection(title=words.t("as_is.section.pains"), blocks=blocks)


def _reported(source: ReportSource) -> Iterator[tuple[str, str, str]]:
    found = source.groups.problems
    for node in sorted(found.cases_at, key=lambda node: (-found.at(node), node))[:MOST]:
        evidence = source.words.n("as_is.evidence.reported", found.at(node))
        yield "reported", node, evidence


def _waiting(source: ReportSource) -> Iterator[tuple[str, str, str]]:
    words, waits = source.words, source.shares(Metric.STEP_WAITING)
    for node in sorted(waits, key=lambda node: (-waits[node], node))[:MOST]:
        figure = source.all.figure(Metric.STEP_WAITING, node)
        if figure is not None and figure.n >= SEEN_FROM and waits[node] >= WAITS:
            evidence = words.t(
                "as_is.evidence.waiting",
                share=share_of(source, waits[node]),
                half=value_of(words, figure),
                n=f"{figure.n:,}",
            )
            yield "waiting", node, evidence


def _late(source: ReportSource) -> Iterator[tuple[str, str, str]]:
    for node in _nodes(source, Metric.STEPS_ON_TIME):
        figure, share = source.all.figure(Metric.STEPS_ON_TIME, node), late_share(source, node)
        if figure is not None and figure.n >= SEEN_FROM and share is not None and share >= LATE:
            evidence = source.words.t(
                "as_is.evidence.late", share=share_of(source, share), n=f"{figure.n:,}"
            )
            yield "late", node, evidence


def _again(source: ReportSource) -> Iterator[tuple[str, str]]:
    """Yield the steps that are done again, with how often decisions there sent the case back."""
    for node in _nodes(source, Metric.REWORK):
        figure = source.all.figure(Metric.REWORK, node)
        if figure is not None and figure.n >= SEEN_FROM and (figure.value or 0) >= AGAIN:
            yield (
                node,
                source.words.t(
                    "as_is.evidence.again",
                    share=share_of(source, figure.value),
                    n=f"{figure.n:,}",
                    returns=f"{source.groups.hands.returns[node]:,}",
                ),
            )


def _nodes(source: ReportSource, metric: Metric) -> list[str]:
    return sorted(node for name, node in source.all.samples if name == metric and node)
