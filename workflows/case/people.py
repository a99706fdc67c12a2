"""People expressions of the definition, resolved for one case in one world."""

from __future__ import annotations

from collections.abc import Mapping

from workflows import assignment
from workflows.case.state import Case
from workflows.case.world import World


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
        filer=case.filer,
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
