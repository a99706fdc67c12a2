"""The file format of a backup: a plain tar with the database, the uploads and a manifest.

The manifest is the last member, because it has the size and the SHA-256 of every other member.
Members are read and written in pieces, so that a large upload needs no memory.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from storage.errors import StorageError

FORMAT = 1
DATABASE = "closeloop.db"
FILES = "files/"
_MANIFEST = "manifest.json"
_MOST_MANIFEST = 1 << 30
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in the archive, by its name there."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """The content of a backup. `heads` is one hash over the heads of all chains."""

    made_at: str
    schema: str
    heads: str
    counts: Mapping[str, int]
    members: tuple[Member, ...]
    missing: tuple[str, ...] = ()  # recorded files whose bytes were lost before the backup


class ArchiveWriter:
    """Writes a new archive; `finish` completes it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115 - closed in finish
        self.members: list[Member] = []

    def add(self, source: Path, name: str) -> None:
        """Add a file. Raises FileNotFoundError when it no longer exists."""
        with source.open("rb") as file:
            info = _info(name, os.fstat(file.fileno()).st_size)
            hashing = _Hashing(file)
            self._tar.addfile(info, hashing)
        self.members.append(Member(name=name, size=info.size, sha256=hashing.sha256))

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest and close the archive."""
        facts = {"format": FORMAT, **asdict(manifest)}
        text = json.dumps(facts, ensure_ascii=False, indent=1).encode()
        self._tar.addfile(_info(_MANIFEST, len(text)), io.BytesIO(text))
        self._tar.close()


@contextlib.contextmanager
def opened(archive: Path) -> Iterator[ArchiveReader]:
    """Open an archive. Raises StorageError `backup_unreadable` when it is none or incomplete."""
    try:
        with tarfile.open(archive, mode="r:") as tar:
            yield ArchiveReader(tar)
    except (tarfile.TarError, EOFError) as error:
        raise StorageError("backup_unreadable", why=str(error)) from error


class ArchiveReader:
    """Extracts members, each after comparing it with the manifest."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._infos = {info.name: info for info in tar.getmembers()}
        for info in self._infos.values():
            if not info.isreg():  # a link or a device: no backup contains one
                raise StorageError("backup_damaged", what=info.name)
        self.manifest = self._manifest()
        names = [member.name for member in self.manifest.members]
        if sorted([*names, _MANIFEST]) != sorted(self._infos) or len(names) != len(set(names)):
            raise StorageError("backup_damaged", what=_MANIFEST)
        if DATABASE not in names or not all(map(_lawful, names)):
            raise StorageError("backup_damaged", what=_MANIFEST)

    def take(self, member: Member, place: Path) -> None:
        """Extract a member durably. Raises StorageError `backup_damaged` when it was changed."""
        taken = self._tar.extractfile(self._infos[member.name])
        if taken is None:
            raise StorageError("backup_damaged", what=member.name)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        hashing = _Hashing(taken)
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            while piece := hashing.read(_PIECE):
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        if (hashing.size, hashing.sha256) != (member.size, member.sha256):
            raise StorageError("backup_damaged", what=member.name)

    def _manifest(self) -> Manifest:
        info = self._infos.get(_MANIFEST)
        file = None if info is None or info.size > _MOST_MANIFEST else self._tar.extractfile(info)
        if file is None:
            raise StorageError("backup_unreadable", why=f"no {_MANIFEST}")
        try:
            return _manifest_from(json.loads(file.read()))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise StorageError("backup_unreadable", why=str(error)) from error


def digest(place: Path) -> tuple[int, str]:
    """Return the size and the SHA-256 of a file. Raises FileNotFoundError."""
    with place.open("rb") as file:
        hashing = _Hashing(file)
        while hashing.read(_PIECE):
            pass
    return hashing.size, hashing.sha256


class _Hashing:
    """A file whose bytes are hashed while they are read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._hash.update(piece)
        self.size += len(piece)
        return piece


def _info(name: str, size: int) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info


def _lawful(name: str) -> bool:
    """Return whether a member may be extracted: the database, or a file of the uploads."""
    parts = PurePosixPath(name).parts
    inside = name.startswith(FILES) and "\0" not in name and name == "/".join(parts)
    return name == DATABASE or (inside and len(parts) > 1 and ".." not in parts)


def _manifest_from(facts: dict[str, Any]) -> Manifest:
    if facts.pop("format") != FORMAT:
        raise ValueError("a format that is not known here")
    facts["members"] = tuple(Member(**member) for member in facts["members"])
    facts["missing"] = tuple(facts["missing"])
    facts["counts"] = {str(name): int(count) for name, count in facts["counts"].items()}
    return Manifest(**facts)
