"""Moves a whole deployment from one database to another, which is empty.

The source is locked and only read. Every row is copied as it is stored, in batches, in one
transaction of the target; there the copy is compared with the source and every chain is re-computed
before the commit. So a move that is killed leaves the target empty and the source as it was.

Everything is copied, as a restart would find it: a hold stays a hold, a message that was being sent
is sent again after its lease, the digests and salts of the directory stay, so earlier checkpoints
still fit. Only the counter of row numbers is kept in another form, a sequence on PostgreSQL.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, column, func, insert, select, table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import TypeDecorator, TypeEngine

from storage import fsck, schema
from storage.audit import Verdict, verify
from storage.connect import SQLITE
from storage.errors import StorageError
from storage.move_ends import Source, lock_target, open_source, write_target
from storage.numbering import given_so_far, go_on_after
from storage.statements import is_postgresql
from storage.tables import counters, metadata
from storage.unit import Tx

BATCH = 500
_COPIED = tuple(one for one in metadata.sorted_tables if one is not counters)
_SIZE = 2**256


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The number of rows of each table that has any, and what was verified."""

    rows: dict[str, int]
    verdict: Verdict


@dataclass(slots=True)
class _Sum:
    """The number of rows and the sum of their hashes, which does not depend on their order."""

    rows: int = 0
    hashes: int = 0

    def add(self, row: Iterable[Any]) -> None:
        hashed = hashlib.sha256(repr(tuple(row)).encode("utf-8", "surrogatepass")).digest()
        self.rows += 1
        self.hashes = (self.hashes + int.from_bytes(hashed)) % _SIZE


async def move(
    source: str,
    target: str,
    *,
    admit: Callable[[Tx], None],
    told: Callable[[str, int], None],
    checking: Callable[[], None],
    crash_point: Callable[[str], None],
) -> Moved:
    """Copy everything from one URL to another, and verify it there.

    `admit` is called with the source before anything is copied, and refuses by raising. `told` is
    called with each table that was copied and its rows, `checking` when the checks begin.

    Raises StorageError with the fact `end`, "source" or "target": `source_missing`,
    `database_in_use`, `replicas_connected`, `schema_old`, `target_filled`, `row_refused`,
    `move_differs`, `move_damaged`, or what `open_database` raises.
    """
    if _place(source) == _place(target):
        raise StorageError("move_to_itself")
    async with open_source(source) as opened:

        def read_kind() -> None:
            with opened.reading():
                admit(Tx(opened.connection, read_only=True))

        await opened.run(read_kind)
        return await write_target(
            target,
            opened,
            lambda there: _copy(opened, there, told, checking),
            crash_point=crash_point,
        )


def _place(url: str) -> str:
    if not url.startswith(SQLITE):
        return url
    from pathlib import Path

    return str(Path(url.removeprefix(SQLITE)).resolve())


def _copy(
    source: Source,
    target: Connection,
    told: Callable[[str, int], None],
    checking: Callable[[], None],
) -> Moved:
    if schema.revision(target) is None:
        schema.upgrade(target)
    schema.check(target)
    lock_target(target)
    _refuse_filled(target)
    sums = {}
    for one in _COPIED:
        sums[one.name] = _copy_table(source, target, one)
        told(one.name, sums[one.name].rows)
    with source.reading():
        last = given_so_far(source.connection)
    go_on_after(target, last)
    checking()
    if is_postgresql(target):
        target.execute(text("ANALYZE"))  # the bot's first queries would be slow without
    for one in _COPIED:
        if _sum(target, one) != sums[one.name]:
            raise StorageError("move_differs", table=one.name)
    return Moved(rows={name: s.rows for name, s in sums.items() if s.rows}, verdict=_prove(target))


def _refuse_filled(target: Connection) -> None:
    counts = {
        one.name: target.execute(select(func.count()).select_from(one)).scalar_one()
        for one in metadata.tables.values()
    }
    there = ", ".join(f"{name} {count}" for name, count in counts.items() if count)
    if there:
        raise StorageError("target_filled", what=there)


def _copy_table(source: Source, target: Connection, one: Table) -> _Sum:
    found, plain = _Sum(), _plain(one)
    batches = _batches(source.connection, plain)
    while True:
        with source.reading():
            batch = next(batches, None)
        if batch is None:
            return found
        for row in batch:
            found.add(row.values())
        _write(target, one, plain, [dict(row) for row in batch])


def _write(target: Connection, one: Table, plain: Any, rows: list[dict[str, Any]]) -> None:
    try:
        target.execute(insert(plain), rows)
    except DBAPIError as error:
        for row in rows:
            if is_postgresql(target) and any(
                isinstance(v, str) and "\0" in v for v in row.values()
            ):
                key = " ".join(str(row[each.name]) for each in one.primary_key)
                raise StorageError("row_refused", table=one.name, key=key) from error
        raise


def _sum(connection: Connection, one: Table) -> _Sum:
    found = _Sum()
    for batch in _batches(connection, _plain(one)):
        for row in batch:
            found.add(row.values())
    return found


def _batches(connection: Connection, plain: Any) -> Iterator[Any]:
    """Yield the rows of a table; memory is used for one batch."""
    rows = connection.execute(select(plain), execution_options={"yield_per": BATCH})
    yield from rows.mappings().partitions()


def _plain(one: Table) -> Any:
    """Return a table with the types of the driver, so that values are copied as they are stored."""
    return table(one.name, *(column(each.name, _raw(each.type)) for each in one.c))


def _raw(kind: TypeEngine[Any]) -> TypeEngine[Any]:
    return kind.impl_instance if isinstance(kind, TypeDecorator) else kind


def _prove(target: Connection) -> Verdict:
    """Re-compute every chain and compare the state of every case with its events."""
    verdict = verify(target)
    problem = verdict.problem
    if problem is not None:
        raise StorageError("move_damaged", what=str(problem))
    for page in fsck.every_page(target):
        for finding in page.findings:
            raise StorageError("move_damaged", what=str(finding))
    return verdict
