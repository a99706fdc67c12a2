"""Rules at key nodes: the deadlines of a case and of its steps, and what each ladder does."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rehearsal_items import rung_time
from handlers.rendering.model import Block, DocumentSection
from handlers.reports.numbers import DASH
from handlers.specification.source import SpecificationSource
from workflows.model.clocks import Rung
from workflows.model.nodes import ApprovalNode, TaskNode, WaitNode


def key_rules_of(source: SpecificationSource) -> DocumentSection:
    """Return the deadlines of a case, and of each step, with the ladder of each."""
    t, blocks = source.words.t, list[Block]()
    if clocks := list(_clocks(source)):
        blocks.append(source.paragraph(t("spec.clocks")))
        blocks.append(
            source.table({"clock": 3, "when": 3, "limit": 2, "until": 3, "ladder": 2}, clocks)
        )
    blocks.append(source.paragraph(t("spec.deadlines")))
    columns = {"step": 3, "limit": 2, "ladder": 2, "conditions": 5}
    blocks.append(source.table(columns, _deadlines(source)))
    return DocumentSection(title=t("spec.section.rules"), blocks=tuple(blocks))


def _clocks(source: SpecificationSource) -> Iterator[tuple[str, ...]]:
    definition, form, t = source.definition, source.form, source.words.t
    for clock in definition.clocks.values():
        action = definition.actions.get(clock.until)
        until = t("spec.case_end") if action is None else form.text(action.name)
        if clock.pauses:
            until = source.joined((until, t("spec.clock.pauses")))
        for limit in clock.within:
            otherwise = t("diagram.else") if len(clock.within) > 1 else DASH
            when = otherwise if limit.when is None else source.condition(limit.when)
            yield form.text(clock.name), when, form.span(limit.limit), until, clock.ladder


def _deadlines(source: SpecificationSource) -> Iterator[tuple[str, ...]]:
    for node in source.definition.nodes:
        if isinstance(node, TaskNode | ApprovalNode):
            name, limit = source.form.text(node.name), source.form.span(node.due)
            yield name, limit, node.ladder, source.joined(_conditions(source, node))
        if isinstance(node, ApprovalNode) and node.visit_due is not None:
            name = source.words.t("clock.visit", node=source.form.text(node.name))
            yield name, source.form.span(node.visit_due), node.visit_ladder or DASH, DASH


def _conditions(source: SpecificationSource, node: TaskNode | ApprovalNode) -> Iterator[str]:
    """Yield what else holds at a step."""
    t, form = source.words.t, source.form
    if node.requires:
        names = (form.text(source.definition.actions[key].name) for key in node.requires)
        yield t("spec.node.requires", actions=form.listed(names))
    if node.not_same_as:
        yield t("spec.node.not_same_as", nodes=source.nodes(node.not_same_as))
    if node.same_as is not None:
        yield t("spec.node.same_as", node=source.node(node.same_as))
    if node.hidden:
        yield t("spec.node.hidden", fields=form.listed(map(source.field, sorted(node.hidden))))
    if node.editable:
        yield t("spec.node.editable", fields=form.listed(map(source.field, node.editable)))
    if node.low_risk:
        yield t("spec.node.low_risk")
    if isinstance(node, ApprovalNode):
        if node.material:
            yield t("spec.node.material", fields=form.listed(map(source.field, node.material)))
        if node.for_each is not None:
            yield t("spec.node.for_each")
        if node.refuse_expired:
            yield t("spec.node.refuse_expired")


def ladders_of(source: SpecificationSource) -> DocumentSection:
    """Return what happens by itself before and after each deadline."""
    t, blocks = source.words.t, list[Block]()
    for key, ladder in source.definition.ladders.items():
        used = source.joined(_used(source, key))
        blocks.append(source.paragraph(t("spec.ladder", ladder=key, used=used)))
        rows = [
            (f"{number}", rung_time(source.words, rung.at), source.joined(_does(source, rung)))
            for number, rung in enumerate(ladder.rungs, start=1)
        ]
        blocks.append(source.table({"number": 1, "at": 3, "does": 8}, rows))
    return DocumentSection(title=t("spec.section.ladders"), blocks=tuple(blocks))


def _used(source: SpecificationSource, key: str) -> Iterator[str]:
    """Yield for what a ladder is used."""
    definition, form, t = source.definition, source.form, source.words.t
    for clock in definition.clocks.values():
        if clock.ladder == key:
            yield t("spec.used.clock", clock=form.text(clock.name))
    steps = [
        form.text(node.name)
        for node in definition.nodes
        if isinstance(node, TaskNode | ApprovalNode) and key in node.ladders
    ]
    if steps:
        yield t("spec.used.steps", steps=form.listed(steps))
    if definition.pause is not None and definition.pause.ladder == key:
        yield t("spec.used.pause")
    for node in definition.nodes:
        if isinstance(node, WaitNode) and any(one.ladder == key for one in node.starts):
            yield t("spec.used.expiry")


def _does(source: SpecificationSource, rung: Rung) -> Iterator[str]:
    t = source.words.t
    match rung.does:
        case "points":
            yield source.words.n("spec.rung.points", rung.points or 0)
        case "remind":
            yield t("spec.rung.remind", people=source.people(rung.remind))
        case "reassign":
            yield t("spec.rung.reassign", people=source.people(rung.reassign))
        case "outcome":
            yield t("spec.rung.outcome", outcome=t(f"outcome.{rung.outcome}"))
        case "escalate":
            yield t("spec.rung.escalate", people=source.people(rung.escalate))
    if rung.every is not None and rung.tells:
        span = source.form.span(rung.every)
        yield t("spec.rung.every", span=span, times=rung.times)
    if rung.may_take_over:
        yield t("spec.rung.take_over")
    if rung.with_history:
        yield t("spec.rung.history")
