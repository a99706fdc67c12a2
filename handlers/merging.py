"""Merges a duplicate into the case whose matter it is, in one transaction."""

from __future__ import annotations

from handlers import casework
from handlers.contents import keep
from handlers.office import Office
from storage.unit import Tx
from workflows.actions.merge import Merge
from workflows.actions.take_in import TakeIn
from workflows.case.state import Case
from workflows.case.task import ContentRef
from workflows.errors import Refusal


def merge(
    tx: Tx,
    office: Office,
    *,
    duplicate: str,
    into: str,
    person: str,
    via: str,
    reason: str,
    copy_filer: bool,
) -> Case:
    """End a case as the duplicate of another one, note it there, and return the duplicate.

    Args:
        duplicate: the number of the case that ends.
        into: that of the case that goes on.
        person: the key of the administrator, who must be one of both cases.
        copy_filer: whether whoever filed the duplicate is copied in there.

    Raises:
        Refusal: what `Merge` and `TakeIn` raise; the cases are of different processes.
    """
    for case_id in sorted({duplicate, into}):  # both are locked in one order, by everybody
        casework.find(tx, case_id)
    case, other = casework.find(tx, duplicate), casework.find(tx, into)
    if case.process != other.process:
        raise Refusal("case_of_other_process", case=other.id, process=other.process)
    ended = _reason(tx, office, case, person, reason)
    new = casework.change(
        tx,
        office,
        Merge(actor=person, via=via, into=other.id, content=ended),
        case_id=case.id,
    )
    taken = TakeIn(
        actor=person,
        via=via,
        case=case.id,
        copied=case.acting_filer if copy_filer else "",
        content=_reason(tx, office, other, person, reason),
    )
    casework.change(tx, office, taken, case_id=other.id)
    return new


def _reason(tx: Tx, office: Office, case: Case, person: str, text: str) -> ContentRef:
    body = {"text": text}
    return keep(tx, office, case_id=case.id, kind="reason", author=person, body=body).ref
