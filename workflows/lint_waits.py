"""Lint of nodes that wait for a date: the field that gives it exists, and may be filled by then."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_flow import facts
from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.bounds import DayBound
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.nodes import WaitNode
from workflows.said import said
from workflows.toml_lines import Path

_DATES = said("name_date", "Name a field of type date")


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in the dates for which the nodes of a definition wait."""
    for index, node in enumerate(definition.nodes):
        if not isinstance(node, WaitNode):
            continue
        if node.until is not None:
            yield from day_flaws(definition, node, node.until, ("nodes", index, "until"))
        asked = (("until", node.until), ("next", node.next))
        for key, given in asked:
            other = any(one is not None for _, one in asked)
            if given is None and (other or not node.starts):
                yield Flaw(
                    path=("nodes", index, key),
                    problem=said("missing", '"{key}" is missing', key=key),
                    hint=said("add_key", "Add {key} = … here", key=key),
                )


def day_flaws(
    definition: Definition, node: WaitNode, bound: DayBound, path: Path
) -> Iterator[Flaw]:
    """Yield what is wrong with a day of a field for which a node waits."""
    name = str(bound.field)
    field = definition.field(name)
    possible = facts(definition).possible.get(node.id)
    if field is None:
        known = [one.id for one in definition.every_field() if one.type is FieldType.DATE]
        problem = said("no_field", 'no form has a field "{field}"', field=name)
        yield Flaw(path=path, problem=problem, hint=nearest(name, known, otherwise=_DATES))
    elif field.type is not FieldType.DATE:
        problem = said(
            "holds_no_date",
            '"{field}" is of type {type} and gives no day',
            field=name,
            type=field.type,
        )
        yield Flaw(path=path, problem=problem, hint=_DATES)
    elif possible is not None and ("field", name) not in possible:
        yield Flaw(
            path=path,
            problem=said(
                "never_filled",
                '"{field}" is never filled when the case comes to "{node}"',
                field=name,
                node=node.id,
            ),
            hint=said("wait_later", "Wait at a later node, or ask for the date earlier"),
        )
