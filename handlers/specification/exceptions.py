"""What is done where a case does not take its usual way."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.rendering.model import DocumentSection
from handlers.specification.source import SpecificationSource
from workflows.case.people import names_the_filer
from workflows.model.approvals import NOBODY_WORDS, Approvals
from workflows.model.nodes import ApprovalNode, EndNode, Outcome, TaskNode


def exceptions_of(source: SpecificationSource) -> DocumentSection:
    """Return what follows on a return, a rejection, a question, a withdrawal, or nobody to act."""
    rows = [
        *_returns(source),
        *_rejections(source),
        *_pauses(source),
        *_taken_back(source),
        *_approvals(source),
        *_always(source),
    ]
    table = source.table({"exception": 3, "handling": 8}, rows)
    return DocumentSection(title=source.words.t("spec.section.exceptions"), blocks=(table,))


def _returns(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    t = source.words.t
    for node in source.definition.nodes:
        name = t("spec.except.return", node=source.form.text(node.name))
        if isinstance(node, TaskNode) and node.return_to:
            yield name, t("spec.return.to", nodes=source.nodes(node.return_to))
        if isinstance(node, ApprovalNode):
            for key, outcome in node.outcomes.items():
                if key == "return":
                    yield name, source.joined(_returned(source, outcome))


def _returned(source: SpecificationSource, outcome: Outcome) -> Iterator[str]:
    words = source.words
    yield words.t("spec.return.to", nodes=source.nodes(outcome.to))
    yield words.t(f"spec.return.{outcome.resume}")
    if outcome.at_most is not None:
        yield words.n("spec.return.at_most", outcome.at_most)
        if outcome.then is None:
            yield words.t("spec.return.refused")
        else:
            yield words.t("spec.return.then", node=source.node(outcome.then))


def _rejections(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    """Yield where rejections lead, steps with the same way together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for node in source.definition.nodes:
        if isinstance(node, ApprovalNode):
            for key, outcome in node.outcomes.items():
                if key == "reject":
                    found.setdefault(outcome.to, []).append(node.id)
    for to, nodes in found.items():
        name = source.words.t("spec.except.reject", nodes=source.nodes(nodes))
        yield name, source.words.t("spec.reject.to", nodes=source.nodes(to))


def _pauses(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    if (pause := source.definition.pause) is None:
        return
    t, form = source.words.t, source.form
    outside = (
        source.people("filer") if one == "filer" else t(f"waiting.{one}") for one in pause.on
    )
    text = t("spec.pause", due=form.span(pause.due), cap=form.span(pause.cap), ladder=pause.ladder)
    yield t("spec.except.pause", people=form.listed(outside)), text


def _taken_back(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    t, until = source.words.t, source.definition.withdraw_until
    plain = until in ("end", "first_decision")
    said = (
        t(f"spec.withdraw.{until}") if plain else t("spec.withdraw.node", node=source.node(until))
    )
    yield t("spec.except.withdraw"), said
    if (revoke := source.definition.revoke) is not None:
        span, node = source.form.span(revoke.within), source.node(revoke.to)
        yield t("spec.except.revoke"), t("spec.revoke", span=span, node=node)
    ends = (
        t("spec.end", node=source.form.text(node.name), status=t(f"status.{node.status}"))
        for node in source.definition.nodes
        if isinstance(node, EndNode) and node.status != "completed"
    )
    if text := source.form.listed(ends):
        yield t("spec.except.ends"), text


def _approvals(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    """Yield who decides where the filer would, where nobody is named, and on a second time."""
    definition, t = source.definition, source.words.t
    nodes = [node for node in definition.nodes if isinstance(node, ApprovalNode)]
    for kind in ("self_approval", "nobody", "repeated"):
        said: dict[str, list[str]] = {}
        for node in nodes:
            if kind == "self_approval" and _is_the_filers(source, node):
                continue
            said.setdefault(_rule(source, definition.rules_of(node), kind), []).append(node.id)
        alone = len(said) == 1
        for text, ids in said.items():
            where = text if alone else t("spec.at_nodes", nodes=source.nodes(ids), text=text)
            yield t(f"spec.except.{kind}"), where


def _is_the_filers(source: SpecificationSource, node: ApprovalNode) -> bool:
    """Return whether the definition gives an approval to the filer."""
    return any(names_the_filer(one, source.definition) for _, one in node.workers)


def _rule(source: SpecificationSource, rules: Approvals, kind: str) -> str:
    t = source.words.t
    if kind == "nobody" and rules.nobody not in NOBODY_WORDS:
        return t("spec.nobody.people", people=source.people(rules.nobody))
    return t(f"spec.{kind}.{getattr(rules, kind)}")


def _always(source: SpecificationSource) -> Iterator[tuple[str, str]]:
    t = source.words.t
    for kind in ("away", "blocked", "admin"):
        yield t(f"spec.except.{kind}"), t(f"spec.always.{kind}")
