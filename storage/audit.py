"""Re-computes all hashes and reports what was changed.

Found from the database alone: an event that was changed, inserted, moved or removed; a case or the
end of a chain that was removed while its snapshot or its events are left; content that does not
match its digest (author, time and uploads included), is missing, or was emptied without a
`ContentErased` event; a changed definition; and, by the chain of the directory, a changed person,
account, department, absence, published version or setting (`directory_audit.py`). Whoever can write
to the database can also re-compute all hashes, or remove a case with everything that belongs to it;
that is found with a checkpoint stored elsewhere (`checkpoint.py`).
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, Row, bindparam, exists, select

from storage import tables as t
from storage.checkpoint import Checkpoint
from storage.codec import genesis, link
from storage.directory_audit import check_directory
from storage.faults import ChainProblem, Fault, ProblemFound
from storage.integrity import damages, foreign_objects
from workflows.canonical import SEALED, sealed_digest, text_digest
from workflows.records import HASHES

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
_FILES = select(t.files.c.id, t.files.c.case_id, t.files.c.sha256).where(
    t.files.c.id.in_(bindparam("ids", expanding=True))
)
_DEFINITIONS = select(t.definitions).order_by(t.definitions.c.key, t.definitions.c.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How much was verified, and the first problem or None.

    `directory` is the number of events in the directory's chain, 0 where none exists; `uploads` is
    the number of uploads whose hash is in an event.
    """

    cases: int
    events: int
    directory: int = 0
    uploads: int = 0
    problem: ChainProblem | None = None


def verify(connection: Connection, checkpoint: Checkpoint | None = None) -> Verdict:
    """Re-compute every chain and return the first problem, if any.

    With a checkpoint, every chain must still contain the head recorded there.
    """
    known = {} if checkpoint is None else {head.case_id: head for head in checkpoint.heads}
    cases = events = directory = 0
    named: dict[str, tuple[str, str]] = {}
    problem = None
    try:
        for fault in problems_of_database(connection):
            raise ProblemFound(fault)
        for case, chain, contents in _each(connection):
            cases, events = cases + 1, events + len(chain)
            _check_chain(case, chain)
            _check_contents(case.id, chain, contents)
            named |= {file: (case.id, sha256) for file, sha256 in _files_in(contents)}
            head = known.pop(case.id, None)
            if head is not None:
                _check_head(case.id, chain, head.seq, head.hash)
        _check_nothing_is_left(connection, sorted(known))
        _check_definitions(connection)
        proved = check_directory(connection, None if checkpoint is None else checkpoint.directory)
        directory = proved.events
        _check_uploads(connection, named, erased=proved.erased_files)
    except ProblemFound as found:
        problem = found.problem
    return Verdict(
        cases=cases, events=events, directory=directory, uploads=len(named), problem=problem
    )


def problem_of_case(
    case: AnyRow, chain: Sequence[AnyRow], contents: Sequence[AnyRow]
) -> ChainProblem | None:
    """Return the first problem of a case: of its chain or of the contents its events refer to."""
    try:
        _check_chain(case, chain)
        _check_contents(case.id, chain, contents)
    except ProblemFound as found:
        return found.problem
    return None


def problems_of_database(connection: Connection) -> Iterator[ChainProblem]:
    """Yield damaged pages, and parts of the schema that closeloop does not know."""
    for what in damages(connection):
        yield ChainProblem(case_id="", fault=Fault.PAGES, what=what)
    for what in foreign_objects(connection):
        yield ChainProblem(case_id="", fault=Fault.SCHEMA, what=what)


def problem_of_definitions(connection: Connection) -> ChainProblem | None:
    """Return the first definition that was changed, or None."""
    try:
        _check_definitions(connection)
    except ProblemFound as found:
        return found.problem
    return None


