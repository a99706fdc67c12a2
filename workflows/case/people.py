"""People expressions of the definition: whom they name and exclude in one case and one world.

The names that gateways set are followed to the expressions that they were set from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflows import assignment
from workflows.case.state import Case
from workflows.case.world import World
from workflows.expressions import Except, Name, Pick, Term, Word
from workflows.model.definition import Definition
from workflows.model.nodes import GatewayNode

_FILER = Word(word="filer")


def find_people(
    expression: str,
    *,
    case: Case,
    world: World,
    values: Mapping[str, object],
    assignees: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Return the keys of the people that an expression names for this case now.

    `values` are form values by field id; `assignees` are the keys of the people that `assignee`
    means. The result is empty when nobody is found. Raises ExpressionError, which loading rules
    out.
    """
    scope = scope_of(case=case, world=world, values=values, assignees=assignees)
    return assignment.resolve(assignment.parse(expression), scope)


def scope_of(
    *,
    case: Case,
    world: World,
    values: Mapping[str, object],
    assignees: tuple[str, ...] = (),
    barred: frozenset[str] = frozenset(),
) -> assignment.PeopleContext:
    """Return the scope in which expressions are resolved for this case now.

    People in `barred` are not found.
    """
    return assignment.PeopleContext(
        directory=world.directory,
        filer=case.acting_filer,
        owner_expression=assignment.parse(world.definition.owner),
        assignees=assignees,
        people=dict(case.people),
        values=values,
        loads=world.loads,
        turns=world.turns,
        now=world.now,
        process=case.process,
        barred=barred,
    )


def owners_of(case: Case, world: World) -> tuple[str, ...]:
    """Return the keys of the process owners."""
    return find_people("owner", case=case, world=world, values=world.values)


def administrators_of(case: Case, world: World) -> tuple[str, ...]:
    """Return the keys of those who may administer the case, and read it for this.

    These are the process owners, those whom `admins` of the definition names, and the
    administrators of the company.
    """
    found = list(owners_of(case, world))
    for expression in world.definition.admins:
        found += find_people(expression, case=case, world=world, values=world.values)
    admins = sorted(filter(world.directory.active, world.directory.admins))
    return tuple(dict.fromkeys((*found, *admins)))


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
