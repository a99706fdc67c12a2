"""The risk points of a process as it is: few people, quick decisions, missing or useless limits."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.as_is.pains import COLUMNS, SEEN_FROM
from handlers.as_is.times import share_of
from handlers.reading.people_words import role_name
from handlers.rendering.model import DocumentSection, Paragraph, StyledText
from handlers.reports.numbers import DASH
from handlers.reports.source import ReportSource, cells, table
from handlers.reports.steps import SURE_FROM
from workflows.expressions import PersonRef, RoleRef, parse
from workflows.metrics.proposals import true_rate_below
from workflows.model.measures import Metric
from workflows.model.nodes import ApprovalNode, Node, ProcessNode, TaskNode, WaitNode

INSTANT_SHARE = 1 / 3

_Risk = tuple[str, str]  # its kind, and the evidence


def risks_of(source: ReportSource) -> DocumentSection:
    """Return the section about risk points, each with its evidence."""
    words = source.words
    rows = [
        cells(source.node(node.id), words.t(f"as_is.risk.{kind}"), evidence)
        for node in source.definition.nodes
        for kind, evidence in _of_node(source, node)
    ]
    rows += [
        cells(what, words.t(f"as_is.risk.{kind}"), said) for what, kind, said in _of_all(source)
    ]
    blocks = (
        (table(words, COLUMNS, rows, wide="evidence"),)
        if rows
        else (Paragraph(words=StyledText(text=words.t("as_is.no_risk"))),)
    )
    return DocumentSection(title=words.t("as_is.section.risks"), blocks=blocks)


def _of_node(source: ReportSource, node: Node) -> Iterator[_Risk]:
    if isinstance(node, TaskNode | ApprovalNode):
        yield from _holders(source, node)
        yield from _decided(source, node)
    elif isinstance(node, ProcessNode) or (isinstance(node, WaitNode) and node.until is None):
        yield "no_limit", source.words.t("as_is.evidence.no_limit")


def _holders(source: ReportSource, node: TaskNode | ApprovalNode) -> Iterator[_Risk]:
    """Yield where nobody, or only one person, may act by the directory of today."""
    words, directory = source.words, source.form.directory
    for _, text in node.workers:
        who = parse(text).root
        if isinstance(who, PersonRef):
            yield "one_person", words.t("as_is.evidence.named")
        if not isinstance(who, RoleRef):
            continue
        holders = [*directory.with_role(who.role, department=who.department)]
        role = role_name(who.role, source.definition, source.form)
        if not holders:
            yield "nobody", words.t("as_is.evidence.nobody", role=role)
        elif len(holders) == 1:
            yield "one_person", words.t("as_is.evidence.one_holder", role=role)


def _decided(source: ReportSource, node: TaskNode | ApprovalNode) -> Iterator[_Risk]:
    """Yield what the decisions at a step say."""
    words, tally, hands = source.words, source.all, source.groups.hands
    decisions = hands.decisions(node.id)
    if decisions >= SEEN_FROM and hands.people(node.id) == 1:
        yield "one_hand", words.t("as_is.evidence.one_hand", n=f"{decisions:,}")
    rejected = tally.figure(Metric.REJECTED, node.id)
    never = rejected is not None and not rejected.count and not hands.returns[node.id]
    if rejected is not None and never and rejected.n >= SURE_FROM:
        below = share_of(source, true_rate_below(rejected.n))
        yield "approved", words.t("as_is.evidence.approved", n=f"{rejected.n:,}", below=below)
    quick = tally.figure(Metric.INSTANT, node.id)
    if quick is not None and quick.n >= SEEN_FROM and (quick.value or 0) >= INSTANT_SHARE:
        share = share_of(source, quick.value)
        yield "instant", words.t("as_is.evidence.instant", share=share, n=f"{quick.n:,}")
    if ends := hands.ladder_ends[node.id]:
        yield "ladder", words.n("as_is.evidence.ladder", ends)


def _of_all(source: ReportSource) -> Iterator[tuple[str, str, str]]:
    """Yield what concerns the whole process: the deadlines of a case, and people who do much."""
    words, hands = source.words, source.groups.hands
    for name, clock in source.definition.clocks.items():
        if ends := hands.ladder_ends[name]:
            said = words.n("as_is.evidence.ladder", ends)
            yield source.form.text(clock.name), "ladder", said
    if hands.twice:
        said = words.t(
            "as_is.evidence.twice",
            cases=f"{hands.twice:,}",
            n=f"{hands.several:,}",
            share=share_of(source, hands.twice / hands.several),
        )
        yield DASH, "twice", said
