"""Lint of nodes that start a case of another process: its values and where each end leads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.fields import FieldType
from workflows.model.nodes import Ending, ProcessNode
from workflows.said import said
from workflows.toml_lines import Path


def flaws(definition: Definition, node: ProcessNode, path: Path) -> Iterator[Flaw]:
    """Yield the flaws of one node."""
    if node.process == definition.key:
        yield Flaw(
            path=(*path, "process"),
            problem=said("starts_itself", '"{node}" starts its own process', node=node.id),
            hint=said("other_process", "Name another process, or lead back by a return"),
        )
    for ending in get_args(Ending):
        if ending not in node.outcomes:
            yield Flaw(
                path=(*path, "outcomes"),
                problem=said(
                    "ending_open",
                    'where does "{node}" lead when the other case ends as {ending}?',
                    node=node.id,
                    ending=ending,
                ),
                hint=said("add_ending", 'Add {ending} = "…" with a node', ending=ending),
            )
    yield from _values(definition, node, path)


def _values(definition: Definition, node: ProcessNode, path: Path) -> Iterator[Flaw]:
    fields = {name: field for _, field in definition.all_fields() for name in field.names}
    known = (*fields, *definition.kept)
    otherwise = said("the_fields", "The fields are {known}", known=", ".join(known))
    for target, name in node.values.items():
        place = (*path, "values", target)
        if name not in known:
            problem = said("no_value", 'there is no field or fact "{name}"', name=name)
            yield Flaw(path=place, problem=problem, hint=nearest(name, known, otherwise=otherwise))
        elif name in fields and fields[name].type is FieldType.FILES:
            yield Flaw(
                path=place,
                problem=said("files_stay", "files are not copied into another case"),
                hint=said("leave_out", "Leave it out"),
            )
