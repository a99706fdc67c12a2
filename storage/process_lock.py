"""The lock that allows one running bot per database file."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from storage.errors import StorageError


class ProcessLock:
    """A lock on `<database>.lock`, released by the system when the process ends."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}.lock")
        self._file: IO[str] | None = None

    def take(self) -> None:
        """Lock. Raises StorageError `database_in_use` with the `pid` of the process that has it."""
        if self._file is not None:
            return
        file = self._path.open("a+", encoding="ascii")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            file.close()
            raise StorageError("database_in_use", path=str(self._path), pid=holder) from None
        file.seek(0)
        file.truncate()
        file.write(f"{os.getpid()}\n")
        file.flush()
        self._file = file

    def release(self) -> None:
        """Unlock. The file remains, because removing it would be a race."""
        if self._file is not None:
            self._file.close()
            self._file = None
