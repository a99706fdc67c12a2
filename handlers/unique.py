"""Refuses the value of a unique field that another open case of the process has.

The values of a case are claimed in the transaction that changes them, so two cases that are filed
at the same time cannot have the same. They are free again when the case ends or is erased.
"""

from __future__ import annotations

from collections.abc import Mapping

from storage.unit import Tx
from workflows.case.state import Case
from workflows.case.world import World
from workflows.errors import FormInvalid, Refusal
from workflows.flow import authority
from workflows.form_values import unique_of


def claim(
    tx: Tx, case: Case, values: Mapping[str, object], *, world: World, actor: str, filled: bool
) -> None:
    """Claim the unique values of a case, and free those that it has no more.

    Args:
        case: its new state.
        values: its latest values, by the field's id.
        actor: who changes it; a refusal names only a case that they may read.
        filled: whether they filled in a form.

    Raises:
        FormInvalid: with the fields whose value another open case has.
        Refusal: the same where no form was filled in, as when a case is opened again.
    """
    given = unique_of(case, values, world.definition)
    taken = tx.unique_values.claim(case.process, case.id, given)
    problems = {field: _taken(tx, other, actor, world) for field, other in taken.items()}
    if problems:
        raise FormInvalid(problems) if filled else next(iter(problems.values()))


def _taken(tx: Tx, case_id: str, actor: str, world: World) -> Refusal:
    other = tx.cases.load(case_id, lock=False)
    readable = other is not None and authority.may_read(other, person=actor, world=world)
    if readable or actor in tx.cases.participants(case_id):  # as `handlers.reading.policy` has it
        return Refusal("value_taken_by", case=case_id)
    return Refusal("value_taken")
