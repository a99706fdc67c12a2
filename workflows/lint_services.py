"""Lint of service nodes: what the work is given, where each result leads, and where it may be."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.nodes import EndNode, ServiceNode, WorkNode
from workflows.model.works import PUBLISHER, WORKS
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition, node: ServiceNode, path: Path) -> Iterator[Flaw]:
    """Yield the flaws of one node."""
    rule = WORKS[node.work]
    if rule.publishes and definition.key != PUBLISHER:
        yield Flaw(
            path=(*path, "work"),
            problem=said(
                "work_publishes",
                'only the process "{publisher}" may have the work "{work}", '
                "which changes what is in force",
                publisher=PUBLISHER,
                work=node.work,
            ),
            hint=said("other_work", "Leave it to a case of that process"),
        )
    for outcome in rule.outcomes:
        if outcome not in node.outcomes:
            yield Flaw(
                path=(*path, "outcomes"),
                problem=said(
                    "result_open",
                    'where does "{node}" lead when the result is {outcome}?',
                    node=node.id,
                    outcome=outcome,
                ),
                hint=said("add_result", 'Add {outcome} = "…" with a node', outcome=outcome),
            )
    for outcome, target in node.outcomes.items():
        there = definition.node(target) if definition.has_node(target) else None
        if outcome != "ok" and not isinstance(there, WorkNode | EndNode | None):
            yield Flaw(
                path=(*path, "outcomes", outcome),
                problem=said(
                    "result_to_nobody", "nobody sees the result {outcome} first", outcome=outcome
                ),
                hint=said("result_to_work", "Lead it to a task, an approval or an end"),
            )
        if outcome not in rule.outcomes:
            yield Flaw(
                path=(*path, "outcomes", outcome),
                problem=said(
                    "result_unknown",
                    'the work "{work}" never ends with {outcome}',
                    work=node.work,
                    outcome=outcome,
                ),
                hint=said("leave_out", "Leave it out"),
            )
    yield from _values(definition, node, path)


def _values(definition: Definition, node: ServiceNode, path: Path) -> Iterator[Flaw]:
    rule = WORKS[node.work]
    for name in rule.needs:
        if name not in node.values:
            yield Flaw(
                path=(*path, "values"),
                problem=said(
                    "work_needs", 'the work "{work}" needs "{name}"', work=node.work, name=name
                ),
                hint=said("give_work_value", "Add {name} = … with a field of the case", name=name),
            )
    fields = {name for _, field in definition.all_fields() for name in field.names}
    known = (*sorted(fields), *definition.kept)
    otherwise = said("the_fields", "The fields are {known}", known=", ".join(known))
    taken = (*rule.needs, *rule.takes)
    for name, field in node.values.items():
        place = (*path, "values", name)
        if name not in taken:
            problem = said(
                "work_takes_not",
                'the work "{work}" takes no "{name}"',
                work=node.work,
                name=name,
            )
            hint = said("work_takes", "It takes {taken}", taken=", ".join(taken))
            yield Flaw(path=place, problem=problem, hint=hint)
        elif field not in known:
            problem = said("no_value", 'there is no field or fact "{name}"', name=field)
            yield Flaw(path=place, problem=problem, hint=nearest(field, known, otherwise=otherwise))
