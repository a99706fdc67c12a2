"""The problems that people reported with a process: by step and kind, on the diagram, in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from handlers.flow_chart import draw_flow
from handlers.i18n import dates
from handlers.problem_words import kind_name
from handlers.rendering.model import Block, Chart, DocumentSection, Paragraph, StyledText
from handlers.reports.numbers import DASH, value_of
from handlers.reports.source import PROBLEM, ReportSource, cells, table
from storage.unit import Tx
from workflows.metrics.groups import ReportedProblem
from workflows.model.measures import Metric


def texts_of(tx: Tx, problems: Iterable[ReportedProblem]) -> Mapping[str, str]:
    """Return the texts of problems by the id of their content, without those that were erased."""
    texts: dict[str, str] = {}
    for one in problems:
        content = tx.contents.of_case(one.case).get(one.content)
        if content is not None and content.body is not None:
            texts[one.content] = str(content.body.get("text", ""))
    return texts


def problems_of(source: ReportSource) -> DocumentSection:
    """Return the section about reported problems, without one if there is none."""
    words, found = source.words, source.groups.problems
    blocks: list[Block] = []
    if found.cases:
        said = words.n(
            "figures.problems",
            found.reports.total(),
            cases=f"{found.cases:,}",
            whole=f"{source.all.cases:,}",
            rate=f"{100 * found.cases / source.all.cases:.1f}",
        )
        blocks = [
            Paragraph(words=StyledText(text=said)),
            *filter(None, (problems_picture(source),)),
            table(words, ("step", "kinds", "reports", "waits", "per_100"), _rows(source)),
            *_texts(source),
        ]
    return DocumentSection(title=words.t("figures.section.problems"), blocks=tuple(blocks))


def problem_numbers(source: ReportSource) -> Iterator[Mapping[str, Any]]:
    """Yield the rows for spreadsheets and programs: cases with a report, reports by step and kind.

    The cases are a share of all; the reports are numbers, each beside the number of all cases.
    """
    found, whole = source.groups.problems, source.all.cases
    rows: list[tuple[str, str, str, float]] = []
    if found.cases:
        rows = [("", "cases", "share", round(found.cases / whole, 4))]
    rows += [(node, kind, "number", count) for (node, kind), count in sorted(found.reports.items())]
    for node, kind, unit, value in rows:
        yield {
            "group": "all",
            "name": "",
            "step": node,
            "metric": PROBLEM + kind,
            "unit": unit,
            "value": value,
            "low": None,
            "high": None,
            "p85": None,
            "n": whole,
            "open": 0,
        }


def _rows(source: ReportSource) -> Iterator[list[StyledText]]:
    """Yield each step with its reports, the one with most first."""
    words, found = source.words, source.groups.problems
    for node in sorted(found.cases_at, key=lambda node: (-found.at(node), node)):
        kinds = [(count, kind) for (at, kind), count in found.reports.items() if at == node]
        named = (
            words.t("figures.problems.kind", kind=kind_name(words, kind), count=f"{count:,}")
            for count, kind in sorted(kinds, key=lambda one: (-one[0], one[1]))
        )
        waits = source.all.figure(Metric.STEP_WAITING, node)
        per = 100 * found.cases_at[node] / source.all.cases
        yield cells(
            source.node(node),
            words.t("name.separator").join(named),
            f"{found.at(node):,}",
            value_of(words, waits),
            f"{per:.1f}",
        )


def _texts(source: ReportSource) -> Iterator[Block]:
    """Yield what was written in the newest reports, as far as the reader may read it."""
    rows = [
        cells(
            dates.day(one.at, zone=source.form.zone, language=source.form.language),
            one.case,
            source.node(one.node),
            kind_name(source.words, one.kind),
            source.texts[one.content] or DASH,
        )
        for one in source.groups.problems.newest
        if one.content in source.texts
    ]
    if rows:
        yield Paragraph(words=StyledText(text=source.words.n("figures.problems.texts", len(rows))))
        columns = ("reported_at", "case", "step", "kind", "text")
        yield table(source.words, columns, rows, wide="text")


def problems_picture(source: ReportSource) -> Chart | None:
    """Return the diagram with the reports at each step: the longer it waits, the warmer it is."""
    words, found = source.words, source.groups.problems
    here = [node for node in found.cases_at if source.definition.has_node(node)]
    if not here:
        return None
    waits = source.shares(Metric.STEP_WAITING)
    shown = {node: share for node, share in waits.items() if source.definition.has_node(node)}
    most = max(shown.values(), default=0) or 1
    title = words.t("figures.problems.picture")
    svg = draw_flow(
        source.definition,
        language=source.form.language,
        title=title,
        notes={node: _waiting(source, node) for node in shown},
        warmth={node: share / most for node, share in shown.items()},
        counts={node: words.n("problem.badge", found.at(node)) for node in here},
    )
    return Chart(svg=svg, title=title)


def _waiting(source: ReportSource, node: str) -> str:
    figure = source.all.figure(Metric.STEP_WAITING, node)
    if figure is None or figure.value is None:
        return ""
    return source.words.t("figures.problems.waits", time=value_of(source.words, figure))
