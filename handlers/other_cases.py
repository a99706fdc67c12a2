"""Starts the cases that a case of another process waits for, in the unit of a timer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast, get_args

from handlers import casework
from handlers.answers import read_form
from handlers.interaction import UNWRITTEN
from handlers.office import Office
from handlers.start import start_case, started_by
from storage.unit import Tx
from workflows.actions.follow_other_case import FollowOtherCase
from workflows.actions.start import StartCase
from workflows.case.draft import readable
from workflows.case.events import SYSTEM
from workflows.case.people import find_people
from workflows.case.state import Case, Parent
from workflows.case.world import World
from workflows.engine import decide
from workflows.errors import FormInvalid, Refusal
from workflows.flow.other_cases import Why
from workflows.model.nodes import ProcessNode

VIA = "rule"


def start_due(tx: Tx, office: Office, *, case_id: str, visit: str) -> bool:
    """Start the case that a visit waits for, and record it in the case of the visit.

    If it cannot be started the owner of the process is notified, and it is tried again after a day.
    Returns False if the visit waits for none any more.
    """
    case = casework.find(tx, case_id)
    here = case.visit(visit)
    follow = FollowOtherCase(actor=SYSTEM, via=VIA, visit=visit)
    world = casework.world_of(tx, office, case, office.shelf.of(tx, case))
    if here is not None:
        node = world.definition.node(here.node)
        assert isinstance(node, ProcessNode), "only these start cases"
        follow = _started(tx, office, case, follow, node=node, world=world)
    try:
        casework.carry_out(tx, office, case, follow, world)
    except Refusal as refusal:
        if refusal.code in ("case_closed", "nothing_to_change"):
            return False
        raise
    return True


def _started(
    tx: Tx,
    office: Office,
    case: Case,
    follow: FollowOtherCase,
    *,
    node: ProcessNode,
    world: World,
) -> FollowOtherCase:
    """Start the other case; return the command that records it, or why it was refused."""
    raw = _values(case, node, world)
    people = find_people(node.filed_by, case=case, world=world, values=world.values)
    if not people:
        return replace(follow, refused="nobody_files")
    try:
        _check(tx, office, node.process, person=people[0], raw=raw)
    except FormInvalid:
        return replace(follow, refused="form_invalid")
    except Refusal as refusal:
        why = cast("Why", refusal.code) if refusal.code in get_args(Why) else "refused"
        return replace(follow, refused=why)
    other = start_case(
        tx,
        office,
        process=node.process,
        person=people[0],
        via=VIA,
        raw=raw,
        parent=Parent(case=case.id, visit=follow.visit),
    )
    return replace(follow, case=other.id)


def _values(case: Case, node: ProcessNode, world: World) -> Mapping[str, object]:
    known = readable(case, world.values)
    found = ((target, known.get(name)) for target, name in node.values.items())
    return {target: value for target, value in found if value is not None}


def _check(tx: Tx, office: Office, process: str, *, person: str, raw: Mapping[str, object]) -> None:
    """Raise FormInvalid or Refusal if the case could not be started. Only reads."""
    loaded = started_by(tx, office, process, person=person)
    world = casework.world_of(tx, office, None, loaded)
    values = read_form(loaded.definition.forms[loaded.definition.start_form], raw, world=world)
    command = StartCase(
        actor=person,
        via=VIA,
        case_id="",
        definition=loaded.hash,
        content=UNWRITTEN,
        values=values,
    )
    decide(None, command, world)
