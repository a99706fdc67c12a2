"""Lint of who may decide: separation of duties, material fields, and the rules of approvals.

A rule that is written at an approval and can never apply there is a flaw; one of `[approvals]` is
not, because it is written for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows.expressions import Except, ExpressionError, Word, parse
from workflows.lint_graph import edges, follow, nearest, reachable
from workflows.mentions import Flaw
from workflows.model.approvals import REJECT
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, WorkNode
from workflows.said import Saying, said
from workflows.toml_lines import Path

_FILER = Word(word="filer")
_NAMED = said("filer_named", "the filer decides here by name, so this rule never applies")
_EXCLUDED = said("filer_excluded", "the filer is excluded here by name, so this rule never applies")
_EARLIER = said("name_earlier", "Name an earlier task or approval")


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in who may decide."""
    ways = follow(edges(definition))
    approvals = [node for node in definition.nodes if isinstance(node, ApprovalNode)]
    if definition.approvals is not None and not approvals:
        yield Flaw(
            path=("approvals",),
            problem=said("no_approvals", "there is no approval for which these rules hold"),
            hint=said("drop_approvals", "Take [approvals] away, or add a node of kind approval"),
        )
    for index, node in enumerate(definition.nodes):
        path: Path = ("nodes", index)
        if isinstance(node, WorkNode):
            yield from _separated(definition, node, path, ways)
        if isinstance(node, ApprovalNode):
            yield from _material(definition, node, path)
            yield from _nobody(definition, node, path)
            yield from _idle(node, path)


# ------------------------------------------------------------ separation of duties


def _separated(
    definition: Definition, node: WorkNode, path: Path, ways: Mapping[str, set[str]]
) -> Iterator[Flaw]:
    places: list[tuple[Path, str]] = [
        ((*path, "not_same_as", at), other) for at, other in enumerate(node.not_same_as)
    ]
    if node.same_as is not None:
        places.append(((*path, "same_as"), node.same_as))
    for index, (place, other) in enumerate(places):
        wrong = _other(definition, node, other, ways)
        if wrong is None and other in [earlier for _, earlier in places[:index]]:
            wrong = (
                said("named_twice", '"{name}" is named twice', name=other),
                said("once_enough", "Once is enough"),
            )
        if wrong is None and place[-1] != "same_as" and _both_filer(definition, node, other):
            wrong = (
                said(
                    "both_filer",
                    'the filer does "{other}" and "{node}", so nobody could do "{node}"',
                    other=other,
                    node=node.id,
                ),
                said("somebody_else", "Let somebody else do one of the two"),
            )
        if wrong is not None:
            yield Flaw(path=place, problem=wrong[0], hint=wrong[1])


def _both_filer(definition: Definition, node: WorkNode, other: str) -> bool:
    there = definition.node(other)
    return isinstance(there, WorkNode) and node.assignee == there.assignee == "filer"


def _other(
    definition: Definition, node: WorkNode, other: str, ways: Mapping[str, set[str]]
) -> tuple[Saying, Saying] | None:
    """Return what is wrong with a node that another one names, and what to do."""
    kinds = {one.id: one for one in definition.nodes}
    if other not in kinds:
        known = ", ".join(one.id for one in definition.nodes if isinstance(one, WorkNode))
        hint = said("the_nodes", "The nodes are {known}", known=known)
        return said("no_node", 'there is no node "{node}"', node=other), nearest(
            other, kinds, otherwise=hint
        )
    if other == node.id:
        return (
            said("same_itself", '"{node}" names itself', node=other),
            _EARLIER,
        )
    there = kinds[other]
    if not isinstance(there, WorkNode):
        return (
            said(
                "idle_node",
                'nobody works in "{node}", it is a node of kind {kind}',
                node=other,
                kind=there.kind,
            ),
            _EARLIER,
        )
    if node.id not in reachable(ways.get(other, set()), ways):
        return (
            said(
                "never_before",
                '"{target}" never comes before "{node}"',
                target=other,
                node=node.id,
            ),
            _EARLIER,
        )
    return None


# ------------------------------------------------------------ approvals


def _material(definition: Definition, node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    known = [field.id for field in definition.every_field()]
    for at, field in enumerate(node.material):
        place: Path = (*path, "material", at)
        if field not in known:
            hint = said("the_fields", "The fields are {known}", known=", ".join(known))
            yield Flaw(
                path=place,
                problem=said("no_field", 'no form has a field "{field}"', field=field),
                hint=nearest(field, known, otherwise=hint),
            )
        elif field in node.material[:at]:
            yield Flaw(
                path=place,
                problem=said("named_twice", '"{name}" is named twice', name=field),
                hint=said("once_enough", "Once is enough"),
            )
        elif node.seats and field in _written_by_each(definition, node):
            yield Flaw(
                path=place,
                problem=said(
                    "signers_change",
                    'each signer of "{node}" writes "{field}", which would make the signatures '
                    "before theirs void",
                    node=node.id,
                    field=field,
                ),
                hint=said("ask_elsewhere", "Let it be changed in another step"),
            )


def _written_by_each(definition: Definition, node: ApprovalNode) -> Iterator[str]:
    """Yield the fields that every signer fills in with the decision."""
    form = definition.forms.get(node.form) if node.form is not None else None
    yield from (field.id for field in form.fields) if form is not None else ()


def _nobody(definition: Definition, node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    if definition.rules_of(node).nobody != REJECT or "reject" in node.outcomes:
        return
    at: Path = (*path, "nobody") if node.nobody is not None else ("approvals", "nobody")
    yield Flaw(
        path=at,
        problem=said(
            "no_reject", '"{node}" cannot be rejected, so no rule can reject it', node=node.id
        ),
        hint=said(
            "add_reject",
            "Add [nodes.outcomes.reject] to {node}, or write another value of nobody there",
            node=node.id,
        ),
    )


def _idle(node: ApprovalNode, path: Path) -> Iterator[Flaw]:
    """Yield the rules of an approval that can never apply to it."""
    try:
        root = parse(node.assignee or node.candidates or "owner").root
    except ExpressionError:
        return  # reported already
    if node.self_approval is not None:
        excluded = isinstance(root, Except) and root.without == _FILER
        if root == _FILER or excluded:
            yield Flaw(
                path=(*path, "self_approval"),
                problem=_EXCLUDED if excluded else _NAMED,
                hint=said("drop_self", "Take self_approval away, or name others here"),
            )
    if node.self_approval == "pass" and node.seats:
        yield Flaw(
            path=(*path, "self_approval"),
            problem=said(
                "pass_signers", 'no rule signs "{node}" for one of several signers', node=node.id
            ),
            hint=said("drop_self", "Take self_approval away, or name others here"),
        )
    if node.signers_may_be_added and node.same_as is not None:
        yield Flaw(
            path=(*path, "signers_may_be_added"),
            problem=said(
                "never_added",
                'only whoever decided "{same_as}" may decide "{node}", so nobody can be added',
                node=node.id,
                same_as=node.same_as,
            ),
            hint=said("drop_added", "Take signers_may_be_added or same_as away"),
        )
    asked = node.form is not None or node.requires or node.seats
    if node.repeated not in (None, "none") and (asked or node.not_same_as or node.same_as):
        yield Flaw(
            path=(*path, "repeated"),
            problem=said(
                "never_repeated",
                '"{node}" has a form, required actions, several signers or a separation of duties, '
                "so no approval is repeated there by rule",
                node=node.id,
            ),
            hint=said("drop_repeated", "Take repeated away"),
        )
