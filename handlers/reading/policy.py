"""Checks who may read a case.

All cards, lists, details, files, documents and the playground's page use this check. Whoever may
read a case may read all of it: its contents, its files, its history and its document.

The check is not applied to the command line and to exports, whose user has access to the database,
nor to messages of the case to their recipients.
"""

from __future__ import annotations

from storage.unit import Tx
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority


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
