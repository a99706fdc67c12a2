"""Lint of approvals with several signers: their seats can be filled, their rule can be met."""

from __future__ import annotations

from collections.abc import Iterator

from workflows import assignment
from workflows.expressions import Except, ExpressionError, Members, RoleRef
from workflows.mentions import Flaw
from workflows.model.nodes import ApprovalNode
from workflows.said import said
from workflows.toml_lines import Path

_RULES = ("sign", "on_reject", "on_return")
_LIMIT = ("visit_due", "visit_ladder")


def flaws(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield the flaws in the signers of an approval and in the keys that go with them."""
    yield from _limit(node, path)
    if not node.seats:
        yield from _without_signers(node, path)
        return
    for key in ("assignee", "candidates"):
        if getattr(node, key) is not None:
            problem = said(
                "signers_too", '"{node}" has {key} and signers', node=node.id, key=f'"{key}"'
            )
            hint = said("keep_one", "Keep one of the two")
            yield Flaw(path=(*path, key), problem=problem, hint=hint)
    yield from _weights(node, path)
    yield from _unreachable(node, path)
    yield from _twice(node, path)
    yield from _awaited(node, path)


def _without_signers(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    if node.for_each is not None:
        yield from _awaited(node, path)
    for key in _RULES if node.for_each is None else ("sign",):
        if key in node.model_fields_set:
            problem = said("no_signers", '"{key}" counts signers, and there are none', key=key)
            hint = said("give_signers", "Give signers instead of an assignee, or take it away")
            yield Flaw(path=(*path, key), problem=problem, hint=hint)


def _limit(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield a deadline of the whole step without several signers, or without one of its keys."""
    given = [key for key in _LIMIT if getattr(node, key) is not None]
    for key in () if node.seats else given:
        yield Flaw(
            path=(*path, key),
            problem=said(
                "limit_no_signers",
                '"{key}" is about several signers together, and there are none',
                key=key,
            ),
            hint=said(
                "limit_due", 'Give signers, or take it away: "due" is the deadline of a step'
            ),
        )
    missing = [key for key in _LIMIT if key not in given]
    if given and missing:
        yield Flaw(
            path=(*path, given[0]),
            problem=said("half_limit", '"{key}" needs "{other}"', key=given[0], other=missing[0]),
            hint=said("add_other", "Add {other} = … here", other=missing[0]),
        )


def _weights(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield weights under a rule that counts none."""
    if node.rule.kind == "need":
        return
    for index, signer in enumerate(node.seats):
        if "weight" in signer.model_fields_set:
            yield Flaw(
                path=(*path, "signers", index, "weight"),
                problem=said(
                    "idle_weight", 'sign = "{sign}" counts no weights', sign=node.rule.kind
                ),
                hint=said("weigh_need", 'Take the weight away, or write sign = {{ need = "60%" }}'),
            )


def _unreachable(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    votes, total = node.rule.votes, sum(one.weight for one in node.seats)
    if votes is not None and votes > total and not node.one_each:
        yield Flaw(
            path=(*path, "sign", "need"),
            problem=said(
                "need_too_many",
                "{votes} votes are needed, but the signers of {node} have {total} together",
                votes=votes,
                node=f'"{node.id}"',
                total=total,
            ),
            hint=said("need_less", "Need at most {total}, or add signers", total=total),
        )


def _twice(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield entries that can only find a person who has a seat by an earlier entry."""
    seen: set[str] = set()
    for index, signer in enumerate(node.seats):
        text = " ".join(signer.who.split())
        if text in seen and _one_person(text):
            yield Flaw(
                path=(*path, "signers", index),
                problem=said("two_seats", '"{who}" has a seat already', who=text),
                hint=said("name_another", "Name somebody else: one person has one vote"),
            )
        seen.add(text)


def _one_person(text: str) -> bool:
    """Return whether an expression names no group."""
    try:
        root = assignment.parse(text).root
    except ExpressionError:
        return False  # reported already
    return not isinstance(root, RoleRef | Members | Except)


def _awaited(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield `on_reject` and `on_return` without such an outcome, or against the rule."""
    for outcome in ("reject", "return"):
        key = f"on_{outcome}"
        if key not in node.model_fields_set:
            continue
        awaited = getattr(node, key)
        if outcome not in node.outcomes:
            yield Flaw(
                path=(*path, key),
                problem=said(
                    "nothing_awaited",
                    '"{node}" has no {outcome}',
                    node=node.id,
                    outcome=f'"{outcome}"',
                ),
                hint=said("take_key_away", "Take {key} away", key=key),
            )
        elif node.rule.kind == "any" and awaited == "after_all":
            yield Flaw(
                path=(*path, key),
                problem=said("first_counts", 'with sign = "any" the first decision counts'),
                hint=said(
                    "want_approval", 'Take {key} away, or write sign = "any_approval"', key=key
                ),
            )
        elif node.rule.kind == "any_approval" and key == "on_reject" and awaited == "at_once":
            yield Flaw(
                path=(*path, key),
                problem=said(
                    "all_reject", 'with sign = "any_approval" it is rejected when all have rejected'
                ),
                hint=said("take_key_away", "Take {key} away", key=key),
            )
