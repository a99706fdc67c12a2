"""Removes what deleted rows leave in the files of SQLite.

With `secure_delete` the space of a deleted row is overwritten with zeros. But pages that were split
or moved may still have older copies, and the write-ahead log has former pages until it is
restarted. So the file is rewritten with VACUUM and the log is truncated.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from storage.sqlite_writer import explained

WAIT_S = 30.0


def scrub(path: Path) -> bool:
    """Rewrite the file and truncate its log; return False when others kept it busy."""
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
