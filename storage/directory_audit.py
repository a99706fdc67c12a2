"""Re-computes the chain of the directory and compares the rows that it covers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, select

from storage import tables as t
from storage.codec import genesis, link
from storage.directory_rows import digest, read_rows
from storage.faults import ChainProblem, Fault, ProblemFound
from storage.journal import CHAIN
from workflows.records import Head

AnyRow = Row[*tuple[Any, ...]]

_EVENTS = select(t.directory_events).order_by(t.directory_events.c.seq)
_HEAD = select(t.chain_heads.c.seq, t.chain_heads.c.head).where(t.chain_heads.c.name == CHAIN)
_SALTS = select(t.directory_rows.c.name, t.directory_rows.c.salt, t.directory_rows.c.digest)
_IDS = select(t.people.c.key, t.people.c.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proved:
    """The result: the number of events, and the uploads of people who were erased."""

    events: int
    erased_files: frozenset[str]


def directory_head(connection: Connection) -> Head | None:
    """Return the head of the chain, or None where there is no chain."""
    row = connection.execute(_HEAD).first()
    return None if row is None else Head(case_id=CHAIN, seq=row.seq, hash=row.head)


def check_directory(connection: Connection, known: Head | None = None) -> Proved:
    """Verify the chain and its rows; raises ProblemFound at the first problem.

    `known` is the head in a checkpoint, which the chain must contain.
    """
    chain = connection.execute(_EVENTS).all()
    _check_chain(chain, directory_head(connection))
    if known is not None:
        _check_head(chain, known)
    said: dict[str, str] = {}
    erased: set[str] = set()
    for row in chain:
        body = json.loads(row.text)["body"]
        for name, value in body["changed"].items():
            if value is None:
                said.pop(name, None)
            else:
                said[name] = value
        if row.type == "PersonErased":
            erased.update(body["files"])
    if chain:
        _check_rows(connection, said)
    return Proved(events=len(chain), erased_files=frozenset(erased))


def problem_of_directory(connection: Connection) -> ChainProblem | None:
    """Return the first problem, or None."""
    try:
        check_directory(connection)
    except ProblemFound as found:
        return found.problem
    return None


def _check_chain(chain: Any, end: Head | None) -> None:
    head = genesis(CHAIN)
    for seq, row in enumerate(chain, start=1):
        if row.seq != seq:
            raise _problem(Fault.SEQUENCE, seq)
        if row.previous != head:
            raise _problem(Fault.LINK, seq)
        head = row.hash
        if head != link(row.previous, row.text):
            raise _problem(Fault.CHANGED, seq)
        if not _agrees(row):
            raise _problem(Fault.COLUMNS, seq)
    if end is None:
        if chain:
            raise _problem(Fault.HEAD, len(chain))
        return
    if end.seq > len(chain):
        raise _problem(Fault.EVENTS_REMOVED, len(chain) + 1)
    if (end.seq, end.hash) != (len(chain), head):
        raise _problem(Fault.HEAD, len(chain))


def _agrees(row: AnyRow) -> bool:
    try:
        said = json.loads(row.text)
        columns = (row.seq, row.type, row.actor, row.at)
        changed = said["body"]["changed"]
        return (said["seq"], said["type"], said["actor"], said["at"]) == columns and isinstance(
            changed, dict
        )
    except (ValueError, KeyError, TypeError):
        return False


def _check_head(chain: Any, known: Head) -> None:
    if known.seq > len(chain):
        raise _problem(Fault.EVENTS_REMOVED, len(chain) + 1)
    if known.seq and chain[known.seq - 1].hash != known.hash:
        raise _problem(Fault.CHECKPOINT, known.seq)


def _check_rows(connection: Connection, said: dict[str, str]) -> None:
    """Check that every covered row has the digest in the last event about it."""
    salts = {row.name: row.salt for row in connection.execute(_SALTS)}
    rows = read_rows(connection)
    for name in sorted(said.keys() | rows.keys()):
        row = rows.get(name)
        if row is None:
            raise _problem(Fault.ROW_REMOVED, what=_readable(connection, name))
        if name not in said:
            raise _problem(Fault.ROW_ADDED, what=_readable(connection, name))
        if digest(name, row, salt=salts.get(name, "")) != said[name]:
            raise _problem(Fault.ROW_CHANGED, what=_readable(connection, name))


def _readable(connection: Connection, name: str) -> str:
    """Return the name of a row for people: a person is shown by the id."""
    kind, _, key = name.partition(" ")
    if kind != "person":
        return name
    ids = {row.key: row.id for row in connection.execute(_IDS)}
    return f"{name} ({ids[key]})" if key in ids else name


def _problem(fault: Fault, seq: int | None = None, *, what: str = "") -> ProblemFound:
    return ProblemFound(ChainProblem(case_id=CHAIN, fault=fault, seq=seq, what=what))
