"""Moves cases at rest on when a new version of their process is released (rules: versions).

A case that comes to rest later moves in the decision that brings it there
(`casework.moved_at_rest`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from handlers import casework
from handlers.office import Office
from handlers.table_values import process_owners
from storage.unit import Tx
from workflows.case.effects import Lane, Post
from workflows.records import StoredDefinition

MOVED = "moved"  # the kind of the message to owners
SEEN = "versions.seen"  # the setting with the versions for which all cases at rest were tried


def in_force(tx: Tx) -> str:
    """Return a hash of the versions of all processes that all, or departments, start."""
    several = tx.releases.every_open()
    told = json.dumps([(one.process, one.department, one.version) for one in several])
    return hashlib.sha256(told.encode()).hexdigest()


def published(tx: Tx) -> bool:
    """Return whether a version was released since all cases at rest were tried. Only reads."""
    return tx.settings.get(SEEN) != in_force(tx)


def note(tx: Tx, seen: str) -> None:
    """Store that all cases at rest were tried with the versions of this hash."""
    tx.settings.put(SEEN, seen)


def released(tx: Tx) -> tuple[str, ...]:
    """Return the processes that all, or departments, start, by key. Only reads."""
    return tuple(dict.fromkeys(one.process for one in tx.releases.every_open()))


def behind(tx: Tx, process: str, *, after: str, limit: int) -> tuple[str, ...]:
    """Return a page of the running cases of a process that may have another version. Only reads.

    All of them while departments start a version of their own.
    """
    newest = tx.definitions.hash_in_force(process) if len(tx.releases.open_of(process)) == 1 else ""
    return tx.cases.behind_ids(process, definition=newest or "", after=after, limit=limit)


def resting(tx: Tx, case_ids: Iterable[str]) -> tuple[str, ...]:
    """Return those of these cases that are at a wait node with starts. Only reads."""
    return tuple(one for one in case_ids if casework.find(tx, one, lock=False).rests)


def move_at_rest(tx: Tx, office: Office, *, case_id: str) -> bool:
    """Move a case if it is at rest and can move; return whether it has moved."""
    case = casework.find(tx, case_id)
    return casework.moved_at_rest(tx, office, case) is not case


def tell_owners(tx: Tx, office: Office, target: StoredDefinition) -> None:
    """Tell the process owners how many cases have moved to a version.

    A later message about the same version updates the one before.
    """
    definition = office.shelf.load(target).definition
    args = {"process": definition.key, "version": str(target.version)}
    slot = f"{MOVED}:{definition.key}:{target.version}"
    posts = [
        Post(to=owner, slot=slot, kind=MOVED, lane=Lane.TASK, args=args)
        for owner in process_owners(definition, office.directory(tx))
    ]
    tx.outbox.add(posts, case_id=None, now=office.clock.now(), not_before={})
