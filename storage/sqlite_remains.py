"""What erased rows leave in the files of SQLite, and getting rid of it.

With `secure_delete` the place of a deleted row is filled with zeros. But pages that were split or
moved may keep older copies, and the write-ahead log keeps whole pages of before until it begins
anew. So the file is written anew from its rows, and the log is emptied.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.sqlite_writer import explained

WAIT_S = 30.0


def scrub(path: Path) -> bool:
    """Do so. False when others kept the database busy for too long."""
    try:
        with closing(sqlite3.connect(path, timeout=WAIT_S, isolation_level=None)) as connection:
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("VACUUM")
            busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
            sqlite3.SQLITE_BUSY,
            sqlite3.SQLITE_LOCKED,
        ):
            return False
        failure = explained(error)
        raise failure from error
