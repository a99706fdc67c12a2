"""Makes a consistent backup of a deployment on SQLite while the bot runs.

The database is copied first, by SQLite's own backup, which copies one consistent state and blocks
nobody; a copy of the file would lack transactions still in the write-ahead log. Then the uploads
are copied: an upload never changes, so every file that the copied database names is the right one.
If one of them was erased meanwhile, the backup is made again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, NullPool, create_engine, func, select

from storage import schema
from storage import tables as t
from storage.archive import DATABASE, FILES, ArchiveWriter, Manifest
from storage.checkpoint import take_checkpoint
from storage.database_sqlite import SqliteDatabase
from storage.errors import StorageError
from storage.filesystem import FileFolder, sync_path
from storage.sqlite_copy import copy_database
from storage.threads import in_thread
from workflows.moments import Moment, iso

_ATTEMPTS = 5
_PAGE = 500
_FULL = {errno.ENOSPC, errno.EDQUOT}
_COUNTED = {
    "cases": t.cases,
    "events": t.events,
    "files": t.files,
    "people": t.people,
    "timers": t.timers,
    "owed": t.outbox,
}


class _ErasedMeanwhile(Exception):
    """An upload that the copied database names was erased during the backup."""


async def back_up(
    database: SqliteDatabase, *, files: Path, target: Path, at: Moment, replace: bool
) -> Manifest:
    """Write a backup to `target`, atomically and durably.

    Raises StorageError `backup_exists` when the target exists and `replace` is not given, and
    `disk_full` when there is no room; OSError when the target cannot be written.
    """
    manifest: Manifest = await in_thread(
        lambda: _back_up(database.path, files, target, at, replace=replace)
    )
    return manifest


def _back_up(database: Path, files: Path, target: Path, at: Moment, *, replace: bool) -> Manifest:
    if target.exists() and not replace:
        raise StorageError("backup_exists", path=str(target))
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    copy = part.with_suffix(".db")
    try:
        for attempt in range(_ATTEMPTS):
            with contextlib.suppress(_ErasedMeanwhile):
                manifest = _write(database, files, copy, part, at, last=attempt == _ATTEMPTS - 1)
                break
        _put_in_place(part, target, replace=replace)
    except OSError as error:
        if error.errno in _FULL:
            raise StorageError("disk_full", why=str(error)) from error
        raise
    finally:
        for left in (part, copy):
            left.unlink(missing_ok=True)
    return manifest


def _write(
    database: Path, files: Path, copy: Path, part: Path, at: Moment, *, last: bool
) -> Manifest:
    """Write the archive to the temporary path `part`."""
    copy_database(database, copy)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file, _looking_into(copy) as connection:
        archive = ArchiveWriter(file)
        archive.add(copy, DATABASE)
        missing = []
        for file_id, name in _recorded(connection, files):
            try:
                archive.add(files / name, FILES + name)
            except FileNotFoundError:  # erased, or lost
                missing.append(file_id)
        if missing and not last and _erased_meanwhile(database, missing):
            raise _ErasedMeanwhile
        manifest = Manifest(
            made_at=iso(at),
            schema=schema.revision(connection) or "",
            heads=take_checkpoint(connection, at=at).root,
            counts={
                name: connection.execute(select(func.count()).select_from(table)).scalar_one()
                for name, table in _COUNTED.items()
            },
            members=tuple(archive.members),
            missing=tuple(missing),
        )
        archive.finish(manifest)
        file.flush()
        os.fsync(file.fileno())
    return manifest


@contextlib.contextmanager
def _looking_into(copy: Path) -> Iterator[Connection]:
    """Open a read-only connection to the copy, which leaves no log beside it."""
    address = f"{copy.absolute().as_uri()}?mode=ro&immutable=1"
    engine = create_engine(
        "sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool
    )
    with engine.connect() as connection:
        yield connection


def _recorded(connection: Connection, files: Path) -> Iterator[tuple[str, str]]:
    """Yield each recorded upload: its id, and its path relative to the folder.

    Nothing else in the folder is included: no key, and no erased file.
    """
    folder = FileFolder(files)
    for file_id in connection.execute(select(t.files.c.id).order_by(t.files.c.id)).scalars():
        yield file_id, folder.place(file_id).relative_to(files).as_posix()


def _erased_meanwhile(database: Path, missing: list[str]) -> bool:
    """Return whether one of these uploads is no longer recorded."""
    kept = 0
    with closing(sqlite3.connect(database)) as connection:
        for start in range(0, len(missing), _PAGE):
            page = missing[start : start + _PAGE]
            marks = ",".join("?" * len(page))
            found = connection.execute(
                f"SELECT count(*) FROM files WHERE id IN ({marks})",  # noqa: S608 - only marks
                page,
            )
            kept += found.fetchone()[0]
    return kept < len(missing)


def _put_in_place(part: Path, target: Path, *, replace: bool) -> None:
    """Rename the archive to the target; without `replace` never over an existing file."""
    if replace:
        part.replace(target)
    else:
        try:
            os.link(part, target)
        except FileExistsError as error:
            raise StorageError("backup_exists", path=str(target)) from error
        except OSError:  # a disk without links
            part.replace(target)
    sync_path(target.absolute().parent)
