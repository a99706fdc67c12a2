"""The bytes of files: whole or not at all, under names that are no paths."""

import errno
import os
import stat

import pytest

from storage.errors import StorageError
from storage.filesystem import FileFolder


@pytest.fixture(params=[True, False], ids=["inline", "threads"])
def folder(request, tmp_path):
    return FileFolder(tmp_path / "files", inline=request.param)


def names(folder):
    return sorted(path.name for path in folder.folder.rglob("*") if path.is_file())


async def test_bytes_come_back(folder):
    await folder.write("file_abc123", b"\x00\xff")
    await folder.write("file_abc124", b"")

    assert await folder.read("file_abc123") == b"\x00\xff"
    assert await folder.read("file_abc124") == b""


async def test_files_are_spread_over_two_levels_and_only_for_their_owner(folder):
    await folder.write("file_abc123", b"x")

    (path,) = (path for path in folder.folder.rglob("*") if path.is_file())
    assert len(path.relative_to(folder.folder).parts) == 3
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_writing_again_replaces(folder):
    await folder.write("file_abc123", b"old")
    await folder.write("file_abc123", b"new")

    assert await folder.read("file_abc123") == b"new"
    assert names(folder) == ["file_abc123"]


async def test_what_is_gone_is_gone(folder):
    with pytest.raises(FileNotFoundError):
        await folder.read("file_abc123")
    await folder.write("file_abc123", b"x")
    await folder.remove("file_abc123")
    await folder.remove("file_abc123")
    with pytest.raises(FileNotFoundError):
        await folder.read("file_abc123")


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "", "a b", "x\0yz", "照片照片", "abc"])
async def test_a_path_is_no_name(folder, name):
    with pytest.raises(ValueError, match="is not the id of a file"):
        await folder.write(name, b"x")
    with pytest.raises(ValueError, match="is not the id of a file"):
        await folder.read(name)


async def test_a_full_disk_is_said_and_leaves_nothing(folder, monkeypatch):
    def no_room(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", no_room)
        with pytest.raises(StorageError, match="disk_full"):
            await folder.write("file_abc123", b"x")

    assert names(folder) == []
    await folder.write("file_abc123", b"x")


async def test_another_error_is_raised_as_it_is(folder):
    folder.folder.write_bytes(b"a file where a folder should be")

    with pytest.raises(NotADirectoryError):
        await folder.write("file_abc123", b"x")
