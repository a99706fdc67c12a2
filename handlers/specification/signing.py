"""Who does a step: one person, one of several who claims it, or several who sign."""

from __future__ import annotations

from handlers.reports.numbers import DASH
from handlers.specification.source import SpecificationSource
from workflows.model.nodes import ApprovalNode, WorkNode
from workflows.model.signers import Sign


def signed_by(source: SpecificationSource, node: WorkNode) -> str:
    """Return who does a step, with the rule by which several decide."""
    t = source.words.t
    if isinstance(node, ApprovalNode) and node.seats:
        people = source.people(*(seat.who for seat in node.seats))
        return t("spec.signed", people=people, rule=_rule(source, node.rule))
    if node.candidates is not None:
        return t("spec.one_of", people=source.people(node.candidates))
    return source.people(node.assignee) if node.assignee is not None else DASH


def _rule(source: SpecificationSource, sign: Sign) -> str:
    if sign.kind != "need":
        return source.words.t(f"sign.{sign.kind}")
    if sign.votes is None:
        return source.words.t("sign.share", percent=sign.percent)
    return source.words.t("sign.votes", votes=sign.votes)
