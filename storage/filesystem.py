"""The bytes of uploads, stored in files with random names, in two levels of folders."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from storage.archive import digest
from storage.errors import StorageError
from storage.threads import in_thread
from workflows.moments import Moment

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9_-]{4,100}")
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file found in the folder. `id` is empty when its path is not that of an upload."""

    id: str
    place: str  # relative to the folder
    written: Moment
    part: bool = False  # an unfinished write


class FileFolder:
    """Stores uploads in a folder.

    A file is written to a temporary name, flushed and renamed, so it exists completely or not at
    all. With `inline` the work is done in the caller's thread instead of a worker thread.
    """

    def __init__(self, folder: Path | str, *, inline: bool = False) -> None:
        self.folder = Path(folder)
        self._inline = inline

    async def write(self, file_id: str, content: bytes) -> None:
        """Write a file durably. Raises StorageError `disk_full` when there is no room."""
        await self._do(lambda: _write(self.place(file_id), content))

    def write_here(self, file_id: str, content: bytes) -> None:
        """Write a file as `write` does, in the caller's thread: inside a unit of work."""
        _write(self.place(file_id), content)

    async def read(self, file_id: str) -> bytes:
        """Return the bytes of a file. Raises FileNotFoundError."""
        return await self._do(self.place(file_id).read_bytes)

    async def remove(self, file_id: str) -> None:
        """Delete a file; does nothing when it does not exist."""
        await self._do(lambda: self.place(file_id).unlink(missing_ok=True))

    async def digest(self, file_id: str) -> tuple[int, str]:
        """Return the size and the SHA-256 of a file. Raises FileNotFoundError."""
        return await self._do(lambda: digest(self.place(file_id)))

    async def listed(self) -> tuple[FoundFile, ...]:
        """Return every file in the folder by name, unfinished writes included."""
        return await self._do(lambda: tuple(_listed(self.folder)))

    async def remove_part(self, place: str) -> None:
        """Delete an unfinished write, by its path relative to the folder."""
        await self._do(lambda: (self.folder / place).unlink(missing_ok=True))

    def place(self, file_id: str) -> Path:
        """Return the path of a file. Raises ValueError when `file_id` is not an id of an upload."""
        if not _NAME.fullmatch(file_id):
            raise ValueError(f"{file_id[:40]!r} is not the id of a file")
        return self.folder / _spread(file_id)

    async def _do(self, call: Callable[[], T]) -> T:
        value: Any = call() if self._inline else await in_thread(call)
        result: T = value
        return result


def _listed(folder: Path) -> Iterator[FoundFile]:
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(place) / name
            with contextlib.suppress(FileNotFoundError):
                written = path.lstat().st_mtime_ns // 1000
                where = path.relative_to(folder).as_posix()
                part = name.startswith(".") and name.endswith(".part")
                ours = _NAME.fullmatch(name) and where == _spread(name)
                yield FoundFile(id=name if ours else "", place=where, written=written, part=part)


def _spread(file_id: str) -> str:
    """Return the path of a file relative to the folder."""
    spread = hashlib.sha256(file_id.encode()).hexdigest()
    return f"{spread[:2]}/{spread[2:4]}/{file_id}"


def _write(place: Path, content: bytes) -> None:
    part = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:  # noqa: PTH123 - for its owner only
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
        _sync_folders(place.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink()
        if error.errno in _FULL:
            raise StorageError("disk_full", why=str(error)) from error
        raise


def _sync_folders(folder: Path) -> None:
    """Flush the folder of a new file and its parent, so that the new names are durable."""
    for place in (folder, folder.parent, folder.parent.parent):
        sync_path(place)


def sync_path(path: Path) -> None:
    """Flush a file's content, or a folder's entries, to disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
