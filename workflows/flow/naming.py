"""What a people expression says besides whom it finds: the filer, and whom it excludes.

The names that gateways set are followed to the expressions that they were set from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows import assignment
from workflows.case.people import scope_of
from workflows.case.state import Case
from workflows.case.world import World
from workflows.expressions import Except, Name, Pick, Term, Word
from workflows.model.definition import Definition
from workflows.model.nodes import GatewayNode

_FILER = Word(word="filer")


def names_the_filer(expression: str, definition: Definition) -> bool:
    """Return whether the expression names the filer, directly or by a gateway's name."""
    return _FILER in _spine(expression, definition)


def excepted(
    expression: str, case: Case, world: World, values: Mapping[str, object]
) -> Iterator[str]:
    """Yield the people whom an expression excludes (`except(…, X)`), by key."""
    scope = scope_of(case=case, world=world, values=values)
    for term in _spine(expression, world.definition):
        if isinstance(term, Except):
            yield from assignment.everybody(term.without, scope)


def _spine(expression: str, definition: Definition) -> Iterator[Term]:
    """Yield the terms of an expression that name people, following the names of gateways."""
    todo, names = [assignment.parse(expression).root], set[str]()
    while todo:
        term = todo.pop()
        yield term
        if isinstance(term, Except | Pick):
            todo.append(term.of)
        elif isinstance(term, Name) and term.name not in names:
            names.add(term.name)
            todo.extend(_set_as(term.name, definition))


def _set_as(name: str, definition: Definition) -> Iterator[Term]:
    for node in definition.nodes:
        if isinstance(node, GatewayNode):
            texts = (route.set[name] for route in node.routes if name in route.set)
            yield from (assignment.parse(text).root for text in texts)
