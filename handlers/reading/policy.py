"""Who may see a case. Every entrance asks here: cards, lists, details, files, documents, the page.

Whoever may see a case may see all of it: its contents, its files, its history and its document. Not
asked are only the command line and the exports, whose user has the database in hand anyway, and
messages that the case itself owes somebody.
"""

from __future__ import annotations

from storage.unit import Tx
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import Refusal
from workflows.flow import authority


def may_read(tx: Tx, case: Case, *, person: str, world: World) -> bool:
    """Whether this person may see the case: by the engine's rule, or having had a part in it."""
    if authority.may_read(case, person=person, world=world):
        return True
    return person in tx.cases.participants(case.id)


def require_reader(tx: Tx, case: Case, *, person: str, world: World) -> None:
    """Refusal `not_your_case` for whoever may not see the case."""
    if not may_read(tx, case, person=person, world=world):
        raise Refusal("not_your_case")
