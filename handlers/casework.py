"""Executes commands on cases.

In one transaction a case is loaded, the command is decided, and the new state, the events and the
messages for the outbox are stored. No other code changes a case.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cache

from handlers import first_use, hooks, storms, unique
from handlers.office import Office
from storage.unit import Tx
from workflows import assignment
from workflows.actions.erase import ContentErased
from workflows.actions.follow_other_case import FollowOtherCase
from workflows.actions.move import MoveToDefinition
from workflows.actions.start import StartCase
from workflows.actions.terminate import Terminate
from workflows.case.command import Command
from workflows.case.draft import readable
from workflows.case.effects import Effect, Post
from workflows.case.events import SYSTEM
from workflows.case.state import Case
from workflows.case.status import Status
from workflows.case.task import ContentRef
from workflows.case.world import Deferred, World
from workflows.directory import Directory
from workflows.engine import decide
from workflows.errors import DefinitionError, Refusal
from workflows.flow.facts import FactNoted, FactVoided, ResultNoted
from workflows.flow.moving import at_rest
from workflows.flow.points import PointsCharged
from workflows.form_values import values_of
from workflows.loading import Loaded
from workflows.model.definition import Definition
from workflows.model.nodes import ApprovalNode, GatewayNode, TaskNode
from workflows.moments import Moment
from workflows.records import Change, Content, StoredDefinition

_NUMBER = re.compile(r"[A-Z]{1,4}-[0-9]{4}-[0-9]{4,10}")


def start(tx: Tx, office: Office, command: StartCase, loaded: Loaded) -> Case:
    """Start a case in this transaction and return it. Raises Refusal."""
    world = world_of(tx, office, None, loaded)
    return carry_out(tx, office, None, command, world)


def change(tx: Tx, office: Office, command: Command, *, case_id: str) -> Case:
    """Execute a command on a case in this transaction and return its new state. Raises Refusal."""
    case = find(tx, case_id)
    world = world_of(tx, office, case, office.shelf.of(tx, case))
    return carry_out(tx, office, case, command, world)


def would(tx: Tx, office: Office, command: Command, *, case_id: str) -> bool:
    """Return whether a command needs to be executed on a case in its present state. Only reads.

    False if it would change nothing or the case is closed. True otherwise, also if it would be
    refused for another reason.
    """
    case = find(tx, case_id, lock=False)
    world = world_of(tx, office, case, office.shelf.of(tx, case))
    try:
        decide(case, command, world)
    except Refusal as refusal:
        return refusal.code not in ("nothing_to_change", "case_closed")
    return True


def find(tx: Tx, case_id: str, *, lock: bool = True) -> Case:
    """Return the case with this number.

    `lock` locks its row until the end of the transaction. Raises Refusal `case_unknown`.
    """
    case = tx.cases.load(case_id, lock=lock) if _NUMBER.fullmatch(case_id) else None
    if case is None:
        raise Refusal("case_unknown", case=case_id[:40])
    return case


def carry_out(tx: Tx, office: Office, case: Case | None, command: Command, world: World) -> Case:
    """Decide a command on a case that was loaded in this transaction, and store the result.

    Stores the events and the new state, and adds the messages that follow to the outbox.

    Args:
        case: the case; None for a command that starts one.
        world: what the engine decides with, from `world_of` in the same transaction.

    Returns:
        The new state of the case.

    Raises:
        Refusal: the command is not allowed; nothing was stored.
    """
    decision = decide(case, command, world)
    new, events, effects = decision.case, decision.events, decision.effects
    erased = any(isinstance(event.body, ContentErased) for event in events)
    moved = case is not None and case.definition != new.definition
    if world.definition.unique:
        filled = case is None or case.forms != new.forms
        if filled or erased or moved or (case is not None and case.status is not new.status):
            values = values_of(new, tx.contents.forms_of(new.id), world.definition)
            unique.claim(tx, new, values, world=world, actor=command.actor, filled=filled)
    tx.cases.save(Change(case=new, events=events, new=case is None))
    if moved or any(isinstance(event.body, PointsCharged | FactVoided) for event in events):
        tx.points.follow(new)
    if any(isinstance(event.body, FactNoted | ResultNoted | FactVoided) for event in events):
        tx.registers.follow(new)
    not_before = quiet_until(office, world.directory, world.now, effects)
    if office.hooks:
        hooks.follow(tx, office, new, events)
    tx.outbox.add(effects, case_id=new.id, now=world.now, not_before=not_before)
    storms.follow(tx, office, new, effects, erased=erased)
    if (change := office.shelf.change_of(tx, new.definition)) is not None:
        first_use.follow(tx, office, new, effects, change=change, filed=case is None)
    if world.definition.mails and office.mailing is not None:
        new = office.mailing.follow(tx, office, case, new, events)
    if new.parent is not None or new.others:
        _tell_others(tx, office, case, new)
    return moved_at_rest(tx, office, new) if new.rests else new


def moved_at_rest(tx: Tx, office: Office, case: Case) -> Case:
    """Move a case at rest to the newer version that its filer's department starts, if it can move.

    In the same transaction as the decision that brought it to rest. Return its state.
    """
    newer = newer_version(tx, office, case) if at_rest(case) else None
    if newer is None:
        return case
    with suppress(Refusal, DefinitionError):  # it goes on as it is; a plan tells why
        return move(tx, office, case, newer.hash, by_itself=True)
    return case


def newer_version(tx: Tx, office: Office, case: Case) -> StoredDefinition | None:
    """Return the version that the department of a case's filer starts now, if it is a newer one."""
    if tx.definitions.hash_started(case.process, _department(tx, office, case)) == case.definition:
        return None
    started, own = started_now(tx, office, case), tx.definitions.get(case.definition)
    assert own is not None, "a case has a version that was stored"
    return started if started is not None and started.version > own.version else None


