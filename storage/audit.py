"""Re-computes the proof over everything that is kept, and says what was changed.

What is found without help: an event that was changed, inserted, moved or removed; a removed tail
or case, as long as the snapshot beside it or its events are left; content that does not fit its
digest, is missing, or was emptied without a `ContentErased` event; a changed definition. Whoever
can write the database can also compute all hashes anew, or remove a case with everything it left:
that is found against a checkpoint that was kept elsewhere (`checkpoint.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select

from storage import tables as t
from storage.chain import genesis, link
from storage.checkpoint import Checkpoint
from workflows.canonical import text_digest
from workflows.moments import to_micros

_PAGE = 200

AnyRow = Row[*tuple[Any, ...]]

_CASES = (
    select(t.cases.c.id, t.cases.c.seq, t.cases.c.head)
    .where(t.cases.c.id > bindparam("after"))
    .order_by(t.cases.c.id)
    .limit(_PAGE)
)
_EVENTS = (
    select(t.events)
    .where(t.events.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(t.events.c.case_id, t.events.c.seq)
)
_CONTENTS = (
    select(t.contents)
    .where(t.contents.c.case_id.in_(bindparam("cases", expanding=True)))
    .order_by(t.contents.c.case_id, t.contents.c.id)
)
_ORPHANS = tuple(
    select(table.c.case_id)
    .where(~exists().where(t.cases.c.id == table.c.case_id))
    .order_by(table.c.case_id)
    .limit(1)
    for table in (t.events, t.contents)
)
_DEFINITIONS = select(t.definitions).order_by(t.definitions.c.key, t.definitions.c.version)


class Fault(StrEnum):
    """What is wrong, in a word that does not change."""

    CASE_REMOVED = "case_removed"  # its events are left, or the checkpoint knows it
    EVENTS_REMOVED = "events_removed"  # of the end: the snapshot or the checkpoint knows more
    SEQUENCE = "sequence"  # an event is missing, or one is too many
    LINK = "link"  # an event is not bound to the one before it
    CHANGED = "changed"  # an event's text does not have its hash
    COLUMNS = "columns"  # an event's columns do not say what its text says
    HEAD = "head"  # the snapshot belongs to other events
    CHECKPOINT = "checkpoint"  # the past is not what it was when the checkpoint was made
    CONTENT_REMOVED = "content_removed"
    CONTENT_CHANGED = "content_changed"
    CONTENT_EMPTIED = "content_emptied"  # and no event says so
    CONTENT_KEPT = "content_kept"  # although an event says that it was erased
    DEFINITION = "definition"  # its text does not have its hash


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong, and where: `seq` of the event, `what` of the content or definition."""

    case_id: str
    fault: Fault
    seq: int | None = None
    what: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How much was looked at, and the first problem; None when everything is as it was."""

    cases: int
    events: int
    problem: Problem | None = None


class _Found(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem


def verify(connection: Connection, checkpoint: Checkpoint | None = None) -> Verdict:
    """Re-compute every chain; the first problem, if there is one.

    With a checkpoint, every chain must also still contain the head it had then.
    """
    known = {} if checkpoint is None else {head.case_id: head for head in checkpoint.heads}
    cases = events = 0
    try:
        for case, chain, contents in _each(connection):
            cases, events = cases + 1, events + len(chain)
            _check_chain(case, chain)
            _check_contents(case.id, chain, contents)
            head = known.pop(case.id, None)
            if head is not None:
                _check_head(case.id, chain, head.seq, head.hash)
        _check_nothing_is_left(connection, sorted(known))
        _check_definitions(connection)
    except _Found as found:
        return Verdict(cases=cases, events=events, problem=found.problem)
    return Verdict(cases=cases, events=events)


def problem_of_case(
    case: AnyRow, chain: Sequence[AnyRow], contents: Sequence[AnyRow]
) -> Problem | None:
    """The first problem of one case: its chain, and the contents that its events point at."""
    try:
        _check_chain(case, chain)
        _check_contents(case.id, chain, contents)
    except _Found as found:
        return found.problem
    return None


def problem_of_definitions(connection: Connection) -> Problem | None:
    """The first definition that was changed."""
    try:
        _check_definitions(connection)
    except _Found as found:
        return found.problem
    return None


def _each(
    connection: Connection,
) -> Iterator[tuple[AnyRow, Sequence[AnyRow], Sequence[AnyRow]]]:
    """Every case with its events and contents, in the order of ids."""
    after = ""
    while page := connection.execute(_CASES, {"after": after}).all():
        ids = {"cases": [case.id for case in page]}
        chains = _by_case(connection.execute(_EVENTS, ids).all())
        contents = _by_case(connection.execute(_CONTENTS, ids).all())
        for case in page:
            yield case, chains[case.id], contents[case.id]
        after = page[-1].id


def _by_case(rows: Sequence[AnyRow]) -> Mapping[str, Sequence[AnyRow]]:
    found: dict[str, Sequence[AnyRow]] = defaultdict(list)
    for case_id, group in groupby(rows, key=attrgetter("case_id")):
        found[case_id] = list(group)
    return found


def _check_chain(case: AnyRow, chain: Sequence[AnyRow]) -> None:
    head = genesis(case.id)
    for seq, row in enumerate(chain, start=1):
        if row.seq != seq:
            raise _Found(Problem(case_id=case.id, seq=seq, fault=Fault.SEQUENCE))
        if row.previous != head:
            raise _Found(Problem(case_id=case.id, seq=seq, fault=Fault.LINK))
        head = row.hash
        if head != link(row.previous, row.text):
            raise _Found(Problem(case_id=case.id, seq=seq, fault=Fault.CHANGED))
        if not _agrees(row):
            raise _Found(Problem(case_id=case.id, seq=seq, fault=Fault.COLUMNS))
    if case.seq > len(chain):
        raise _Found(Problem(case_id=case.id, seq=len(chain) + 1, fault=Fault.EVENTS_REMOVED))
    if case.seq != len(chain) or case.head != head or not chain:
        raise _Found(Problem(case_id=case.id, seq=len(chain), fault=Fault.HEAD))


def _agrees(row: AnyRow) -> bool:
    """Whether the columns say what the text says."""
    try:
        said = json.loads(row.text)
        return bool(
            said["case"] == row.case_id
            and said["seq"] == row.seq
            and said["type"] == row.type
            and said["actor"] == row.actor
            and said["at"] == to_micros(row.at)
            and isinstance(said["body"], dict)
        )
    except (ValueError, KeyError, TypeError):
        return False


def _check_head(case_id: str, chain: Sequence[AnyRow], seq: int, head: str) -> None:
    if seq > len(chain):
        raise _Found(Problem(case_id=case_id, seq=len(chain) + 1, fault=Fault.EVENTS_REMOVED))
    if chain[seq - 1].hash != head:
        raise _Found(Problem(case_id=case_id, seq=seq, fault=Fault.CHECKPOINT))


def _check_contents(case_id: str, chain: Sequence[AnyRow], contents: Sequence[AnyRow]) -> None:
    bodies = [(row.seq, json.loads(row.text)) for row in chain]
    erased = {
        content
        for _, event in bodies
        if event["type"] == "ContentErased"
        for content in event["body"].get("contents", ())
    }
    kept = {row.id: row for row in contents}
    for seq, event in bodies:
        for content, digest in _references(event["body"]):
            row = kept.get(content)
            if row is None:
                raise _content(case_id, seq, content, Fault.CONTENT_REMOVED)
            if row.digest != digest:
                raise _content(case_id, seq, content, Fault.CONTENT_CHANGED)
    for row in contents:
        fault = _content_fault(row, erased=row.id in erased)
        if fault is not None:
            raise _content(case_id, None, row.id, fault)


def _references(value: Any) -> Iterator[tuple[str, str]]:
    """Every (content, digest) in the body of an event."""
    if isinstance(value, dict):
        if value.keys() == {"id", "digest"}:
            yield value["id"], value["digest"]
        else:
            for part in value.values():
                yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _content_fault(row: AnyRow, *, erased: bool) -> Fault | None:
    if row.body is None:
        return None if erased else Fault.CONTENT_EMPTIED
    if erased:
        return Fault.CONTENT_KEPT
    fits = text_digest(salt=row.salt, text=row.body) == row.digest
    return None if fits else Fault.CONTENT_CHANGED


def _content(case_id: str, seq: int | None, content: str, fault: Fault) -> _Found:
    return _Found(Problem(case_id=case_id, seq=seq, what=content, fault=fault))


def _check_nothing_is_left(connection: Connection, known: Sequence[str]) -> None:
    """Nothing is left of a case that is not there, and no case that was known is missing."""
    left = [connection.execute(orphan).scalar() for orphan in _ORPHANS]
    gone = sorted({*(case_id for case_id in left if case_id is not None), *known})
    if gone:
        raise _Found(Problem(case_id=gone[0], fault=Fault.CASE_REMOVED))


def _check_definitions(connection: Connection) -> None:
    for row in connection.execute(_DEFINITIONS):
        if hashlib.sha256(row.text.encode()).hexdigest() != row.hash:
            what = f"{row.key} v{row.version}"
            raise _Found(Problem(case_id="", what=what, fault=Fault.DEFINITION))
