"""The steps of a process as they are defined: who does what, from which input, to which output."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from handlers.diagram.flow import flow
from handlers.reading.formatter import Formatter
from handlers.reading.people_words import in_words
from handlers.rendering.model import Block, DocumentSection, Paragraph, StyledText
from handlers.reports.numbers import DASH
from handlers.reports.source import ReportSource, cells, table
from workflows.metrics.figures import Figure
from workflows.model.definition import Definition
from workflows.model.measures import Metric
from workflows.model.nodes import ApprovalNode, TaskNode, WorkNode

FIELDS_MOST = 6  # named of a form
SEEN_FROM = 20  # visits from which a weakness is said
ON_TIME, AGAIN = 0.8, 0.1  # shares below and above which a step is a weakness


def flow_steps_of(source: ReportSource) -> DocumentSection:
    """Return the section about the flow: each step with its people, input, output and limit."""
    words, nodes = source.words, [n for n in source.definition.nodes if isinstance(n, _WORK)]
    inputs = inputs_of(source.form, source.definition)
    rows = [
        cells(
            source.form.text(node.name),
            words.t(f"figures.node.{node.kind}"),
            _people(source, node),
            source.form.listed(inputs[node.id]) or DASH,
            _output(source, node),
            source.form.span(node.due),
        )
        for node in nodes
    ]
    columns = ("step", "node_kind", "people", "input", "output", "limit")
    blocks: list[Block] = [table(words, columns, rows, wide="output")]
    blocks += [Paragraph(words=StyledText(text=one)) for one in _weak(source, nodes)]
    return DocumentSection(title=words.t("figures.section.flow"), blocks=tuple(blocks))


_WORK = (TaskNode, ApprovalNode)


def _people(source: ReportSource, node: WorkNode) -> str:
    form, definition = source.form, source.definition
    return form.listed([in_words(text, definition, form) for _, text in node.workers]) or DASH


def inputs_of(form: Formatter, definition: Definition) -> Mapping[str, list[str]]:
    """Return the names of what leads to each node; what comes back to it is left out."""
    found = flow(definition, language=form.language)
    labels = {step.id: step.label for step in found.steps}
    inputs: dict[str, list[str]] = {step.id: [] for step in found.steps}
    for way in found.ways:
        if not way.back:
            inputs[way.target].append(labels[way.source])
    return inputs


def _output(source: ReportSource, node: WorkNode) -> str:
    """Return the fields that are filled in here, and what may be decided."""
    form = source.definition.forms.get(node.form or "")
    labels = [source.form.text(field.label) for field in (form.written if form else ())]
    shown = labels[:FIELDS_MOST]
    if len(labels) > len(shown):
        shown.append(source.words.t("figures.more", count=f"{len(labels) - len(shown)}"))
    if isinstance(node, ApprovalNode):
        shown += outcome_labels(source.form, node)
    return source.form.listed(shown) or DASH


def outcome_labels(form: Formatter, node: ApprovalNode) -> list[str]:
    """Return the labels of the outcomes of an approval."""
    return [
        form.text(one.label) if one.label else form.words.t(f"button.{verb}")
        for verb, one in node.outcomes.items()
    ]


def _weak(source: ReportSource, nodes: Iterable[WorkNode]) -> Iterator[str]:
    """Yield where limits are missed, or work is done again, so often that it is not chance."""
    for node in nodes:
        on_time = source.all.figure(Metric.STEPS_ON_TIME, node.id)
        if _is_known(on_time) and (on_time.range.high or 0) < ON_TIME:
            yield _said(source, "figures.weak.late", node, on_time, 1 - (on_time.value or 0))
        again = source.all.figure(Metric.REWORK, node.id)
        if _is_known(again) and (again.range.low or 0) > AGAIN:
            yield _said(source, "figures.weak.again", node, again, again.value or 0)


def _is_known(figure: Figure | None) -> TypeGuard[Figure]:
    return figure is not None and figure.n >= SEEN_FROM


def _said(source: ReportSource, text: str, node: WorkNode, figure: Figure, share: float) -> str:
    name, percent = source.form.text(node.name), f"{100 * share:.0f}"
    return source.words.t(text, step=name, share=percent, n=f"{figure.n:,}")
