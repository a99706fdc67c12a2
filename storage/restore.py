"""Restores a backup: verified and held, or not at all.

Everything is extracted beside its final place, verified there, and moved in by renaming, the
database last. A restore that is killed leaves no database.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection

from storage import integrity, schema
from storage.archive import DATABASE, FILES, ArchiveReader, Manifest, opened
from storage.audit import Verdict, verify
from storage.checkpoint import take_checkpoint
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.filesystem import sync_path
from storage.journal import Seal
from storage.process_lock import ProcessLock
from storage.threads import in_thread
from storage.unit import Tx
from workflows.moments import Moment, utc

_LOGS = ("", "-wal", "-shm")  # a database and what SQLite keeps beside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """The result: what was restored, what was verified, and what was moved aside."""

    manifest: Manifest
    verdict: Verdict
    moved: tuple[Path, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The paths of the database and the uploads."""

    database: Path
    files: Path

    @property
    def staged(self) -> Places:
        """The temporary paths beside these, used until everything is verified."""
        return Places(
            database=self.database.with_name(f".{self.database.name}.restore"),
            files=self.files.with_name(f".{self.files.name}.restore"),
        )

    def taken(self) -> list[Path]:
        """Return the paths that exist already."""
        full = self.files.is_dir() and any(self.files.iterdir())
        return [*([self.database] if self.database.exists() else ()), *([self.files] * full)]


async def restore(
    archive: Path, places: Places, *, at: Moment, replace: bool, unit: Callable[[Tx], None]
) -> Restored:
    """Restore a backup. `unit` is run in its database before anybody else can open it.

    Raises StorageError `database_present` when something exists and `replace` is not given,
    `database_in_use` when a bot runs on it, `backup_unreadable` or `backup_damaged` when the
    archive is not valid, and `schema_newer` when a newer release made it. Raises OSError when a
    file cannot be read or written. After an error nothing has changed.
    """
    places.database.absolute().parent.mkdir(parents=True, exist_ok=True)
    lock = ProcessLock(places.database)
    lock.take()
    try:
        _refuse_taken(places, replace=replace)
        _clear(places.staged)
        manifest: Manifest = await in_thread(lambda: _take_out(archive, places.staged))
        verdict = await _prove(places.staged.database, manifest, unit, at=at)
        moved = await in_thread(lambda: _move_in(places, at, replace=replace))
        return Restored(manifest=manifest, verdict=verdict, moved=moved)
    finally:
        _clear(places.staged)
        lock.release()


def _take_out(archive: Path, staged: Places) -> Manifest:
    with opened(archive) as reader:
        _refuse_newer(reader)
        staged.files.mkdir(parents=True, mode=0o700)
        for member in reader.manifest.members:
            is_file = member.name.startswith(FILES)
            inside = member.name.removeprefix(FILES)
            reader.take(member, staged.files / inside if is_file else staged.database)
        return reader.manifest


def _refuse_newer(reader: ArchiveReader) -> None:
    found = reader.manifest.schema
    if found not in schema.REVISIONS:
        raise StorageError("schema_newer", found=found, known=schema.NEWEST)


async def _prove(
    path: Path, manifest: Manifest, unit: Callable[[Tx], None], *, at: Moment
) -> Verdict:
    """Compare the database with the manifest, re-compute its chains, and run the unit in it.

    A database of an earlier release is upgraded first.
    """
    database = SqliteDatabase(path, seal=Seal(now=lambda: at))
    try:
        programs = await database.with_connection(integrity.programs)
        if programs:  # checked before anything is written, which would run a trigger
            raise StorageError("backup_damaged", what=f"{DATABASE}: {programs[0]}")
        await database.with_connection(schema.upgrade, write=True)
        heads = await database.with_connection(_heads)
        verdict = await database.with_connection(verify)
        problem = verdict.problem
        if problem is not None:
            raise StorageError("backup_damaged", what=f"{DATABASE}: {problem}")
        found = {"cases": verdict.cases, "events": verdict.events}
        if heads != manifest.heads or found.items() - manifest.counts.items():
            raise StorageError("backup_damaged", what=DATABASE)
        await database.run(unit)
    finally:
        await database.aclose()
    return verdict


def _heads(connection: Connection) -> str:
    return take_checkpoint(connection, at=0).root  # the root does not depend on the time


def _refuse_taken(places: Places, *, replace: bool) -> None:
    taken = places.taken()
    if taken and not replace:
        raise StorageError("database_present", path=", ".join(map(str, taken)))


def _move_in(places: Places, at: Moment, *, replace: bool) -> tuple[Path, ...]:
    """Move existing files aside and the staged ones into place; on an error, undo both."""
    _refuse_taken(places, replace=replace)
    renamed: list[tuple[Path, Path]] = []

    def move(old: Path, new: Path) -> None:
        old.rename(new)
        renamed.append((old, new))

    try:
        moved = _move_aside(places, at, move)
        with suppress(FileNotFoundError):
            places.files.rmdir()
        places.files.absolute().parent.mkdir(parents=True, exist_ok=True)
        move(places.staged.files, places.files)
        sync_path(places.files.absolute().parent)
        move(places.staged.database, places.database)
        sync_path(places.database.absolute().parent)
    except OSError:
        for old, new in reversed(renamed):
            new.rename(old)
        raise
    return tuple(moved)


def _move_aside(places: Places, at: Moment, move: Callable[[Path, Path], None]) -> list[Path]:
    suffix = f".before-restore-{utc(at):%Y%m%dT%H%M%S}"
    moved = []
    for taken in places.taken():
        aside = taken.with_name(taken.name + suffix)
        moved.append(aside)
        for log in _LOGS if taken == places.database else ("",):
            with suppress(FileNotFoundError):
                move(taken.with_name(taken.name + log), aside.with_name(aside.name + log))
    return moved


def _clear(staged: Places) -> None:
    shutil.rmtree(staged.files, ignore_errors=True)
    for log in (*_LOGS, ".lock"):
        staged.database.with_name(staged.database.name + log).unlink(missing_ok=True)
