"""Checks who may read a case.

All cards, lists, details, files, documents and the playground's page use this check. Whoever may
read a case may read all of it: its contents, its files, its history and its document, without the
fields that a node hides from its people (`workflows.flow.visibility`).

A manager sees the number, process, steps, holders and due time of each case in which somebody of
the manager's line has open work, in the team's list (`handlers.case_lists`), and nothing else.

The check is not applied to the command line and to exports, whose user has access to the database,
nor to messages of the case to their recipients.
"""

from __future__ import annotations

from storage.unit import Tx
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority
from workflows.flow.visibility import hidden_fields


def may_read(tx: Tx, case: Case, *, person: str, world: World) -> bool:
    """Return whether a person may read a case.

    The engine's rule allows it (`authority.may_read`), or the person is a participant.
    """
    if authority.may_read(case, person=person, world=world):
        return True
    return person in tx.cases.participants(case.id)


def require_reader(tx: Tx, case: Case, *, person: str, world: World) -> None:
    """Raise Refusal `not_your_case` if a person may not read a case."""
    if not may_read(tx, case, person=person, world=world):
        raise Refusal("not_your_case")


def hidden_files(tx: Tx, case: Case, *, person: str, world: World) -> frozenset[str]:
    """Return the ids of the files of fields that a person may not see, in all their versions."""
    hidden = hidden_fields(case, person=person, world=world)
    bodies = (one.body for one in tx.contents.of_case(case.id).values()) if hidden else ()
    values = [body.get("values", {}) for body in bodies if body is not None]
    found = (file_id for one in values for name in hidden for file_id in _listed(one.get(name)))
    return frozenset(found)


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list | tuple) else ()
