"""Duties by step, as a RACI table that follows from the definition."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rendering.model import DocumentSection
from handlers.reports.numbers import DASH
from handlers.specification.signing import signed_by
from handlers.specification.source import SpecificationSource
from workflows.model.nodes import ApprovalNode, Node, TaskNode, WorkNode

_COLUMNS = {"step": 3, "responsible": 4, "accountable": 3, "consulted": 4, "informed": 5}


def duties_of(source: SpecificationSource) -> DocumentSection:
    """Return by step who is responsible, accountable, consulted and informed."""
    rows = [
        _work(source, node) if isinstance(node, TaskNode | ApprovalNode) else _other(source, node)
        for node in source.definition.nodes
        if isinstance(node, TaskNode | ApprovalNode) or node.cc
    ]
    blocks = (
        source.paragraph(source.words.t("spec.raci")),
        source.table(_COLUMNS, rows),
    )
    return DocumentSection(title=source.words.t("spec.section.duties"), blocks=blocks)


def _work(source: SpecificationSource, node: WorkNode) -> tuple[str, ...]:
    told = _told(source, node)
    accountable = told[-1] if told else "owner"
    return (
        source.form.text(node.name),
        signed_by(source, node),
        source.people(accountable),
        source.joined(_consulted(source, node)),
        _informed(source, node, tuple(one for one in told if one != accountable)),
    )


def _other(source: SpecificationSource, node: Node) -> tuple[str, ...]:
    name = source.form.text(node.name)
    return name, DASH, source.people("owner"), DASH, _informed(source, node, ())


def _told(source: SpecificationSource, node: WorkNode) -> list[str]:
    """Return whom escalations of a step reach, the last one last."""
    rungs = (rung for key in node.ladders for rung in source.definition.ladders[key].rungs)
    return list(dict.fromkeys(rung.escalate for rung in rungs if rung.escalate is not None))


def _consulted(source: SpecificationSource, node: WorkNode) -> Iterator[str]:
    if node.candidates is not None:
        yield source.words.t("spec.others_of", people=source.people(node.candidates))
    if isinstance(node, ApprovalNode):
        if len(node.seats) > 1 or node.one_each:
            yield source.words.t("spec.other_signers")
        if source.definition.rules_of(node).signers_may_be_added:
            yield source.words.t("spec.added_signers")
    if (
        (pause := source.definition.pause) is not None
        and "filer" in pause.on
        and node.assignee != "filer"
    ):
        yield source.people("filer")


def _informed(source: SpecificationSource, node: Node, told: tuple[str, ...]) -> str:
    copies = (
        source.people(one.to)
        if one.when is None
        else source.words.t(
            "spec.copied_if", people=source.people(one.to), condition=source.condition(one.when)
        )
        for one in node.cc
    )
    late = (source.words.t("spec.told_late", people=source.people(*told)),) if told else ()
    return source.joined((*copies, *late))
