"""Whom an expression of the definition means, in one case and one world."""

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
    """Who is meant by an expression of the definition in this case, in this world."""
    scope = scope_of(case=case, world=world, values=values, assignees=assignees)
    return assignment.resolve(assignment.parse(expression), scope)


def scope_of(
    *,
    case: Case,
    world: World,
    values: Mapping[str, object],
    assignees: tuple[str, ...] = (),
    barred: frozenset[str] = frozenset(),
) -> assignment.Scope:
    """What expressions are resolved against in this case, in this world."""
    return assignment.Scope(
        directory=world.directory,
        filer=case.filer,
        owner_expression=assignment.parse(world.definition.owner),
        assignees=assignees,
        people=dict(case.people),
        values=values,
        loads=world.loads,
        turns=world.turns,
        now=world.now,
        barred=barred,
    )


def owners_of(case: Case, world: World) -> tuple[str, ...]:
    """The people who own the process."""
    return find_people("owner", case=case, world=world, values=world.values)
