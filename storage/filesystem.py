"""The bytes of files, under random names in two levels of folders."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from storage.archive import digest
from storage.errors import StorageError
from storage.threads import in_thread

T = TypeVar("T")

_NAME = re.compile(r"[A-Za-z0-9_-]{4,100}")
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFile:
    """A file below the folder. `id` is "" for what lies where no file of ours does."""

    id: str
    place: str  # below the folder
    written: datetime
    part: bool = False  # a write that was never finished


class FileFolder:
    """Keeps files below a folder.

    A file is there whole or not at all. `inline` works on the caller's thread.
    """

    def __init__(self, folder: Path | str, *, inline: bool = False) -> None:
        self.folder = Path(folder)
        self._inline = inline

    async def write(self, file_id: str, content: bytes) -> None:
        """Keep bytes durably. StorageError `disk_full` when there is no room."""
        await self._do(lambda: _write(self.place(file_id), content))

    async def read(self, file_id: str) -> bytes:
        """The bytes; FileNotFoundError when they are gone."""
        return await self._do(self.place(file_id).read_bytes)

    async def remove(self, file_id: str) -> None:
        """Remove the bytes; nothing happens when they are gone."""
        await self._do(lambda: self.place(file_id).unlink(missing_ok=True))

    async def digest(self, file_id: str) -> tuple[int, str]:
        """Size and SHA-256 of the bytes, read in pieces; FileNotFoundError when they are gone."""
        return await self._do(lambda: digest(self.place(file_id)))

    async def listed(self) -> tuple[FoundFile, ...]:
        """Everything that lies below the folder, by name; also what is still being written."""
        return await self._do(lambda: tuple(_listed(self.folder)))

    async def remove_part(self, place: str) -> None:
        """Remove what was never finished, by where it lies below the folder."""
        await self._do(lambda: (self.folder / place).unlink(missing_ok=True))

    def place(self, file_id: str) -> Path:
        """Where a file lies. ValueError for a name that no id has, such as a path."""
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
                written = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
                where = path.relative_to(folder).as_posix()
                part = name.startswith(".") and name.endswith(".part")
                ours = _NAME.fullmatch(name) and where == _spread(name)
                yield FoundFile(id=name if ours else "", place=where, written=written, part=part)


def _spread(file_id: str) -> str:
    """Where a file lies below the folder."""
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
    """Make the new name durable, and the two folders that may be new as well."""
    for place in (folder, folder.parent, folder.parent.parent):
        sync_path(place)


def sync_path(path: Path) -> None:
    """Make the content of a file durable, or new names in a folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
