"""The flow: its diagram, its steps, where each leads, and what is chosen on the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from handlers.diagram.flow import flow
from handlers.flow_chart import draw_flow
from handlers.limits import day_rule
from handlers.rendering.model import Block, Chart, DocumentSection
from handlers.reports.flow_steps import inputs_of, outcome_labels
from handlers.reports.numbers import DASH
from handlers.specification.signing import signed_by
from handlers.specification.source import SpecificationSource
from workflows.model.nodes import (
    ApprovalNode,
    GatewayNode,
    Node,
    ProcessNode,
    ServiceNode,
    TaskNode,
    WaitNode,
)
from workflows.model.starts import Start

_STEPS = {"step": 4, "kind": 2, "people": 4, "input": 4, "output": 4, "limit": 3}


def diagram_of(source: SpecificationSource) -> DocumentSection:
    """Return the flow diagram, and where each step leads."""
    title = source.form.text(source.definition.name)
    svg = draw_flow(source.definition, language=source.form.language, title=title)
    ways = source.table({"step": 3, "next": 7}, _ways(source))
    return DocumentSection(
        title=source.words.t("spec.section.diagram"), blocks=(Chart(svg=svg, title=title), ways)
    )


def _ways(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    """Yield each step with its ways, those with the same condition together."""
    t, found = source.words.t, flow(source.definition, language=source.form.language)
    labels = {step.id: step.label for step in found.steps}
    for step in found.steps:
        ways: dict[str, list[str]] = {}
        for way in found.ways:
            if way.source == step.id:
                to = t("spec.back", node=labels[way.target]) if way.back else labels[way.target]
                ways.setdefault(way.label, []).append(to)
        if ways:
            said = {when: source.form.listed(to) for when, to in ways.items()}
            texts = (t("spec.way", when=when, to=to) if when else to for when, to in said.items())
            yield step.label, source.joined(texts)


def steps_of(source: SpecificationSource) -> DocumentSection:
    """Return the steps in the order of the definition, numbered."""
    inputs = inputs_of(source.form, source.definition)
    rows = [
        _step(source, number, node, inputs[node.id])
        for number, node in enumerate(source.definition.nodes, start=1)
    ]
    blocks: list[Block] = [source.table(_STEPS, rows)]
    if chosen := list(_chosen(source)):
        blocks.append(source.paragraph(source.words.t("spec.chosen")))
        blocks.append(source.table({"step": 2, "when": 3, "chosen": 5}, chosen))
    if started := list(_started(source)):
        blocks.append(source.paragraph(source.words.t("spec.started")))
        blocks.append(source.table({"step": 2, "when": 5, "to": 3}, started))
    return DocumentSection(title=source.words.t("spec.section.steps"), blocks=tuple(blocks))


def _step(
    source: SpecificationSource, number: int, node: Node, inputs: Iterable[str]
) -> tuple[str, ...]:
    t = source.words.t
    return (
        t("spec.numbered", number=number, name=source.form.text(node.name)),
        t(f"spec.kind.{node.kind}"),
        _people(source, node),
        source.joined(inputs),
        source.joined(_output(source, node)),
        source.form.span(node.due) if isinstance(node, TaskNode | ApprovalNode) else DASH,
    )


def _people(source: SpecificationSource, node: Node) -> str:
    if isinstance(node, ProcessNode):
        return source.people(node.filed_by)
    return signed_by(source, node) if isinstance(node, TaskNode | ApprovalNode) else DASH


def _output(source: SpecificationSource, node: Node) -> Iterator[str]:
    """Yield the form that is filled in here, what may be decided, and what is worked out."""
    t, form = source.words.t, source.form
    if isinstance(node, TaskNode | ApprovalNode) and node.form is not None:
        yield t("spec.form", form=form.text(source.definition.forms[node.form].name))
    if isinstance(node, ApprovalNode):
        yield form.listed(outcome_labels(form, node))
    if isinstance(node, TaskNode | ApprovalNode) and node.requires:
        names = (form.text(source.definition.actions[key].name) for key in node.requires)
        yield t("spec.requires", actions=form.listed(names))
    if isinstance(node, ProcessNode):
        yield t("spec.other", process=node.process)
    if isinstance(node, ServiceNode):
        yield t(f"work.{node.work}")
    if isinstance(node, GatewayNode) and node.score is not None:
        yield form.text(source.definition.scorecards[node.score].name)


def _chosen(source: SpecificationSource) -> Iterator[tuple[str, str, str]]:
    """Yield whom a gateway chooses, and when."""
    gateways = (node for node in source.definition.nodes if isinstance(node, GatewayNode))
    for node in gateways:
        for route in node.routes:
            when = source.words.t("diagram.else") if route.when is None else route.when
            said = when if route.when is None else source.condition(route.when)
            if route.set:
                yield source.form.text(node.name), said, source.people(*route.set.values())


def _started(source: SpecificationSource) -> Iterator[tuple[str, str, str]]:
    """Yield what a wait waits for, and what begins beside it."""
    waits = (node for node in source.definition.nodes if isinstance(node, WaitNode))
    for node in waits:
        name = source.form.text(node.name)
        if node.until is not None:
            rule = day_rule(node.until, source.definition).in_words(source.form.language)
            yield name, rule, DASH if node.next is None else source.node(node.next)
        for start in node.starts:
            yield name, _when(source, start), source.node(start.to)


def _when(source: SpecificationSource, start: Start) -> str:
    t = source.words.t
    if start.every is not None:
        shift = start.after or start.before
        every = t(f"diagram.every.{start.every}")
        if shift is None:
            return every
        span, side = source.form.span(shift), "after" if start.after else "before"
        return t(f"spec.period.{side}", every=every, span=span)
    if start.at is not None:
        return day_rule(start.at, source.definition).in_words(source.form.language)
    if start.on_expiry_of is not None:
        return t("spec.expiry")
    label = "" if start.label is None else source.form.text(start.label)
    return t("why.start.button", people=source.people(start.started_by), label=label)