def _each(
    connection: Connection,
) -> Iterator[tuple[AnyRow, Sequence[AnyRow], Sequence[AnyRow]]]:
    """Yield every case with its events and contents, ordered by id."""
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
            raise ProblemFound(ChainProblem(case_id=case.id, seq=seq, fault=Fault.SEQUENCE))
        if row.previous != head:
            raise ProblemFound(ChainProblem(case_id=case.id, seq=seq, fault=Fault.LINK))
        head = row.hash
        if head != link(row.previous, row.text):
            raise ProblemFound(ChainProblem(case_id=case.id, seq=seq, fault=Fault.CHANGED))
        if not _agrees(row):
            raise ProblemFound(ChainProblem(case_id=case.id, seq=seq, fault=Fault.COLUMNS))
    if case.seq > len(chain):
        raise ProblemFound(
            ChainProblem(case_id=case.id, seq=len(chain) + 1, fault=Fault.EVENTS_REMOVED)
        )
    if case.seq != len(chain) or case.head != head or not chain:
        raise ProblemFound(ChainProblem(case_id=case.id, seq=len(chain), fault=Fault.HEAD))


def _agrees(row: AnyRow) -> bool:
    """Return whether the columns of an event agree with its text."""
    try:
        said = json.loads(row.text)
        return bool(
            said["case"] == row.case_id
            and said["seq"] == row.seq
            and said["type"] == row.type
            and said["actor"] == row.actor
            and said["at"] == row.at
            and isinstance(said["body"], dict)
        )
    except (ValueError, KeyError, TypeError):
        return False


def _check_head(case_id: str, chain: Sequence[AnyRow], seq: int, head: str) -> None:
    if seq > len(chain):
        raise ProblemFound(
            ChainProblem(case_id=case_id, seq=len(chain) + 1, fault=Fault.EVENTS_REMOVED)
        )
    if chain[seq - 1].hash != head:
        raise ProblemFound(ChainProblem(case_id=case_id, seq=seq, fault=Fault.CHECKPOINT))


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
    """Yield every (content id, digest) in the body of an event."""
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
    return None if _digest(row) == row.digest else Fault.CONTENT_CHANGED


def _digest(row: AnyRow) -> str:
    """Return the expected digest of a content, by the version that its event recorded."""
    if not row.digest.startswith(SEALED):
        return text_digest(salt=row.salt, text=row.body)
    facts = {
        "id": row.id,
        "case": row.case_id,
        "kind": row.kind,
        "author": row.author,
        "at": row.at,
    }
    return sealed_digest(salt=row.salt, facts=facts, text=row.body)


def _files_in(contents: Sequence[AnyRow]) -> Iterator[tuple[str, str]]:
    """Yield the uploads that contents refer to, with the hash that each had."""
    for row in contents:
        if row.body is not None and row.digest.startswith(SEALED):
            yield from json.loads(row.body).get(HASHES, {}).items()


def _check_uploads(
    connection: Connection, named: Mapping[str, tuple[str, str]], *, erased: Collection[str]
) -> None:
    """Check that uploads have the recorded bytes and belong to the case they were sent to."""
    ids = sorted(named)
    for start in range(0, len(ids), _PAGE):
        page = ids[start : start + _PAGE]
        rows = {row.id: row for row in connection.execute(_FILES, {"ids": page})}
        for file_id in page:
            case_id, sha256 = named[file_id]
            row = rows.get(file_id)
            if row is None and file_id in erased:
                continue
            if row is None:
                raise _content(case_id, None, file_id, Fault.UPLOAD_REMOVED)
            if (row.case_id, row.sha256) != (case_id, sha256):
                raise _content(case_id, None, file_id, Fault.UPLOAD_CHANGED)


def _content(case_id: str, seq: int | None, content: str, fault: Fault) -> ProblemFound:
    return ProblemFound(ChainProblem(case_id=case_id, seq=seq, what=content, fault=fault))


def _check_nothing_is_left(connection: Connection, known: Sequence[str]) -> None:
    """Check that no rows are left of a missing case, and that no known case is missing."""
    left = [connection.execute(orphan).scalar() for orphan in _ORPHANS]
    gone = sorted({*(case_id for case_id in left if case_id is not None), *known})
    if gone:
        raise ProblemFound(ChainProblem(case_id=gone[0], fault=Fault.CASE_REMOVED))


def _check_definitions(connection: Connection) -> None:
    for row in connection.execute(_DEFINITIONS):
        if hashlib.sha256(row.text.encode()).hexdigest() != row.hash:
            what = f"{row.key} v{row.version}"
            raise ProblemFound(ChainProblem(case_id="", what=what, fault=Fault.DEFINITION))
