"""Moves running cases to another version of their process, as `closeloop process migrate` asks.

First a plan of every case is made, which only reads; then each case is moved in a transaction of
its own. Doing it again changes nothing, so a kill in between costs only the rest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from handlers import casework
from handlers.contents import keep
from handlers.office import Office
from handlers.start import current
from handlers.table_values import may_own
from handlers.versions import tell_owners
from storage.unit import Tx
from workflows.actions.move import MoveToDefinition
from workflows.case.events import SYSTEM
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.engine import decide
from workflows.errors import Refusal
from workflows.flow.move_check import Hindrance
from workflows.flow.move_plan import PlanLine, plan_lines
from workflows.model.definition import Definition
from workflows.records import StoredDefinition

VIA = "cli"
PAGE = 200
_MOST_VERSIONS = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Migration:
    """What was asked for: which cases of a process move to which version, and under which names."""

    target: StoredDefinition
    names: Mapping[str, str]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePlan:
    """What becomes of one case: the lines of its plan, or what keeps it where it is."""

    case: str
    version: int  # now
    definition: Definition  # now
    lines: tuple[PlanLine, ...] = ()
    hindrances: tuple[Hindrance, ...] = ()


def read_migration(
    tx: Tx,
    office: Office,
    *,
    process: str,
    version: int | None,
    names: Mapping[str, str],
    cases: Sequence[str],
) -> Migration:
    """Return what was asked for.

    Args:
        version: its number; None for the version in force.
        names: the new names of nodes by their old ones.
        cases: their numbers; none for all running cases that have another version, or an older one
            if no version is given: cases of a pilot stay.

    Raises:
        Refusal: `process_unknown`, `version_unknown`; `case_unknown`, `case_of_other_process`,
            `case_closed`; `no_case_to_move`; for the names `node_not_there`, `node_other_kind`.
    """
    newest = current(tx, office, process).hash
    target = tx.definitions.get(newest)
    if version is not None:
        known = 0 < version < _MOST_VERSIONS  # more than a database can be asked for
        target = tx.definitions.version(process, version) if known else None
    if target is None:
        raise Refusal("version_unknown", process=process, version=version)
    for case_id in cases:
        _require_running(casework.find(tx, case_id, lock=False), process)
    older = version is None and not cases
    found = tuple(one for one in _behind(tx, target, older=older) if not cases or one in cases)
    if not found:
        raise Refusal("no_case_to_move", process=process, version=target.version)
    migration = Migration(target=target, names=names, cases=found)
    _check_names(tx, office, migration)
    return migration


def _require_running(case: Case, process: str) -> None:
    if case.process != process:
        raise Refusal("case_of_other_process", case=case.id, process=case.process)
    if case.status is not Status.RUNNING:
        raise Refusal("case_closed", status=case.status.value)


def _behind(tx: Tx, target: StoredDefinition, *, older: bool) -> Iterator[str]:
    after, before = "", target.version if older else _MOST_VERSIONS
    while page := tx.cases.behind_ids(
        target.key, definition=target.hash, before=before, after=after, limit=PAGE
    ):
        yield from page
        after = page[-1]


def _check_names(tx: Tx, office: Office, migration: Migration) -> None:
    """Refuse names of nodes that are in no version of these cases, or not in the new one."""
    if not migration.names:
        return
    cases = (casework.find(tx, one, lock=False) for one in migration.cases)
    sources = [office.shelf.get(tx, one) for one in dict.fromkeys(c.definition for c in cases)]
    old = {node.id: node for one in sources for node in one.definition.nodes}
    target = office.shelf.load(migration.target).definition
    new = {node.id: node for node in target.nodes}
    for before, after in migration.names.items():
        if before not in old:
            raise Refusal("node_not_there", node=before, known=", ".join(old))
        if after not in new:
            raise Refusal("node_not_there", node=after, known=", ".join(new))
        if type(old[before]) is not type(new[after]):
            raise Refusal("node_other_kind", node=before, other=after)


def plan(tx: Tx, office: Office, migration: Migration, case_id: str) -> CasePlan:
    """Return the plan of one case. Only reads."""
    case = casework.find(tx, case_id, lock=False)
    stored, loaded = tx.definitions.get(case.definition), office.shelf.of(tx, case)
    assert stored is not None, "a case has a version that was published"
    found = CasePlan(case=case_id, version=stored.version, definition=loaded.definition)
    back = _moves_back(tx, office, migration, case)
    if back:
        return replace(found, hindrances=back)
    command = MoveToDefinition(
        actor=SYSTEM,
        via=VIA,
        source=loaded.definition,
        definition=migration.target.hash,
        version=migration.target.version,
        names=migration.names,
    )
    there = office.shelf.moved(tx, case, migration.target.hash)
    try:
        decision = decide(case, command, casework.world_of(tx, office, case, there))
    except Refusal as refusal:
        hindrances = refusal.facts.get("hindrances")
        if not isinstance(hindrances, tuple):
            raise
        return replace(found, hindrances=hindrances)
    return replace(found, lines=tuple(plan_lines(case, decision.case)))


def _moves_back(tx: Tx, office: Office, migration: Migration, case: Case) -> tuple[Hindrance, ...]:
    """Return why a case that rests keeps its version: it would move on to a newer one at once."""
    started = casework.started_now(tx, office, case)
    if not case.rests or started is None or started.version <= migration.target.version:
        return ()
    return (Hindrance(why="moves_back", at=case.node),)


def move(
    tx: Tx, office: Office, migration: Migration, case_id: str, *, person: str, reason: str
) -> bool:
    """Move one case, in a transaction of its own; tell the owners how far it is.

    Args:
        person: the key of the person who asked for it, or "system".
        reason: theirs, or "".

    Returns:
        Whether it has moved; not if it has ended, or is there already.

    Raises:
        Refusal: it cannot move.
    """
    case = casework.find(tx, case_id)
    back = _moves_back(tx, office, migration, case)
    if back:
        raise Refusal("cannot_move", hindrances=back)
    ref = None
    if case.status is not Status.RUNNING or case.definition == migration.target.hash:
        return False
    if reason:
        body = {"text": reason}
        ref = keep(tx, office, case_id=case_id, kind="reason", author=person, body=body).ref
    casework.move(
        tx,
        office,
        case,
        migration.target.hash,
        actor=person,
        via=VIA,
        names=migration.names,
        content=ref,
    )
    tell_owners(tx, office, migration.target)
    return True


def require_owner(tx: Tx, office: Office, migration: Migration, person: str) -> None:
    """Raise Refusal `not_the_owner` unless a person owns the process or is an administrator."""
    definition = office.shelf.load(migration.target).definition
    if not may_own(definition, office.directory(tx), person):
        raise Refusal("not_the_owner", process=definition.name)
