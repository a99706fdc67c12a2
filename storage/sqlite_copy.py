"""Consistent copies of an SQLite database, made while others write to it.

A copy is also made before the schema is upgraded, and left beside the database.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

from storage.errors import StorageError
from storage.filesystem import sync_path
from storage.sqlite_writer import explained
from workflows.moments import Moment, utc

_FULL = {errno.ENOSPC, errno.EDQUOT}


def copy_database(source: Path, target: Path) -> None:
    """Copy an SQLite database as of one moment, while others may write to it."""
    target.unlink(missing_ok=True)
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
            old.execute("PRAGMA query_only=ON")
            old.backup(new, pages=-1)
    except sqlite3.Error as error:
        failure = explained(error)
        raise failure from error


def copy_before_upgrade(database: Path, *, revision: str, at: Moment) -> Path:
    """Copy a database durably beside itself before its schema is upgraded; return the path.

    The name has the revision and the time, such as `closeloop.db.0007-20260301T083000`. An existing
    copy is never replaced or removed. Raises StorageError `upgrade_no_room` when the disk is too
    full, and `upgrade_no_copy` for any other failure; an incomplete copy is removed.
    """
    part = database.with_name(f".{database.name}.{os.getpid()}.upgrade")
    try:
        copy_database(database, part)
        sync_path(part)
        target = _put_beside(part, _names(database, revision, at))
        sync_path(database.absolute().parent)
    except (OSError, StorageError) as error:
        full = isinstance(error, OSError) and error.errno in _FULL
        full = full or (isinstance(error, StorageError) and error.code == "disk_full")
        facts = {"path": str(database), "megabytes": -(-database.stat().st_size // 1_000_000)}
        code = "upgrade_no_room" if full else "upgrade_no_copy"
        raise StorageError(code, why=str(error), **facts) from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _names(database: Path, revision: str, at: Moment) -> Iterator[Path]:
    """Yield names for the copy, in order of preference."""
    name = f"{database.name}.{revision}-{utc(at):%Y%m%dT%H%M%S}"
    yield database.with_name(name)
    for number in count(2):
        yield database.with_name(f"{name}-{number}")


def _put_beside(part: Path, names: Iterator[Path]) -> Path:
    """Give the copy the first name that is free."""
    target = next(name for name in names if not name.exists())
    part.rename(target)  # safe: only the upgrade, which has locked the database, does this
    return target
