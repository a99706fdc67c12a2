"""Who may hand over what a person had who has left: those above them, owners, administrators."""

from __future__ import annotations

import itertools

from workflows.case.people import owners_of
from workflows.case.state import Case
from workflows.case.world import World
from workflows.directory import Directory

LEVELS_MOST = 20  # of managers above somebody


def may_hand_over(case: Case, world: World, *, leaver: str, person: str) -> bool:
    """Return whether a person may hand over what a leaver had in a case.

    These are the managers above the leaver, the owners of the process and the administrators.
    """
    directory = world.directory
    owners = owners_of(case, world)
    return person in (*line_above(directory, leaver), *owners, *directory.admins)


def line_above(directory: Directory, person: str) -> tuple[str, ...]:
    """Return the active managers above a person, the nearest first."""
    above = (directory.manager_of(person, levels=level) for level in range(1, LEVELS_MOST + 1))
    return tuple(itertools.takewhile(bool, above))