def started_now(tx: Tx, office: Office, case: Case) -> StoredDefinition | None:
    """Return the version that the department of a case's filer starts now."""
    return tx.definitions.started(case.process, _department(tx, office, case))


def _department(tx: Tx, office: Office, case: Case) -> str:
    filer = office.directory(tx).get(case.filer)
    return "" if filer is None else filer.department


def move(
    tx: Tx,
    office: Office,
    case: Case,
    hash: str,
    *,
    actor: str = SYSTEM,
    via: str = "rule",
    names: Mapping[str, str] | None = None,
    content: ContentRef | None = None,
    by_itself: bool = False,
) -> Case:
    """Move a case that was loaded in this transaction to another version, and return its state.

    Args:
        hash: that of the definition.
        names: the new names of nodes by their old ones.
        content: the reason that somebody gave.
        by_itself: whether the case moves because it is at rest.

    Raises:
        Refusal: what `MoveToDefinition` raises; a field is unique there whose value is taken.
    """
    stored = tx.definitions.get(hash)
    assert stored is not None, "a version that was published"
    command = MoveToDefinition(
        actor=actor,
        via=via,
        source=office.shelf.of(tx, case).definition,
        definition=hash,
        version=stored.version,
        names=names or {},
        content=content,
        by_itself=by_itself,
    )
    world = world_of(tx, office, case, office.shelf.moved(tx, case, hash))
    return carry_out(tx, office, case, command, world)


def _tell_others(tx: Tx, office: Office, before: Case | None, case: Case) -> None:
    """Terminate the cases that this one waits for no more; tell its parent when it has ended.

    In the same transaction, which is run again if two such cases wait for each other's lock.
    """
    for other in before.awaited if before is not None else ():
        if other not in case.awaited:
            _follow(tx, office, Terminate(actor=SYSTEM, via="rule"), other)
    parent = case.parent
    if parent is not None and case.status is not Status.RUNNING:
        ended = FollowOtherCase(
            actor=SYSTEM, via="rule", visit=parent.visit, case=case.id, ended=case.status.value
        )
        _follow(tx, office, ended, parent.case)


def _follow(tx: Tx, office: Office, command: Command, case_id: str) -> None:
    """Execute a command on a case that may have ended or gone on without it."""
    try:
        change(tx, office, command, case_id=case_id)
    except Refusal as refusal:
        if refusal.code not in ("case_closed", "nothing_to_change"):
            raise


def quiet_until(
    office: Office, directory: Directory, now: Moment, effects: Sequence[Effect]
) -> Mapping[str, Moment]:
    """Return when the quiet hours of a recipient end, by person.

    Only for recipients of messages that respect quiet hours who have them at `now`.
    """
    found = {}
    for effect in effects:
        if isinstance(effect, Post) and effect.quiet:
            awake = office.company.awake(directory.get(effect.to), now)
            if awake > now:
                found[effect.to] = awake
    return found


# ---------------------------------------------------------------------------- the world


def world_of(
    tx: Tx,
    office: Office,
    case: Case | None,
    loaded: Loaded,
    *,
    contents: Mapping[str, Content] | None = None,
) -> World:
    """Return what the engine decides with: time, people, calendar, definition, form values.

    Form values and counts by person are read from the database when they are needed, in the
    transaction of the decision and before it is stored.

    Args:
        case: the case; None if it is about to be started.
        loaded: the definition of the case.
        contents: the contents of the case by id, if the caller has read them already.
    """

    def values_in(state: Case) -> Mapping[str, object]:
        found = tx.contents.forms_of(state.id) if contents is None else contents
        return values_of(state, found, loaded.definition)

    directory = office.directory(tx)
    now = office.clock.now()
    pool = cache(lambda: _pool(loaded.definition, directory))
    return World(
        now=now,
        definition=loaded.definition,
        directory=directory,
        calendar=office.calendar,
        conditions=loaded.conditions,
        formulas=loaded.formulas,
        tables=Deferred(lambda: tx.table_values.of(loaded.definition.key)),
        values=Deferred(lambda: {} if case is None else values_in(case)),
        values_in=values_in,
        facts=Deferred(lambda: {} if case is None else readable(case, {})),
        loads=Deferred(lambda: tx.worklist.loads(pool())),
        turns=Deferred(lambda: tx.worklist.turns(pool())),
        quiet=Deferred(lambda: _quiet(office, directory, case, now)),
    )


def _pool(definition: Definition, directory: Directory) -> tuple[str, ...]:
    """Return the people among whom a definition may choose by load or in turn, by key."""
    keys: set[str] = set()
    for text in _expressions(definition):
        if "least_loaded" not in text and "round_robin" not in text:
            continue
        expression = assignment.parse(text)
        for role, department in expression.roles:
            found = directory.with_role(role, department=department)
            keys.update(person.key for person in found)
        for department in expression.departments:
            keys.update(person.key for person in directory.in_department(department))
    return tuple(sorted(keys))


def _expressions(definition: Definition) -> Iterator[str]:
    for node in definition.nodes:
        if isinstance(node, GatewayNode):
            for route in node.routes:
                yield from route.set.values()
        elif isinstance(node, TaskNode | ApprovalNode):
            yield from (text for _, text in node.workers)


def _quiet(
    office: Office, directory: Directory, case: Case | None, now: Moment
) -> Mapping[str, bool]:
    if office.company.quiet is None or case is None:
        return {}
    owners = {owner for task in case.open_tasks for owner in task.owners}
    return {owner: office.company.awake(directory.get(owner), now) > now for owner in owners}
