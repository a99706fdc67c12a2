"""Stores past cases for the figures of a process, and removes those of an import again.

Cases are stored in batches, so that nobody waits for the database meanwhile. They count from the
moment in which all of them are there; an import that was interrupted never counts, and is removed
by a later one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

from handlers.imports.mapping import ColumnMapping
from handlers.imports.reading import PastCases
from handlers.office import Office
from storage.imports import Import
from storage.unit import Database, Tx
from workflows.errors import Refusal
from workflows.moments import HOUR, Moment

BATCH = 1_000  # cases stored or removed in one transaction
INTERRUPTED = HOUR  # after so long an import that is not finished counts as interrupted


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stored import; `again` if it was there before, `replaced` cases are in earlier ones too."""

    id: int
    cases: int
    replaced: int = 0
    again: bool = False


async def keep(
    database: Database,
    office: Office,
    found: PastCases,
    *,
    process: str,
    by: str | None,
    progress: Callable[[int], None] | None = None,
) -> Kept:
    """Store the cases that could be read; nothing if the same table was stored in the same way.

    Args:
        by: the key of the person who imports, None from the shell.
        progress: called with the number of cases stored, after each batch.

    Raises Refusal `import_gone` if somebody undid the import meanwhile.
    """
    now, mapping = office.clock.now(), _facts(found.mapping)
    for one in await database.read(lambda tx: tx.imports.of(process)):
        if not one.finished and one.at < now - INTERRUPTED:
            await _remove(database, one.id)
        elif one.finished and (one.sha256, one.mapping) == (found.table.sha256, mapping):
            return Kept(id=one.id, cases=one.cases, again=True)

    def begin(tx: Tx) -> int:
        return tx.imports.begin(
            process=process,
            file=found.table.name,
            sha256=found.table.sha256,
            mapping=mapping,
            by=by,
            at=now,
            rows=found.rows,
        )

    new = await database.run(begin)
    stored = 0
    cases = found.good()
    while batch := [*islice(cases, BATCH)]:
        await database.run(lambda tx: _add(tx, new, now, process, batch))
        stored += len(batch)
        if progress is not None:
            progress(stored)

    replaced = await database.run(lambda tx: _finish(tx, new, now, process, stored))
    return Kept(id=new, cases=stored, replaced=replaced)


def _finish(tx: Tx, new: int, at: Moment, process: str, stored: int) -> int:
    """Let an import count; return how many of its cases earlier ones have, too."""
    _require(tx, process, new, at)
    tx.imports.finish(new, cases=stored)
    return tx.imports.shared(new, process)


def _add(tx: Tx, new: int, at: Moment, process: str, batch: list[Any]) -> None:
    _require(tx, process, new, at)
    tx.imports.add(new, process, batch)


def _require(tx: Tx, process: str, wanted: int, at: Moment) -> None:
    if not any((one.id, one.at) == (wanted, at) for one in tx.imports.of(process)):
        raise Refusal("import_gone")


def _facts(mapping: ColumnMapping) -> Mapping[str, Any]:
    """Return a mapping as JSON."""
    return {
        name: {str(key): one for key, one in value.items()} if isinstance(value, dict) else value
        for name, value in asdict(mapping).items()
    }


async def undo(database: Database, *, process: str, sha256: str = "", file: str = "") -> Import:
    """Remove the newest import of a file, by its content or its name, and return it.

    What earlier imports have of its cases counts again. Raises Refusal `import_unknown`.
    """
    found = await database.read(lambda tx: tx.imports.of(process))
    same = [one for one in found if sha256 and one.sha256 == sha256]
    same = same or [one for one in found if file and one.file == file]
    if not same:
        names = ", ".join(f"{one.file} ({one.cases})" for one in found) or "–"
        raise Refusal("import_unknown", file=file, known=names)
    await _remove(database, same[-1].id)
    return same[-1]


async def undo_import(database: Database, *, process: str, import_id: int) -> Import:
    """Remove one import and return it. Raises Refusal `import_unknown` if it is gone."""
    found = await database.read(lambda tx: tx.imports.of(process))
    one = next((one for one in found if one.id == import_id), None)
    if one is None:
        raise Refusal("import_unknown", file=str(import_id), known="–")
    await _remove(database, one.id)
    return one


async def _remove(database: Database, import_id: int) -> None:
    await database.run(lambda tx: tx.imports.suspend(import_id))
    while await database.run(lambda tx: tx.imports.remove(import_id, most=BATCH)):
        pass
